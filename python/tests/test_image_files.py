"""strel and other readers find the same pixels in image files of all kinds, or strel says why it refuses a file.

A hundred files in each run, all of them where the variable STREL_IMAGE_FILES is `all`.
"""

import itertools
import os
from collections import Counter

import numpy as np
import pytest

import strel
from image_files.kinds import KINDS, make
from image_files.readers import READERS
from image_files.tools import package

SAMPLE = 100


class Difference(Exception):
    """What a reader does and should not."""


def files(kinds):
    """The first file of each kind, then the second of each, and so on, as far as the sample goes."""
    columns = [list(kind.combinations()) for kind in kinds]
    rounds = itertools.zip_longest(*columns)
    drawn = ((kind, options) for turn in rounds for kind, options in zip(kinds, turn) if options)
    whole = os.environ.get("STREL_IMAGE_FILES") == "all"
    return itertools.starmap(make, itertools.islice(drawn, None if whole else SAMPLE))


def thresholds(file):
    """Levels that tell the pixels of each page apart, at most eight. Where levels are no whole numbers, readers may round them
    either way, and thresholds are in the middle of gaps."""
    if file.kind.lossy:
        return [128]
    values = np.unique(np.concatenate([page.ravel() for page in file.levels]))
    if (values == np.round(values)).all():
        between = values[1:]
    else:
        between = np.array([np.ceil((low + high) / 2) for low, high in zip(values, values[1:]) if high - low >= 4])
    least, greatest = max(page.min() for page in file.levels), min(page.max() for page in file.levels)
    between = between[(between > least) & (between <= greatest)].astype(int)
    return [int(level) for level in between[np.unique(np.linspace(0, len(between) - 1, 8).astype(int))]] if len(between) else []


def read(content, threshold=None):
    """The white pixels of each page as strel reads them, or why it does not."""
    try:
        return [strel.decode_image(content, foreground="white", threshold=threshold).to_numpy()], None
    except ValueError as error:
        return None, str(error)
    except Exception as error:
        raise Difference(f"at threshold {threshold}: {error!r}") from error


def compare(file):
    """Why strel refuses a file, None if it reads it right; raises a `Difference` if it does neither."""
    refusals, compared = [], False
    for threshold in [None, *thresholds(file)]:
        pages, reason = read(file.content, threshold)
        if pages is None:
            if file.kind.refused == "never" and (threshold is not None or is_black_and_white(file)):
                raise Difference(f"refused at threshold {threshold}: {reason}")
            refusals.append(reason)
        elif file.kind.refused == "must":
            raise Difference("read, but must be refused")
        else:
            compare_pages(file, pages, threshold)
            compared = True
    return None if compared else refusals[-1]


def is_black_and_white(file):
    """Whether it is clear without a threshold which pixels are black."""
    values = [set(page.ravel()) for page in file.levels]
    return file.grey and not file.kind.lossy and all(len(page) == 2 or page in ({0}, {255}) for page in values)


def compare_pages(file, pages, threshold):
    if len(pages) != len(file.levels):
        raise Difference(f"{len(pages)} pages read of {len(file.levels)}")
    for number, (white, levels) in enumerate(zip(pages, file.levels)):
        at = f"page {number} at threshold {threshold}"
        if white.shape != levels.shape:
            raise Difference(f"{at}: size {white.shape}, expected {levels.shape}")
        if threshold is not None:
            expected = levels >= threshold
        elif len(np.unique(levels)) > 2:
            raise Difference(f"{at}: read, though it has {len(np.unique(levels))} levels")
        else:
            expected = levels > min(levels.min(), 254)
        wrong = np.argwhere(white != expected)
        if len(wrong):
            row, column = wrong[0]
            raise Difference(f"{at}: {len(wrong)} pixels differ, the first ({row}, {column}) of level {levels[row, column]:.2f}")


def confirm(file):
    """Raises a `Difference` unless one of the other readers finds what the file was made of."""
    answers = []
    for reader in READERS[file.kind.format]:
        try:
            pages = reader(file.content)
        except Exception as error:
            answers.append(f"{reader.__name__}: {error!r}")
            continue
        # Pillow reads the first image of a PNM file.
        expected = file.levels[: 1 if file.kind.format == "PNM" else None]
        if len(pages) == len(expected) and all(agree(file, *pair) for pair in zip(pages, expected)):
            return
        answers.append(f"{reader.__name__}: other pixels")
    raise Difference("; ".join(answers))


def agree(file, read, written):
    if read.shape != written.shape:
        return False
    if file.kind.lossy:
        return np.array_equal(read >= 128, written >= 128)
    return np.abs(read - written).max() <= 1.01


def table(kinds, counts):
    lines = [f"{'files':>60} {'equal':>7} {'refused':>7} {'differ':>7}"]
    for kind in kinds:
        if kind.missing():
            packages = " ".join(sorted({package(tool) for tool in kind.missing()}))
            lines.append(f"{kind.name:<54} SKIPPED: {', '.join(kind.missing())} not found (apt-get install {packages})")
        else:
            equal, refused, differ = (counts[kind.name, outcome] for outcome in ("equal", "refused", "differ"))
            lines.append(f"{kind.name:<54} {equal + refused + differ:>5} {equal:>7} {refused:>7} {differ:>7}")
    return "\n".join(lines)


def test_all_files_are_read_right_or_refused(tmp_path, capsys):
    kinds = [kind for kind in KINDS if not kind.missing()]
    counts, differences = Counter(), []
    for file in files(kinds):
        try:
            if file.kind.refused != "must":
                confirm(file)
            outcome = "refused" if compare(file) else "equal"
        except Difference as difference:
            outcome = "differ"
            kept = tmp_path / f"{len(differences)}"
            kept.write_bytes(file.content)
            differences.append(f"{file}: {difference} ({kept})")
        counts[file.kind.name, outcome] += 1
    with capsys.disabled():
        print("\n" + table(KINDS, counts))
    assert not differences, "\n".join(differences)
