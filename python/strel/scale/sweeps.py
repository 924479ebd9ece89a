"""Sweeps: many trainings of different settings."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Callable

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import TrialState

import strel

from .folders import Place

Space = Mapping[str, Any]


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

    Runs are folders in ``out``, and so is the study, a journal that processes share. A second call
    goes on with the runs that a killed one left, from their checkpoints; one call at a time. With
    ``workers``, as many processes of Ray train side by side; without, this one trains. Choose by
    validation scores: the test scores of the summary are for the end. A training that diverges
    counts as a pruned trial.

    >>> small = {**run.config, 'training': {**run.config['training'], 'steps': 4}}
    >>> space = {'training.learning-rate': (0.001, 0.1, 'log')}
    >>> study = strel.scale.sweep(small, space, 'sweep', trials=2)
    >>> len(study.trials), 0.001 <= study.best_params['training.learning-rate'] <= 0.1
    (2, True)
    """
    out = Path(out).absolute()
    out.mkdir(parents=True, exist_ok=True)
    study = opened(out)
    go_on_with_killed(study)
    ready = study.get_trials(states=[TrialState.COMPLETE, TrialState.PRUNED])
    if isinstance(config, (str, os.PathLike)) and os.path.exists(config):
        config = os.path.abspath(config)
    one = partial(run_trial, str(out), config, dict(space), settings or {}, score)
    seeds = [seed + len(study.trials) + index for index in range(trials - len(ready))]
    if workers is None:
        for trial_seed in seeds:
            one(trial_seed)
    else:
        run_in_processes(one, seeds, workers, address)
    return study


def run_in_processes(
    one: Callable[[int], None], seeds: list[int], workers: int, address: str | None
) -> None:
    """One trial a seed, as many at a time as there are workers."""
    import ray

    from .workers import connected, limit_threads

    threads = max(1, (os.cpu_count() or 1) // workers)

    def trial(trial_seed: int) -> None:
        limit_threads(threads)
        one(trial_seed)

    with connected(address):
        task = ray.remote(trial).options(num_cpus=threads, max_retries=0)
        running: list[Any] = []
        for trial_seed in seeds:
            if len(running) == workers:
                done, running = ray.wait(running)
                ray.get(done)
            running.append(task.remote(trial_seed))
        ray.get(running)


def opened(out: Path, seed: int | None = None) -> optuna.Study:
    """The study of a sweep's folder, made where there is none."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    file = str(out / "study.journal")
    storage = JournalStorage(JournalFileBackend(file, lock_obj=JournalFileOpenLock(file)))
    return optuna.create_study(
        storage=storage,
        sampler=optuna.samplers.TPESampler(seed=seed),
        study_name="strel",
        direction="maximize",
        load_if_exists=True,
    )


def go_on_with_killed(study: optuna.Study) -> None:
    """Gives trials that nobody runs any more to new ones, which go on in their folders."""
    for trial in study.get_trials(states=[TrialState.RUNNING]):
        study.tell(trial.number, state=TrialState.FAIL)
        study.enqueue_trial(trial.params, user_attrs={"folder": folder_name(trial)})


def folder_name(trial: Any) -> str:
    """The folder of a trial's run."""
    return trial.user_attrs.get("folder", f"trial-{trial.number:05}")


def run_trial(
    out: str,
    config: Any,
    space: Space,
    settings: dict[str, Any],
    score: Callable[[strel.Run], float],
    seed: int,
) -> None:
    """Trains once more, or goes on with a run of another trial."""

    def objective(trial: optuna.Trial) -> float:
        tried = {key: suggested(trial, key, choice) for key, choice in space.items()}
        folder = Path(out) / folder_name(trial)
        try:
            return score(trained(config, {**settings, **tried}, folder))
        except KeyboardInterrupt:
            raise Interrupted from None
        except ValueError as error:
            if not is_run(folder):
                raise  # The configuration is wrong, which others will be, too.
            trial.set_user_attr("error", str(error))
            raise optuna.TrialPruned from error

    try:
        opened(Path(out), seed).optimize(objective, n_trials=1)
    except Interrupted:
        raise KeyboardInterrupt from None


class Interrupted(BaseException):
    """Ctrl-C, which Optuna would take for a failure: so the trial is left to the next call."""


def trained(config: Any, settings: dict[str, Any], folder: Path) -> strel.Run:
    """The finished run of a folder, which may have begun before."""
    if not is_run(folder):
        return strel.train(config, out=folder, settings=settings)
    run = strel.Run(folder)
    return run if run.is_finished else strel.train(folder, resume=True)


def is_run(folder: Path) -> bool:
    return (folder / "config.toml").exists()


def suggested(trial: optuna.Trial, key: str, choice: Any) -> Any:
    """What a trial tries for one key."""
    if isinstance(choice, list):
        if all(isinstance(value, (bool, int, float, str)) for value in choice):
            return trial.suggest_categorical(key, choice)
        # Optuna's choices are plain values.
        texts = [json.dumps(value) for value in choice]
        return json.loads(trial.suggest_categorical(key, texts))
    if len(choice) not in (2, 3) or tuple(choice[2:]) not in ((), ("log",)):
        expected = "a list, (lowest, highest) or (lowest, highest, 'log')"
        raise ValueError(f"the space of {key!r} is {choice!r}, expected {expected}")
    low, high, *scale = choice
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(key, low, high, log=bool(scale))
    return trial.suggest_float(key, low, high, log=bool(scale))
