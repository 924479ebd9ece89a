"""Operators as their definitions say, pixel by pixel."""

import numpy as np


def pad(image, reach, outside):
    """The image with a margin, as a border rule reads it."""
    if outside in ("replicate", "reflect"):
        return np.pad(image, reach, mode={"replicate": "edge", "reflect": "symmetric"}[outside])
    return np.pad(image, reach, constant_values=outside)


def counts(image, offsets, outside):
    """How many of the pixels x(i + b) are 1, for each pixel i."""
    reach = max([max(abs(dy), abs(dx)) for dy, dx in offsets])
    padded = pad(image, reach, outside).astype(int)
    height, width = image.shape
    return sum(
        padded[reach + dy : reach + dy + height, reach + dx : reach + dx + width]
        for dy, dx in offsets
    )


def dilate(image, offsets, border):
    outside = {"neutral": False, "zero": False, "one": True}.get(border, border)
    return counts(image, [(-dy, -dx) for dy, dx in offsets], outside) > 0


def erode(image, offsets, border):
    outside = {"neutral": True, "zero": False, "one": True}.get(border, border)
    return counts(image, offsets, outside) == len(offsets)


def rank(image, offsets, at_least, border):
    outside = {"neutral": False, "zero": False, "one": True}.get(border, border)
    return counts(image, offsets, outside) >= at_least
