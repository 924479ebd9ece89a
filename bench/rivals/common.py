"""Samples, machines and tables."""

import datetime
import os
import statistics
import subprocess
import time


class Stopwatch:
    """Samples of a function's time; each lasts `least` seconds or one call."""

    def __init__(self, work, least):
        self.work, self.seconds = work, []
        start, self.repeats = time.perf_counter(), 0
        while self.repeats == 0 or time.perf_counter() - start < least:
            work()
            self.repeats += 1

    def sample(self):
        # Other work may have had the caches since the last sample.
        self.work()
        start = time.perf_counter()
        for _ in range(self.repeats):
            self.work()
        self.seconds.append((time.perf_counter() - start) / self.repeats)

    def median(self):
        return statistics.median(self.seconds)


class Asked:
    """A case of a strel process that answers its name with the seconds of a sample."""

    def __init__(self, process, name):
        self.process, self.name, self.seconds = process, name, []
        self.ask()

    def ask(self):
        self.process.stdin.write(self.name + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"strel ended at {self.name!r}")
        return float(answer)

    def sample(self):
        self.seconds.append(self.ask())

    def median(self):
        return statistics.median(self.seconds)


def start(command):
    """A strel process that answers."""
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def alternate(watches, rounds):
    """One sample of each in turn, so that what else the machine does meets all of them."""
    for _ in range(rounds):
        for watch in watches:
            watch.sample()


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def microseconds(seconds):
    return f"{seconds * 1e6:,.1f}" if seconds < 1e-3 else f"{seconds * 1e6:,.0f}"


def machine(cpu, kernel):
    load = os.getloadavg()[0]
    return (
        f"on {datetime.date.today()}, commit {commit()}: {cpu}, {os.cpu_count()} cores, kernel {kernel}, "
        f"load average {load:.1f} at the end"
    )


def commit():
    """The commit of this script's working tree, told apart where files differ from it."""
    folder = os.path.dirname(os.path.abspath(__file__))
    command = ["git", "-C", folder, "describe", "--always", "--abbrev=10", "--dirty"]
    found = subprocess.run(command, capture_output=True, text=True)
    return found.stdout.strip() or "unknown"
