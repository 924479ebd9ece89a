"""Random pictures, and the levels that a file of them must be read as."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

RED, GREEN, BLUE = 0.299, 0.587, 0.114


@dataclass
class Picture:
    """Samples of shape (rows, columns, channels), 0 (black) to `top` (white): grey, grey and alpha, RGB, or RGBA."""

    samples: np.ndarray
    top: int

    @property
    def bits(self):
        return self.top.bit_length()

    @property
    def channels(self):
        return self.samples.shape[2]

    @property
    def array(self):
        """The samples in the smallest type, without the axis of channels where there is one of them."""
        samples = self.samples.astype(np.uint8 if self.bits <= 8 else np.uint16 if self.bits <= 16 else np.uint32)
        return samples[..., 0] if self.channels == 1 else samples


def draw(rng, size, channels, top, values):
    """A picture of blocks of a random side whose samples are equally probable among these values:

    'two'     black and white
    'mask'    two values, one of them at least neither black nor white
    'few'     five values from black to white, or all where there are fewer
    'all'     all values
    'blocks'  the least and the greatest value in squares of 16 pixels, for what is subsampled
    'grey blocks'  these without colours
    """
    masks = [(0, 1), (1, top), (0, top - 1), (top // 3, top // 3 + 1), (top - 1, top), (top // 3, top)]
    palette = {
        "mask": masks[rng.integers(len(masks))],
        "few": np.unique(np.round(np.linspace(0, top, 5))),
        "all": range(top + 1) if top < 256 else rng.integers(0, top, 256, endpoint=True),
    }.get(values, (0, top))
    palette = np.array(palette, dtype=np.int64)
    side = 16 if "blocks" in values else rng.choice([1, 1, 2, 5])
    height, width = size
    blocks = rng.integers(
        len(palette), size=(-(-height // side), -(-width // side), 1 if "grey" in values else channels)
    )
    blocks = np.broadcast_to(blocks, (*blocks.shape[:2], channels))
    return Picture(palette[blocks].repeat(side, axis=0).repeat(side, axis=1)[:height, :width], top)


def levels(samples, top):
    """The level of each pixel, from 0 (black) to 255 (white), not rounded: the luma of coloured ones, over white where
    they are transparent."""
    scaled = samples.astype(float) * (255 / top)
    if scaled.ndim == 2:
        scaled = scaled[..., np.newaxis]
    channels = scaled.shape[2]
    if channels in (2, 4):
        alpha = scaled[..., -1:] / 255
        scaled = scaled[..., :-1] * alpha + 255 * (1 - alpha)
    luma = scaled[..., 0] if channels <= 2 else scaled @ np.array([RED, GREEN, BLUE])
    # Equal pixels stay equal.
    return np.round(luma, 6)


def is_grey(picture):
    """Whether no pixel has a colour."""
    return picture.channels <= 2 or bool((picture.samples[..., :3] == picture.samples[..., :1]).all())


def oriented(levels, orientation):
    """The levels as shown by an orientation of TIFF and EXIF, 1 to 8, which Pillow knows."""
    image = Image.fromarray(levels.astype(np.float32))
    image.getexif()[0x0112] = orientation
    return np.asarray(ImageOps.exif_transpose(image)).astype(float)
