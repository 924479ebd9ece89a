"""BiMoNNs in PyTorch, and a process that times their training step.

    python -m rivals.torch_step FOLDER default|fused

reads what `strel bench train --values` wrote into FOLDER/noisti or FOLDER/mnist, and answers each line of the standard input: `step` with the
seconds of a step, `loss` with the loss of the first step, `memory` with the bytes that the process held at most above
what it held with its libraries loaded. The number of threads is that of OMP_NUM_THREADS.
"""

import json
import os
import resource
import sys
import time

import numpy
import torch
import torch.nn.functional as F

from .engine import read_pbm


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def softplus_inverse(positive):
    return positive + torch.log(-torch.expm1(-positive))


class Neurons(torch.nn.Module):
    """y = tanh(p (W.x - b)) / 2 + 1 / 2, with W = softplus(w) of a fixed sum, and b = softplus(beta)."""

    def __init__(self, values, inputs):
        super().__init__()
        weights = torch.tensor(values["weights"], dtype=torch.float64).reshape(-1, inputs)
        self.sum = float(weights[0].sum())
        self.weight = torch.nn.Parameter(softplus_inverse(weights).float())
        self.bias = torch.nn.Parameter(softplus_inverse(torch.tensor(values["bias"], dtype=torch.float64)).float())
        self.scale = torch.nn.Parameter(torch.tensor(values["scale"]))

    def weights(self):
        positive = F.softplus(self.weight)
        return positive * (self.sum / positive.sum(dim=1, keepdim=True))

    def threshold(self, sums):
        """Of sums [batch, neurons, height, width]."""
        bias, scale = (value.reshape(1, -1, 1, 1) for value in (F.softplus(self.bias), self.scale))
        return torch.tanh((sums - bias) * scale) / 2 + 0.5


class Bisel(torch.nn.Module):
    """A neuron of windows for each pair of channels, then one of channels for each output; replicated borders."""

    def __init__(self, layer):
        super().__init__()
        self.inputs, self.outputs, (self.rows, self.columns) = layer["inputs"], layer["outputs"], layer["kernel"]
        self.bise = Neurons(layer["bise"], self.rows * self.columns)
        self.lui = Neurons(layer["lui"], self.inputs) if layer["lui"] else None
        # strel's neurons are sorted by output, a grouped convolution's by input.
        order = torch.arange(self.outputs * self.inputs).reshape(self.outputs, self.inputs)
        self.register_buffer("by_input", order.T.reshape(-1))
        self.register_buffer("by_output", torch.argsort(self.by_input))

    def forward(self, x):
        above, left = self.rows // 2, self.columns // 2
        x = F.pad(x, (left, self.columns - 1 - left, above, self.rows - 1 - above), mode="replicate")
        weights = self.bise.weights().reshape(-1, 1, self.rows, self.columns)
        if self.inputs > 1 and self.outputs > 1:
            sums = F.conv2d(x, weights[self.by_input], groups=self.inputs)[:, self.by_output]
        else:
            sums = F.conv2d(x, weights, groups=self.inputs)
        y = self.bise.threshold(sums)
        if self.lui is None:
            return y
        weights = self.lui.weights().reshape(-1, self.inputs, 1, 1)
        return self.lui.threshold(F.conv2d(y, weights, groups=self.outputs))


def images(path, batch):
    pixels = read_pbm(path)
    return torch.from_numpy(pixels.astype(numpy.float32).reshape(batch, 1, -1, pixels.shape[1]))


class Images:
    """Noised sticks: images to images."""

    def __init__(self, folder, step):
        self.x, self.t = (images(os.path.join(folder, name), step["batch"]) for name in ("inputs.pbm", "targets.pbm"))
        self.network = torch.nn.Sequential(*map(Bisel, step["layers"]))

    def loss(self):
        return F.mse_loss(self.network(self.x), self.t)


class Dense(torch.nn.Module):
    """y = tanh(p (W.x - b)) / 2 + 1 / 2 of all inputs, with free W and b; then scores V.y - c."""

    def __init__(self, folder, step, inputs):
        super().__init__()
        weights = numpy.fromfile(os.path.join(folder, "weights.f32"), dtype="<f4").reshape(-1, inputs)
        neurons, scores = step["neurons"], step["scores"]
        self.weight = torch.nn.Parameter(torch.from_numpy(weights))
        self.bias, self.scale, self.offset = (
            torch.nn.Parameter(torch.tensor(values)) for values in (neurons["bias"], neurons["scale"], scores["bias"])
        )
        self.scores = torch.nn.Parameter(torch.tensor(scores["weights"]).reshape(len(scores["bias"]), -1))

    def forward(self, x):
        y = torch.tanh((F.linear(x, self.weight) - self.bias) * self.scale) / 2 + 0.5
        return F.linear(y, self.scores) - self.offset


class Digits:
    """MNIST: images to classes."""

    def __init__(self, folder, step):
        self.x = images(os.path.join(folder, "inputs.pbm"), step["batch"]).reshape(step["batch"], -1)
        self.t = torch.tensor(step["classes"])
        self.network = Dense(folder, step, self.x.shape[1])

    def loss(self):
        return F.cross_entropy(self.network(self.x), self.t)


class Step:
    def __init__(self, folder, fused):
        with open(os.path.join(folder, "step.json")) as file:
            step = json.load(file)
        self.task = (Images if "layers" in step else Digits)(folder, step)
        self.optimizer = torch.optim.Adam(self.task.network.parameters(), lr=step["learning_rate"], fused=fused)

    def advance(self):
        self.optimizer.zero_grad()
        loss = self.task.loss()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def seconds(self):
        # As strel does: other work may have had the caches since the last sample.
        self.advance()
        start = time.perf_counter()
        self.advance()
        return time.perf_counter() - start


def main():
    folder, adam = sys.argv[1:]
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    before = resident()
    step = Step(folder, fused=adam == "fused")
    loss = step.advance()
    for _ in range(2):
        step.advance()
    answers = {"loss": lambda: loss, "memory": lambda: peak() - before, "step": step.seconds}
    for line in sys.stdin:
        print(answers[line.strip()](), flush=True)


if __name__ == "__main__":
    main()
