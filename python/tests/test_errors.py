"""Bad arguments end in Python exceptions that say what was expected."""

import numpy as np
import pytest

import strel
from strel.skimage import binary_erosion

IMAGE = np.zeros((4, 5), dtype=bool)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (
            lambda: strel.dilate(IMAGE.astype(float), "#"),
            TypeError,
            "bool or uint8, not of float64",
        ),
        (lambda: strel.dilate([[0, 1]], "#"), TypeError, "bool or uint8, not of int64"),
        (lambda: strel.dilate("..#", "#"), TypeError, "bool or uint8"),
        (
            lambda: strel.dilate(np.zeros(3, dtype=bool), "#"),
            ValueError,
            "2 axes, row and column, not 1",
        ),
        (lambda: strel.dilate(IMAGE, "#x"), ValueError, "line 1, column 2 of the picture"),
        (lambda: strel.dilate(IMAGE, "..."), ValueError, "the structuring element is empty"),
        (lambda: strel.dilate(IMAGE, IMAGE), ValueError, "the structuring element is empty"),
        (lambda: strel.dilate(IMAGE, "#", border="wrap"), ValueError, "a border is one of neutral"),
        (lambda: strel.dilate(IMAGE, 3), TypeError, "bool or uint8"),
        (lambda: strel.union(IMAGE, IMAGE[1:]), ValueError, "differ in size: 4x5 and 3x5"),
        (lambda: strel.BitImage("#.") | strel.BitImage("#"), ValueError, "differ in size"),
        (lambda: strel.rank(IMAGE, "#", -1), OverflowError, "negative"),
        (lambda: strel.morph(IMAGE, "o5.5 +"), ValueError, "of the sequence: expected"),
        (
            lambda: strel.StructuringElement("#", origin=(0, 0)),
            ValueError,
            "a picture marks its origin",
        ),
        (
            lambda: strel.StructuringElement(~IMAGE, origin=(4, 0)),
            ValueError,
            "not inside the window",
        ),
        (lambda: strel.StructuringElement.line(3, 30), ValueError, "0, 45, 90 or 135 degrees"),
        (lambda: strel.StructuringElement.diamond(1 << 40), ValueError, "more than"),
        (lambda: strel.StructuringElement.disk(1 << 62), ValueError, "more than"),
        (lambda: strel.StructuringElement.rectangle(0, 3), ValueError, "not inside the window"),
        (lambda: strel.BitImage("#\n##"), ValueError, "line 2 of the picture"),
        (
            lambda: strel.BitImage.from_words(np.zeros((2, 2), np.uint64), 3),
            ValueError,
            "takes 2 words",
        ),
        (lambda: np.array(strel.BitImage("#"), copy=False), ValueError, "without a copy"),
        (lambda: binary_erosion(IMAGE, mode="reflect"), ValueError, "unsupported mode"),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_image_that_no_memory_holds_is_refused():
    huge = np.broadcast_to(np.zeros((1, 1), dtype=bool), (1 << 40, 0))
    with pytest.raises(MemoryError, match="does not fit the memory"):
        strel.BitImage.from_numpy(huge)
