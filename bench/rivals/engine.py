"""Morphology on binary images: OpenCV, Leptonica, scipy and scikit-image."""

import json
import os
import subprocess
import tempfile

import numpy

from .common import Asked, Stopwatch, alternate, machine, microseconds, start, table
from .leptonica import Leptonica

OPERATIONS = [
    "dilation square 3", "dilation disk 2", "dilation disk 3", "dilation disk 5", "dilation line 7",
    "dilation diagonal 7", "opening disk 3",
]
ON_BYTES = ["dilation square 3 of bytes", "dilation disk 3 of bytes"]
# How many times as long OpenCV should take.
TARGETS = {"dilation disk 3": 25, "dilation disk 5": 25, "opening disk 3": 30, "dilation disk 3 of bytes": 3}
TARGET = 10
# Within how many times a copy the 3x3 dilation should stay.
COPY_TARGETS = {512: 1.3, 4096: 2, 16384: 3}
NAIVE_TARGET = 5


def element(operation):
    """The structuring element as a boolean array; all of them are symmetric."""
    _, shape, size = operation.removesuffix(" of bytes").split()
    size = int(size)
    if shape == "square":
        return numpy.ones((size, size), bool)
    if shape == "line":
        return numpy.ones((1, size), bool)
    if shape == "diagonal":
        return numpy.eye(size, dtype=bool)[::-1]
    row, col = numpy.mgrid[-size : size + 1, -size : size + 1]
    return row**2 + col**2 <= size**2


def opens(operation):
    return operation.startswith("opening")


class OpenCV:
    name = "OpenCV"

    def __init__(self):
        import cv2

        cv2.setNumThreads(1)
        self.cv2, self.version = cv2, cv2.__version__

    def work(self, operation, pixels):
        """A function that does the work, and one that gives its result."""
        source, target, kernel = pixels.astype(numpy.uint8), numpy.zeros(pixels.shape, numpy.uint8), element(operation)
        kernel = kernel.astype(numpy.uint8)
        if opens(operation):
            run = lambda: self.cv2.morphologyEx(source, self.cv2.MORPH_OPEN, kernel, target)
        else:
            run = lambda: self.cv2.dilate(source, kernel, target)
        return run, lambda: target.astype(bool)


class LeptonicaRasterop:
    name = "Leptonica rasterop"

    def __init__(self):
        self.leptonica = Leptonica()
        self.version = self.leptonica.version()

    def work(self, operation, pixels):
        source, target = self.leptonica.image(pixels), self.leptonica.blank(pixels)
        sel = self.leptonica.element(element(operation))
        function = self.leptonica.library.pixOpen if opens(operation) else self.leptonica.library.pixDilate
        return lambda: function(target, source, sel), lambda: self.leptonica.pixels(target, pixels.shape)


class LeptonicaDwa(LeptonicaRasterop):
    """The compiled elements that the library comes with: bricks."""

    name = "Leptonica DWA"

    def work(self, operation, pixels):
        sides = element(operation)
        if opens(operation) or not sides.all():
            return None
        source, target = self.leptonica.image(pixels), self.leptonica.blank(pixels)
        function, (height, width) = self.leptonica.library.pixDilateBrickDwa, sides.shape
        return lambda: function(target, source, width, height), lambda: self.leptonica.pixels(target, pixels.shape)


class Scipy:
    name = "scipy"

    def __init__(self):
        import scipy
        import scipy.ndimage

        self.ndimage, self.version = scipy.ndimage, scipy.__version__

    def work(self, operation, pixels):
        target, structure = numpy.zeros_like(pixels), element(operation)

        def run():
            source = pixels
            if opens(operation):
                source = self.ndimage.binary_erosion(source, structure, border_value=1)
            self.ndimage.binary_dilation(source, structure, output=target)

        return run, lambda: target


class ScikitImage:
    name = "scikit-image"

    def __init__(self):
        import skimage
        import skimage.morphology

        self.morphology, self.version = skimage.morphology, skimage.__version__

    def work(self, operation, pixels):
        source, target, footprint = pixels.astype(numpy.uint8), numpy.zeros(pixels.shape, numpy.uint8), element(operation)
        footprint = footprint.astype(numpy.uint8)
        function = self.morphology.opening if opens(operation) else self.morphology.dilation
        return lambda: function(source, footprint, out=target, mode="ignore"), lambda: target.astype(bool)


RIVALS = [OpenCV, LeptonicaRasterop, LeptonicaDwa, Scipy, ScikitImage]


def present():
    rivals, absent = [], []
    for rival in RIVALS:
        try:
            rivals.append(rival())
        except ImportError:
            absent.append(rival.name)
    return rivals, absent


def read_pbm(path):
    with open(path, "rb") as file:
        data = file.read()
    magic, size, pixels = data.split(b"\n", 2)
    assert magic == b"P4", magic
    width, height = map(int, size.split())
    packed = numpy.frombuffer(pixels, numpy.uint8).reshape(height, -1)
    return numpy.unpackbits(packed, axis=1)[:, :width].astype(bool)


