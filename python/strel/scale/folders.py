"""A folder of images through a network."""

from __future__ import annotations

import os
import shutil
import uuid
from functools import partial
from pathlib import Path
from typing import Any, Callable, Literal, Union

import strel

from .workers import share

ENDINGS = {".png", ".tif", ".tiff", ".pbm", ".pgm", ".jpg", ".jpeg"}

Foreground = Literal["black", "white"]
Place = Union[str, "os.PathLike[str]"]


def apply_folder(
    network: Any,
    inputs: Place,
    out: Place,
    *,
    format: Literal["png", "tif", "pbm"] = "png",
    foreground: Foreground = "black",
    threshold: int | None = None,
    batch_size: int = 64,
    workers: int | None = None,
    address: str | None = None,
) -> int:
    """Runs a network on all images of a folder, and writes results of the same names to another.

    ``network`` is a :class:`strel.Network`, its file or a run, or what else can be pickled and has
    ``apply``. Images whose result is there are left out, so that a second call goes on with what a
    killed one left. Returns how many were left to do. ``foreground`` and ``threshold`` are those of
    :func:`strel.read_image`; ``workers`` are as many as there are processors.

    >>> import pathlib
    >>> pathlib.Path('scans').mkdir()
    >>> for number in range(4):
    ...     strel.write_image(f'scans/{number}.png', np.eye(9, dtype=bool))
    >>> strel.scale.apply_folder(run.network, 'scans', 'cleaned', batch_size=2)
    4
    >>> strel.scale.apply_folder(run.network, 'scans', 'cleaned', batch_size=2)
    0
    """
    inputs, out = Path(inputs).absolute(), Path(out).absolute()
    left = [(path, result) for path, result in results(inputs, out, format) if not result.exists()]
    with partial_files(out) as folder:
        start = partial(start_image, loaded(network), folder, foreground, threshold)
        pieces = [(str(path), str(result)) for path, result in left]
        share(pieces, start, batch_size=batch_size, workers=workers, address=address)
    return len(left)


def results(inputs: Path, out: Path, format: str) -> list[tuple[Path, Path]]:
    """Each image of a folder with the place of its result; no two have the same."""
    images = sorted(path for path in inputs.iterdir() if path.suffix.lower() in ENDINGS)
    places: dict[Path, Path] = {}
    for path in images:
        other = places.setdefault(out / f"{path.stem}.{format}", path)
        if other != path:
            raise ValueError(f"{other} and {path} would have the same result")
    return [(path, place) for place, path in places.items()]


def start_image(
    network: Any, partial_folder: Path, foreground: Foreground, threshold: int | None
) -> Callable[[list[str]], None]:
    """What takes one image through the network."""

    def work(piece: list[str]) -> None:
        path, result = piece
        if os.path.exists(result):
            return
        image = strel.read_image(path, foreground=foreground, threshold=threshold)
        temporary = partial_folder / f"{uuid.uuid4().hex}{Path(result).suffix}"
        strel.write_image(temporary, network.apply(image), foreground=foreground)
        os.replace(temporary, result)

    return work


def loaded(network: Any) -> Any:
    """The network itself, or that of a file."""
    return network if hasattr(network, "apply") else strel.Network.load(network)


class partial_files:
    """A folder for files that are not whole yet, in that of the results; gone at the end."""

    def __init__(self, out: Path):
        self.folder = out / ".partial"

    def __enter__(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
