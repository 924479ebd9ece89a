"""A kind of image files, and the files of it."""

import shutil
import zlib
from dataclasses import dataclass

import numpy as np

from . import programs
from .picture import Picture, draw, is_grey, levels, oriented


@dataclass
class Kind:
    name: str
    writer: object
    # The number of files at most.
    files: int
    # Lists to choose from.
    options: dict
    refused: str

    @property
    def format(self):
        return self.name.split()[0].strip(",")

    @property
    def lossy(self):
        """Whether levels are only nearly kept."""
        return any("blocks" in values for values in self.options["values"])

    def missing(self):
        """The programs that the writer takes and that are not installed."""
        runs = [self.writer.__name__] if self.writer.__module__ == programs.__name__ else []
        return [program for program in self.options.get("program", runs) if not shutil.which(program)]

    def combinations(self):
        """The options of each file, drawn by the kind's name."""
        rng = np.random.default_rng(zlib.crc32(self.name.encode()))
        counts = [len(choice) for choice in self.options.values()]
        for place in rng.permutation(int(np.prod(counts)))[: self.files]:
            digits = np.unravel_index(place, counts)
            yield {name: choice[digit] for (name, choice), digit in zip(self.options.items(), digits)}


@dataclass
class File:
    """A file, and the levels of its pages as they are shown."""

    kind: Kind
    options: dict
    content: bytes
    levels: list
    grey: bool

    def __str__(self):
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"{self.kind.name}: {options}"


def kind(name, writer, files, pictures, refused="never", **options):
    """A kind of so many files at most. Options that are lists are choices: each file has one of each."""
    options = {**pictures, **options}
    lists = {name: list(choice) if isinstance(choice, (list, range)) else [choice] for name, choice in options.items()}
    return Kind(name, writer, files, lists, refused)


def make(kind, options):
    """The file of a kind with these options, its pictures drawn by their names."""
    rng = np.random.default_rng(zlib.crc32(repr((kind.name, options)).encode()))
    writer_options = dict(options)
    size, channels, top, values = (writer_options.pop(name) for name in ("size", "channels", "top", "values"))
    # Pages are of two sizes in turn.
    sizes = [size if page % 2 == 0 else size[::-1] for page in range(writer_options.pop("pages", 1))]
    pages = [draw(rng, size, channels, top, values) for size in sizes]
    content = kind.writer(pages, **writer_options)
    return File(kind, options, content, shown(pages, options), all(is_grey(page) for page in pages))


def shown(pages, options):
    """The levels of the pages that a reader shows."""
    if options.get("alpha") == "unspecified":
        pages = [Picture(page.samples[..., :-1], page.top) for page in pages]
    found = [levels(page.samples, page.top) for page in pages]
    if options.get("transparent") is not None:
        hidden = [np.all(page.samples == options["transparent"], axis=2) for page in pages]
        found = [np.where(where, 255, page) for where, page in zip(hidden, found)]
    if options.get("thumbnail") is not None:
        del found[options["thumbnail"]]
    return [oriented(page, options.get("orientation") or 1) for page in found]
