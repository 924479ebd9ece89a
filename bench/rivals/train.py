"""A training step of the noisti preset: PyTorch with its own operations."""

import json
import os
import subprocess
import sys
import tempfile
import time

from .common import Asked, machine, table

# The C library gives memory of this size or more back to the system after each use, unless told not to.
KEEP = {"MALLOC_TRIM_THRESHOLD_": "4000000000", "MALLOC_MMAP_THRESHOLD_": "4000000000"}
ALLOCATORS = {"default": {}, "tuned": KEEP}
ADAMS = ["default", "fused"]
TARGETS = {"tuned": 8, "default": 20}
# A regularizer of constant sets may add this much to a step.
MOST = 1.3
LIMITED = ("constant", "uniform", "normal")
# Of the first loss, relative: both programs compute outputs in single precision.
TOLERANCE = 1e-5
# Threads of OpenMP go on spinning for a while after their work.
PAUSE = 0.1


class Process(subprocess.Popen):
    """A process that answers lines, with so many threads."""

    def __init__(self, command, threads, settings={}):
        environment = dict(os.environ, **settings)
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
            environment[variable] = str(threads)
        folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        # A relative path of the program is one from where the script was started.
        command = [os.path.abspath(command[0])] + command[1:]
        super().__init__(command, env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, name):
        self.stdin.write(name + "\n")
        self.stdin.flush()
        answer = self.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.args}: ended at {name!r}")
        return float(answer)

    def end(self):
        self.stdin.close()
        self.wait()


class Measured:
    """The medians of one number of threads."""

    def __init__(self, command, folder, loss, threads, rounds):
        self.threads = threads
        strel = Process(command + ["--ask"], threads)
        self.own = Asked(strel, "none")
        self.rivals, self.memory = {}, {}
        processes = [strel]
        for allocator, settings in ALLOCATORS.items():
            for adam in ADAMS:
                rival = Process([sys.executable, "-m", "rivals.torch_step", folder, adam], threads, settings)
                processes.append(rival)
                check(f"PyTorch ({allocator} allocator, {adam} Adam)", rival.ask("loss"), loss)
                self.memory[allocator, adam] = rival.ask("memory")
                self.rivals[allocator, adam] = Asked(rival, "step")
        for _ in range(rounds):
            for watch in [self.own, *self.rivals.values()]:
                time.sleep(PAUSE)
                watch.sample()
        for process in processes:
            process.end()

    def rival_rows(self, own_memory):
        ours = self.own.median()
        memory = "-" if own_memory is None else megabytes(own_memory)
        yield [str(self.threads), "strel", "-", "-", milliseconds(ours), "1", memory, "-"]
        # The target holds against the better Adam.
        for allocator in ALLOCATORS:
            least = min(self.rivals[allocator, adam].median() for adam in ADAMS)
            for adam in ADAMS:
                other = self.rivals[allocator, adam].median()
                target = TARGETS[allocator]
                met = f"{target}x: " + ("met" if other / ours >= target else "**missed**")
                yield [
                    str(self.threads), "PyTorch", adam, allocator, milliseconds(other), f"{other / ours:.1f}x",
                    megabytes(self.memory[allocator, adam]), met if other == least else "-",
                ]


def check(name, loss, expected):
    if not abs(loss - expected) <= TOLERANCE * expected:
        raise SystemExit(f"{name}: the loss of the first step is {loss}, strel's {expected}")


def own_rows(own):
    for row in own["rows"]:
        name, relative = row["regularizer"], row["relative"]
        met = f"{MOST}x: " + ("met" if relative <= MOST else "**missed**")
        cells = [str(own["threads"]), name, milliseconds(row["median_seconds"]), f"{relative:.2f}x"]
        yield cells + [met if name in LIMITED else "-"]


def milliseconds(seconds):
    return f"{1e3 * seconds:,.1f} ms"


def megabytes(count):
    return f"{count / 1e6:,.0f} MB"


def own_report(command, threads):
    environment = dict(os.environ, RAYON_NUM_THREADS=str(threads))
    return json.loads(subprocess.run(command + ["--json"], check=True, capture_output=True, env=environment).stdout)


def write_values(command, folder):
    subprocess.run(command + ["--ask", "--values", folder], check=True, stdin=subprocess.DEVNULL)
    with open(os.path.join(folder, "step.json")) as file:
        return json.load(file)["loss"]


def report(program, seed, quick):
    try:
        import torch
    except ImportError:
        raise SystemExit("PyTorch is not installed: see bench/requirements.txt")
    command = [program, "bench", "train", "--seed", str(seed)] + (["--quick"] if quick else [])
    rounds = 3 if quick else 15
    rival_rows, regularizer_rows = [], []
    with tempfile.TemporaryDirectory() as folder:
        loss = write_values(command, folder)
        for threads in sorted({1, os.cpu_count()}):
            own = own_report(command, threads)
            measured = Measured(command, folder, loss, threads, rounds)
            memory = own["memory"] and own["memory"]["peak"] - own["memory"]["before"]
            rival_rows += measured.rival_rows(memory)
            regularizer_rows += own_rows(own)
    lines = [
        "# A training step, beside PyTorch",
        "",
        f"Written by `bench/peers.py train` {machine(own['cpu'], own['instruction_set'])}. PyTorch {torch.__version__}; "
        f"seed {seed}. The network of the noisti preset: channels {own['channels']}, windows {own['kernel']}, replicated "
        f"borders, normalised weights, tanh; a batch of {own['batch']} images of {own['size']}. A step is forward pass, "
        "mean squared error, backward pass and Adam, on the same images from the same weights; the loss of the first "
        f"step was compared to {TOLERANCE:g} of it before.",
        "",
        f"Medians of {rounds} samples, which alternated among the programs. \"Tuned\": the C library is told to keep "
        "memory (`MALLOC_TRIM_THRESHOLD_`, `MALLOC_MMAP_THRESHOLD_`). Memory is the most that a process held above what "
        "it held before it had data, with libraries loaded.",
        "",
    ]
    lines += table(["threads", "program", "Adam", "allocator", "a step", "ratio", "memory", "target"], rival_rows)
    lines += ["", "## What a regularizer adds, by `strel bench train`", ""]
    lines += table(["threads", "regularizer", "a step", "of none", "at most"], regularizer_rows)
    return "\n".join(lines) + "\n"
