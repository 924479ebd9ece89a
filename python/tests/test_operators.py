"""Operators against their definitions, on random images, elements and borders."""

import numpy as np
import oracle
import pytest

import strel

BORDERS = ["neutral", "zero", "one", "replicate", "reflect"]
SIZES = [(1, 1), (5, 63), (6, 64), (7, 65), (40, 130)]


def random_case(seed, size):
    random = np.random.default_rng(seed)
    image = random.random(size) < 0.6
    mask = random.random((random.integers(1, 6), random.integers(1, 6))) < 0.5
    mask[random.integers(mask.shape[0]), random.integers(mask.shape[1])] = True
    return image, strel.StructuringElement(mask)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("size", SIZES)
def test_elementary_operators_are_their_definitions(size, border):
    for seed in range(20):
        image, element = random_case(seed, size)
        offsets = element.offsets()
        dilated = strel.dilate(image, element, border=border)
        eroded = strel.erode(image, element, border=border)
        assert np.array_equal(dilated, oracle.dilate(image, offsets, border))
        assert np.array_equal(eroded, oracle.erode(image, offsets, border))
        for at_least in (0, 1, len(element) // 2, len(element) + 1):
            ranked = strel.rank(image, element, at_least, border=border)
            assert np.array_equal(ranked, oracle.rank(image, offsets, at_least, border))


@pytest.mark.parametrize("border", BORDERS)
def test_other_operators_are_made_of_these(border):
    for seed in range(20):
        image, element = random_case(seed, (20, 70))
        by = {"element": element, "border": border}
        dilated, eroded = strel.dilate(image, **by), strel.erode(image, **by)
        opened, closed = strel.dilate(eroded, **by), strel.erode(dilated, **by)
        assert np.array_equal(strel.open(image, **by), opened)
        assert np.array_equal(strel.close(image, **by), closed)
        assert np.array_equal(strel.white_tophat(image, **by), image & ~opened)
        assert np.array_equal(strel.black_tophat(image, **by), closed & ~image)
        assert np.array_equal(strel.gradient(image, **by), dilated & ~eroded)
        half = (len(element) + 1) // 2
        assert np.array_equal(
            strel.median(image, **by), strel.rank(image, element, half, border=border)
        )


def test_hit_or_miss_is_two_erosions():
    image, hit = random_case(1, (20, 70))
    _, miss = random_case(2, (20, 70))
    expected = strel.erode(image, hit) & strel.erode(~image, miss)
    assert np.array_equal(strel.hit_or_miss(image, hit, miss), expected)


def test_sets_are_numpys():
    random = np.random.default_rng(0)
    left, right = random.random((2, 30, 70)) < 0.5
    assert np.array_equal(strel.union(left, right), left | right)
    assert np.array_equal(strel.intersection(left, right), left & right)
    assert np.array_equal(strel.difference(left, right), left & ~right)
    assert np.array_equal(strel.complement(left), ~left)


def test_a_sequence_is_its_steps():
    image, _ = random_case(3, (50, 90))
    disk = strel.StructuringElement.disk(2)
    expected = strel.close(strel.open(image, disk), strel.StructuringElement.rectangle(5, 3))
    assert np.array_equal(strel.morph(image, "oD2 + c3.5"), expected)


@pytest.mark.parametrize("name", ["disk", "diamond", "cross"])
def test_shapes_are_their_formulas(name):
    inside = {
        "disk": lambda dy, dx: dy**2 + dx**2 <= 16,
        "diamond": lambda dy, dx: abs(dy) + abs(dx) <= 4,
        "cross": lambda dy, dx: dy == 0 or dx == 0,
    }[name]
    element = getattr(strel.StructuringElement, name)(4)
    window = [(dy, dx) for dy in range(-4, 5) for dx in range(-4, 5)]
    assert element.offsets() == [offset for offset in window if inside(*offset)]
