"""Pieces of work, shared among the processes of Ray."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterator, Sequence
from typing import Any, Callable

import ray
import ray.data

# The driver makes them one by one.
MOST_BLOCKS = 1000


@contextlib.contextmanager
def connected(address: str | None) -> Iterator[None]:
    """Ray: as it runs in this process, else at an address, else on this machine alone."""
    ours = not ray.is_initialized()
    if ours:
        dashboard = None if address else False
        ray.init(
            address=address,
            include_dashboard=dashboard,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    try:
        yield
    finally:
        if ours:
            ray.shutdown()


class Worker:
    """A process that does one piece of work after the other."""

    def __init__(self, start: Callable[[], Callable[[Any], None]]):
        limit_threads(1)
        self.work = start()

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        for piece in batch["item"]:
            self.work(json.loads(piece))
        return {"done": [len(batch["item"])]}


def limit_threads(threads: int) -> None:
    """Limits the threads of this process, if strel has not started any yet."""
    os.environ["RAYON_NUM_THREADS"] = str(threads)


def share(
    pieces: Sequence[Any],
    start: Callable[[], Callable[[Any], None]],
    *,
    batch_size: int,
    workers: int | None,
    address: str | None,
) -> None:
    """Does all pieces of work, in any order; those of a process that dies are done again.

    ``start`` is called once a process and gives what does one piece, of JSON's types.
    """
    if not pieces:
        return
    with connected(address):
        if workers is None:
            workers = int(ray.cluster_resources().get("CPU", 1))
        batches = -(-len(pieces) // batch_size)
        ray.data.DataContext.get_current().enable_progress_bars = False
        items = [json.dumps(piece) for piece in pieces]
        data = ray.data.from_items(items, override_num_blocks=min(batches, MOST_BLOCKS))
        pool = ray.data.ActorPoolStrategy(size=max(1, min(workers, batches)))
        data.map_batches(
            Worker, fn_constructor_args=(start,), batch_size=batch_size, compute=pool, num_cpus=1
        ).materialize()
