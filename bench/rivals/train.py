"""Training steps of two presets: PyTorch with its own operations."""

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
TASKS = ["noisti", "mnist"]


def target(task, adam, allocator):
    """How many times faster strel is to be."""
    if task == "noisti":
        return {"tuned": 8, "default": 20}[allocator]
    return {"fused": 1.4, "default": 3}[adam]


# A step with a regularizer may take this many times one without.
MOST = {"constant": 1.3, "uniform": 1.3, "normal": 1.3, "activable": 1.6}
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
    """The medians of one task and one number of threads."""

    def __init__(self, command, task, folder, loss, threads, rounds):
        self.task, self.threads = task, threads
        strel = Process(command + ["--ask"], threads)
        self.own = Asked(strel, f"{task} none")
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
        for allocator in ALLOCATORS:
            for adam in ADAMS:
                other, wanted = self.rivals[allocator, adam].median(), target(self.task, adam, allocator)
                met = "met" if other / ours >= wanted else "**missed**"
                yield [
                    str(self.threads), "PyTorch", adam, allocator, milliseconds(other), f"{other / ours:.1f}x",
                    megabytes(self.memory[allocator, adam]), f"{wanted}x: {met}",
                ]


def check(name, loss, expected):
    if not abs(loss - expected) <= TOLERANCE * expected:
        raise SystemExit(f"{name}: the loss of the first step is {loss}, strel's {expected}")


def own_rows(threads, timed):
    for row in timed["rows"]:
        name, relative = row["regularizer"], row["relative"]
        most = MOST.get(name)
        met = "-" if most is None else f"{most}x: " + ("met" if relative <= most else "**missed**")
        counts = "-" if most is None else f"one step of {row['every']}"
        yield [str(threads), name, counts, milliseconds(row["median_seconds"]), f"{relative:.2f}x", met]


def milliseconds(seconds):
    return f"{1e3 * seconds:,.1f} ms"


def megabytes(count):
    return f"{count / 1e6:,.0f} MB"


def own_report(command, threads):
    environment = dict(os.environ, RAYON_NUM_THREADS=str(threads))
    return json.loads(subprocess.run(command + ["--json"], check=True, capture_output=True, env=environment).stdout)


def write_values(command, folder):
    """The losses of the tasks whose data is there."""
    subprocess.run(command + ["--ask", "--values", folder], check=True, stdin=subprocess.DEVNULL)
    losses = {}
    for task in TASKS:
        path = os.path.join(folder, task, "step.json")
        if os.path.exists(path):
            with open(path) as file:
                losses[task] = json.load(file)["loss"]
    return losses


def report(program, seed, quick):
    try:
        import torch
    except ImportError:
        raise SystemExit("PyTorch is not installed: see bench/requirements.txt")
    command = [program, "bench", "train", "--seed", str(seed)] + (["--quick"] if quick else [])
    rounds = 3 if quick else 15
    rows = {task: ([], []) for task in TASKS}
    texts = {}
    with tempfile.TemporaryDirectory() as folder:
        losses = write_values(command, folder)
        for threads in sorted({1, os.cpu_count()}):
            own = own_report(command, threads)
            for timed in own["tasks"]:
                task = timed["task"]
                measured = Measured(command, task, os.path.join(folder, task), losses[task], threads, rounds)
                memory = timed["memory"] and timed["memory"]["peak"] - timed["memory"]["before"]
                rows[task][0].extend(measured.rival_rows(memory))
                rows[task][1].extend(own_rows(threads, timed))
                texts[task] = f"{timed['network']}, a batch of {timed['batch']} images of {timed['size']}"
    lines = [
        "# Training steps, beside PyTorch",
        "",
        f"Written by `bench/peers.py train` {machine(own['cpu'], own['instruction_set'])}. PyTorch {torch.__version__}; "
        f"seed {seed}. A step is forward pass, loss, backward pass and Adam, on the same images from the same weights; the "
        f"loss of the first step was compared to {TOLERANCE:g} of it before.",
        "",
        f"Medians of {rounds} samples, which alternated among the programs. \"Tuned\": the C library is told to keep "
        "memory (`MALLOC_TRIM_THRESHOLD_`, `MALLOC_MMAP_THRESHOLD_`). Memory is the most that a process held above what "
        "it held before it had data, with libraries loaded. What a regularizer adds is timed by `strel bench train`, in "
        "the mean of the steps at one of which it counts.",
        "",
    ]
    lines += [f"Left out: {why}.\n" for why in own["left_out"]]
    for task, text in texts.items():
        lines += [f"## {task}", "", f"{text}.", ""]
        lines += table(["threads", "program", "Adam", "allocator", "a step", "ratio", "memory", "target"], rows[task][0])
        lines += [""] + table(["threads", "regularizer", "counts at", "a step", "of none", "at most"], rows[task][1]) + [""]
    return "\n".join(lines)
