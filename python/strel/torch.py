"""Layers of binary morphological networks for PyTorch, and what they become here.

Train a ``Sequential`` of :class:`BiSEL`, :class:`WindowSets`, ``MaxPool2d(2)``, ``Flatten``,
:class:`DenseLUI`, :class:`Sets` and a last ``Linear`` with PyTorch, on any device, with
:func:`constant_set_loss` or :func:`activable_set_loss` added to the loss of the data; then
:func:`to_network` gives the float network that strel binarizes and certifies.

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
    "Sets",
    "WindowSets",
    "activable_set_loss",
    "clip_memberships",
    "constant_set_loss",
    "from_state_dict",
    "threshold_neurons",
    "to_network",
]

_BORDERS = ("replicate", "reflect", "zero", "one")
_WEIGHTS = ("softplus", "normalised", "raw")
_BIASES = ("softplus", "raw", "projected", "reparametrized", "symmetric")
_THRESHOLDS = {
    "tanh": lambda u: torch.tanh(u) / 2 + 0.5,
    "logistic": torch.sigmoid,
    "arctan": lambda u: torch.atan(u) / math.pi + 0.5,
    "erf": lambda u: torch.erf(u) / 2 + 0.5,
}

# The sum of normalised weights: twice the u where xi(u) = tanh(u)/2 + 1/2 is 0.95.
_WEIGHT_SUM = 2 * math.atanh(0.9)


class Neurons(nn.Module):
    """Neurons y = xi(p (W.x - b)).

    Parameters: `w` of shape [*neurons, size], `bias` and `scale` (p) of shape [*neurons].

    `weights` says what W is: 'softplus' is softplus(w), 'normalised' the same of a fixed sum, 'raw'
    is w, of either sign. `biases` says what b is: 'raw' is the parameter, 'softplus' its softplus,
    'symmetric' half the sum of the parameter and of W; 'projected' and 'reparametrized' clamp the
    softplus between the bounds beyond which a neuron is constant, and the gradient of a clamped
    bias goes to the parameter as if it were not, or to the weights that make the bound. xi is
    the `threshold`: 'tanh', 'logistic', 'arctan' or 'erf'.

    Initial values are those of Aouad & Talbot 2023: weights uniform, biases in the middle,
    jittered, so that a neuron is undecided between dilation and erosion.
    """

    def __init__(self, neurons, size, *, weights="softplus", biases="raw", threshold="tanh"):
        super().__init__()
        self.parametrization = _one_of("weights are", weights, _WEIGHTS)
        self.bias_parametrization = _one_of("biases are", biases, _BIASES)
        self.threshold = _one_of("a threshold is", threshold, _THRESHOLDS)
        # Whether outputs are 0 or 1, with the gradients of smooth ones.
        self.hard = False
        root = math.sqrt(size)
        scale = (math.sqrt(3) + 2) * root / (8 * math.atanh(0.9))
        mean = (math.sqrt(3) + 2) / (4 * scale * root)
        reach = math.sqrt(max(3 * (1 / (scale**2 * size) - mean**2), 0.0))
        first = (mean + reach * (2 * torch.rand(*neurons, size) - 1)).clamp(min=1e-6)
        self.w = nn.Parameter(first if weights == "raw" else _softplus_inverse(first))
        self.scale = nn.Parameter(torch.full(neurons, scale))
        sums = self.weights.detach().sum(-1)
        bias = sums / 2 * (1 + 0.01 * (2 * torch.rand(*neurons) - 1))
        given = {"raw": bias, "symmetric": 2 * bias - sums}
        self.bias = nn.Parameter(given[biases] if biases in given else _softplus_inverse(bias))

    @property
    def weights(self):
        """W, of shape [*neurons, size]."""
        if self.parametrization == "raw":
            return self.w
        positive = functional.softplus(self.w)
        if self.parametrization == "softplus":
            return positive
        return positive / positive.sum(-1, keepdim=True) * _WEIGHT_SUM

    @property
    def biases(self):
        """b, of shape [*neurons]."""
        if self.bias_parametrization == "raw":
            return self.bias
        if self.bias_parametrization == "symmetric":
            return (self.bias + self.weights.sum(-1)) / 2
        free = functional.softplus(self.bias)
        if self.bias_parametrization == "softplus":
            return free
        low, high = self._bounds()
        if self.bias_parametrization == "reparametrized":
            return torch.minimum(torch.maximum(free, low), high)
        clamped = torch.minimum(torch.maximum(free, low), high).detach()
        return _with_gradient(clamped, free)

    def _bounds(self):
        """The biases between which a neuron is not constant."""
        weights = self.weights
        if weights.shape[-1] == 1:
            return (weights[..., 0] / 2,) * 2
        smallest = weights.topk(2, largest=False).values
        return smallest.sum(-1) / 2, weights.sum(-1) - smallest[..., 0] / 2

    def activate(self, sums, axes=0):
        """The outputs for sums W.x whose last `axes` axes are not the neurons'."""
        shape = self.bias.shape + (1,) * axes
        u = self.scale.view(shape) * (sums - self.biases.view(shape))
        y = _THRESHOLDS[self.threshold](u)
        return _with_gradient((y.detach() > 0.5).to(y), y) if self.hard else y


