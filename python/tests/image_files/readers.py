"""Readers that are not ours: each gives the levels of all pages of a file, or raises an exception."""

import io

import imagecodecs
import numpy as np
import tifffile
from PIL import ExifTags, Image, ImageSequence
from tifffile import PHOTOMETRIC

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
    tags = page.tags
    samples = page.asarray()
    if page.photometric == PHOTOMETRIC.YCBCR and page.compression != tifffile.COMPRESSION.JPEG:
        raise ValueError("samples of YCbCr are not converted")
    if page.sampleformat != 1:
        raise ValueError("samples that are no unsigned integers have no levels")
    if page.planarconfig == 2 and samples.ndim == 3:
        samples = np.moveaxis(samples, 0, -1)
    samples = samples.astype(np.int64)
    top = 2**page.bitspersample - 1
    if page.photometric == PHOTOMETRIC.PALETTE:
        samples, top = np.moveaxis(page.colormap.astype(np.int64), 0, -1)[samples], 65535
    elif page.photometric == PHOTOMETRIC.MINISWHITE:
        samples = top - samples
    elif page.photometric not in (PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.RGB, PHOTOMETRIC.YCBCR):
        raise ValueError(f"photometric {page.photometric}")
    colours = 1 if page.photometric in (PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.MINISWHITE) else 3
    extra = [int(kind) for kind in page.extrasamples]
    if samples.ndim == 2:
        samples = samples[..., np.newaxis]
    shown, alpha = samples[..., :colours], None
    for place, kind in enumerate(extra):
        if kind in (1, 2):
            alpha = samples[..., colours + place : colours + place + 1]
            if kind == 1:
                shown, alpha = shown + top - alpha, None
            break
    if alpha is not None:
        shown = np.concatenate([shown, alpha], axis=2)
    return oriented(levels(shown, top), tags[274].value if 274 in tags else 1)


READERS = {
    "PNG": [by_pillow, by_libpng],
    "JPEG": [by_libjpeg, by_pillow],
    "TIFF": [by_tifffile, by_pillow],
    "PNM": [by_pillow],
    "other": [by_pillow],
}
