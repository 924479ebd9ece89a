"""Parquet files of images through a network."""

from __future__ import annotations

import os
import uuid
from functools import partial
from pathlib import Path
from typing import Any, Callable

import pyarrow.parquet

import strel

from .folders import Foreground, Place, loaded, partial_files
from .workers import share


def apply_parquet(
    network: Any,
    inputs: Place,
    out: Place,
    *,
    column: str = "image",
    foreground: Foreground = "black",
    threshold: int | None = None,
    workers: int | None = None,
    address: str | None = None,
) -> int:
    """Runs a network on the images of a Parquet file, or of a folder of them.

    ``column`` holds the bytes of image files, such as PNG; those of PNG images take their place,
    and the other columns stay. Each row group becomes a file ``NAME-GROUP.parquet`` in ``out``, and
    is left out where that is there. Returns how many groups were left to do. See
    :func:`apply_folder` for the rest.

    >>> import pyarrow, pyarrow.parquet
    >>> image = strel.encode_image(np.eye(9, dtype=bool))
    >>> table = pyarrow.table({'name': ['a', 'b', 'c'], 'image': [image] * 3})
    >>> pyarrow.parquet.write_table(table, 'scans.parquet', row_group_size=2)
    >>> strel.scale.apply_parquet(run.network, 'scans.parquet', 'cleaned')
    2
    >>> pyarrow.parquet.read_table('cleaned')['name'].to_pylist()
    ['a', 'b', 'c']
    """
    inputs, out = Path(inputs).absolute(), Path(out).absolute()
    files = sorted(inputs.glob("*.parquet")) if inputs.is_dir() else [inputs]
    groups = [piece for file in files for piece in row_groups(file, column, out)]
    left = [piece for piece in groups if not os.path.exists(piece[2])]
    with partial_files(out) as folder:
        start = partial(start_group, loaded(network), folder, column, foreground, threshold)
        share(left, start, batch_size=1, workers=workers, address=address)
    return len(left)


def row_groups(file: Path, column: str, out: Path) -> list[tuple[str, int, str]]:
    """The row groups of a file, each with the place of its result."""
    content = pyarrow.parquet.ParquetFile(file)
    if column not in content.schema_arrow.names:
        names = ", ".join(content.schema_arrow.names)
        raise ValueError(f"{file} has no column {column!r}, but {names}")
    groups = range(content.num_row_groups)
    return [(str(file), group, str(out / f"{file.stem}-{group:06}.parquet")) for group in groups]


def start_group(
    network: Any, partial_folder: Path, column: str, foreground: Foreground, threshold: int | None
) -> Callable[[list[Any]], None]:
    """What takes one row group through the network."""

    def applied(content: bytes) -> bytes:
        image = strel.decode_image(content, foreground=foreground, threshold=threshold)
        return strel.encode_image(network.apply(image), "png", foreground=foreground)

    def work(piece: list[Any]) -> None:
        file, group, result = piece
        if os.path.exists(result):
            return
        table = pyarrow.parquet.ParquetFile(file).read_row_group(group)
        images = pyarrow.array(map(applied, table[column].to_pylist()), pyarrow.binary())
        table = table.set_column(table.schema.get_field_index(column), column, images)
        temporary = partial_folder / f"{uuid.uuid4().hex}.parquet"
        pyarrow.parquet.write_table(table, temporary)
        os.replace(temporary, result)

    return work
