"""Classifiers of sets, 784 -> 4096 -> 10: onnxruntime and PyTorch do them by matrix products."""

import json
import os
import subprocess
import tempfile

import numpy

from .common import Asked, Stopwatch, alternate, machine, start, table
from .engine import read_pbm

BATCHES = [1, 1024]
TARGET = 10
# Of batches of 1024.
SAMPLES_A_SECOND = {"few": 1_000_000, "trained": 300_000}


class Problem:
    """What strel wrote: the sets as a matrix of 0 and 1, how many members must be 1, weights, samples, results."""

    def __init__(self, folder):
        self.samples = read_pbm(os.path.join(folder, "samples.pbm"))
        self.hidden = read_pbm(os.path.join(folder, "hidden.pbm"))
        with open(os.path.join(folder, "last.json")) as file:
            last = json.load(file)
        self.weights = numpy.array(last["weights"], numpy.float32).T.copy()
        self.bias = numpy.array(last["bias"], numpy.float32)
        self.classes = numpy.array(last["classes"])
        with open(os.path.join(folder, "sets.txt")) as file:
            lines = [line.split() for line in file]
        self.members = numpy.zeros((self.samples.shape[1], len(lines)), numpy.uint8)
        for neuron, (_, *members) in enumerate(lines):
            self.members[[int(member) for member in members], neuron] = 1
        counts = self.members.sum(axis=0, dtype=numpy.int32)
        unites = numpy.array([rule == "union" for rule, *_ in lines])
        self.needed = numpy.where(unites, 1, counts).astype(numpy.int32)

    def int8(self):
        """Weights of 8 bits, and biases of the same scale."""
        scale = 127 / numpy.abs(self.weights).max()
        return numpy.round(self.weights * scale).astype(numpy.int8), numpy.round(self.bias * scale).astype(numpy.int32)


