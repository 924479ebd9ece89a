"""Ordinary classifiers in PyTorch: of float weights, or of few-bit ones that are learnt by straight-through estimators.

Each is a chain of weights, a max-pool where there is one, batch normalisation and an activation, with scores of the
classes at the end. As for strel's classifiers, inputs are bits, so that the first layer is quantized, too, and scores
keep float weights. XNOR-Net has no scales of its inputs, as normalisation follows, and DoReFa float gradients.
"""

import math

import torch
import torch.nn.functional as F

FLOAT_BITS = 32


def sign(x):
    """1 where x >= 0, else -1; the gradient is copied where |x| <= 1, and 0 elsewhere (Hubara et al. 2016)."""
    return straight_through(signs(x), x * (x.detach().abs() <= 1))


def scaled_sign(x):
    """`sign` times the mean absolute value of all x; the gradient is copied everywhere (Zhou et al. 2016)."""
    return straight_through(signs(x) * x.detach().abs().mean(), x)


def quantized_unit(x, bits):
    """The nearest of 2^bits equally spaced numbers from 0 to 1, for x in [0, 1]; the gradient is copied (Zhou et al. 2016)."""
    steps = 2**bits - 1
    return straight_through((x.detach() * steps).round() / steps, x)


def signs(x):
    return torch.where(x.detach() >= 0, 1.0, -1.0).to(x)


def straight_through(value, smooth):
    """A value with the gradient of another: smooth - smooth is exactly 0."""
    return value + (smooth - smooth.detach())


class Float:
    """Float weights, rectified linear activations."""

    weight_bits = activation_bits = FLOAT_BITS
    # Whether float weights are kept in [-1, 1]: beyond, their signs have no gradient, and would stay for ever.
    clips = False

    @property
    def is_quantized(self):
        return (self.weight_bits, self.activation_bits) != (FLOAT_BITS, FLOAT_BITS)

    def weights(self, w, hard):
        """The weights that the network computes with, of float ones [neurons, inputs]; `hard` quantizes them."""
        return w

    def activations(self, x, hard):
        """The activations that the network computes with, of normalised sums; `hard` quantizes them."""
        return F.relu(x)


class BinaryConnect(Float):
    """Weights of +1 or -1, rectified linear activations (Courbariaux, Bengio & David 2015)."""

    weight_bits, clips = 1, True

    def weights(self, w, hard):
        return sign(w) if hard else w


class Bnn(BinaryConnect):
    """Weights and activations of +1 or -1 (Hubara et al. 2016)."""

    activation_bits = 1

    def activations(self, x, hard):
        return sign(x) if hard else x.clamp(-1, 1)


class XnorNet(Bnn):
    """The same with a scale for each neuron, the mean of its absolute float weights (Rastegari et al. 2016)."""

    def weights(self, w, hard):
        return sign(w) * w.abs().mean(1, keepdim=True) if hard else w


class DoReFa(Float):
    """Weights and activations of a few bits (Zhou et al. 2016); 32 bits are floats."""

    def __init__(self, weight_bits, activation_bits):
        self.weight_bits, self.activation_bits = weight_bits, activation_bits

    def weights(self, w, hard):
        if self.weight_bits == FLOAT_BITS:
            return w
        if self.weight_bits == 1:
            return scaled_sign(w) if hard else w
        bent = w.tanh()
        unit = bent / (2 * bent.abs().max().clamp(min=torch.finfo(w.dtype).tiny)) + 0.5
        return 2 * (quantized_unit(unit, self.weight_bits) if hard else unit) - 1

    def activations(self, x, hard):
        if self.activation_bits == FLOAT_BITS:
            return F.relu(x)
        return quantized_unit(x.clamp(0, 1), self.activation_bits) if hard else x.clamp(0, 1)


# The names are those of `study.toml` beside the code of `strel reproduce mnist`.
METHODS = {
    "float": Float(),
    "BinaryConnect": BinaryConnect(),
    "BNN": Bnn(),
    "XNOR-Net": XnorNet(),
    "DoReFa, 1-bit weights, 2-bit activations": DoReFa(1, 2),
}