class BiSEL(nn.Module):
    """A BiSEL layer on images [batch, inputs, height, width] with values in [0, 1]: for each output
    channel, a BiSE neuron on windows of each input channel, and a LUI neuron that combines their
    results where there are several inputs.

    `kernel` is a number or (rows, columns); `border` is 'replicate', 'reflect', 'zero' or 'one';
    `weights`, `biases` and `threshold` are those of the neurons.

    >>> import torch
    >>> BiSEL(2, 3, (3, 5), border='zero')(torch.rand(4, 2, 10, 12)).shape
    torch.Size([4, 3, 10, 12])
    """

    def __init__(
        self,
        inputs,
        outputs,
        kernel,
        *,
        border="replicate",
        weights="softplus",
        biases="raw",
        threshold="tanh",
    ):
        super().__init__()
        self.border = _one_of("a border is", border, _BORDERS)
        self.inputs, self.outputs, self.kernel = inputs, outputs, _pair(kernel)
        rows, cols = self.kernel
        options = {"weights": weights, "biases": biases, "threshold": threshold}
        self.bise = Neurons((outputs, inputs), rows * cols, **options)
        self.lui = Neurons((outputs,), inputs, **options) if inputs > 1 else None

    def forward(self, x):
        """The outputs, [batch, outputs, height, width]."""
        rows, cols = self.kernel
        # Groups are input channels: windows of one input channel lie one after the other.
        windows = self.bise.weights.transpose(0, 1).reshape(-1, 1, rows, cols)
        sums = functional.conv2d(_pad(x, self.kernel, self.border), windows, groups=self.inputs)
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

    def __init__(self, kernel, **options):
        super().__init__(1, 1, kernel, **options)


class DenseLUI(nn.Module):
    """A DenseLUI layer: neurons that each read all of [batch, inputs], with values in [0, 1].

    `weights`, `biases` and `threshold` are those of the neurons.

    >>> import torch
    >>> DenseLUI(784, 32)(torch.rand(4, 784)).shape
    torch.Size([4, 32])
    """

    def __init__(self, inputs, outputs, *, weights="softplus", biases="raw", threshold="tanh"):
        super().__init__()
        self.inputs, self.outputs = inputs, outputs
        self.neurons = Neurons(
            (outputs,), inputs, weights=weights, biases=biases, threshold=threshold
        )

    def forward(self, x):
        """The outputs, [batch, outputs]."""
        return self.neurons.activate(functional.linear(x, self.neurons.weights))


class Memberships(nn.Module):
    """Sets of inputs: `membership` of shape [outputs, channels * height * width] says by its sign
    which inputs are members of the set of a neuron. The first half of the neurons are dilations, 1
    where a member is 1; the others are erosions, 1 where all members are.

    Outputs are 0 and 1. Gradients are those of 1 - exp(-hits) for a dilation and of exp(-misses)
    for an erosion, with `hits` the members that are 1 and `misses` those that are 0, and of a
    membership as of what it decides. At first, a set has a few members near a pixel that is drawn
    for it.
    """

    # At first: how far memberships are from 0; members of a dilation and of an erosion, at most;
    # how far these are from the pixel.
    _FIRST, _MOST_MEMBERS, _REACH = 0.03, (12, 4), 5.0
    # How far memberships get from 0: what is further does not come back in a training.
    _MOST = 0.3
    # The scale p of the float neurons, whose outputs are 0 and 1 to the last bit.
    _SCALE = 80.0

    def __init__(self, shape, outputs):
        super().__init__()
        self.shape, self.dilations = shape, (outputs + 1) // 2
        channels, height, width = shape
        first = torch.full((outputs, channels, height, width), -self._FIRST)
        for neuron in range(outputs):
            count = torch.randint(2, self._MOST_MEMBERS[neuron >= self.dilations] + 1, ())
            sides = torch.tensor([height, width])
            centre = (torch.rand(2) * sides).floor()
            away = self._REACH * (torch.rand(2, count, 2) - 0.5).sum(0)
            rows, cols = (centre + away).round().clamp(min=0).minimum(sides - 1).long().T
            first[neuron, torch.randint(channels, (count,)), rows, cols] = self._FIRST
        self.membership = nn.Parameter(first.flatten(1))

    @property
    def members(self):
        """1 for each member, else 0, with the gradient of the memberships."""
        return _with_gradient((self.membership.detach() > 0).to(self.membership), self.membership)

    def activate(self, hits, members, axes=0):
        """The outputs for so many members that are 1; the last `axes` axes are not neurons'."""
        shape = (-1,) + (1,) * axes
        dilates = (torch.arange(len(members), device=hits.device) < self.dilations).view(shape)
        misses = members.sum(1).view(shape) - hits
        smooth = torch.where(dilates, 1 - torch.exp(-hits), torch.exp(-misses))
        # Of values that are not 0 or 1, half of a member counts: where 1 - exp(-count) is 1/2.
        half = math.log(2)
        hard = torch.where(dilates, hits > half, misses <= half).to(hits)
        return _with_gradient(hard, smooth)

    def bank(self, parts):
        """Weights, biases and scales as of float neurons, one for each of so many parts."""
        members = self.members.detach().unflatten(1, (parts, -1))
        dilates = torch.arange(len(members), device=members.device)[:, None] < self.dilations
        bias = torch.where(dilates, 0.5, members.sum(2) - 0.5)
        return members, bias, torch.full_like(bias, self._SCALE)

    def clip(self):
        """Brings memberships back to their range."""
        with torch.no_grad():
            self.membership.clamp_(-self._MOST, self._MOST)


