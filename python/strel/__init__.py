"""Binary morphology on packed images, and binary morphological networks.

Images are two-dimensional arrays of bool or uint8 (0 is background, everything else foreground) or
:class:`BitImage`, which holds 64 pixels a word; structuring elements are
:class:`StructuringElement`, pictures or masks:

>>> image = np.array([[0, 1, 1, 1, 0, 1, 0]], dtype=bool)
>>> strel.open(image, '###').astype(int)
array([[0, 1, 1, 1, 0, 0, 0]])

Arrays are packed and unpacked once a call; who applies several operators packs once,
``BitImage.from_numpy(image)``. Functions run without Python's global lock, so threads work side by
side: leave an array alone while it is read.

:class:`FloatNetwork` and :class:`Network` are the networks of runs; ``strel.skimage`` has the names
and defaults of scikit-image, ``strel.torch`` layers for PyTorch.
"""

from ._strel import (
    ActivableProjection,
    BitImage,
    Certificate,
    FloatBisel,
    FloatDense,
    FloatNetwork,
    MaxPool,
    Network,
    NeuronOperator,
    Run,
    Scores,
    StructuringElement,
    binarize,
    black_tophat,
    certify_run,
    close,
    complement,
    decode_image,
    difference,
    dilate,
    encode_image,
    erode,
    gradient,
    hit_or_miss,
    intersection,
    is_activated,
    median,
    morph,
    open,
    polish,
    project_activable,
    project_constant,
    rank,
    read_image,
    read_pages,
    train,
    union,
    white_tophat,
    write_image,
)

__all__ = [
    "ActivableProjection",
    "BitImage",
    "Certificate",
    "FloatBisel",
    "FloatDense",
    "FloatNetwork",
    "MaxPool",
    "Network",
    "NeuronOperator",
    "Run",
    "Scores",
    "StructuringElement",
    "binarize",
    "black_tophat",
    "certify_run",
    "close",
    "complement",
    "decode_image",
    "difference",
    "dilate",
    "encode_image",
    "erode",
    "gradient",
    "hit_or_miss",
    "intersection",
    "is_activated",
    "median",
    "morph",
    "open",
    "polish",
    "project_activable",
    "project_constant",
    "rank",
    "read_image",
    "read_pages",
    "train",
    "union",
    "white_tophat",
    "write_image",
]
