"""Layers of binary morphological networks for PyTorch, and what they become here.

Train a ``Sequential`` of :class:`BiSEL`, ``MaxPool2d(2)``, ``Flatten``, :class:`DenseLUI` and a
last ``Linear`` with PyTorch, with :func:`constant_set_loss` or :func:`activable_set_loss` added to
the loss of the data; then :func:`to_network` gives the float network that strel binarizes and
certifies.

>>> import torch
>>> model = torch.nn.Sequential(BiSEL(1, 2, 5), BiSEL(2, 1, 5))
>>> model(torch.rand(8, 1, 32, 32)).shape
torch.Size([8, 1, 32, 32])
>>> to_network(model)
<float network 1 → 2 → 1, BiSEL 5x5, BiSEL 5x5, border replicate, threshold tanh, 5 neurons>
"""

import math

import torch
from torch import nn
from torch.nn import functional

import strel

__all__ = [
    "BiSE",
    "BiSEL",
    "DenseLUI",
    "activable_set_loss",
    "constant_set_loss",
    "from_state_dict",
    "to_network",
]

_PADDINGS = {"replicate": "replicate", "zero": "constant", "one": "constant"}


class Neurons(nn.Module):
    """Neurons y = xi(p (W.x - b)) with xi(u) = tanh(u)/2 + 1/2 and W = softplus(w) >= 0.

    Parameters: `w` of shape [*neurons, size], `bias` and `scale` (p) of shape [*neurons]. Initial
    values are those of Aouad & Talbot 2023: weights uniform, biases in the middle, jittered, so
    that a neuron is undecided between dilation and erosion.
    """

    def __init__(self, neurons, size):
        super().__init__()
        root = math.sqrt(size)
        scale = (math.sqrt(3) + 2) * root / (8 * math.atanh(0.9))
        mean = (math.sqrt(3) + 2) / (4 * scale * root)
        reach = math.sqrt(max(3 * (1 / (scale**2 * size) - mean**2), 0.0))
        weights = mean + reach * (2 * torch.rand(*neurons, size) - 1)
        self.w = nn.Parameter(weights.clamp(min=1e-6).expm1().log())
        jitter = 1 + 0.01 * (2 * torch.rand(*neurons) - 1)
        self.bias = nn.Parameter(weights.sum(-1) / 2 * jitter)
        self.scale = nn.Parameter(torch.full(neurons, scale))

    @property
    def weights(self):
        """W, of shape [*neurons, size]."""
        return functional.softplus(self.w)

    def activate(self, sums, axes=0):
        """The outputs for sums W.x whose last `axes` axes are not the neurons'."""
        shape = self.bias.shape + (1,) * axes
        return torch.tanh(self.scale.view(shape) * (sums - self.bias.view(shape))) / 2 + 0.5