class Sets(nn.Module):
    """Dilations and erosions of all pixels, from the first step on, on [batch, channels, height,
    width] or [batch, inputs] of zeros and ones.

    `shape` is (channels, height, width), or the number of inputs. Call :func:`clip_memberships`
    after each step of the optimizer.

    >>> import torch
    >>> Sets((1, 28, 28), 32)(torch.ones(4, 1, 28, 28)).shape
    torch.Size([4, 32])
    """

    def __init__(self, shape, outputs):
        super().__init__()
        self.shape = (shape, 1, 1) if isinstance(shape, int) else tuple(shape)
        self.outputs = outputs
        self.sets = Memberships(self.shape, outputs)

    def forward(self, x):
        """The outputs, [batch, outputs]."""
        members = self.sets.members
        return self.sets.activate(functional.linear(x.flatten(1), members), members)


class WindowSets(nn.Module):
    """Dilations and erosions by windows of all channels, from the first step on, on images [batch,
    inputs, height, width] of zeros and ones.

    `kernel` and `border` are as of :class:`BiSEL`. Call :func:`clip_memberships` after each step of
    the optimizer.

    >>> import torch
    >>> WindowSets(3, 8, 5)(torch.ones(4, 3, 10, 12)).shape
    torch.Size([4, 8, 10, 12])
    """

    def __init__(self, inputs, outputs, kernel, *, border="replicate"):
        super().__init__()
        self.border = _one_of("a border is", border, _BORDERS)
        self.inputs, self.outputs, self.kernel = inputs, outputs, _pair(kernel)
        self.sets = Memberships((inputs, *self.kernel), outputs)

    def forward(self, x):
        """The outputs, [batch, outputs, height, width]."""
        members = self.sets.members
        windows = members.view(self.outputs, self.inputs, *self.kernel)
        hits = functional.conv2d(_pad(x, self.kernel, self.border), windows)
        return self.sets.activate(hits, members, axes=2)


def clip_memberships(model):
    """Brings the memberships of :class:`Sets` and :class:`WindowSets` back to their range, after a
    step of the optimizer.

    >>> clip_memberships(Sets(4, 2))
    """
    for module in model.modules():
        if isinstance(module, Memberships):
            module.clip()


def threshold_neurons(model, hard=True):
    """Lets all neurons of a model give 0 or 1, with the gradients of their smooth outputs, or
    smooth outputs again. What is learnt is then what the thresholded network computes.

    >>> import torch
    >>> model = BiSE(3)
    >>> threshold_neurons(model)
    >>> model(torch.rand(1, 1, 5, 5)).unique().tolist() in ([0.0], [1.0], [0.0, 1.0])
    True
    """
    for bank in _banks(model):
        bank.hard = hard


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
    return sum(_ActivableSet.apply(bank.weights, bank.biases, metric) for bank in _banks(model))


