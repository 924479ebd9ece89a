"""Readers that are not ours: each gives the levels of all pages of a file, or raises an exception."""

import io

import imagecodecs
import numpy as np
import tifffile
from PIL import ExifTags, Image, ImageSequence
from tifffile import COMPRESSION, EXTRASAMPLE, PHOTOMETRIC, PLANARCONFIG

from .picture import levels, oriented


def by_pillow(content):
    pages = []
    with Image.open(io.BytesIO(content)) as file:
        for page in ImageSequence.Iterator(file):
            pages.append(oriented(pillow_levels(page), page.getexif().get(ExifTags.Base.Orientation, 1)))
    return pages


def pillow_levels(image):
    if image.mode.startswith("I"):
        return levels(np.asarray(image), 65535)
    if image.mode not in ("1", "L", "LA", "RGB", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return levels(np.asarray(image.convert("L") if image.mode == "1" else image), 255)


def by_pillow_in_parts(content):
    """The images of a PNM file. Pillow reads the first, and says where its samples begin, and thus where they end."""
    pages = []
    while content.strip():
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
            if content[:2] in (b"P1", b"P2"):
                end = content.find(b"P", 2)
            elif content[:2] in (b"P4", b"P5"):
                end = image.tile[0].offset + height * -(-width * {"1": 1, "L": 8, "I": 16}[image.mode] // 8)
            else:
                end = -1
        end = len(content) if end == -1 else end
        pages += by_pillow(content[:end])
        content = content[end:]
    return pages


def by_libpng(content):
    samples = imagecodecs.png_decode(content)
    return [oriented(levels(samples, np.iinfo(samples.dtype).max), exif_orientation(content))]


def by_libjpeg(content):
    samples = imagecodecs.jpeg8_decode(content)
    return [oriented(levels(samples, 255), exif_orientation(content))]


def exif_orientation(content):
    with Image.open(io.BytesIO(content)) as file:
        return file.getexif().get(ExifTags.Base.Orientation, 1)


def by_tifffile(content):
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        return [tiff_levels(page) for page in file.pages if not page.subfiletype & 1]


def tiff_levels(page):
    """The levels of a page of unsigned samples; others have none that all agree on."""
    if page.sampleformat != 1:
        raise ValueError(f"samples of format {page.sampleformat}")
    if page.photometric == PHOTOMETRIC.YCBCR and page.compression != COMPRESSION.JPEG:
        raise ValueError("YCbCr is not converted")
    orientation = page.tags.valueof(274, default=1)
    samples, top = page.asarray().astype(np.int64), 2**page.bitspersample - 1
    if page.planarconfig == PLANARCONFIG.SEPARATE and samples.ndim == 3:
        samples = np.moveaxis(samples, 0, -1)
    if samples.ndim == 2:
        samples = samples[..., np.newaxis]
    if page.photometric == PHOTOMETRIC.PALETTE:
        samples, top = page.colormap.T.astype(np.int64)[samples[..., 0]], 65535
    colours = 1 if page.photometric in (PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.MINISWHITE) else 3
    shown, extra = samples[..., :colours], samples[..., colours:]
    if page.photometric == PHOTOMETRIC.MINISWHITE:
        shown = top - shown
    elif page.photometric == PHOTOMETRIC.SEPARATED:
        raise ValueError("inks are not converted")
    for place, kind in enumerate(page.extrasamples):
        alpha = extra[..., place : place + 1]
        if kind == EXTRASAMPLE.ASSOCALPHA:
            return oriented(levels(shown + top - alpha, top), orientation)
        if kind == EXTRASAMPLE.UNASSALPHA:
            return oriented(levels(np.concatenate([shown, alpha], axis=2), top), orientation)
    return oriented(levels(shown, top), orientation)


READERS = {
    "PNG": [by_pillow, by_libpng],
    "JPEG": [by_libjpeg, by_pillow],
    "TIFF": [by_tifffile, by_pillow],
    "PNM": [by_pillow_in_parts],
}
