"""Ordinary networks: their numbers, their straight-through gradients, small trainings and their journal."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
import ordinary  # noqa: E402
from rivals import mnist  # noqa: E402
from rivals.ordinary import METHODS, DoReFa, Network, Weights  # noqa: E402

FEW_BITS = DoReFa(2, 3)
WEIGHTS = torch.tensor([[-1.5, -0.3, 0.0], [0.2, 0.9, 1.2]])
SLOPES = torch.tensor([[0.5, -1.0, 2.0], [0.25, -0.75, 1.5]])


def weights(method):
    """The weights that a network computes with, and the gradient of SLOPES . weights for the float ones."""
    w = WEIGHTS.clone().requires_grad_()
    found = method.weights(w, hard=True)
    (found * SLOPES).sum().backward()
    return found.detach(), w.grad


@pytest.mark.parametrize("name", ["BinaryConnect", "BNN"])
def test_signs_copy_the_gradient_of_weights_up_to_1(name):
    signs, gradient = weights(METHODS[name])
    assert signs.tolist() == [[-1, -1, 1], [1, 1, 1]]
    assert gradient.tolist() == [[0, -1, 2], [0.25, -0.75, 0]]


def test_scales_of_xnor_neurons_are_differentiated():
    found, gradient = weights(METHODS["XNOR-Net"])
    for w, g, scaled, slope in zip(WEIGHTS.numpy(), SLOPES.numpy(), found.numpy(), gradient.numpy()):
        scale, signs = np.abs(w).mean(), np.where(w >= 0, 1, -1)
        np.testing.assert_allclose(scaled, scale * signs, atol=1e-6)
        inside = np.where(np.abs(w) <= 1, scale, 0)
        np.testing.assert_allclose(slope, g * inside + (signs * g).mean() * np.sign(w), atol=1e-6)


def test_dorefa_weights_of_one_bit_copy_the_gradient_whole():
    found, gradient = weights(DoReFa(1, 1))
    scale = WEIGHTS.abs().mean()
    torch.testing.assert_close(found, torch.where(WEIGHTS >= 0, scale, -scale))
    assert torch.equal(gradient, SLOPES)


def test_dorefa_weights_are_equally_spaced():
    thirds = weights(FEW_BITS)[0] * 1.5 + 1.5
    torch.testing.assert_close(thirds, thirds.round())


@pytest.mark.parametrize("method", [*METHODS.values(), FEW_BITS])
def test_gradients_of_rounded_numbers_are_slopes_of_unrounded_ones(method):
    x = torch.tensor([-0.6, -0.2, 0.3, 0.55, 0.8, 1.4], dtype=torch.float64)
    slopes = SLOPES.flatten().double()

    def loss(x, hard):
        return (method.activations(x, hard) * slopes).sum()

    hard = x.clone().requires_grad_()
    loss(hard, True).backward()
    for at, gradient in enumerate(hard.grad):
        step = torch.zeros_like(x)
        step[at] = 1e-6
        slope = (loss(x + step, False) - loss(x - step, False)) / 2e-6
        assert gradient.item() == pytest.approx(slope.item(), abs=1e-6)


def test_activations_are_of_as_many_values_as_bits_say():
    x = torch.arange(-20, 21) / 10

    def values(method):
        return method.activations(x, hard=True).unique().tolist()

    assert values(METHODS["BNN"]) == [-1, 1]
    assert len(values(FEW_BITS)) == 8
    assert values(DoReFa(1, 1)) == [0, 1]
    assert len(values(METHODS["BinaryConnect"])) == 21


@pytest.mark.parametrize("kernel", [(3, 3), (2, 4)])
def test_convolutions_of_signs_count_equal_signs(kernel):
    """As a machine without multiplications finds them; for even windows, too."""
    layer = Weights(METHODS["BNN"], 2, 3, kernel)
    x = torch.where(torch.rand(1, 2, 4, 5) < 0.5, 1.0, -1.0)
    sums = layer(x, hard=True)[0]
    signs = torch.where(layer.weight >= 0, 1, -1).view(3, 2, *kernel)
    for output, row, column in np.ndindex(*sums.shape):
        rows = [min(max(row + tap - kernel[0] // 2, 0), 3) for tap in range(kernel[0])]
        columns = [min(max(column + tap - kernel[1] // 2, 0), 4) for tap in range(kernel[1])]
        equal = (x[0][:, rows][:, :, columns] == signs[output]).sum().item()
        assert sums[output, row, column].item() == 2 * equal - signs[output].numel()


def test_what_training_gathers_is_what_a_deployed_network_normalises_by():
    torch.manual_seed(0)
    network = Network(METHODS["BNN"], [("dense", 8)], (1, 4, 4), 3)
    x = (torch.rand(64, 1, 4, 4) < 0.5).float()
    for _ in range(200):
        in_training = network(x, hard=True)
    torch.testing.assert_close(network.eval()(x, hard=True), in_training)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """A folder of images of 8x8 pixels: rows (class 0), columns (1) and squares (2), as files of the form of MNIST."""
    folder = tmp_path_factory.mktemp("shapes")
    for name, first, count in [("train", 0, 300), ("t10k", 300, 60)]:
        images = np.zeros((count, 8, 8), np.uint8)
        for image, index in zip(images, range(first, first + count)):
            row, column = index // 3 % 6, index // 18 % 6
            height, width = [(1, 3), (3, 1), (2, 2)][index % 3]
            image[row : row + height, column : column + width] = 180
        classes = (np.arange(first, first + count) % 3).astype(np.uint8)
        for kind, values in [("images-idx3", images), ("labels-idx1", classes)]:
            header = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes()
            (folder / f"{name}-{kind}-ubyte").write_bytes(header + values.tobytes())
    return folder


@pytest.mark.parametrize("method", [*METHODS.values(), DoReFa(3, 32)])
@pytest.mark.parametrize(
    "layers, weights, channels, last",
    [
        ([("dense", 48), ("dense", 32)], 64 * 48 + 48 * 32, 48 + 32, 32),
        (
            [("conv", 8), ("max-pool", None), ("conv", 8), ("dense", 24)],
            25 * 8 + 25 * 64 + 128 * 24,
            8 + 8 + 24,
            24,
        ),
    ],
)
def test_every_network_is_learnt_dense_and_convolutional(method, layers, weights, channels, last, shapes):
    torch.manual_seed(0)
    images = mnist.Images(shapes, "cpu")
    assert len(images.train[0]) == 270 and images.steps(2, 16) == 34
    network = Network(method, layers, images.shape, images.classes)
    mnist.train(network, images, steps=300, batch=16, learning_rate=0.01)
    # Signs of windows that are nearly all empty hang on the mean of a small batch.
    least = 0.4 if layers[0][0] == "conv" and method.activation_bits == 1 else 0.9
    assert mnist.accuracy(network, images, hard=True) > least
    packed = weights * method.weight_bits // 8
    assert abs(network.deployed_bytes() - packed - 4 * (2 * channels + 3 * last + 3)) <= 3
    if not method.is_quantized:
        assert mnist.accuracy(network, images, hard=False) == mnist.accuracy(network, images, hard=True)


def run(*arguments):
    ordinary.main([str(argument) for argument in arguments])


def refusal(capsys, *arguments):
    """What the command says that is refused."""
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    return f"{ended.value} {capsys.readouterr().err}"


def test_trainings_are_kept_and_not_repeated(shapes, tmp_path, capsys):
    journal = tmp_path / "journal.jsonl"
    small = ["--data", shapes, "--width", 6, "--epochs", 1, "--batch", 8, "--only", "BNN", "--journal", journal]
    run(*small, "--seeds", 1)
    assert capsys.readouterr().out.startswith("BNN, seed 0: float ")
    before = journal.read_text()
    journal.write_text(before + before[:20])
    run(*small, "--seeds", 2)
    assert capsys.readouterr().out.startswith("BNN, seed 1: ")
    lines = journal.read_text().splitlines()
    assert journal.read_text().startswith(before) and len(lines) == 2
    entry = json.loads(lines[1])
    assert entry["method"] == "BNN" and "layers = [{ dense = 6 }]" in entry["config"]
    assert entry["outcome"]["bytes"] == 64 * 6 // 8 + 4 * (2 * 6 + 3 * 7)
    journal.write_text("no JSON\n")
    assert "is no journal of trainings" in refusal(capsys, *small)


def test_what_is_wrong_is_named(shapes, tmp_path, capsys):
    journal = ["--journal", tmp_path / "journal.jsonl"]
    absent = refusal(capsys, "--data", tmp_path, *journal)
    assert "train-images-idx3-ubyte cannot be read" in absent
    for file in shapes.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x03")
    damaged = refusal(capsys, "--data", tmp_path, *journal)
    assert "expected an IDX file of bytes with 1 dimension" in damaged
    assert "no method's name contains 'support'" in refusal(capsys, "--only", "support", *journal)
    wide = refusal(capsys, "--layers", "wide 5", *journal)
    assert "'wide 5': expected 'conv N', 'dense N' or 'max-pool'" in wide
    assert not (tmp_path / "journal.jsonl").exists()
