"""``strel.torch`` against strel's float networks, and its losses against finite differences."""

import numpy as np
import pytest

import strel

torch = pytest.importorskip("torch")
from strel.torch import (  # noqa: E402
    BiSE,
    BiSEL,
    DenseLUI,
    activable_set_loss,
    constant_set_loss,
    from_state_dict,
    to_network,
)


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def stir(model):
    """Parameters that are not all alike."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.3 * torch.randn_like(parameter)
    return model


@pytest.mark.parametrize("border", ["replicate", "zero", "one"])
@pytest.mark.parametrize("kernel", [1, 3, (2, 5), (4, 4)])
def test_images_come_out_as_from_the_float_network(kernel, border):
    model = stir(
        torch.nn.Sequential(BiSEL(2, 3, kernel, border=border), BiSEL(3, 2, kernel, border=border))
    )
    x = torch.rand(1, 2, 13, 17)
    expected = to_network(model).apply(x[0].double().numpy())
    assert np.abs(model(x)[0].detach().numpy() - expected).max() < 1e-6


def test_scores_of_a_binarized_classifier_are_those_of_rounded_layers():
    model = torch.nn.Sequential(
        BiSEL(1, 2, 3),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        DenseLUI(18, 4),
        torch.nn.Linear(4, 3),
    )
    network = to_network(stir(model), shape=(2, 3, 3))
    assert repr(network).startswith("<float network 1 → 2 → 2 → 4 → 3")
    image = torch.rand(1, 1, 6, 6) < 0.5
    scores = network.binarize("lossless").scores(image[0].numpy())
    hidden = model[:1](image.float()).round()
    hidden = model[3](model[2](model[1](hidden))).round()
    assert np.allclose(scores, model[4](hidden)[0].detach().numpy(), atol=1e-5)


def test_one_neuron_learns_an_erosion_and_is_proved():
    model = BiSE(3)
    random = np.random.default_rng(0)
    images = random.random((64, 16, 16)) < 0.8
    element = strel.StructuringElement("O#")
    targets = np.stack([strel.erode(image, element, border="replicate") for image in images])
    x, y = (torch.from_numpy(values).float()[:, None] for values in (images, targets))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(200):
        loss = ((model(x) - y) ** 2).mean() + 1e-3 * activable_set_loss(model)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    network = to_network(model)
    binarized = network.binarize()
    assert binarized.certify(network).is_proved
    assert np.array_equal([binarized.apply(image) for image in images], targets)


@pytest.mark.parametrize("loss", [constant_set_loss, activable_set_loss])
def test_gradients_of_the_losses_are_their_slopes(loss):
    model = stir(BiSEL(2, 2, 3)).double()
    value = loss(model)
    assert value > 0
    value.backward()
    gradients = [
        parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None
    ]
    parameters = [parameter for parameter in model.parameters() if parameter.grad is not None]
    step = 1e-6
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients):
            direction = torch.randn_like(parameter)
            parameter += step * direction
            above = loss(model)
            parameter -= 2 * step * direction
            below = loss(model)
            parameter += step * direction
            slope = (above - below) / (2 * step)
            assert slope.item() == pytest.approx(
                (gradient * direction).sum().item(), rel=1e-4, abs=1e-7
            )


def test_a_plain_state_is_a_network():
    model = stir(torch.nn.Sequential(BiSEL(1, 2, 3), BiSEL(2, 1, 3)))
    state = {}
    for index, layer in enumerate(model):
        state[f"{index}.weights"] = layer.bise.weights.view(
            layer.outputs, layer.inputs, *layer.kernel
        )
        state[f"{index}.bias"], state[f"{index}.p"] = layer.bise.bias, layer.bise.scale
    state["1.lui.weights"] = model[1].lui.weights
    state["1.lui.bias"], state["1.lui.p"] = model[1].lui.bias, model[1].lui.scale
    assert from_state_dict(state) == to_network(model)
    with pytest.raises(ValueError, match="which no BiSEL layer takes"):
        from_state_dict({**state, "head.bias": torch.zeros(3)})
    del state["1.lui.p"]
    with pytest.raises(ValueError, match="lacks 1.lui.p"):
        from_state_dict(state)


def test_models_that_are_no_network_are_refused():
    for model, message in [
        (torch.nn.Sequential(BiSE(3), torch.nn.ReLU()), "module 2 is ReLU"),
        (torch.nn.Sequential(BiSE(3), torch.nn.MaxPool2d(3)), "module 2 is MaxPool2d"),
        (torch.nn.Sequential(BiSE(3), BiSE(3, border="one")), "one border, not one and replicate"),
    ]:
        with pytest.raises(ValueError, match=message):
            to_network(model)
    with pytest.raises(ValueError, match="a border is one of"):
        BiSE(3, border="wrap")
