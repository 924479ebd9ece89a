"""Writers of image files in Python: Pillow, tifffile, imagecodecs, and PNM by hand.

Each takes a list of pictures, which are the pages, and returns the content of a file.
"""

import io
import re

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, TiffImagePlugin

from .picture import Picture

ORIENTATION = 0x0112


def image_of(picture, mode=None, palette_order=0):
    """A picture of 8 or fewer bits as an image of Pillow's."""
    if mode == "P":
        return palette_image(picture, palette_order)
    array = (picture.samples * (255 // picture.top)).astype(np.uint8)
    image = Image.fromarray(array[..., 0] if picture.channels == 1 else array)
    return image.convert(mode) if mode else image


def indexed(picture, order):
    """A picture's colours, in a random order, and the index of each pixel's."""
    colours, index = np.unique(picture.samples.reshape(-1, picture.channels), axis=0, return_inverse=True)
    places = np.random.default_rng(order).permutation(len(colours))
    palette = np.empty_like(colours)
    palette[places] = colours
    return palette, places[index.reshape(-1)].reshape(picture.samples.shape[:2])


def palette_image(picture, order):
    palette, index = indexed(picture, order)
    palette = palette * (255 // picture.top)
    image = Image.fromarray(index.astype(np.uint8), "P")
    image.putpalette(palette[:, [0, 0, 0] if picture.channels < 3 else [0, 1, 2]].astype(np.uint8).tobytes())
    if picture.channels in (2, 4):
        image.info["transparency"] = palette[:, -1].astype(np.uint8).tobytes()
    return image


def pillow(
    pages,
    format,
    mode=None,
    orientation=None,
    transparent=None,
    palette_order=0,
    tags=None,
    exif_order="<",
    exif_last=False,
    **options,
):
    """By Pillow. `transparent` is a grey level or a colour that is shown as if it were not there."""
    if pages[0].bits == 16:
        images = [Image.fromarray(page.array) for page in pages]
    else:
        images = [image_of(page, mode, palette_order) for page in pages]
    if orientation and format != "TIFF":
        exif = Image.Exif()
        exif.endian = exif_order
        exif[ORIENTATION] = orientation
        options["exif"] = exif.tobytes()
    if format == "TIFF":
        info = TiffImagePlugin.ImageFileDirectory_v2()
        info.update({**(tags or {}), **({ORIENTATION: orientation} if orientation else {})})
        options["tiffinfo"] = info
    if transparent is not None:
        options["transparency"] = transparent
    if len(images) > 1:
        options.update(save_all=True, append_images=images[1:])
    file = io.BytesIO()
    images[0].save(file, format, **{name: value for name, value in options.items() if value is not None})
    return with_exif_last(file.getvalue()) if exif_last else file.getvalue()


def with_exif_last(png):
    """A PNG whose eXIf chunk follows the image data, as some writers place it."""
    start = png.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(png[start : start + 4], "big")
    last = png.rindex(b"IEND") - 4
    return png[:start] + png[end:last] + png[start:end] + png[last:]


def tiff(pages, scheme=(None, None), layout=None, order="<", big=False, thumbnail=None, subifds=None, **page_options):
    """By tifffile. A scheme is a compression and a predictor; a layout is the rows of a strip, or height and width of a
    tile; the page `thumbnail` is marked as one."""
    (compression, predictor), file = scheme, io.BytesIO()
    options = {"compression": compression, "predictor": predictor, "metadata": None, "software": False}
    if isinstance(layout, tuple):
        options["tile"] = layout
    elif layout:
        options["rowsperstrip"] = layout
    with tifffile.TiffWriter(file, byteorder=order, bigtiff=big) as writer:
        for number, page in enumerate(pages):
            array, tags = tiff_page(page, **page_options)
            if number == thumbnail:
                tags["subfiletype"] = 1
            if number == 0:
                tags["subifds"] = subifds
            writer.write(array, **options, **tags)
    return file.getvalue()


def tiff_page(
    page,
    photometric=None,
    alpha="unassalpha",
    planar="contig",
    orientation=None,
    dtype=None,
    palette_order=0,
    resolution=None,
    unit=None,
):
    """The samples of a page as tifffile takes them, and its tags. `alpha` says what the last of 2 or 4 samples is; of a
    pair, the first is a sample more, before it."""
    photometric = photometric or ("minisblack" if page.channels <= 2 else "rgb")
    array, tags = page.array, {"photometric": photometric}
    if photometric == "miniswhite":
        inverted = page.samples.copy()
        inverted[..., 0] = page.top - inverted[..., 0]
        array = Picture(inverted, page.top).array
    if photometric == "palette":
        colours, array = indexed(page, palette_order)
        array = array.astype(np.uint8)
        tags["colormap"] = colormap(colours, page.top)
    elif page.channels > 1:
        tags["planarconfig"] = planar
    if alpha == "assocalpha":
        array = premultiplied(page).astype(array.dtype)
    if page.channels in (2, 4):
        tags["extrasamples"] = [alpha] if isinstance(alpha, str) else alpha
    if isinstance(alpha, tuple):
        array = np.insert(array, -1, array[..., 0], axis=2)
    if tags.get("planarconfig") == "separate":
        array = np.moveaxis(array, -1, 0)
    if page.bits == 1:
        array = array.astype(bool)
    if dtype:
        array = converted(array, page.top, np.dtype(dtype))
    if page.bits not in (1, 8, 16, 32):
        tags["bitspersample"] = page.bits
    tags.update(resolution=resolution, resolutionunit=unit)
    if orientation:
        tags["extratags"] = [(ORIENTATION, "H", 1, orientation, True)]
    return array, tags


def premultiplied(page):
    colours, alpha = page.samples[..., :-1], page.samples[..., -1:]
    return np.concatenate([(colours * alpha + page.top // 2) // page.top, alpha], axis=2)


def colormap(colours, top):
    """A TIFF palette for indices of 8 bits; unused entries are black."""
    table = np.zeros((3, 256), dtype=np.uint16)
    table[:, : len(colours)] = (colours[:, [0, 0, 0] if colours.shape[1] < 3 else [0, 1, 2]].T * 65535) // top
    return table


def converted(array, top, dtype):
    """Samples as signed ones from the least to the greatest, or as floats from 0 to 1."""
    if dtype.kind == "f":
        return (array / top).astype(dtype)
    least, greatest = np.iinfo(dtype).min, np.iinfo(dtype).max
    return (array.astype(object) * (greatest - least) // top + least).astype(dtype)


def codec(pages, encoder, **options):
    """By an encoder of imagecodecs."""
    return bytes(getattr(imagecodecs, f"{encoder}_encode")(np.ascontiguousarray(pages[0].array), **options))


def pnm(pages, magic, header="{magic}\n{width} {height}\n{top}\n", separator=b" ", columns=None, end=b""):
    """PNM by hand, as headers and plain samples may be laid out in many ways; `columns` are the samples of a line."""
    return b"".join(pnm_page(page, magic, header, separator, columns) for page in pages) + end


def pnm_page(page, magic, header, separator, columns):
    height, width = page.samples.shape[:2]
    samples = page.samples.reshape(height, -1)
    if magic in ("P1", "P4"):
        samples = 1 - samples
        header = re.sub(r"\s*0*\{top\}", "", header)
    head = header.format(magic=magic, width=width, height=height, top=page.top).encode()
    if magic == "P4":
        return head + np.packbits(samples.astype(bool), axis=1).tobytes()
    if magic in ("P5", "P6"):
        return head + samples.astype(">u2" if page.top > 255 else np.uint8).tobytes()
    words = [b"%d" % sample for sample in samples.reshape(-1)]
    columns = columns or len(words)
    lines = [separator.join(words[start : start + columns]) for start in range(0, len(words), columns)]
    return head + b"\n".join(lines) + b"\n"
