"""The examples of the README and of the guide."""

import doctest
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize("file", ["README.md", "docs/src/python.md"])
def test_the_examples_of_texts(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = re.findall(r"```pycon\n(.*?)```", text, re.DOTALL)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, file, None, 0)
    assert examples.examples, "no example"
    report = []
    doctest.DocTestRunner().run(examples, out=report.append)
    assert not report, "".join(report)
