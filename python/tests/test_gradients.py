"""Strel's own training against PyTorch's autograd: loss, outputs and gradients of random networks."""

import numpy as np
import pytest

from strel import _strel

torch = pytest.importorskip("torch")
from random_networks import IMAGE_LOSSES, RandomNetwork, loss  # noqa: E402
from strel.torch import Sets, WindowSets, activable_set_loss, constant_set_loss  # noqa: E402

TOLERANCE = 1e-5
COEFFICIENT = 0.01
REGULARIZERS = {
    "none": lambda model: 0,
    "constant": constant_set_loss,
    "uniform": lambda model: constant_set_loss(model, "uniform"),
    "normal": lambda model: constant_set_loss(model, "normal"),
    "activable": activable_set_loss,
}


def strel_parameters(model):
    """The parameters of a model by strel's names, with the factor between the two; strel's scores subtract their bias."""
    layers = [module for module in model if not isinstance(module, torch.nn.Flatten)]
    for place, layer in enumerate(layers):
        for name, parameter in layer.named_parameters():
            *path, last = name.split(".")
            if isinstance(layer, (Sets, WindowSets)) or path == ["neurons"]:
                path = []
            is_negated = isinstance(layer, torch.nn.Linear) and last == "bias"
            last = {"w": "weight"}.get(last, last)
            yield ".".join([str(place), *path, last]), parameter, -1 if is_negated else 1


def assert_close(found, expected, what):
    """To 1e-5 of the largest number, or of 1."""
    found, expected = np.asarray(found), expected.detach().flatten().numpy()
    least = TOLERANCE * max(1, np.abs(expected).max())
    assert found.shape == expected.shape and np.abs(found - expected).max() <= least, (
        f"{what}: {found}, by PyTorch {expected}"
    )


@pytest.mark.parametrize("seed", range(200))
def test_loss_outputs_and_gradients_are_those_of_pytorch(seed):
    random = np.random.default_rng(seed)
    network = RandomNetwork(random, classifier=seed % 2 == 0)
    # Autograd in 64 bits is the oracle; parameters are those of 32 bits.
    model = network.model.double()
    x, t = network.samples(random, int(random.integers(1, 6)))
    kind = "cross-entropy" if seed % 2 == 0 else str(random.choice(IMAGE_LOSSES))
    regularizer = str(random.choice(list(REGULARIZERS)))
    config = {
        "data": {"mnist" if seed % 2 == 0 else "noisti": {}},
        "network": network.settings,
        "training": {
            "loss": kind,
            "free": 1.0,
            "regularizer": {"kind": regularizer, "coefficient": COEFFICIENT, "every": 1},
        },
    }
    named = list(strel_parameters(model))
    value, outputs, gradients = _strel._gradients(
        config,
        x.numpy() > 0,
        t.tolist() if seed % 2 == 0 else t.numpy() > 0,
        {name: sign * of.detach().flatten().float().numpy() for name, of, sign in named},
        hard=network.hard,
        classes=network.classes if seed % 2 == 0 else None,
    )
    y = model(x.double())
    expected = loss(kind, y, t if seed % 2 == 0 else t.double())
    expected = expected + COEFFICIENT * REGULARIZERS[regularizer](model)
    expected.backward()
    what = f"{network.settings}, hard {network.hard}, {kind}, {regularizer}"
    assert_close([value], expected, f"loss of {what}")
    assert_close(outputs, y, f"outputs of {what}")
    assert gradients.keys() == {name for name, _, _ in named}
    for name, parameter, sign in named:
        slopes = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        assert_close(sign * np.asarray(gradients[name]), slopes, f"gradient of {name} of {what}")


def test_what_does_not_fit_is_refused():
    random = np.random.default_rng(0)
    network = RandomNetwork(random, classifier=False)
    x = network.samples(random, 2)[0].numpy() > 0
    config = {
        "data": {"noisti": {}},
        "network": network.settings,
        "training": {"free": 1.0},
    }
    with pytest.raises(ValueError, match=r"expected \d+ numbers of 0.bise.weight"):
        _strel._gradients(config, x, x, {}, hard=False)
    with pytest.raises(ValueError, match="expected an image of one channel for each image"):
        _strel._gradients(config, x, x[:1], {}, hard=False)
