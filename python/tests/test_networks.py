"""Networks: float values, binarization, certificates, files, errors."""

import os
import signal
import threading

import numpy as np
import oracle
import pytest

import strel


def sigmoid(u):
    return np.tanh(u) / 2 + 0.5


def random_layers(random, channels=(1, 3, 2)):
    """The arrays of random BiSEL layers, with their arguments' names."""
    for inputs, outputs in zip(channels, channels[1:]):
        layer = {
            "weights": random.random((outputs, inputs, 3, 5)),
            "bias": random.random((outputs, inputs)) * 8,
            "scale": random.normal(size=(outputs, inputs)),
        }
        if inputs > 1:
            layer["lui_weights"] = random.random((outputs, inputs))
            layer["lui_bias"] = random.random(outputs)
            layer["lui_scale"] = random.normal(size=outputs)
        yield {name: values.astype(np.float32).astype(float) for name, values in layer.items()}


def forward(layers, x, border):
    """The outputs of layers as their formulas say."""
    for layer in layers:
        weights = layer["weights"]
        rows, cols = weights.shape[2:]
        outside = {"zero": 0, "one": 1}.get(border, border)
        padded = np.stack([oracle.pad(channel, 2, outside) for channel in x])
        height, width = x.shape[1:]
        sums = sum(
            weights[:, :, i, j, None, None]
            * padded[None, :, 2 + i - rows // 2 :, 2 + j - cols // 2 :][..., :height, :width]
            for i in range(rows)
            for j in range(cols)
        )
        per_pixel = (Ellipsis, None, None)
        z = sigmoid(layer["scale"][per_pixel] * (sums - layer["bias"][per_pixel]))
        if "lui_weights" in layer:
            sums = (layer["lui_weights"][per_pixel] * z).sum(axis=1)
            z = sigmoid(layer["lui_scale"][per_pixel] * (sums - layer["lui_bias"][per_pixel]))
            x = z
        else:
            x = z[:, 0]
    return x


@pytest.mark.parametrize("border", ["replicate", "reflect", "zero", "one"])
def test_float_networks_are_their_formulas(border):
    random = np.random.default_rng(0)
    layers = list(random_layers(random))
    network = strel.FloatNetwork([strel.FloatBisel(**layer) for layer in layers], border=border)
    x = random.random((1, 9, 11))
    assert np.allclose(network.apply(x), forward(layers, x, border), rtol=0, atol=1e-12)
    assert np.array_equal(network.apply(x[0]), network.apply(x))


def opening():
    """The float network of an opening by an asymmetric element, and the element."""
    element = strel.StructuringElement("O##")
    erosion = np.array([[[[0, 0, 1, 1, 1]]]])
    dilation = np.array([[[[1, 1, 1, 0, 0]]]])
    layers = [
        strel.FloatBisel(erosion, bias=[[2.5]], scale=[[8.0]]),
        strel.FloatBisel(dilation, bias=[[0.5]], scale=[[8.0]]),
    ]
    return strel.FloatNetwork(layers), element


def test_a_binarized_opening_is_the_opening():
    network, element = opening()
    binarized = network.binarize()
    certificate = binarized.certify(network)
    assert certificate.is_proved
    certificate.check(network, binarized)
    image = np.random.default_rng(1).random((30, 70)) < 0.8
    assert np.array_equal(binarized.apply(image), strel.open(image, element, border="replicate"))
    assert np.array_equal(network.apply(image.astype(float)) > 0.5, binarized.apply(image))


def test_channels_come_and_go_in_one_form():
    random = np.random.default_rng(2)
    layers = [strel.FloatBisel(**layer) for layer in random_layers(random, (2, 3))]
    network = strel.FloatNetwork(layers).binarize("activable")
    images = random.random((2, 20, 66)) < 0.5
    stack = network.apply(images)
    assert stack.shape == (3, 20, 66) and stack.dtype == bool
    packed = network.apply([strel.BitImage.from_numpy(image) for image in images])
    assert np.array_equal([image.to_numpy() for image in packed], stack)
    batch = network.apply_batch([images, images[:, :5]])
    assert np.array_equal(batch[0], stack)
    assert np.array_equal(batch[1], network.apply(images[:, :5]))


def test_files_are_read_back_and_runs_are_folders(tmp_path):
    network, _ = opening()
    network.save(tmp_path / "float.safetensors")
    network.binarize().save(str(tmp_path / "network.safetensors"))
    assert strel.FloatNetwork.load(tmp_path) == network
    assert strel.Network.load(tmp_path) == network.binarize()
    assert strel.certify_run(tmp_path).is_proved


def test_notebooks_show_a_picture():
    network = opening()[0].binarize()
    assert network._repr_svg_() == network.show()
    assert network.show().startswith("<svg ")


@pytest.mark.parametrize("method", ["constant", "activable", "lossless"])
def test_a_majority_is_binarized_by_every_method_but_exact(method):
    layer = strel.FloatBisel(np.ones((1, 1, 3, 3)), bias=[[4.5]], scale=[[1.0]])
    majority = strel.FloatNetwork([layer])
    with pytest.raises(ValueError, match="layer 1, output 1, input 1: not activated"):
        majority.binarize()
    image = np.random.default_rng(3).random((20, 70)) < 0.5
    median = strel.median(image, np.ones((3, 3), dtype=bool), border="replicate")
    equal = np.array_equal(majority.binarize(method).apply(image), median)
    assert equal == (method == "lossless")


def test_bad_networks_and_files_are_refused(tmp_path):
    network, _ = opening()
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"no network")
    path = tmp_path / "float.safetensors"
    network.save(path)
    one = np.ones((1, 1, 1, 1))
    for call, error, message in [
        (lambda: strel.Network.load(tmp_path / "none"), FileNotFoundError, "none"),
        (lambda: network.save(tmp_path / "none" / "file"), FileNotFoundError, "file"),
        (lambda: strel.Network.load(damaged), ValueError, "damaged.safetensors"),
        (lambda: strel.Network.load(path), ValueError, "strel.network"),
        (lambda: strel.FloatNetwork([]), ValueError, "no layer"),
        (lambda: strel.FloatNetwork([3]), TypeError, "a layer is FloatBisel"),
        (
            lambda: strel.FloatNetwork([strel.FloatBisel(one, [[1]], [[1], [2]])]),
            ValueError,
            "scales is 2",
        ),
        (
            lambda: strel.FloatNetwork([strel.FloatBisel(one * np.nan, [[1]], [[1]])]),
            ValueError,
            "finite",
        ),
        (lambda: strel.FloatBisel(np.ones(3), [[1]], [[1]]), ValueError, "4 axes"),
        (lambda: strel.FloatBisel(one, [[1]], [[1]], lui_bias=[1]), ValueError, "go together"),
        (
            lambda: strel.FloatNetwork([strel.MaxPool(1)], border="neutral"),
            ValueError,
            "the border is",
        ),
        (lambda: strel.FloatNetwork([strel.MaxPool(1)], threshold="relu"), ValueError, "threshold"),
        (lambda: network.binarize("best"), ValueError, "a method is one of"),
        (lambda: network.apply(np.ones((2, 3, 3))), ValueError, "2 input images, expected 1"),
        (lambda: network.apply(np.ones(3)), ValueError, "2 axes"),
        (
            lambda: network.binarize().apply(np.ones((2, 3, 3), dtype=bool)),
            ValueError,
            "2 input images",
        ),
        (lambda: network.binarize().classify(strel.BitImage("#")), ValueError, "no scores"),
    ]:
        with pytest.raises(error, match=message):
            call()


def training_pairs():
    image = np.random.default_rng(4).random((16, 16)) < 0.1
    return [(image, strel.dilate(image, "#O\n.#", border="replicate"))]


def start():
    return strel.FloatNetwork(
        [strel.FloatBisel(np.ones((1, 1, 1, 1)), [[0.5]], [[1.0]])]
    ).binarize()


def test_polishing_finds_an_operator():
    [(image, target)] = pairs = training_pairs()
    network, report = strel.polish(start(), pairs, budget=2000, loss="pixels")
    assert report["after"] == 0 < report["before"]
    assert np.array_equal(network.apply(image), target)


def test_a_callback_ends_polishing_or_its_error_is_raised():
    states = []
    _, report = strel.polish(
        start(), training_pairs(), callback=lambda state: states.append(state) or False
    )
    assert len(states) == 1 and report["evaluations"] == states[0]["evaluations"]

    def interrupt(state):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        strel.polish(start(), training_pairs(), callback=interrupt)


def test_ctrl_c_ends_polishing():
    noise = np.random.default_rng(5).random((2, 16, 16)) < 0.5
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        strel.polish(start(), [(noise[0], noise[1])], budget=10**12)
