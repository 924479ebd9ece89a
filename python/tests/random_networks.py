"""Random networks, as PyTorch models and as configurations of strel's own training."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import strel.torch

BORDERS = ["replicate", "reflect", "zero", "one"]
THRESHOLDS = ["tanh", "logistic", "arctan", "erf"]
# Biases that are clamped go with positive weights.
PARAMETRIZATIONS = [
    (weights, biases)
    for weights in ("softplus", "normalised", "raw")
    for biases in ("softplus", "raw", "symmetric", "projected", "reparametrized")
    if weights != "raw" or biases not in ("projected", "reparametrized")
]
IMAGE_LOSSES = ["mse", "bce", "dice", "squared-hinge"]


class RandomNetwork:
    """A network that `random` draws: images to images, or samples of `shape` to classes.

    `settings` are the keys of the `[network]` table of a configuration, `model` is the PyTorch model.
    Half of the networks have thresholded neurons (`hard`).
    """

    def __init__(self, random, *, classifier):
        torch.manual_seed(int(random.integers(1 << 31)))
        weights, biases = PARAMETRIZATIONS[random.integers(len(PARAMETRIZATIONS))]
        self.hard = bool(random.integers(2))
        self.settings = {
            "kernel": random.integers(1, 5, 2).tolist(),
            "border": str(random.choice(BORDERS)),
            "threshold": str(random.choice(THRESHOLDS)),
            "weights": weights,
            "biases": biases,
        }
        if classifier:
            self.classes = int(random.integers(2, 5))
            self.shape = tuple(random.integers([1, 3, 3], [4, 7, 7]).tolist())
            self.settings["layers"] = self._layers(random)
            self.model = self._classifier()
        else:
            inside = random.integers(1, 4, random.integers(3)).tolist()
            self.shape = (1, *random.integers(1, 10, 2).tolist())
            self.settings["channels"] = [1, *inside, 1]
            self.model = self._images()
        self._stir()
        strel.torch.threshold_neurons(self.model, self.hard)

    def _layers(self, random):
        """Of a classifier: layers of images, and then of all that they give."""
        layers, side = [], min(self.shape[1:])
        for _ in range(random.integers(3)):
            kinds = ["bisel", "window-sets"] + ["max-pool"] * (side > 1)
            kind = str(random.choice(kinds))
            side //= 1 + (kind == "max-pool")
            layers.append(kind if kind == "max-pool" else {kind: int(random.integers(1, 4))})
        for _ in range(random.integers(not layers, 3)):
            layers.append({str(random.choice(["dense", "sets"])): int(random.integers(2, 9))})
        return layers

    def _neurons(self):
        return {key: self.settings[key] for key in ("weights", "biases", "threshold")}

    def _bisel(self, inputs, outputs):
        kernel, border = self.settings["kernel"], self.settings["border"]
        return strel.torch.BiSEL(inputs, outputs, kernel, border=border, **self._neurons())

    def _images(self):
        channels = self.settings["channels"]
        return nn.Sequential(*map(self._bisel, channels, channels[1:]))

    def _classifier(self):
        (channels, height, width), modules = self.shape, []
        for layer in self.settings["layers"]:
            if layer == "max-pool":
                modules.append(nn.MaxPool2d(2))
                height, width = height // 2, width // 2
                continue
            ((kind, outputs),) = layer.items()
            if kind == "bisel":
                modules.append(self._bisel(channels, outputs))
            elif kind == "window-sets":
                kernel, border = self.settings["kernel"], self.settings["border"]
                modules.append(strel.torch.WindowSets(channels, outputs, kernel, border=border))
            else:
                inputs = (channels, height, width)
                modules.append(self._dense(kind, inputs, outputs))
                height = width = 1
            channels = outputs
        scores = nn.Linear(channels * height * width, self.classes)
        return nn.Sequential(*self._flattened(modules), scores)

    def _dense(self, kind, inputs, outputs):
        if kind == "sets":
            return strel.torch.Sets(inputs, outputs)
        return strel.torch.DenseLUI(int(np.prod(inputs)), outputs, **self._neurons())

    def _flattened(self, modules):
        """With a `Flatten` before the first layer that reads all, and the shape of what it reads."""
        kinds = (strel.torch.DenseLUI, strel.torch.Sets)
        first = next(
            (at for at, module in enumerate(modules) if isinstance(module, kinds)), len(modules)
        )
        images = nn.Sequential(*modules[:first])
        with torch.no_grad():
            self.flattened = tuple(images(torch.zeros(1, *self.shape)).shape[1:])
        return [*modules[:first], nn.Flatten(), *modules[first:]]

    def _stir(self):
        """Parameters that are not all alike: neurons between smooth and sharp, sets of some members."""
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                spread = 0.03 if name.endswith("membership") else 0.3
                parameter += spread * torch.randn_like(parameter)

    def float_network(self):
        """As strel runs and binarizes it."""
        return strel.torch.to_network(self.model, shape=getattr(self, "flattened", None))

    def samples(self, random, count):
        """Binary inputs [count, *shape], and targets: images, or classes."""
        x = torch.from_numpy(random.random((count, *self.shape)) < 0.5).float()
        if "layers" in self.settings:
            return x, torch.from_numpy(random.integers(self.classes, size=count))
        return x, torch.from_numpy(random.random((count, *self.shape)) < 0.5).float()


def loss(name, y, t):
    """A loss of strel's configurations, of outputs and targets."""
    tiny = 1e-6
    if name == "mse":
        return functional.mse_loss(y, t)
    if name == "bce":
        return functional.binary_cross_entropy(y.clamp(tiny, 1 - tiny), t)
    if name == "dice":
        both, both_sums = 2 * (y * t).flatten(1).sum(1), (y + t).flatten(1).sum(1)
        return (1 - (both + tiny) / (both_sums + tiny)).mean()
    if name == "squared-hinge":
        return (0.5 - (2 * t - 1) * (2 * y - 1)).clamp(min=0).square().mean()
    return functional.cross_entropy(y, t)
