"""Writers of image files that are programs: those of libtiff, libjpeg and netpbm. Each takes a list of pictures, which are the
pages, and returns the content of a file.
"""

import io
import subprocess
import tempfile
from pathlib import Path

import tifffile

from .picture import Picture
from .writers import pillow, pnm, tiff

PACKAGES = {"libtiff-tools": ("tiffcp", "tiffset", "fax2tiff", "ppm2tiff"), "libjpeg-turbo-progs": ("cjpeg", "jpegtran")}


def package(tool):
    """The Debian package that has a tool."""
    return next((name for name, tools in PACKAGES.items() if tool in tools), "netpbm")


def filtered(content, *command):
    """What a program makes of its standard input."""
    return run(command, input=content).stdout


def run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, timeout=60, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.decode(errors='replace').strip()}")
    return done


def through_files(content, *command):
    """What a program writes whose last two arguments are the files to read and to write."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "source"), Path(folder, "made")
        source.write_bytes(content)
        run([*command, source, made])
        return made.read_bytes()


def netpbm_of(pages):
    """The pages as PBM, PGM or PPM."""
    if pages[0].channels == 3:
        return pnm(pages, "P6")
    return pnm(pages, "P4" if pages[0].top == 1 else "P5")


def tiffcp(pages, scheme="none", options=(), **tiff_options):
    """By libtiff's `tiffcp`, of a file by tifffile."""
    return through_files(tiff(pages, **tiff_options), "tiffcp", "-c", scheme, *options)


def ppm2tiff(pages, scheme="none", rows=None):
    """By libtiff's `ppm2tiff`."""
    return through_files(netpbm_of(pages), "ppm2tiff", "-c", scheme, *(("-r", rows) if rows else ()))


def fax2tiff(pages, options=()):
    """By libtiff's `fax2tiff`, of the Group 4 code in a file by Pillow. The program adds a white row: the last one of the page."""
    (page,) = pages
    page.samples[-1] = page.top
    content = pillow([Picture(page.samples[:-1], page.top)], "TIFF", mode="1", compression="group4", tags={262: 0})
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        (start,), (length,) = file.pages[0].dataoffsets, file.pages[0].databytecounts
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "source"), Path(folder, "made")
        source.write_bytes(content[start : start + length])
        run(["fax2tiff", "-4", "-M", "-X", page.samples.shape[1], *options, "-o", made, source])
        return made.read_bytes()


def pamtotiff(pages, options=()):
    """By netpbm's `pamtotiff`, which takes a file that it can seek in as its output."""
    with tempfile.TemporaryFile() as made:
        done = subprocess.run(["pamtotiff", *options], input=netpbm_of(pages), stdout=made, stderr=subprocess.PIPE, timeout=60)
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        made.seek(0)
        return made.read()


def pnmtopng(pages, options=()):
    """By netpbm's `pnmtopng`; alpha goes into a file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        page = pages[0]
        if page.channels in (2, 4):
            alpha = Path(folder, "alpha.pgm")
            alpha.write_bytes(pnm([Picture(page.samples[..., -1:], page.top)], "P5"))
            page = Picture(page.samples[..., :-1], page.top)
            options = (*options, f"-alpha={alpha}")
        return filtered(netpbm_of([page]), "pnmtopng", "-force" if page.channels == 3 else "-quiet", *options)


def netpbm(pages, program):
    """By a program of netpbm's that is a filter."""
    return filtered(netpbm_of(pages), program)


def cjpeg(pages, options=(), scans=None):
    """By libjpeg's `cjpeg`; `scans` is a script of scans."""
    with tempfile.TemporaryDirectory() as folder:
        if scans:
            script = Path(folder, "scans")
            script.write_text(scans)
            options = (*options, "-scans", script)
        return filtered(netpbm_of(pages), "cjpeg", "-quality", "98", *options)


def jpegtran(pages, options=(), **pillow_options):
    """By libjpeg's `jpegtran`, of a file by Pillow."""
    return filtered(pillow(pages, "JPEG", quality=98, **pillow_options), "jpegtran", *options)
