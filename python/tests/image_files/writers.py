"""Writers of image files in Python: Pillow, tifffile, imagecodecs. Each takes a list of pictures, which are the pages, and
returns the content of a file.
"""

import io
import re

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, TiffImagePlugin

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


def pillow(pages, format, mode=None, orientation=None, transparent=None, palette_order=0, tags=None, **options):
    """By Pillow. `transparent` is a grey level or a colour that is shown as if it were not there."""
    if pages[0].bits == 16:
        images = [Image.fromarray(page.array) for page in pages]
    else:
        images = [image_of(page, mode, palette_order) for page in pages]
    if orientation and format != "TIFF":
        options["exif"] = Image.Exif()
        options["exif"][ORIENTATION] = orientation
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
    return file.getvalue()


def tiff(
    pages,
    photometric=None,
    alpha="unassalpha",
    scheme=(None, None),
    layout=None,
    planar="contig",
    order="<",
    big=False,
    orientation=None,
    dtype=None,
    bits=None,
    resolution=None,
    thumbnail=None,
    palette_order=0,
):
    """By tifffile. A scheme is a compression and a predictor; a layout is rows of a strip, or height and width of tiles."""
    file = io.BytesIO()
    with tifffile.TiffWriter(file, byteorder=order, bigtiff=big) as writer:
        for number, page in enumerate(pages):
            array, options = page.array, {}
            kind = photometric or ("minisblack" if page.channels <= 2 else "rgb")
            if kind == "miniswhite":
                array = page.top - array
            if kind == "palette":
                colours, array = indexed(page, palette_order)
                size = page.bits if bits is None else bits
                options["colormap"] = colormap(colours, page.top, 16 if size > 8 else 8)
                array = array.astype(np.uint16 if size > 8 else np.uint8)
            if page.channels in (2, 4):
                options["extrasamples"] = [alpha]
                if alpha == "assocalpha":
                    array = premultiplied(page)
                    array = array.astype(page.array.dtype)
            if page.channels > 1 and kind != "palette":
                options["planarconfig"] = planar
                array = np.moveaxis(array, -1, 0) if planar == "separate" else array
            if page.bits == 1:
                array = array.astype(bool)
            if dtype:
                array = converted(array, page.top, np.dtype(dtype))
            if bits or (page.bits not in (1, 8, 16, 32) and kind != "palette"):
                options["bitspersample"] = bits or page.bits
            if isinstance(layout, tuple):
                options["tile"] = layout
            elif layout:
                options["rowsperstrip"] = layout
            if orientation:
                options["extratags"] = [(ORIENTATION, "H", 1, orientation, True)]
            if thumbnail == number:
                options["subfiletype"] = 1
            compression, predictor = scheme
            writer.write(
                array,
                photometric=kind,
                compression=compression,
                predictor=predictor,
                resolution=resolution,
                metadata=None,
                software=False,
                **options,
            )
    return file.getvalue()


def premultiplied(page):
    colours, alpha = page.samples[..., :-1], page.samples[..., -1:]
    return np.concatenate([(colours * alpha + page.top // 2) // page.top, alpha], axis=2)


def colormap(colours, top, bits):
    """A TIFF palette of 16 bits a sample; unused entries are black."""
    table = np.zeros((3, 2**bits), dtype=np.uint16)
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


def pnm(pages, magic, header="{magic}\n{width} {height}\n{top}\n", separator=b" ", columns=None):
    """PNM by hand, as headers and plain samples may be laid out in many ways: so many samples a line, all in one if None."""
    return b"".join(pnm_page(page, magic, header, separator, columns) for page in pages)


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
    return head + b"".join(separator.join(words[start : start + columns]) + b"\n" for start in range(0, len(words), columns))