def to_network(model, shape=None):
    """The float network of a model: one of this module's layers, or a ``Sequential`` of them and of
    ``MaxPool2d(2)``, ``Flatten`` and a last ``Linear``.

    `shape` is (channels, height, width) of what the first dense layer reads; it is not needed for
    flat inputs.

    >>> to_network(BiSE(3)).binarize('activable').inputs
    1
    """
    modules = list(model) if isinstance(model, nn.Sequential) else [model]
    border = _only("border", [m.border for m in modules if hasattr(m, "border")], "replicate")
    threshold = _only("threshold", [bank.threshold for bank in _banks(model)], "tanh")
    # A max-pool keeps the channels that it reads, whatever reads them then.
    images = (getattr(m, "inputs", 1) for m in modules if hasattr(m, "border"))
    flat = shape[0] if shape else getattr(modules[0], "inputs", 1)
    channels, layers = next(images, flat), []
    for place, module in enumerate(modules, start=1):
        if isinstance(module, nn.Flatten):
            continue
        layers.append(_layer(place, module, channels, shape))
        channels = getattr(module, "outputs", channels)
        shape = None if isinstance(module, (DenseLUI, Sets)) else shape
    return strel.FloatNetwork(layers, border=border, threshold=threshold)


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
        weights, bias, scale = _numbers(module.bise)
        lui = {} if module.lui is None else dict(zip(_LUI, _numbers(module.lui)))
        weights = weights.reshape(module.outputs, module.inputs, *module.kernel)
        return strel.FloatBisel(weights, bias, scale, **lui)
    if isinstance(module, WindowSets):
        weights, bias, scale = map(_numpy, module.sets.bank(module.inputs))
        lui = dict(zip(_LUI, map(_numpy, _union(module)))) if module.inputs > 1 else {}
        weights = weights.reshape(module.outputs, module.inputs, *module.kernel)
        return strel.FloatBisel(weights, bias, scale, **lui)
    if isinstance(module, nn.MaxPool2d) and _is_plain_pool(module):
        return strel.MaxPool(channels)
    if isinstance(module, DenseLUI):
        weights, bias, scale = _numbers(module.neurons)
        inputs = shape or (module.inputs, 1, 1)
        return strel.FloatDense(weights.reshape(module.outputs, *inputs), bias, scale)
    if isinstance(module, Sets):
        weights, bias, scale = map(_numpy, module.sets.bank(1))
        inputs = shape or module.shape
        return strel.FloatDense(weights.reshape(module.outputs, *inputs), bias[:, 0], scale[:, 0])
    if isinstance(module, nn.Linear):
        weights = module.weight.view(module.out_features, *(shape or (module.in_features, 1, 1)))
        bias = module.weight.new_zeros(module.out_features) if module.bias is None else -module.bias
        return strel.Scores(_numpy(weights), _numpy(bias))
    raise ValueError(
        f"module {place} is {module}, expected BiSEL, WindowSets, MaxPool2d(2), Flatten, DenseLUI, "
        "Sets or Linear"
    )


_LUI = ("lui_weights", "lui_bias", "lui_scale")


def _numbers(neurons):
    """W, b and p, as the neurons compute with them."""
    return [_numpy(values) for values in (neurons.weights, neurons.biases, neurons.scale)]


def _union(layer):
    """The neurons that unite or intersect what windows of single channels give."""
    ones = layer.sets.membership.new_ones(layer.outputs, layer.inputs)
    first = torch.arange(layer.outputs, device=ones.device) < layer.sets.dilations
    bias = torch.where(first, 0.5, layer.inputs - 0.5)
    return ones, bias, torch.full_like(bias, layer.sets._SCALE)


def _only(what, values, default):
    """The value that all have."""
    values = sorted(set(values)) or [default]
    if len(values) > 1:
        raise ValueError(f"a network has one {what}, not {' and '.join(values)}")
    return values[0]


def _one_of(what, name, names):
    if name not in names:
        raise ValueError(f"{what} one of {', '.join(names)}, not {name!r}")
    return name


def _pair(kernel):
    return (kernel, kernel) if isinstance(kernel, int) else tuple(kernel)


def _pad(x, kernel, border):
    """Images with the margins that windows read."""
    (above, left), (below, right) = (
        [side // 2 for side in kernel],
        [(side - 1) // 2 for side in kernel],
    )
    if border in ("zero", "one"):
        return functional.pad(x, (left, right, above, below), value=float(border == "one"))
    if border == "replicate":
        return functional.pad(x, (left, right, above, below), mode="replicate")
    # The pixels at the edge are repeated, which PyTorch's own reflection leaves out.
    for axis, before, after in [(2, above, below), (3, left, right)]:
        size = x.shape[axis]
        place = torch.arange(-before, size + after, device=x.device) % (2 * size)
        x = x.index_select(axis, place.minimum(2 * size - 1 - place))
    return x


def _softplus_inverse(positive):
    return positive + (-torch.expm1(-positive)).log()


def _with_gradient(value, smooth):
    """A value with the gradient of another: smooth - smooth is exactly 0."""
    return value + (smooth - smooth.detach())


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
