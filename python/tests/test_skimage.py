"""``strel.skimage`` against scikit-image, bit for bit, on random images."""

import warnings

import numpy as np
import pytest

import strel.skimage

morphology = pytest.importorskip("skimage.morphology")
NAMES = strel.skimage.__all__


def theirs(name, *args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return getattr(morphology, name)(*args, **options)


def footprints(random):
    yield None
    for shape in [(1, 1), (1, 2), (2, 2), (3, 3), (4, 3), (5, 5), (1, 6)]:
        mask = random.random(shape) < 0.6
        mask[random.integers(shape[0]), random.integers(shape[1])] = True
        yield mask.astype(np.uint8)
    yield morphology.disk(3)
    yield morphology.disk(5, decomposition="sequence")
    yield [(np.ones((3, 1)), 2), (np.ones((1, 4)), 1)]


@pytest.mark.parametrize("mode", ["ignore", "min", "max"])
@pytest.mark.parametrize("name", NAMES)
def test_pixels_are_those_of_scikit_image(name, mode):
    random = np.random.default_rng(0)
    for size in [(1, 1), (9, 63), (12, 64), (20, 65), (40, 150)]:
        for footprint in footprints(random):
            image = random.random(size) < random.choice([0.2, 0.5, 0.9])
            expected = theirs(name, image, footprint, mode=mode)
            found = getattr(strel.skimage, name)(image, footprint, mode=mode)
            assert found.dtype == bool and np.array_equal(found, expected), (size, footprint)


@pytest.mark.parametrize("name", NAMES)
def test_other_types_are_compared_with_zero(name):
    image = np.random.default_rng(1).integers(0, 3, (20, 30))
    for other in (image, image.astype(float), image.astype(np.uint8)):
        assert np.array_equal(getattr(strel.skimage, name)(other), theirs(name, other))


@pytest.mark.parametrize("name", NAMES)
def test_out_is_filled_and_returned(name):
    image = np.random.default_rng(2).random((20, 30)) < 0.5
    out = np.zeros_like(image)
    assert getattr(strel.skimage, name)(image, out=out) is out
    assert np.array_equal(out, theirs(name, image))
