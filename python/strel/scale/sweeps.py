"""Sweeps: many trainings of different settings."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Callable, Union

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

import strel

from .folders import Place

Space = Mapping[str, Any]
# The number of a trial, and the settings that it tries.
Task = tuple[int, dict[str, Any]]
# A score, or why there is none.
Outcome = Union[float, ValueError]


def validation_score(run: strel.Run) -> float:
    """The last validation score of a run: DICE; of a classifier, that of its thresholded neurons.

    >>> strel.scale.validation_score(run) == run.metrics[-1]['dice']
    True
    """
    last = run.metrics[-1]
    return last["dice"] if "dice" in last else last["accuracy"]["hard"]


def sweep(
    config: Any,
    space: Space,
    out: Place,
    *,
    trials: int,
    settings: dict[str, Any] | None = None,
    score: Callable[[strel.Run], float] = validation_score,
    seed: int = 0,
    workers: int | None = None,
    address: str | None = None,
) -> optuna.Study:
    """Trains with different settings until as many trials are done; returns Optuna's study of them.

    ``config`` and ``settings`` are those of :func:`strel.train`. ``space`` has what to try for each
    key: a list of choices, or a pair (lowest, highest) of integers or floats, with a third element
    ``'log'`` for a logarithmic scale. ``score`` says how good a finished run is, larger for better.

    Trial 7 is the run ``trial-00007`` in ``out``, and what it tried its user attribute
    ``settings``; the study is in ``out``, too, as a journal of Optuna's. A second call goes on with
    the runs that a killed one left, from their checkpoints; one call at a time. With ``workers``,
    as many processes of Ray train side by side, and another goes on with the run of one that dies;
    without, this one trains. Choose by validation scores: the test scores of the summary are for
    the end. A training that diverges is a pruned trial.

    >>> small = {**run.config, 'training': {**run.config['training'], 'steps': 4}}
    >>> space = {'training.learning-rate': (0.001, 0.1, 'log')}
    >>> study = strel.scale.sweep(small, space, 'sweep', trials=2)
    >>> len(study.trials), 0.001 <= study.best_params['training.learning-rate'] <= 0.1
    (2, True)
    """
    check(space)
    out = Path(out).absolute()
    out.mkdir(parents=True, exist_ok=True)
    study = opened(out, seed)
    if isinstance(config, (str, os.PathLike)) and os.path.exists(config):
        config = os.path.abspath(config)
    work = partial(outcome, config, settings or {}, score, out)
    tasks = left_and_new(study, space, trials)
    if workers is None:
        outcomes = one_by_one(tasks, work)
    else:
        outcomes = side_by_side(tasks, work, workers, address)
    for number, result in outcomes:
        if not isinstance(result, ValueError):
            study.tell(number, result)
        elif is_run(run_folder(out, number)):
            study.tell(number, state=TrialState.PRUNED)
            warnings.warn(f"trial {number}: {result}", stacklevel=2)
        else:
            # The configuration is wrong, which that of other trials would be, too.
            study.tell(number, state=TrialState.FAIL)
            raise result
    return study


def check(space: Space) -> None:
    """Raises a ValueError unless each key has something to try."""
    for key, choice in space.items():
        if isinstance(choice, list) and choice:
            continue
        if not isinstance(choice, tuple) or choice[2:] not in ((), ("log",)) or len(choice) < 2:
            expected = "a list, (lowest, highest) or (lowest, highest, 'log')"
            raise ValueError(f"the space of {key!r} is {choice!r}, expected {expected}")


def opened(out: Path, seed: int) -> optuna.Study:
    """The study of a sweep's folder, made where there is none."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(out / "study.journal"))),
        study_name="strel",
        direction="maximize",
        load_if_exists=True,
    )
    # Not the draws of the trials that are there.
    study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
    return study


def left_and_new(study: optuna.Study, space: Space, trials: int) -> Iterator[Task]:
    """The trials that a killed call left, then new ones."""
    ended = len(study.get_trials(states=[TrialState.COMPLETE, TrialState.PRUNED]))
    left = study.get_trials(states=[TrialState.RUNNING])
    for trial in left:
        if "settings" not in trial.user_attrs:
            # The call was killed while it drew them.
            study.tell(trial.number, state=TrialState.FAIL)
            continue
        ended += 1
        yield trial.number, trial.user_attrs["settings"]
    for _ in range(trials - ended):
        new = study.ask()
        tried = {key: drawn(new, key, choice) for key, choice in space.items()}
        new.set_user_attr("settings", tried)
        yield new.number, tried


def drawn(trial: optuna.Trial, key: str, choice: Any) -> Any:
    """What a trial tries for one key."""
    if isinstance(choice, list):
        # Optuna's choices are plain values, and ours may be lists.
        texts = [json.dumps(value) for value in choice]
        return json.loads(trial.suggest_categorical(key, texts))
    low, high, *scale = choice
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(key, low, high, log=bool(scale))
    return trial.suggest_float(key, low, high, log=bool(scale))


def one_by_one(
    tasks: Iterable[Task], work: Callable[[int, dict[str, Any]], Outcome]
) -> Iterator[tuple[int, Outcome]]:
    """Each trial with its outcome; this process trains."""
    for number, tried in tasks:
        yield number, work(number, tried)


def side_by_side(
    tasks: Iterable[Task],
    work: Callable[[int, dict[str, Any]], Outcome],
    workers: int,
    address: str | None,
) -> Iterator[tuple[int, Outcome]]:
    """Each trial with its outcome; as many processes of Ray train as there are workers."""
    import ray

    from .workers import connected, limit_threads

    threads = max(1, (os.cpu_count() or 1) // workers)

    def task(number: int, tried: dict[str, Any]) -> Outcome:
        limit_threads(threads)
        return work(number, tried)

    with connected(address):
        # Done again where its process died: it goes on with the run.
        remote = ray.remote(task).options(num_cpus=threads, max_retries=3)
        running: dict[Any, int] = {}

        def first() -> tuple[int, Outcome]:
            [done], _ = ray.wait(list(running))
            return running.pop(done), ray.get(done)

        for number, tried in tasks:
            running[remote.remote(number, tried)] = number
            if len(running) == workers:
                yield first()
        while running:
            yield first()


def outcome(
    config: Any,
    settings: dict[str, Any],
    score: Callable[[strel.Run], float],
    out: Path,
    number: int,
    tried: dict[str, Any],
) -> Outcome:
    """What becomes of a trial."""
    try:
        run = trained(config, {**settings, **tried}, run_folder(out, number))
    except ValueError as error:
        return error
    return score(run)


def run_folder(out: Path, number: int) -> Path:
    """The folder of a trial's run."""
    return out / f"trial-{number:05}"


def trained(config: Any, settings: dict[str, Any], folder: Path) -> strel.Run:
    """The finished run of a folder, which may have begun before."""
    if not is_run(folder):
        return strel.train(config, out=folder, settings=settings)
    while not (run := strel.Run(folder)).is_finished:
        try:
            return strel.train(folder, resume=True)
        except BlockingIOError:
            # A process of a killed call is still at it.
            time.sleep(0.5)
    return run


def is_run(folder: Path) -> bool:
    return (folder / "config.toml").exists()
