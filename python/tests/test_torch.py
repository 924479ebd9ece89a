"""``strel.torch`` against strel's float networks, and its losses against finite differences."""

import numpy as np
import pytest

import strel

torch = pytest.importorskip("torch")
from strel.torch import (  # noqa: E402
    BiSE,
    BiSEL,
    DenseLUI,
    Neurons,
    Sets,
    WindowSets,
    activable_set_loss,
    clip_memberships,
    constant_set_loss,
    from_state_dict,
    threshold_neurons,
    to_network,
)
from random_networks import BORDERS, PARAMETRIZATIONS, THRESHOLDS, RandomNetwork, loss  # noqa: E402


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def stir(model):
    """Parameters that are not all alike."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.3 * torch.randn_like(parameter)
    return model


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("kernel", [1, 3, (2, 5), (4, 4)])
def test_images_come_out_as_from_the_float_network(kernel, border):
    model = stir(
        torch.nn.Sequential(BiSEL(2, 3, kernel, border=border), BiSEL(3, 2, kernel, border=border))
    )
    x = torch.rand(1, 2, 13, 17)
    expected = to_network(model).apply(x[0].double().numpy())
    assert np.abs(model(x)[0].detach().numpy() - expected).max() < 1e-6


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_are_float_networks_of_the_same_outputs(seed):
    random = np.random.default_rng(seed)
    network = RandomNetwork(random, classifier=False)
    threshold_neurons(network.model, False)
    x, _ = network.samples(random, 3)
    plain = network.float_network()
    for image, outputs in zip(x, network.model(x).detach()):
        expected = plain.apply(image[0].double().numpy())
        assert np.abs(outputs[0].numpy() - expected).max() < 1e-5, network.settings


@pytest.mark.parametrize("seed", range(40))
def test_random_classifiers_are_binarized_without_loss(seed):
    random = np.random.default_rng(seed)
    network = RandomNetwork(random, classifier=True)
    threshold_neurons(network.model)
    x, _ = network.samples(random, 5)
    binarized = network.float_network().binarize("lossless")
    for sample, scores in zip(x, network.model(x).detach()):
        found = binarized.scores((sample > 0).numpy())
        assert np.allclose(found, scores.numpy(), atol=1e-4), network.settings


@pytest.mark.parametrize("weights, biases", PARAMETRIZATIONS)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_parametrizations_keep_what_they_promise(weights, biases, size):
    bank = stir(Neurons((5,), size, weights=weights, biases=biases))
    with torch.no_grad():
        bank.bias += 3 * torch.randn(5)
    w, b = bank.weights.detach(), bank.biases.detach()
    if weights != "raw":
        assert (w > 0).all()
    if weights == "normalised":
        assert torch.allclose(w.sum(1), torch.tensor(2 * np.arctanh(0.9), dtype=w.dtype))
    if biases == "symmetric":
        assert torch.allclose(2 * b - w.sum(1), bank.bias)
    if biases in ("projected", "reparametrized"):
        for row, bias, free in zip(w, b, torch.nn.functional.softplus(bank.bias)):
            ordered = row.sort().values
            low, high = ordered[:2].sum() / 2, row.sum() - ordered[0] / 2
            assert torch.allclose(bias, free.clamp(low, high if size > 1 else low))


@pytest.mark.parametrize("biases", ["projected", "reparametrized"])
def test_gradients_of_clamped_biases(biases):
    """Of a bias that is too large: to the parameter as if it were not, or to the weights of the bound."""
    bank = Neurons((1,), 3, biases=biases)
    with torch.no_grad():
        bank.w.copy_(torch.tensor([[0.5, -1.0, 2.0]]))
        bank.bias.fill_(20.0)
    bank.biases.sum().backward()
    slopes = torch.sigmoid(bank.w.detach())
    if biases == "projected":
        assert bank.w.grad is None and torch.allclose(bank.bias.grad, torch.ones(1))
    else:
        assert bank.bias.grad.item() == 0
        assert torch.allclose(bank.w.grad, slopes * torch.tensor([[1.0, 0.5, 1.0]]))


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize(
    "weights, biases", [pair for pair in PARAMETRIZATIONS if "projected" not in pair]
)
def test_gradients_of_neurons_are_their_slopes(threshold, weights, biases):
    bank = stir(Neurons((3,), 4, weights=weights, biases=biases, threshold=threshold)).double()
    x = torch.rand(6, 4, dtype=torch.float64)

    def outputs(*parameters):
        state = dict(zip(["w", "scale", "bias"], parameters))
        return torch.func.functional_call(
            Evaluated(bank), {f"bank.{k}": v for k, v in state.items()}, (x,)
        )

    assert torch.autograd.gradcheck(outputs, tuple(bank.parameters()))


class Evaluated(torch.nn.Module):
    """A bank of neurons as a module of inputs."""

    def __init__(self, bank):
        super().__init__()
        self.bank = bank

    def forward(self, x):
        return self.bank.activate(x @ self.bank.weights.T)


def test_thresholded_neurons_have_the_gradients_of_smooth_ones():
    model = stir(BiSE(3))
    x = torch.rand(2, 1, 6, 7)
    smooth = model(x)
    threshold_neurons(model)
    hard = model(x)
    assert torch.equal(hard, (smooth > 0.5).float())
    slopes = torch.randn_like(smooth)
    gradients = [
        torch.autograd.grad((y * slopes).sum(), list(model.parameters())) for y in (smooth, hard)
    ]
    assert all(torch.equal(a, b) for a, b in zip(*gradients))


def test_sets_are_dilations_and_then_erosions():
    layer = Sets((1, 2, 2), 3)
    members = torch.tensor([[1, 1, 0, 0], [0, 0, 0, 1], [0, 1, 1, 0]])
    with torch.no_grad():
        layer.sets.membership.copy_(members * 0.2 - 0.1)
    x = torch.tensor([[image >> at & 1 for at in range(4)] for image in range(16)]).float()
    x.requires_grad_()
    y = layer(x.view(16, 1, 2, 2))
    expected = [[(row * members[0]).any(), row[3], (row[1:3] > 0).all()] for row in x.detach()]
    assert torch.equal(y, torch.tensor(expected).float())

    slopes = torch.randn(16, 3)
    (y * slopes).sum().backward()
    to_members, to_x = torch.zeros(3, 4), torch.zeros(16, 4)
    for image in range(16):
        for neuron in range(3):
            # What counts: ones for a dilation, zeros for an erosion.
            counts = (x[image] == (neuron < 2)).float().detach()
            slope = slopes[image, neuron] * torch.exp(-(counts * members[neuron]).sum())
            to_members[neuron] += counts * slope * (1 if neuron < 2 else -1)
            to_x[image] += members[neuron] * slope
    assert torch.allclose(layer.sets.membership.grad, to_members, atol=1e-5)
    assert torch.allclose(x.grad, to_x, atol=1e-5)


@pytest.mark.parametrize("layer", [Sets((2, 9, 12), 20), WindowSets(2, 20, (9, 12))])
def test_sets_start_with_a_few_members_near_each_other(layer):
    members = layer.sets.members.detach().view(20, 2, 9, 12)
    for neuron, inside in enumerate(members):
        count, (_, rows, columns) = int(inside.sum()), inside.nonzero(as_tuple=True)
        assert 1 <= count <= (12 if neuron < 10 else 4)
        assert max(rows.max() - rows.min(), columns.max() - columns.min()) <= 10
    with torch.no_grad():
        layer.sets.membership.mul_(100)
    clip_memberships(layer)
    assert layer.sets.membership.abs().max().item() == pytest.approx(0.3)
    assert torch.equal(layer.sets.members.view_as(members), members)


def on_a_gpu():
    if not torch.cuda.is_available():
        pytest.skip("PyTorch finds no GPU here")
    return torch.device("cuda")


def test_a_network_is_trained_on_a_gpu_and_proved_here():
    device = on_a_gpu()
    learns_an_erosion(device)


@pytest.mark.parametrize("seed", range(20))
def test_a_gpu_finds_the_loss_and_gradients_of_the_processor(seed):
    device, random = on_a_gpu(), np.random.default_rng(seed)
    network = RandomNetwork(random, classifier=seed % 2 == 0)
    threshold_neurons(network.model, False)
    x, t = network.samples(random, 4)
    name = "cross-entropy" if seed % 2 == 0 else "mse"
    found = []
    for where in ("cpu", device):
        model = network.model.to(where).double()
        model.zero_grad()
        value = loss(
            name,
            model(x.to(where).double()),
            t.to(where).double() if name == "mse" else t.to(where),
        )
        value.backward()
        found.append([value.cpu(), *(parameter.grad.cpu() for parameter in model.parameters())])
    for a, b in zip(*found):
        assert torch.allclose(a, b, atol=1e-9), network.settings


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
    learns_an_erosion("cpu")


def learns_an_erosion(device):
    model = BiSE(3).to(device)
    random = np.random.default_rng(0)
    images = random.random((64, 16, 16)) < 0.8
    element = strel.StructuringElement("O#")
    targets = np.stack([strel.erode(image, element, border="replicate") for image in images])
    x, y = (torch.from_numpy(values).float()[:, None].to(device) for values in (images, targets))
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
        (torch.nn.Sequential(BiSE(3), BiSE(3, threshold="erf")), "one threshold, not erf and tanh"),
    ]:
        with pytest.raises(ValueError, match=message):
            to_network(model)
    with pytest.raises(ValueError, match="a border is one of"):
        BiSE(3, border="wrap")
    with pytest.raises(
        ValueError, match="a threshold is one of tanh, logistic, arctan, erf, not 'relu'"
    ):
        BiSE(3, threshold="relu")
    with pytest.raises(ValueError, match="weights are one of"):
        DenseLUI(3, 2, weights="positive")
    with pytest.raises(ValueError, match="biases are one of"):
        DenseLUI(3, 2, biases="none")
