"""The binary operators of ``skimage.morphology``, by its names and with its defaults.

>>> from strel.skimage import binary_opening
>>> binary_opening(np.array([[0, 1, 1, 1, 0, 1, 0]] * 3, dtype=bool)).astype(int)
array([[0, 1, 1, 1, 0, 0, 0],
       [0, 1, 1, 1, 0, 0, 0],
       [0, 1, 1, 1, 0, 0, 0]])

Results are those of scikit-image, bit for bit. What differs: images have two axes, ``image`` may be
anything that NumPy compares with 0, an empty footprint is a ValueError, and nothing is deprecated.
``strel.dilate`` and the others take more borders.
"""

import numpy as np

from . import _strel

__all__ = ["binary_closing", "binary_dilation", "binary_erosion", "binary_opening"]

_BORDERS = {"ignore": "neutral", "max": "one", "min": "zero"}


def binary_erosion(image, footprint=None, out=None, *, mode="ignore"):
    """The erosion of an image, as ``skimage.morphology.binary_erosion``.

    `footprint` is a mask, a sequence of pairs (mask, iterations), or None for a cross of 5 pixels.
    Outside of the image, `mode` 'ignore' reads nothing, 'max' ones and 'min' zeros. The result is
    an array of bool; `out` is filled with it.

    >>> binary_erosion(np.ones((1, 4), dtype=bool), np.ones((1, 3)), mode='min')
    array([[False,  True,  True, False]])
    """
    return _apply([_strel.erode], image, footprint, out, mode)


def binary_dilation(image, footprint=None, out=None, *, mode="ignore"):
    """The dilation of an image, as ``skimage.morphology.binary_dilation``; arguments as of
    `binary_erosion`.

    >>> binary_dilation(np.array([[0, 0, 1, 0]]), np.ones((1, 2)))
    array([[False,  True,  True, False]])
    """
    return _apply([_strel.dilate], image, footprint, out, mode)


def binary_opening(image, footprint=None, out=None, *, mode="ignore"):
    """The opening of an image, as ``skimage.morphology.binary_opening``; arguments as of
    `binary_erosion`.

    >>> binary_opening(np.array([[1, 1, 1, 0, 1]]), np.ones((1, 3)))
    array([[ True,  True,  True, False, False]])
    """
    return _apply([_strel.erode, _strel.dilate], image, footprint, out, mode)


def binary_closing(image, footprint=None, out=None, *, mode="ignore"):
    """The closing of an image, as ``skimage.morphology.binary_closing``; arguments as of
    `binary_erosion`.

    >>> binary_closing(np.array([[0, 1, 0, 1, 0]]), np.ones((1, 3))).astype(int)
    array([[1, 1, 1, 1, 1]])
    """
    return _apply([_strel.dilate, _strel.erode], image, footprint, out, mode)


def _apply(operators, image, footprint, out, mode):
    """The operators one after the other, each by all elements."""
    if mode not in _BORDERS:
        raise ValueError(f"unsupported mode, got {mode!r}")
    elements = _elements(footprint)
    result = _strel.BitImage.from_numpy(np.asarray(image) != 0)
    for operator in operators:
        for element, iterations in elements:
            for _ in range(iterations):
                result = operator(result, element, border=_BORDERS[mode])
    if out is None:
        return result.to_numpy()
    out[...] = result.to_numpy()
    return out


def _elements(footprint):
    """Pairs of an element and how often it is applied."""
    if footprint is None:
        return [(_strel.StructuringElement.cross(1), 1)]
    if isinstance(footprint, (list, tuple)) and all(isinstance(part, tuple) for part in footprint):
        return [(_element(mask), iterations) for mask, iterations in footprint]
    return [(_element(footprint), 1)]


def _element(mask):
    return _strel.StructuringElement(np.asarray(mask) != 0)
