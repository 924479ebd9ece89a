"""The examples of the README and of the guide."""

import doctest
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize(
    "file", ["README.md", "docs/src/python.md", "docs/src/torch.md", "docs/src/scale.md"]
)
def test_the_examples_of_texts(file, local_ray, tmp_path, monkeypatch):
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```pycon\n(.*?)```", text, re.DOTALL))
    if "strel.scale" in blocks:
        pytest.importorskip("ray", reason="strel.scale needs ray, pyarrow and optuna")
    if "strel.torch" in blocks:
        pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_doctest(blocks, {}, file, None, 0)
    assert examples.examples, "no example"
    report = []
    doctest.DocTestRunner().run(examples, out=report.append)
    assert not report, "".join(report)