class Weights(torch.nn.Module):
    """Sums W.x of all inputs, or of `kernel` windows of all channels with replicated borders. They have no bias, as
    normalisation follows. Initial weights are uniform on +-sqrt(6 / (inputs + outputs)) (Glorot & Bengio 2010)."""

    def __init__(self, method, inputs, outputs, kernel=None):
        super().__init__()
        self.method, self.kernel = method, kernel
        inputs *= math.prod(kernel or (1,))
        bound = math.sqrt(6 / (inputs + outputs))
        self.weight = torch.nn.Parameter(torch.empty(outputs, inputs).uniform_(-bound, bound))

    def forward(self, x, hard):
        weights = self.method.weights(self.weight, hard)
        if self.kernel is None:
            return F.linear(x.flatten(1), weights)
        rows, columns = self.kernel
        above, left = rows // 2, columns // 2
        x = F.pad(x, (left, columns - 1 - left, above, rows - 1 - above), mode="replicate")
        return F.conv2d(x, weights.view(len(weights), -1, rows, columns))

    def clip(self):
        if self.method.clips:
            with torch.no_grad():
                self.weight.clamp_(-1, 1)


class MaxPool(torch.nn.Module):
    """The largest of 2x2 values; before normalisation: of many values, not of signs, one is the largest."""

    def forward(self, x, hard):
        return F.max_pool2d(x, 2)


class Activation(torch.nn.Module):
    """Batch normalisation of each channel (Ioffe & Szegedy 2015), then the activation.

    In training, means and variances are those of the batch, and are gathered. Outside, they are the gathered ones; but
    those are the quantized network's, so that a smooth pass of a quantized network takes those of the given batch.
    """

    def __init__(self, method, channels):
        super().__init__()
        self.method = method
        self.norm = torch.nn.BatchNorm2d(channels)

    def forward(self, x, hard):
        sums = x if x.dim() == 4 else x[:, :, None, None]
        if hard or self.training or not self.method.is_quantized:
            normalised = self.norm(sums)
        else:
            normalised = F.batch_norm(sums, None, None, self.norm.weight, self.norm.bias, True, eps=self.norm.eps)
        return self.method.activations(normalised.view_as(x), hard)


class Scores(torch.nn.Linear):
    """Float scores of the classes; initial weights are uniform on +-1 / sqrt(inputs), and there is no bias at first."""

    def __init__(self, inputs, classes):
        super().__init__(inputs, classes)
        with torch.no_grad():
            self.weight.uniform_(-1 / math.sqrt(inputs), 1 / math.sqrt(inputs))
            self.bias.zero_()

    def forward(self, x, hard):
        return super().forward(x.flatten(1))


class Network(torch.nn.Module):
    """A classifier of images of `shape`, (channels, height, width). `layers` are ("dense", outputs), ("conv", outputs)
    of 5x5 windows and ("max-pool", None)."""

    def __init__(self, method, layers, shape, classes):
        super().__init__()
        self.layers = torch.nn.ModuleList()
        (channels, height, width), waiting = shape, []
        for kind, outputs in layers:
            if kind == "max-pool":
                self.layers.append(MaxPool())
                height, width = height // 2, width // 2
                continue
            self.layers.extend(waiting)
            if kind == "dense":
                self.layers.append(Weights(method, channels * height * width, outputs))
                height, width = 1, 1
            else:
                self.layers.append(Weights(method, channels, outputs, kernel=(5, 5)))
            channels, waiting = outputs, [Activation(method, outputs)]
        self.layers.extend([*waiting, Scores(channels * height * width, classes)])

    def forward(self, x, hard):
        """Scores [batch, classes]; numbers are quantized where `hard`."""
        for layer in self.layers:
            x = layer(x, hard)
        return x

    def clip(self):
        """Brings float weights back to their range, after a step."""
        for layer in self.layers:
            if isinstance(layer, Weights):
                layer.clip()

    def deployed_bytes(self):
        """Bytes of the network as it is deployed: packed weights, a factor and an addend of 32 bits for each normalised
        channel (a scale of a neuron is part of its factor), and the floats of the scores."""
        return sum(map(layer_bytes, self.layers))


def layer_bytes(layer):
    if isinstance(layer, Weights):
        return math.ceil(layer.weight.numel() * layer.method.weight_bits / 8)
    return 4 * sum(parameter.numel() for parameter in layer.parameters())