def timed(process, rivals, folder, size, rounds, least):
    """Medians by operation and program, after all results were compared."""
    # The files are there when strel answers.
    watches = {(operation, "strel"): Asked(process, f"{size} {operation}") for operation in OPERATIONS + ON_BYTES}
    pixels = read_pbm(os.path.join(folder, str(size), "image.pbm"))
    for operation in OPERATIONS + ON_BYTES:
        wanted = read_pbm(os.path.join(folder, str(size), f"{operation.removesuffix(' of bytes')}.pbm"))
        for rival in rivals if operation in OPERATIONS else rivals[:1]:
            work = rival.work(operation, pixels)
            if work is None:
                continue
            run, result = work
            run()
            differing = int((result() != wanted).sum())
            if differing:
                raise SystemExit(f"{size} {operation}: {rival.name} differs from strel in {differing} pixels")
            watches[operation, rival.name] = Stopwatch(run, least)
    alternate(watches.values(), rounds)
    return {key: watch.median() for key, watch in watches.items()}


def rows(medians, names):
    for operation in OPERATIONS + ON_BYTES:
        ours = medians[operation, "strel"]
        cells = [operation, microseconds(ours)]
        for name in names:
            other = medians.get((operation, name))
            cells.append("-" if other is None else f"{microseconds(other)} ({other / ours:.1f}x)")
        target = TARGETS.get(operation, TARGET if operation in OPERATIONS else None)
        opencv = medians.get((operation, "OpenCV"))
        cells.append(verdict(opencv and opencv / ours, target))
        yield cells


def verdict(ratio, target):
    if ratio is None or target is None:
        return "pays" if ratio and ratio > 1 else "does not pay" if ratio else "-"
    return f"{target}x: " + ("met" if ratio >= target else "**missed**")


def own_rows(report):
    """strel's own table: beside naive packed code and a copy."""
    medians = {(r["size"], r["operation"], r["threads"], r["program"]): r["median_microseconds"] for r in report["rows"]}
    for (size, operation, threads, program), ours in medians.items():
        if program != "strel":
            continue
        naive = medians.get((size, operation, 1, "naive packed"))
        # The fastest copy: where memory lies decides much here.
        copies = [median for (its, _, _, program), median in medians.items() if (its, program) == (size, "copy")]
        copy = min(copies) if (size, operation, 1, "copy") in medians else None
        one = medians[size, operation, 1, "strel"]
        cells = [str(size), operation, str(threads), f"{ours:,.1f}"]
        cells.append("-" if naive is None or threads > 1 else f"{naive / ours:.1f}x")
        cells.append("-" if copy is None or threads > 1 else f"{ours / copy:.2f}x")
        cells.append("-" if threads == 1 else f"{one / ours:.2f}x")
        yield cells + [own_verdict(size, operation, threads, ours, naive, copy, one)]


def own_verdict(size, operation, threads, ours, naive, copy, one):
    if threads > 1:
        return "1.6x one thread: " + ("met" if one / ours >= 1.6 else "**missed**")
    if operation == "dilation square 3" and copy:
        return f"{COPY_TARGETS[size]}x a copy: " + ("met" if ours / copy <= COPY_TARGETS[size] else "**missed**")
    if (size, operation) == (512, "dilation disk 3"):
        return f"{NAIVE_TARGET}x naive: " + ("met" if naive / ours >= NAIVE_TARGET else "**missed**")
    return "-"


def report(program, seed, quick):
    command = [program, "bench", "engine", "--seed", str(seed)] + (["--quick"] if quick else [])
    own = json.loads(subprocess.run(command + ["--json"], check=True, capture_output=True).stdout)
    rivals, absent = present()
    sizes, rounds, least = ([512], 3, 1e-4) if quick else ([512, 4096], 15, 4e-3)
    names = [rival.name for rival in rivals]
    versions = ", ".join(f"{rival.name} {rival.version}" for rival in rivals)
    lines = ["# The packed engine, beside other programs", ""]
    body = []
    with tempfile.TemporaryDirectory() as folder:
        process = start(command + ["--ask", "--values", folder])
        for size in sizes:
            medians = timed(process, rivals, folder, size, rounds, least)
            body += ["", f"## {size} x {size}", ""]
            head = ["operation", "strel"] + names + ["target against OpenCV"]
            body += table(head, list(rows(medians, names)))
        process.stdin.close()
        process.wait()
    lines += [
        f"Written by `bench/peers.py engine` {machine(own['cpu'], own['kernel'])}. {versions}. One thread each; "
        f"seed {seed}. All results were compared bit for bit before. Medians in microseconds of {rounds} samples, which "
        "alternated among the programs; in brackets how many times as long as strel.",
        "",
        "strel and Leptonica take and give packed images, the others a byte a pixel. \"Of bytes\": strel, too, takes and "
        "gives a byte a pixel, conversions included. Plans, elements and results are made before the clock starts, "
        "where a program allows it. Leptonica's DWA comes with compiled bricks only.",
    ]
    if absent:
        lines += ["", "Not installed, and left out: " + ", ".join(absent) + "."]
    lines += body + ["", "## Beside naive packed code and a copy, by `strel bench engine`", ""]
    lines += table(
        ["size", "operation", "threads", "strel", "naive packed", "strel / copy", "against one thread", "target"],
        list(own_rows(own)),
    )
    return "\n".join(lines) + "\n"
