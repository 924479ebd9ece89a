"""Operators and projections of one neuron, against all binary inputs."""

import itertools

import numpy as np
import pytest

import strel


def outputs(weights, bias, scale):
    inputs = np.array(list(itertools.product([0, 1], repeat=weights.size)))
    return inputs.astype(bool), scale * (inputs @ weights.ravel() - bias) > 0


def operate(operator, inputs):
    chosen = inputs[:, operator.support.ravel()]
    results = {
        "dilation": chosen.any(axis=1),
        "erosion": chosen.all(axis=1),
        "zero": np.zeros(len(inputs), dtype=bool),
        "one": np.ones(len(inputs), dtype=bool),
    }
    return results[operator.operation] ^ operator.complement


def test_activated_neurons_are_their_operators():
    random = np.random.default_rng(0)
    activated = 0
    for _ in range(500):
        weights = random.random((2, 3)) ** 4
        bias, scale = random.random() * 2, random.normal()
        if strel.is_activated(weights, bias, scale):
            activated += 1
            operator = strel.binarize(weights, bias, scale)
            inputs, expected = outputs(weights, bias, scale)
            assert np.array_equal(operate(operator, inputs), expected)
        else:
            with pytest.raises(ValueError, match="not activated"):
                strel.binarize(weights, bias, scale)
    assert 50 < activated < 450


def test_the_constant_set_is_the_nearest():
    random = np.random.default_rng(1)
    for _ in range(100):
        weights = random.integers(0, 4, 6) + random.random(6) * random.integers(2)
        support, level = strel.project_constant(weights)
        nearest = np.linalg.norm(weights - level * support)
        for subset in itertools.product([0, 1], repeat=6):
            subset = np.array(subset)
            mean = weights @ subset / max(subset.sum(), 1)
            assert nearest <= np.linalg.norm(weights - mean * subset) + 1e-12


def test_the_projection_is_activable_and_its_gradient_points_away_from_it():
    random = np.random.default_rng(2)
    for _ in range(100):
        weights, bias = random.random((2, 3)), random.random() * 3
        nearest = strel.project_activable(weights, bias)
        again = strel.project_activable(nearest.weights, nearest.bias)
        assert again.distance < 1e-9
        gradient, slope = nearest.gradient
        step = 1e-6
        moved = strel.project_activable(weights - step * gradient, bias - step * slope)
        decrease = nearest.distance**2 / 2 - moved.distance**2 / 2
        assert decrease == pytest.approx(
            step * ((gradient**2).sum() + slope**2), rel=1e-3, abs=1e-12
        )


def test_bad_neurons_are_refused():
    for call, message in [
        (lambda: strel.binarize([np.nan], 1.0), "weight 0 is NaN"),
        (lambda: strel.is_activated([1.0], np.inf), "the bias is inf"),
        (
            lambda: strel.project_constant([1.0], rule="best"),
            "a rule is one of exact, uniform, normal",
        ),
        (lambda: strel.project_activable([1.0], 1.0, metric="l1"), "a metric is one of"),
    ]:
        with pytest.raises(ValueError, match=message):
            call()
