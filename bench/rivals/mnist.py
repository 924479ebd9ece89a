"""MNIST as strel reads it, and the training of a classifier on it."""

import gzip
import math
import os
import time

import numpy
import torch
import torch.nn.functional as F

# The preset mnist: pixels from this level on are ones, and this share of the training images, the last ones, is held out.
LEVEL, VALIDATION = 128, 0.1
BATCH, LEARNING_RATE = 256, 1e-3
# Test images at a time.
CHUNK = 500


def folder(given):
    """The folder of the four files: the one that is given, else mnist in $STREL_DATA_DIR, else in ../shared/data."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    data = os.environ.get("STREL_DATA_DIR") or os.path.join(root, os.pardir, "shared", "data")
    return given or os.path.join(data, "mnist")


def read_idx(path, dimensions):
    """The array of bytes of an IDX file, gzipped or not."""
    path = next((name for name in (path + ".gz", path) if os.path.isfile(name)), path)
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            content = file.read()
    except (OSError, EOFError) as error:
        raise SystemExit(f"error: {path} cannot be read: {error}")
    start = 4 + 4 * dimensions
    shape = numpy.frombuffer(content[4:start], dtype=">u4").astype(int)
    if content[:4] != bytes([0, 0, 8, dimensions]) or len(content) != start + math.prod(shape):
        raise SystemExit(f"error: {path}: expected an IDX file of bytes with {dimensions} dimension{'s' if dimensions > 1 else ''}")
    return numpy.frombuffer(content, dtype=numpy.uint8, offset=start).reshape(shape)


class Images:
    """Images [count, 1, height, width] of zeros and ones, and their classes: what is trained on, and what is tested on."""

    def __init__(self, folder, device):
        self.train, self.test = (self.read(folder, name, device) for name in ("train", "t10k"))
        images, classes = self.train
        count = len(images) - math.floor(len(images) * VALIDATION + 0.5)
        self.train = images[:count], classes[:count]
        self.shape = tuple(images.shape[1:])
        self.classes = int(max(classes.max(), self.test[1].max())) + 1

    @staticmethod
    def read(folder, name, device):
        images = read_idx(os.path.join(folder, f"{name}-images-idx3-ubyte"), 3)
        classes = read_idx(os.path.join(folder, f"{name}-labels-idx1-ubyte"), 1)
        ones = torch.from_numpy((images >= LEVEL)[:, None]).float()
        return ones.to(device), torch.from_numpy(classes.astype(numpy.int64)).to(device)

    def steps(self, epochs, batch):
        """Steps that look at each training image so often."""
        return math.ceil(epochs * len(self.train[0]) / batch)


def train(network, images, steps, batch, learning_rate):
    """Trains by Adam, with a learning rate that falls along half a period of a cosine; returns the seconds. Each image
    comes once a pass, each time in another order, and a batch may end one pass and begin the next."""
    start = time.perf_counter()
    samples, classes = images.train
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (1 + math.cos(math.pi * step / steps)) / 2)
    order = torch.empty(0, dtype=torch.int64)
    network.train()
    for _ in range(steps):
        while len(order) < batch:
            order = torch.cat([order, torch.randperm(len(samples))])
        chosen, order = order[:batch].to(samples.device), order[batch:]
        loss = F.cross_entropy(network(samples[chosen], hard=True), classes[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        network.clip()
    loss.item()  # waits for a GPU
    return time.perf_counter() - start


@torch.no_grad()
def accuracy(network, images, hard):
    """The share of the test images whose class has the largest score."""
    network.eval()
    pairs = zip(*(values.split(CHUNK) for values in images.test))
    right = sum((network(samples, hard).argmax(1) == classes).sum().item() for samples, classes in pairs)
    return right / len(images.test[0])
