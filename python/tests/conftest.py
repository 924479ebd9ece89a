"""What all tests share: one local Ray, as its start takes seconds."""

import importlib.util
import os
import signal

import pytest

# Ray's workers give way to all other programs, and on a busy machine the tests would take hours.
os.environ.setdefault("RAY_worker_niceness", "0")

# A shell without job control starts what runs in the background deaf to Ctrl-C, and tests of Ctrl-C would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def local_ray():
    if not importlib.util.find_spec("ray"):
        yield
        return
    from strel.scale.workers import connected

    with connected(None):
        yield
