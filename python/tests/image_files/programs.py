"""Writers of image files that are programs: those of libtiff, libjpeg and netpbm, each a function of its name.

Each takes a list of pictures, which are the pages, and returns the content of a file; `options` are those of the
command line.
"""

import io
import shlex
import subprocess
import tempfile
from pathlib import Path

import tifffile

from .picture import Picture
from .writers import pillow, pnm, tiff

PACKAGES = {
    "libtiff-tools": ("tiffcp", "tiffset", "fax2tiff", "ppm2tiff"),
    "libjpeg-turbo-progs": ("cjpeg", "jpegtran"),
}


def package(program):
    """The Debian package that has a program."""
    return next((name for name, programs in PACKAGES.items() if program in programs), "netpbm")


def run(command, content=b"", stdout=subprocess.PIPE):
    """What a program prints that reads this content."""
    done = subprocess.run(command, input=content, stdout=stdout, stderr=subprocess.PIPE, timeout=60)
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def through_files(content, *command):
    """What a program writes whose last two arguments are the files to read and to write."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "source"), Path(folder, "made")
        source.write_bytes(content)
        run([*command, str(source), str(made)])
        return made.read_bytes()


def pnm_of(page):
    """A page as PBM, PGM or PPM."""
    return pnm([page], "P6" if page.channels == 3 else "P4" if page.top == 1 else "P5")


def tiffcp(pages, scheme, options="", **tiff_options):
    """By libtiff, of a file by tifffile."""
    return through_files(tiff(pages, **tiff_options), "tiffcp", "-c", scheme, *options.split())


def tiffset(pages, change, orientation=None, **tiff_options):
    """By libtiff, which changes or unsets a tag of a file by tifffile, such as its orientation."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(tiff(pages, **tiff_options))
        file.flush()
        run(["tiffset", *change.split(), file.name])
        return Path(file.name).read_bytes()


def ppm2tiff(pages, scheme, rows=None):
    """By libtiff, in strips of so many rows."""
    (page,) = pages
    return through_files(pnm_of(page), "ppm2tiff", "-c", scheme, *(["-r", str(rows)] if rows else []))


def fax2tiff(pages, options=""):
    """By libtiff, of the Group 4 code in a file by Pillow. The program adds a white row: the last one of the page."""
    (page,) = pages
    page.samples[-1] = page.top
    coded = pillow([Picture(page.samples[:-1], page.top)], "TIFF", mode="1", compression="group4", tags={262: 0})
    with tifffile.TiffFile(io.BytesIO(coded)) as file:
        (start,), (length,) = file.pages[0].dataoffsets, file.pages[0].databytecounts
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "source"), Path(folder, "made")
        source.write_bytes(coded[start : start + length])
        width = str(page.samples.shape[1])
        run(["fax2tiff", "-4", "-M", "-X", width, *options.split(), "-o", str(made), str(source)])
        return made.read_bytes()


def pamtotiff(pages, options=""):
    """By netpbm, into a file, as the program seeks in it."""
    (page,) = pages
    with tempfile.TemporaryFile() as made:
        run(["pamtotiff", *options.split()], pnm_of(page), stdout=made)
        made.seek(0)
        return made.read()


def pnmtopng(pages, options="", transparent=None):
    """By netpbm; alpha goes into a file of its own. Black is transparent if `transparent` is 0."""
    (page,) = pages
    command = ["pnmtopng", "-quiet", *shlex.split(options)]
    with tempfile.TemporaryDirectory() as folder:
        if page.channels in (2, 4):
            alpha = Path(folder, "alpha.pgm")
            alpha.write_bytes(pnm([Picture(page.samples[..., -1:], page.top)], "P5"))
            page = Picture(page.samples[..., :-1], page.top)
            command.append(f"-alpha={alpha}")
        if page.channels == 3:
            command.append("-force")
        if transparent == 0:
            command.append("-transparent==black")
        return run(command, pnm_of(page))


def netpbm(pages, program):
    """By a program of netpbm's that is a filter."""
    (page,) = pages
    return run([program], pnm_of(page))


def cjpeg(pages, options="", coding="", sampling=None, scans=None):
    """By libjpeg; `sampling` are the factors of the components, `scans` is a script of scans."""
    (page,) = pages
    command = ["cjpeg", "-quality", "98", *coding.split(), *options.split()]
    if sampling:
        command += ["-sample", sampling]
    with tempfile.TemporaryDirectory() as folder:
        if scans:
            script = Path(folder, "scans")
            script.write_text(scans)
            command += ["-scans", str(script)]
        return run(command, pnm_of(page))


def jpegtran(pages, options=""):
    """By libjpeg, of a file by Pillow."""
    return run(["jpegtran", *options.split()], pillow(pages, "JPEG", quality=98))