class Onnx:
    """One thread, all optimizations, the graph kept."""

    def __init__(self, kind):
        import onnx
        import onnxruntime

        self.onnx, self.runtime, self.kind = onnx, onnxruntime, kind
        self.name, self.version = f"onnxruntime {kind}", onnxruntime.__version__

    def work(self, problem, samples):
        dtype = numpy.float32 if self.kind == "float" else numpy.uint8
        feed = {"x": samples.astype(dtype)}
        session = self._session(problem)
        run = lambda: session.run(["scores"], feed)
        return run, lambda: (session.run(["hidden"], feed)[0] > 0, run()[0].argmax(axis=1))

    def _session(self, problem):
        helper, kinds = self.onnx.helper, self.onnx.TensorProto
        if self.kind == "float":
            product, kind, sums = "MatMul", kinds.FLOAT, numpy.float32
            members, weights, bias = problem.members.astype(numpy.float32), problem.weights, problem.bias
        else:
            product, kind, sums = "MatMulInteger", kinds.UINT8, numpy.int32
            members, (weights, bias) = problem.members, problem.int8()
        constants = {"members": members, "needed": problem.needed.astype(sums), "weights": weights, "bias": bias}
        graph = helper.make_graph(
            [
                helper.make_node(product, ["x", "members"], ["counts"]),
                helper.make_node("GreaterOrEqual", ["counts", "needed"], ["reached"]),
                helper.make_node("Cast", ["reached"], ["hidden"], to=kind),
                helper.make_node(product, ["hidden", "weights"], ["sums"]),
                helper.make_node("Sub", ["sums", "bias"], ["scores"]),
            ],
            "classifier",
            [helper.make_tensor_value_info("x", kind, ["n", problem.members.shape[0]])],
            [
                helper.make_tensor_value_info("hidden", kind, ["n", problem.members.shape[1]]),
                helper.make_tensor_value_info("scores", kinds.FLOAT if self.kind == "float" else kinds.INT32, ["n", 10]),
            ],
            [self.onnx.numpy_helper.from_array(array, name) for name, array in constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        options = self.runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return self.runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


class Torch:
    name = "PyTorch float"

    def __init__(self):
        import torch

        torch.set_num_threads(1)
        self.torch, self.version = torch, torch.__version__

    def work(self, problem, samples):
        torch = self.torch
        x = torch.tensor(samples.astype(numpy.float32))
        members, weights = (torch.tensor(a.astype(numpy.float32)) for a in (problem.members, problem.weights))
        needed, bias = torch.tensor(problem.needed.astype(numpy.float32)), torch.tensor(problem.bias)

        def hidden():
            with torch.inference_mode():
                return (x @ members >= needed).float()

        def run():
            with torch.inference_mode():
                return hidden() @ weights - bias

        return run, lambda: (hidden().numpy() > 0, run().argmax(dim=1).numpy())


def present():
    rivals, absent = [], []
    for make, name in ((lambda: Onnx("int8"), "onnxruntime"), (lambda: Onnx("float"), None), (Torch, "PyTorch")):
        try:
            rivals.append(make())
        except ImportError:
            absent += [name] if name else []
    return rivals, absent


def compare(rival, problem, samples, result):
    """How many classes agree, after all hidden neurons do."""
    hidden, classes = result()
    differing = int((hidden != problem.hidden[: len(samples)]).sum())
    if differing:
        raise SystemExit(f"{rival.name}: {differing} hidden neurons differ from strel's")
    return int((classes == problem.classes[: len(samples)]).sum())


def report(program, seed, quick, run):
    command = [program, "bench", "dense", "--seed", str(seed)] + (["--quick"] if quick else [])
    command += ["--run", run] if run else []
    own = json.loads(subprocess.run(command + ["--json"], check=True, capture_output=True).stdout)
    rivals, absent = present()
    rounds, least = (3, 1e-4) if quick else (15, 4e-3)
    rows, agreements = [], {}
    with tempfile.TemporaryDirectory() as folder:
        process = start(command + ["--ask", "--values", folder])
        for sets in dict.fromkeys(row["sets"] for row in own["rows"]):
            for batch in BATCHES:
                ours = Asked(process, f"{sets} {batch}")
                problem = Problem(os.path.join(folder, sets))
                samples, watches = problem.samples[:batch], [ours]
                for rival in rivals:
                    run, result = rival.work(problem, samples)
                    agreements[sets, batch, rival.name] = compare(rival, problem, samples, result)
                    watches.append(Stopwatch(run, least))
                alternate(watches, rounds)
                rows.append(row(own, sets, batch, watches, rivals))
        process.stdin.close()
        process.wait()
    names = [rival.name for rival in rivals]
    versions = ", ".join(sorted({f"{rival.name.split()[0]} {rival.version}" for rival in rivals}))
    lines = [
        "# A classifier of sets, beside runtimes of neural networks",
        "",
        f"Written by `bench/peers.py dense` {machine(own['cpu'], own['kernel'])}. {versions}. One thread each; seed {seed}. "
        f"Each hidden neuron is the union or the intersection of a set of inputs; the last layer is linear. \"Few\": {shape(own, 'few')}, "
        f"random weights, and random sets of 8 to 12 inputs, half of which are 1; \"many\": the same of 90 to 110."
        + trained_text(own),
        "",
        "The others count members by a matrix product and compare the count; int8 has the last layer in 8 bits, too. "
        "All hidden neurons were compared bit for bit before. strel takes packed samples and gives classes; the others "
        f"take a number an input and give scores. Medians of {rounds} samples, which alternated among the programs, in "
        "microseconds a sample of the batch; in brackets how many times as long as strel.",
        "",
    ]
    if absent:
        lines += ["Not installed, and left out: " + ", ".join(absent) + ".", ""]
    head = ["sets", "batch", "strel", "samples a second"] + names + ["forms", "scored again", "targets"]
    lines += table(head, rows)
    fewest = {
        name: min(agreements[key] / key[1] for key in agreements if key[2] == name) for name in names
    }
    lines += ["", "Classes that agree with strel's, which are those of exact float scores; the least of all cases: "]
    lines[-1] += ", ".join(f"{name} {100 * share:.1f} %" for name, share in fewest.items()) + "."
    return "\n".join(lines) + "\n"


def shape(own, sets):
    return " -> ".join(map(str, next(row["shape"] for row in own["rows"] if row["sets"] == sets)))


def trained_text(own):
    rows = [row for row in own["rows"] if row["sets"] == "trained"]
    if not rows:
        return ""
    return (
        f" \"Trained\": {shape(own, 'trained')}, of a run that learnt to tell digits apart, {rows[0]['members']:.1f} members of "
        f"a set in the mean; strel is timed from {rows[0]['source']}, which the others get as numbers 0 and 1."
    )


def row(own, sets, batch, watches, rivals):
    each = [watch.median() / batch for watch in watches]
    own_row = next(r for r in own["rows"] if (r["sets"], r["batch"]) == (sets, batch))
    others = [f"{1e6 * other:,.2f} ({other / each[0]:.1f}x)" for other in each[1:]]
    targets = []
    if rivals and rivals[0].name == "onnxruntime int8":
        targets.append(f"{TARGET}x int8: " + ("met" if each[1] / each[0] >= TARGET else "**missed**"))
    wanted = SAMPLES_A_SECOND.get(sets)
    if wanted and batch == 1024:
        targets.append(f"{wanted:,} a second: " + ("met" if 1 / each[0] >= wanted else "**missed**"))
    forms = f"{own_row['set_form']}; {own_row['score_form']}"
    return [sets, str(batch), f"{1e6 * each[0]:.2f}", f"{1 / each[0]:,.0f}", *others, forms, str(own_row["scored_again"]), ", ".join(targets) or "-"]
