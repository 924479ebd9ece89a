"""Binary morphology on packed images, and binary morphological networks.

Images are two-dimensional arrays of bool or uint8 (0 is background, everything else foreground) or :class:`BitImage`,
which holds 64 pixels a word; structuring elements are :class:`StructuringElement`, pictures or masks:

>>> image = np.array([[0, 1, 1, 1, 0, 1, 0]], dtype=bool)
>>> strel.open(image, '###').astype(int)
array([[0, 1, 1, 1, 0, 0, 0]])

Arrays are packed and unpacked once a call; who applies several operators packs once, ``BitImage.from_numpy(image)``.
Functions run without Python's global lock, so threads work side by side: leave an array alone while it is read.

``strel.skimage`` has the names and defaults of scikit-image, ``strel.torch`` layers for PyTorch.
"""

from ._strel import (
    BitImage,
    StructuringElement,
    black_tophat,
    close,
    complement,
    difference,
    dilate,
    erode,
    gradient,
    hit_or_miss,
    intersection,
    median,
    morph,
    open,
    rank,
    union,
    white_tophat,
)

__all__ = [
    "BitImage",
    "StructuringElement",
    "black_tophat",
    "close",
    "complement",
    "difference",
    "dilate",
    "erode",
    "gradient",
    "hit_or_miss",
    "intersection",
    "median",
    "morph",
    "open",
    "rank",
    "union",
    "white_tophat",
]
