"""Ordinary networks on MNIST, to compare with: float weights, BinaryConnect, BNN, XNOR-Net and DoReFa.

    python3 -m venv .venv && .venv/bin/pip install -r bench/requirements.txt
    .venv/bin/python bench/ordinary.py --epochs 4 --journal results/mnist-4096.jsonl
    strel reproduce mnist --epochs 4 --journal results/mnist-4096.jsonl --others results/mnist-4096.jsonl

Trains each on the images, batches and steps of `strel reproduce mnist`, and appends what came of it to a journal, a line of JSON
a training, in which that command finds it with --others. Trainings that the journal has are not done again. Of a
network of few bits, `float` is the accuracy of the float numbers behind the quantized ones, normalised by means and
variances of the test images, and `thresholded` that of the network as it is deployed.
"""

import argparse
import fcntl
import json

import torch

from rivals import mnist, ordinary


def parsed_layers(text):
    """Of "conv 16, max-pool, dense 512"."""
    layers = []
    for words in map(str.split, text.split(",")):
        is_pool = words == ["max-pool"]
        if not is_pool and not (len(words) == 2 and words[0] in ("conv", "dense") and words[1].isdigit()):
            raise argparse.ArgumentTypeError(f"{' '.join(words)!r}: expected 'conv N', 'dense N' or 'max-pool'")
        layers.append((words[0], None if is_pool else int(words[1])))
    return layers


def configuration(method, seed, layers, steps, args):
    """All that a training depends on, in TOML, with the names of strel's configurations."""
    parts = [f'"{kind}"' if outputs is None else f"{{ {kind} = {outputs} }}" for kind, outputs in layers]
    return f"""seed = {seed}
device = "{args.device}"

[data.mnist]
levels = [{mnist.LEVEL}]
validation = {mnist.VALIDATION}

[network]
ordinary = {json.dumps(method)}
layers = [{", ".join(parts)}]

[training]
steps = {steps}
batch = {args.batch}
learning-rate = {args.learning_rate}
schedule = {{ decay = "cosine" }}
"""


class Journal:
    """A file that lines of JSON are added to, by one process at a time; a last line that was cut off is removed."""

    def __init__(self, path):
        try:
            self.file = open(path, "a+")
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"error: {path}: another process adds to it; wait for it, or stop it")
        except OSError as error:
            raise SystemExit(f"error: {path} cannot be written: {error}")
        self.file.seek(0)
        text = self.file.read()
        whole = text[: text.rfind("\n") + 1]
        self.file.truncate(len(whole.encode()))
        try:
            self.known = {json.loads(line)["config"] for line in whole.splitlines()}
        except (ValueError, KeyError, TypeError) as error:
            raise SystemExit(f"error: {path} is no journal of trainings: {error!r}")

    def add(self, entry):
        self.file.write(json.dumps(entry, separators=(",", ":")) + "\n")
        self.file.flush()


def outcome(method, seed, layers, steps, images, args):
    torch.manual_seed(seed)
    network = ordinary.Network(ordinary.METHODS[method], layers, images.shape, images.classes).to(args.device)
    seconds = mnist.train(network, images, steps, args.batch, args.learning_rate)
    return {
        "float": mnist.accuracy(network, images, hard=False),
        "thresholded": mnist.accuracy(network, images, hard=True),
        "binarized": [],
        "bytes": network.deployed_bytes(),
        "seconds": seconds,
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journal", required=True, help="the file to append to")
    parser.add_argument("--data", help="the folder of MNIST's four files [default: mnist in $STREL_DATA_DIR, or in ../shared/data]")
    parser.add_argument("--width", type=int, default=4096, help="hidden neurons [default: 4096]")
    parser.add_argument("--layers", type=parsed_layers, help="other layers, such as 'conv 16, max-pool, dense 512'")
    parser.add_argument("--epochs", type=int, default=12, help="how often a training looks at each image [default: 12]")
    parser.add_argument("--seeds", type=int, default=3, help="seeds of a method, from 0 on [default: 3]")
    parser.add_argument("--only", default="", help="only methods whose names contain this, such as BNN")
    parser.add_argument("--batch", type=int, default=mnist.BATCH)
    parser.add_argument("--learning-rate", type=float, default=mnist.LEARNING_RATE)
    parser.add_argument("--device", default="cpu", help="where PyTorch computes, such as cuda [default: cpu]")
    args = parser.parse_args(arguments)
    methods = [method for method in ordinary.METHODS if args.only in method]
    if not methods:
        parser.error(f"no method's name contains {args.only!r}; there are {', '.join(ordinary.METHODS)}")
    layers = args.layers or [("dense", args.width)]
    images = mnist.Images(mnist.folder(args.data), args.device)
    steps = images.steps(args.epochs, args.batch)
    journal = Journal(args.journal)
    for seed in range(args.seeds):
        for method in methods:
            config = configuration(method, seed, layers, steps, args)
            if config in journal.known:
                continue
            found = outcome(method, seed, layers, steps, images, args)
            journal.add({"method": method, "config": config, "outcome": found})
            print(
                f"{method}, seed {seed}: float {100 * found['float']:.2f} %, as deployed "
                f"{100 * found['thresholded']:.2f} %, {found['bytes']} bytes, {found['seconds']:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
