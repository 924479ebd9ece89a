"""The examples of all public documentation, run as doctests. Every public name has one."""

import doctest
import importlib.util
import inspect

import numpy as np
import pytest
from small import SETTINGS

import strel

MODULES = ["strel", "strel.skimage"]
if importlib.util.find_spec("torch"):
    MODULES.append("strel.torch")
if importlib.util.find_spec("ray") and importlib.util.find_spec("optuna"):
    MODULES.append("strel.scale")


def public_names(module):
    """The module itself, what it exports, and the methods of exported classes."""
    yield module.__name__, module
    for name in module.__all__:
        value = getattr(module, name)
        yield f"{module.__name__}.{name}", value
        if inspect.isclass(value):
            for member in vars(value):
                if not member.startswith("_") and member != "forward":
                    yield f"{module.__name__}.{name}.{member}", getattr(value, member)


def cases():
    return [
        pytest.param(module, value, id=name)
        for module in map(importlib.import_module, MODULES)
        for name, value in public_names(module)
    ]


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    return strel.train("noisti", out=tmp_path_factory.mktemp("examples") / "run", settings=SETTINGS)


@pytest.mark.parametrize("module, value", cases())
def test_examples(module, value, run, local_ray, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {**vars(module), "strel": strel, "np": np, "run": run}
    examples = doctest.DocTestParser().get_doctest(value.__doc__, names, module.__name__, None, 0)
    assert examples.examples, "no example"
    report = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=report.append)
    assert not report, "".join(report)
