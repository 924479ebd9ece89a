"""Images as arguments and results."""

import copy
import pickle
import threading

import numpy as np
import pytest

import strel

LINE = strel.StructuringElement.line(3)


def random_image(size=(30, 70), seed=0):
    return np.random.default_rng(seed).random(size) < 0.5


def test_all_forms_of_an_image_give_the_same_pixels():
    image = random_image()
    expected = strel.dilate(image, LINE)
    assert expected.dtype == bool
    grey = image.astype(np.uint8) * 7
    for form in (grey, np.asfortranarray(image), np.pad(image, 3)[3:-3, 3:-3], image[::-1][::-1]):
        assert np.array_equal(strel.dilate(form, LINE), expected)
    packed = strel.dilate(strel.BitImage.from_numpy(image), LINE)
    assert isinstance(packed, strel.BitImage)
    assert np.array_equal(packed.to_numpy(), expected)
    assert np.array_equal(np.asarray(packed), expected)


def test_every_byte_but_zero_is_foreground_in_arrays_of_bool_too():
    odd = np.array([[0, 1, 2, 255]], dtype=np.uint8).view(bool)
    assert strel.BitImage.from_numpy(odd) == strel.BitImage(".###")


@pytest.mark.parametrize("size", [(0, 0), (0, 5), (5, 0), (1, 1), (3, 63), (3, 64), (3, 65)])
def test_images_come_back_as_they_went(size):
    image = random_image(size)
    packed = strel.BitImage.from_numpy(image)
    assert packed.shape == size and packed.count_ones() == image.sum()
    assert np.array_equal(packed.to_numpy(), image)
    assert np.array_equal(packed.to_numpy(one=255), image * np.uint8(255))
    assert strel.BitImage.from_words(packed.to_words(), size[1]) == packed
    for twin in (copy.deepcopy(packed), pickle.loads(pickle.dumps(packed))):
        assert twin == packed and hash(twin) == hash(packed)


def test_words_hold_pixels_from_the_lowest_bit_on():
    image = random_image((4, 100))
    bits = np.pad(image, ((0, 0), (0, 28)))
    words = np.packbits(bits, axis=1, bitorder="little").view("<u8")
    assert np.array_equal(strel.BitImage.from_numpy(image).to_words(), words)


def test_results_do_not_share_memory():
    image = strel.BitImage("..#")
    first = image.to_numpy()
    first[:] = True
    assert image == strel.BitImage("..#")


def test_images_combine_by_the_signs_of_sets():
    left, right = random_image(seed=1), random_image(seed=2)
    x, y = strel.BitImage.from_numpy(left), strel.BitImage.from_numpy(right)
    for packed, expected in [
        (x | y, left | right),
        (x & y, left & right),
        (x - y, left & ~right),
        (x ^ y, left ^ right),
        (~x, ~left),
    ]:
        assert np.array_equal(packed.to_numpy(), expected)


def test_elements_are_copied():
    element = strel.StructuringElement("o.#")
    for twin in (copy.deepcopy(element), pickle.loads(pickle.dumps(element))):
        assert twin == element and hash(twin) == hash(element)
        assert (twin.shape, twin.origin, len(twin)) == ((1, 3), (0, 0), 1)
    assert eval(repr(element), {"StructuringElement": strel.StructuringElement}) == element


def test_other_threads_run_meanwhile():
    """A thread that only Python's lock could hold up counts while another one works."""
    image = strel.BitImage.from_numpy(np.zeros((4000, 4000), dtype=bool))
    done = threading.Event()

    def work():
        for _ in range(20):
            strel.rank(image, strel.StructuringElement.disk(9), 90)
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    turns = 0
    while not done.wait(0.0005):
        turns += 1
    worker.join()
    assert turns > 20
