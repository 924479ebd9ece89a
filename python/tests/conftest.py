"""One local Ray for all tests: its start takes seconds."""

import importlib.util

import pytest


@pytest.fixture(scope="session")
def local_ray():
    if not importlib.util.find_spec("ray"):
        yield
        return
    from strel.scale.workers import connected

    with connected(None):
        yield
