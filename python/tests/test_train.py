"""Training: what a run holds, how it stops and goes on, what is refused."""

import json
import os
import pathlib
import signal
import threading
import time

import numpy as np
import pytest
from small import SETTINGS

import strel

RESULTS = ["float.safetensors", "network.safetensors", "certificate.json"]


def contents(folder):
    """The bytes of what a training must repeat."""
    return [(folder / name).read_bytes() for name in RESULTS]


def test_a_training_gives_a_run(tmp_path):
    metrics = []
    run = strel.train("noisti", out=tmp_path / "run", settings=SETTINGS, callback=metrics.append)
    assert run.is_finished and run.folder == tmp_path / "run"
    assert run.metrics == metrics and [metric["step"] for metric in metrics] == [10, 20]
    assert run.summary["steps"] == 20 and run.summary["proved"] == run.certificate.is_proved
    run.certificate.check(run.float_network, run.network)
    assert run.config["training"]["batch"] == 2
    image = np.random.default_rng(0).random((20, 30)) < 0.5
    assert run.network.apply(image).shape == image.shape
    with pytest.raises(ValueError, match="is not empty"):
        strel.train("noisti", out=run.folder, settings=SETTINGS)


def test_names_files_and_dicts_are_the_same_configuration(tmp_path):
    run = strel.train("noisti", out=tmp_path / "name", settings=SETTINGS, seed=3)
    of_dict = strel.train(run.config, out=tmp_path / "dict")
    of_file = strel.train(str(run.folder / "config.toml"), out=tmp_path / "file")
    assert contents(run.folder) == contents(of_dict.folder) == contents(of_file.folder)
    assert run.config == of_dict.config and run.config["seed"] == 3


def test_a_callback_stops_a_run_that_then_goes_on_to_the_same_bits(tmp_path):
    whole = strel.train("noisti", out=tmp_path / "whole", settings=SETTINGS)
    steps = []

    def stop(metric):
        steps.append(metric["step"])
        return False

    run = strel.train("noisti", out=tmp_path / "parts", settings=SETTINGS, callback=stop)
    assert steps == [10] and not run.is_finished
    for result in ["float_network", "network", "certificate", "summary"]:
        with pytest.raises(ValueError, match="is not finished; go on with"):
            getattr(run, result)
    strel.train(run.folder, resume=True)
    assert contents(run.folder) == contents(whole.folder)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, RuntimeError])
def test_what_a_callback_raises_is_raised_and_the_run_goes_on(tmp_path, raised):
    def fail(metric):
        raise raised

    with pytest.raises(raised):
        strel.train("noisti", out=tmp_path / "run", settings=SETTINGS, callback=fail)
    assert strel.train(tmp_path / "run", resume=True).is_finished


def test_ctrl_c_stops_a_run_after_a_checkpoint(tmp_path):
    long = {**SETTINGS, "training.steps": 10**6, "training.log-every": 10**6}

    def press():
        while not (tmp_path / "run" / "metrics.jsonl").exists():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        strel.train("noisti", out=tmp_path / "run", settings=long)
    assert list((tmp_path / "run" / "checkpoint").iterdir())
    assert not strel.Run(tmp_path / "run").is_finished


def test_a_run_in_training_is_refused_to_others(tmp_path):
    def train_too(metric):
        with pytest.raises(BlockingIOError, match="is trained by another process"):
            strel.train(tmp_path / "run", resume=True)

    run = strel.train("noisti", out=tmp_path / "run", settings=SETTINGS, callback=train_too)
    assert run.is_finished


def test_other_threads_run_meanwhile(tmp_path):
    seen = threading.Event()
    threading.Thread(target=seen.set).start()
    strel.train(
        "noisti",
        out=tmp_path / "run",
        settings=SETTINGS,
        callback=lambda metric: seen.wait(60),
    )
    assert seen.is_set()


def test_pairs_of_folders(tmp_path):
    for name in ["inputs", "targets"]:
        (tmp_path / name).mkdir()
        for number in range(4):
            rows = ["P1", "64 64", *("10" * 32 for _ in range(64))]
            (tmp_path / name / f"{number}.pbm").write_text("\n".join(rows))
    settings = {"training.steps": 4, "training.batch": 2, "training.validation": 2}
    settings.update({"polish.budget": 0, "network.kernel": [3, 3], "data.pairs.crop": 8})
    run = strel.train(
        "pairs",
        out=tmp_path / "run",
        inputs=tmp_path / "inputs",
        targets=pathlib.Path(tmp_path / "targets"),
        settings=settings,
    )
    assert json.loads((run.folder / "summary.json").read_text()) == run.summary


@pytest.mark.parametrize(
    "arguments, keywords, error, message",
    [
        (["noisty"], {}, ValueError, "did you mean `noisti`"),
        (["no.toml"], {}, ValueError, "no.toml: the file cannot be read"),
        ([{"seed": 1}], {}, ValueError, "config: .*missing field `data`"),
        ([{"seed": None}], {}, ValueError, "null"),
        ([3], {}, TypeError, ""),
        (["noisti"], {"settings": {"training.stepps": 3}}, ValueError, "did you mean `steps`"),
        (["noisti"], {"settings": {"training.batch": 0}}, ValueError, "`batch` is 0"),
        (["noisti"], {"inputs": "a", "targets": "b"}, ValueError, "'pairs' alone"),
        (["pairs"], {"inputs": "a"}, ValueError, "`inputs` and `targets`"),
        (["pairs"], {"inputs": "a", "targets": "b"}, ValueError, "there is no folder a"),
        (["."], {"resume": True}, ValueError, "is no run"),
        (["."], {"resume": True, "seed": 1}, ValueError, "no argument but `callback`"),
    ],
)
def test_bad_arguments_are_refused(tmp_path, monkeypatch, arguments, keywords, error, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=f"(?s){message}"):
        strel.train(*arguments, **keywords)
    assert not list(tmp_path.iterdir()), "nothing is written"