class BiSEL(nn.Module):
    """A BiSEL layer on images [batch, inputs, height, width] with values in [0, 1]: for each output
    channel, a BiSE neuron on windows of each input channel, and a LUI neuron that combines their
    results where there are several inputs.

    `kernel` is a number or (rows, columns); `border` is 'replicate', 'zero' or 'one'.

    >>> import torch
    >>> BiSEL(2, 3, (3, 5), border='zero')(torch.rand(4, 2, 10, 12)).shape
    torch.Size([4, 3, 10, 12])
    """

    def __init__(self, inputs, outputs, kernel, *, border="replicate"):
        super().__init__()
        if border not in _PADDINGS:
            raise ValueError(f"a border is one of {', '.join(_PADDINGS)}, not {border!r}")
        self.inputs, self.outputs, self.border = inputs, outputs, border
        self.kernel = (kernel, kernel) if isinstance(kernel, int) else tuple(kernel)
        rows, cols = self.kernel
        self.bise = Neurons((outputs, inputs), rows * cols)
        self.lui = Neurons((outputs,), inputs) if inputs > 1 else None

    def forward(self, x):
        """The outputs, [batch, outputs, height, width]."""
        rows, cols = self.kernel
        margins = (cols // 2, (cols - 1) // 2, rows // 2, (rows - 1) // 2)
        value = {"value": 1.0} if self.border == "one" else {}
        padded = functional.pad(x, margins, mode=_PADDINGS[self.border], **value)
        # Groups are input channels: windows of one input channel lie one after the other.
        windows = self.bise.weights.transpose(0, 1).reshape(-1, 1, rows, cols)
        sums = functional.conv2d(padded, windows, groups=self.inputs)
        sums = sums.view(len(x), self.inputs, self.outputs, *x.shape[2:]).transpose(1, 2)
        results = self.bise.activate(sums, axes=2)
        if self.lui is None:
            return results[:, :, 0]
        return self.lui.activate(torch.einsum("boihw,oi->bohw", results, self.lui.weights), axes=2)


class BiSE(BiSEL):
    """One BiSE neuron: the BiSEL layer of one input and one output channel.

    >>> import torch
    >>> BiSE(3)(torch.rand(4, 1, 10, 12)).shape
    torch.Size([4, 1, 10, 12])
    """

    def __init__(self, kernel, *, border="replicate"):
        super().__init__(1, 1, kernel, border=border)


class DenseLUI(nn.Module):
    """A DenseLUI layer: neurons that each read all of [batch, inputs], with values in [0, 1].

    >>> import torch
    >>> DenseLUI(784, 32)(torch.rand(4, 784)).shape
    torch.Size([4, 32])
    """

    def __init__(self, inputs, outputs):
        super().__init__()
        self.inputs, self.outputs = inputs, outputs
        self.neurons = Neurons((outputs,), inputs)

    def forward(self, x):
        """The outputs, [batch, outputs]."""
        return self.neurons.activate(functional.linear(x, self.neurons.weights))


def constant_set_loss(model, rule="exact"):
    """The sum over the neurons of a model of the squared distance of W to the nearest constant set
    t 1_S.

    `rule` chooses S, as of `strel.project_constant`.

    >>> constant_set_loss(BiSE(3)).item() >= 0
    True
    """
    return sum(_constant_set_loss(bank, rule) for bank in _banks(model))


def activable_set_loss(model, metric="centred"):
    """The sum over the neurons of a model of half the squared distance of (W, b) to the nearest
    operator: zero iff all are activated, or border on it.

    `metric` is that of `strel.project_activable`.

    >>> activable_set_loss(BiSE(3)).item() >= 0
    True
    """
    return sum(_ActivableSet.apply(bank.weights, bank.bias, metric) for bank in _banks(model))


def to_network(model, shape=None):
    """The float network of a model: one of this module's layers, or a ``Sequential`` of them and of
    ``MaxPool2d(2)``, ``Flatten`` and a last ``Linear``.

    `shape` is (channels, height, width) of what the first dense layer reads; it is not needed for
    flat inputs.

    >>> to_network(BiSE(3)).binarize('activable').inputs
    1
    """
    modules = list(model) if isinstance(model, nn.Sequential) else [model]
    bisels = [module for module in modules if isinstance(module, BiSEL)]
    borders = {bisel.border for bisel in bisels} or {"replicate"}
    if len(borders) > 1:
        raise ValueError(f"a network has one border, not {' and '.join(sorted(borders))}")
    channels = bisels[0].inputs if bisels else 1
    layers = []
    for place, module in enumerate(modules, start=1):
        if isinstance(module, nn.Flatten):
            continue
        layers.append(_layer(place, module, channels, shape))
        channels = getattr(module, "outputs", channels)
        shape = None if isinstance(module, DenseLUI) else shape
    return strel.FloatNetwork(layers, border=borders.pop())


def from_state_dict(state, *, border="replicate", threshold="tanh"):
    """The float network of BiSEL layers whose numbers are in a plain dict, for instance made of the
    state dict of another module: W, b and p as the neurons compute with them.

    Layer i, from 0, has `{i}.weights` [outputs, inputs, rows, columns], `{i}.bias` and `{i}.p`
    [outputs, inputs]; of several inputs also `{i}.lui.weights` [outputs, inputs], `{i}.lui.bias`
    and `{i}.lui.p` [outputs].

    >>> import torch
    >>> bias, p = torch.tensor([[0.5]]), torch.tensor([[4.0]])
    >>> state = {'0.weights': torch.ones(1, 1, 3, 3), '0.bias': bias, '0.p': p}
    >>> from_state_dict(state).binarize()
    <binarized network 1 → 1, border replicate, 1 neuron: 1 activated, 0 approximate>
    """
    state = {name: _numpy(values) for name, values in state.items()}
    layers = []
    while f"{len(layers)}.weights" in state:
        prefix = f"{len(layers)}."
        bise = {"weights": "weights", "bias": "bias", "p": "scale"}
        layer = {argument: _take(state, prefix + name) for name, argument in bise.items()}
        if f"{prefix}lui.weights" in state:
            for name, argument in bise.items():
                layer[f"lui_{argument}"] = _take(state, f"{prefix}lui.{name}")
        layers.append(strel.FloatBisel(**layer))
    if state:
        raise ValueError(f"the state has {', '.join(sorted(state))}, which no BiSEL layer takes")
    return strel.FloatNetwork(layers, border=border, threshold=threshold)


def _layer(place, module, channels, shape):
    if isinstance(module, BiSEL):
        weights = module.bise.weights.view(module.outputs, module.inputs, *module.kernel)
        lui = (
            {}
            if module.lui is None
            else {
                "lui_weights": _numpy(module.lui.weights),
                "lui_bias": _numpy(module.lui.bias),
                "lui_scale": _numpy(module.lui.scale),
            }
        )
        return strel.FloatBisel(
            _numpy(weights), _numpy(module.bise.bias), _numpy(module.bise.scale), **lui
        )
    if isinstance(module, nn.MaxPool2d) and _is_plain_pool(module):
        return strel.MaxPool(channels)
    if isinstance(module, DenseLUI):
        weights = module.neurons.weights.view(module.outputs, *(shape or (module.inputs, 1, 1)))
        return strel.FloatDense(
            _numpy(weights), _numpy(module.neurons.bias), _numpy(module.neurons.scale)
        )
    if isinstance(module, nn.Linear):
        weights = module.weight.view(module.out_features, *(shape or (module.in_features, 1, 1)))
        bias = module.weight.new_zeros(module.out_features) if module.bias is None else -module.bias
        return strel.Scores(_numpy(weights), _numpy(bias))
    raise ValueError(
        f"module {place} is {module}, expected BiSEL, MaxPool2d(2), Flatten, DenseLUI or Linear"
    )


def _is_plain_pool(pool):
    pairs = [
        (value, value) if isinstance(value, int) else tuple(value)
        for value in (pool.kernel_size, pool.stride)
    ]
    return pairs == [(2, 2), (2, 2)] and pool.padding in (0, (0, 0)) and not pool.ceil_mode


def _take(state, name):
    if name not in state:
        raise ValueError(f"the state lacks {name}")
    return state.pop(name)


def _numpy(tensor):
    return tensor.detach().cpu().numpy()


def _banks(model):
    return [module for module in model.modules() if isinstance(module, Neurons)]


def _constant_set_loss(bank, rule):
    weights = bank.weights.flatten(0, -2)
    supports = [strel.project_constant(row, rule=rule)[0] for row in _numpy(weights).astype(float)]
    inside = torch.stack([torch.from_numpy(support) for support in supports]).to(weights)
    # S is locally constant; the best t is the mean of W over S.
    level = (weights * inside).sum(-1, keepdim=True) / inside.sum(-1, keepdim=True).clamp(min=1)
    return ((weights - level * inside) ** 2).sum()


class _ActivableSet(torch.autograd.Function):
    """Half the squared distance; its gradient is that of the projection."""

    @staticmethod
    def forward(context, weights, bias, metric):
        rows = _numpy(weights.flatten(0, -2)).astype(float)
        projections = [
            strel.project_activable(row, b, metric=metric)
            for row, b in zip(rows, _numpy(bias.flatten()).tolist())
        ]
        gradients = [projection.gradient for projection in projections]
        to_weights = torch.stack([torch.from_numpy(gradient) for gradient, _ in gradients])
        to_bias = torch.tensor([slope for _, slope in gradients])
        context.save_for_backward(
            to_weights.to(weights).view_as(weights), to_bias.to(bias).view_as(bias)
        )
        return weights.new_tensor(sum(projection.distance**2 / 2 for projection in projections))

    @staticmethod
    def backward(context, slope):
        to_weights, to_bias = context.saved_tensors
        return slope * to_weights, slope * to_bias, None
