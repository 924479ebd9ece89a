"""Many images and sweeps on local Ray: the results of one process, whatever dies in between."""

import os
import pathlib
import pickle
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import strel

for module in ["ray", "pyarrow", "optuna"]:
    pytest.importorskip(module, reason="strel.scale needs ray, pyarrow and optuna")

import pyarrow
import pyarrow.parquet
from ray import cloudpickle
from small import SETTINGS

import strel.scale

# The processes of Ray find no modules of tests.
cloudpickle.register_pickle_by_value(sys.modules[__name__])

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def dilation():
    layer = strel.FloatBisel(np.ones((1, 1, 3, 3)), bias=[[0.5]], scale=[[1.0]])
    return strel.FloatNetwork([layer]).binarize()


class Mortal:
    """A network; the process that takes its image number ``deadly`` dies, the first time."""

    def __init__(self, notes, deadly):
        self.notes, self.deadly, self.taken = notes, deadly, 0

    def apply(self, image):
        self.taken += 1
        if self.taken == self.deadly:
            try:
                (self.notes / "died").touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
            except FileExistsError:
                pass
        return dilation().apply(image)


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(30):
        strel.write_image(folder / f"{number:02}.png", random.random((20, 30)) < 0.1)
    return folder


def expected(folder):
    """What one process makes of the images, by name."""
    network = dilation()
    return {
        path.name: strel.encode_image(network.apply(strel.read_image(path)))
        for path in folder.iterdir()
    }


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_networks_are_pickled():
    assert pickle.loads(pickle.dumps(dilation())) == dilation()


def test_a_worker_that_dies_loses_nothing_and_doubles_nothing(local_ray, images, tmp_path):
    mortal = Mortal(tmp_path, deadly=4)
    out = tmp_path / "out"
    assert strel.scale.apply_folder(mortal, images, out, batch_size=5, workers=2) == 30
    assert (tmp_path / "died").exists()
    assert contents(out) == expected(images)
    assert strel.scale.apply_folder(mortal, images, out) == 0


def test_only_what_is_missing_is_done_again(local_ray, images, tmp_path):
    out = tmp_path / "out"
    dilation().save(tmp_path / "network.safetensors")
    strel.scale.apply_folder(tmp_path, images, out, workers=2)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    (out / "07.png").unlink()
    assert strel.scale.apply_folder(tmp_path, images, out, workers=2) == 1
    after = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert [name for name in after if after[name] != before[name]] == ["07.png"]
    assert contents(out) == expected(images)


def parquet(images, file):
    names = sorted(path.name for path in images.iterdir())
    content = [(images / name).read_bytes() for name in names]
    table = pyarrow.table({"name": names, "image": content, "number": range(len(names))})
    pyarrow.parquet.write_table(table, file, row_group_size=4)


def test_parquet_keeps_its_rows(local_ray, images, tmp_path):
    parquet(images, tmp_path / "scans.parquet")
    mortal = Mortal(tmp_path, deadly=6)
    out = tmp_path / "out"
    assert strel.scale.apply_parquet(mortal, tmp_path / "scans.parquet", out, workers=2) == 8
    assert (tmp_path / "died").exists()
    rows = pyarrow.parquet.read_table(out).to_pydict()
    assert rows["number"] == list(range(30))
    assert dict(zip(rows["name"], rows["image"])) == expected(images)
    with pytest.raises(ValueError, match="no column 'pixels', but name, image, number"):
        strel.scale.apply_parquet(mortal, tmp_path / "scans.parquet", out, column="pixels")


def test_two_images_of_one_name_are_refused(images, tmp_path):
    strel.write_image(images / "07.tif", np.eye(3, dtype=bool))
    with pytest.raises(ValueError, match="07.png and .*07.tif would have the same result"):
        strel.scale.apply_folder(dilation(), images, tmp_path / "out")


SLOW = """
import sys, time
import strel, strel.scale
from test_scale import dilation

class Slow:
    def apply(self, image):
        time.sleep(0.2)
        return dilation().apply(image)

strel.scale.apply_folder(Slow(), sys.argv[1], sys.argv[2], batch_size=3, workers=1)
"""


def test_a_second_call_goes_on_with_what_a_killed_one_left(local_ray, images, tmp_path):
    out = tmp_path / "out"
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parent)}
    command = [sys.executable, "-c", SLOW, str(images), str(out)]
    with subprocess.Popen(command, env=environment) as killed:
        while killed.poll() is None and len(list(out.glob("*.png"))) < 3:
            time.sleep(0.05)
        killed.kill()
    done = len(list(out.glob("*.png")))
    assert 3 <= done < 30
    left = strel.scale.apply_folder(dilation(), images, out, workers=2)
    assert 0 < left <= 30 - 3
    assert contents(out) == expected(images)


SPACE = {"training.learning-rate": (0.001, 0.1, "log"), "network.channels": [[1, 1, 1], [1, 2, 1]]}
TRIALS = ["trial-00000", "trial-00001", "trial-00002"]


def score_after_a_death(folder, die):
    """A score; where the second run is there for the first time, ``die`` is called instead."""

    def score(run):
        if (folder / TRIALS[1]).exists() and not (folder / "died").exists():
            (folder / "died").touch()
            die()
        return strel.scale.validation_score(run)

    return score


def trials(folder):
    return sorted(path.name for path in folder.glob("trial-*"))


def test_a_sweep_goes_on_with_what_a_killed_one_left(tmp_path):
    class Killed(BaseException):
        pass

    def die():
        raise Killed

    score = score_after_a_death(tmp_path, die)
    arguments = {"settings": SETTINGS, "trials": 3, "score": score}
    with pytest.raises(Killed):
        strel.scale.sweep("noisti", SPACE, tmp_path, **arguments)
    study = strel.scale.sweep("noisti", SPACE, tmp_path, **arguments)
    assert [trial.value is not None for trial in study.trials] == [True] * 3
    assert trials(tmp_path) == TRIALS
    assert len(strel.scale.sweep("noisti", SPACE, tmp_path, **arguments).trials) == 3


def test_a_sweep_in_processes_one_of_which_dies(local_ray, tmp_path):
    score = score_after_a_death(tmp_path, lambda: os.kill(os.getpid(), signal.SIGKILL))
    arguments = {"settings": SETTINGS, "trials": 3, "score": score, "workers": 2}
    study = strel.scale.sweep("noisti", SPACE, tmp_path, **arguments)
    assert (tmp_path / "died").exists()
    assert [trial.number for trial in study.trials] == [0, 1, 2]
    assert trials(tmp_path) == TRIALS
    best = strel.Run(tmp_path / TRIALS[study.best_trial.number])
    assert strel.scale.validation_score(best) == study.best_value
    tried = study.best_trial.user_attrs["settings"]
    assert best.config["network"]["channels"] == tried["network.channels"]


def test_a_diverging_trial_is_pruned(tmp_path):
    space = {"training.learning-rate": [0.01, 1e38]}
    with pytest.warns(UserWarning, match="trial .*: the loss of step .* is "):
        study = strel.scale.sweep("noisti", space, tmp_path, settings=SETTINGS, trials=6)
    assert {trial.state.name for trial in study.trials} == {"COMPLETE", "PRUNED"}
    assert study.best_trial.user_attrs["settings"] == {"training.learning-rate": 0.01}


def test_a_wrong_sweep_is_refused(tmp_path):
    for space in [{"seed": (1,)}, {"seed": []}, {"seed": (1, 2, "lin")}, {"seed": 1}]:
        with pytest.raises(ValueError, match="the space of 'seed' is .*, expected a list, "):
            strel.scale.sweep("noisti", space, tmp_path / "sweep", trials=1)
        assert not (tmp_path / "sweep").exists()
    with pytest.raises(ValueError, match="did you mean `steps`"):
        strel.scale.sweep("noisti", {"training.stepps": [3]}, tmp_path / "sweep", trials=1)
    study = strel.scale.sweep("noisti", SPACE, tmp_path / "sweep", settings=SETTINGS, trials=1)
    assert [trial.state.name for trial in study.trials] == ["FAIL", "COMPLETE"]


def test_the_example_runs(tmp_path):
    arguments = ["--images", "40", "--size", "32", "--workers", "2", "--folder", str(tmp_path)]
    command = [sys.executable, str(EXAMPLES / "scale.py"), *arguments]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.count("images/s") == 2 and "40 results are the same" in printed
