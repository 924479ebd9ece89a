"""strel and other readers find the same pixels in image files of all kinds, or strel says why it refuses a file. Of a
file that was cut nothing is lost in silence.

A hundred files in each run, and all of them where the variable STREL_IMAGE_FILES is `all`; `image_files/kinds.py` has
their table.
"""

import itertools
import os
import tempfile
from collections import Counter

import numpy as np
import pytest

import strel
from image_files.kind import make
from image_files.kinds import KINDS
from image_files.programs import package
from image_files.readers import READERS

ALL = os.environ.get("STREL_IMAGE_FILES") == "all"
SAMPLE = 100
# Thresholds that a file is read at.
THRESHOLDS = 8
OUTCOMES = ("equal", "refused", "differ")


class Difference(Exception):
    """What a reader does and should not."""


def drawn():
    """Kinds that can be written here, each with options for a file: the first of each kind, then the second of each, and
    so on, as far as the sample goes."""
    kinds = [kind for kind in KINDS if not kind.missing()]
    rounds = itertools.zip_longest(*(list(kind.combinations()) for kind in kinds))
    pairs = ((kind, options) for turn in rounds for kind, options in zip(kinds, turn) if options)
    return itertools.islice(pairs, None if ALL else SAMPLE)


def thresholds(file):
    """Levels that tell the pixels of each page apart. Where levels are no whole numbers, readers may round them either
    way, and thresholds are in the middle of gaps."""
    if file.kind.lossy:
        return [128]
    values = np.unique(np.concatenate([page.ravel() for page in file.levels]))
    if (values == np.round(values)).all():
        between = values[1:]
    else:
        low, high = values[:-1], values[1:]
        between = np.ceil((low + high) / 2)[high - low >= 4]
    least, greatest = max(page.min() for page in file.levels), min(page.max() for page in file.levels)
    between = between[(between > least) & (between <= greatest)]
    return [int(level) for level in between[:: -(-len(between) // THRESHOLDS) or 1]]


def read(content, threshold=None):
    """The white pixels of each page as strel reads them, or why it does not."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            pages = strel.read_pages(file.name, foreground="white", threshold=threshold)
        except ValueError as error:
            path, _, reason = str(error).partition(": ")
            if path != file.name or not reason:
                raise Difference(f"the error names neither file nor reason: {error}") from error
            return None, reason
        except KeyboardInterrupt:
            raise
        # A panic is no `Exception`.
        except BaseException as error:
            raise Difference(f"at threshold {threshold}: {error!r}") from error
    return [page.to_numpy() for page in pages], None


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
        values = np.unique(levels)
        if threshold is not None:
            expected = levels >= threshold
        elif len(values) > 2 or len(values) == 1 and values[0] not in (0, 255):
            raise Difference(f"{at}: read, though it has the levels {values}")
        else:
            white_level = values[1] if len(values) == 2 else 255
            expected = levels == white_level
        wrong = np.argwhere(white != expected)
        if len(wrong):
            row, column = wrong[0]
            raise Difference(
                f"{at}: {len(wrong)} pixels differ, the first ({row}, {column}) of level {levels[row, column]:.2f}"
            )


def compare_cut(file):
    """A file that ends too early is refused, or nothing was lost; raises a `Difference` else. A PNM file may end after
    any of its images, and with any digit of a plain sample."""
    if file.kind.format == "PNM":
        return
    length = int(np.random.default_rng(len(file.content)).integers(1, len(file.content)))
    threshold = next(iter(thresholds(file)), None)
    pages, _ = read(file.content[:length], threshold)
    if pages is not None:
        try:
            compare_pages(file, pages, threshold)
        except Difference as difference:
            raise Difference(f"cut to {length} bytes: {difference}") from None


def confirm(file):
    """Raises a `Difference` unless one of the other readers finds what the file was made of."""
    answers = []
    for reader in READERS[file.kind.format]:
        try:
            pages = reader(file.content)
        except Exception as error:
            answers.append(f"{reader.__name__}: {error!r}")
            continue
        if len(pages) == len(file.levels) and all(agree(file, *pair) for pair in zip(pages, file.levels)):
            return
        answers.append(f"{reader.__name__}: other pixels")
    raise Difference("; ".join(answers))


def agree(file, read, written):
    if read.shape != written.shape:
        return False
    if file.kind.lossy:
        return np.array_equal(read >= 128, written >= 128)
    return np.abs(read - written).max() <= 1.01


def table(counts, unwritten):
    """How many files of each kind there are, are read equal, are refused, and differ. Where a kind must be read, those are
    refused that no threshold divides: of one grey level, or of colours whose luma is nearly the same."""
    lines = [f"{'image files':<52} {'files':>6} {'equal':>8} {'refused':>8} {'differ':>8}"]
    for kind in KINDS:
        if kind.missing():
            packages = " ".join(sorted({package(program) for program in kind.missing()}))
            lines.append(
                f"{kind.name:<52} SKIPPED: there is no {', '.join(kind.missing())}; apt-get install {packages}"
            )
            continue
        lines.append(row(kind.name, [counts[kind.name, outcome] for outcome in OUTCOMES]))
        if kind.name in unwritten:
            lines[-1] += f"  SKIPPED: files that take {unwritten[kind.name]}"
    return "\n".join([*lines, row("all", [sum(counts[kind.name, outcome] for kind in KINDS) for outcome in OUTCOMES])])


def row(name, counts):
    return f"{name:<52} {sum(counts):>6}" + "".join(f" {count:>8}" for count in counts)


def test_all_files_are_read_right_or_refused(tmp_path, capsys):
    counts, differences, unwritten = Counter(), [], {}
    for kind, options in drawn():
        try:
            file = make(kind, options)
        except NotImplementedError as error:
            # imagecodecs has other codecs from version to version.
            unwritten[kind.name] = error
            continue
        try:
            if kind.refused != "must":
                confirm(file)
            outcome = "refused" if compare(file) else "equal"
            compare_cut(file)
        except Difference as difference:
            outcome = "differ"
            kept = tmp_path / str(len(differences))
            kept.write_bytes(file.content)
            differences.append(f"{file}: {difference} ({kept})")
        counts[kind.name, outcome] += 1
    with capsys.disabled():
        print("\n" + table(counts, unwritten))
    assert not differences, "\n".join(differences)
    assert sum(counts.values()) >= (2000 if ALL else SAMPLE // 2)


def some_file(name):
    kind = next(kind for kind in KINDS if kind.name == name)
    return next(file for file in (make(kind, options) for options in kind.combinations()) if len(thresholds(file)) > 1)


def test_one_wrong_pixel_is_a_difference():
    file = some_file("PNG of grey levels, by Pillow")
    threshold = thresholds(file)[0]
    white = file.levels[0] >= threshold
    compare_pages(file, [white], threshold)
    white[-1, -1] ^= True
    with pytest.raises(Difference, match="1 pixels differ"):
        compare_pages(file, [white], threshold)
    with pytest.raises(Difference, match="2 pages read of 1"):
        compare_pages(file, [white, white], threshold)
    with pytest.raises(Difference, match="has the levels"):
        compare_pages(file, [white], None)


def test_what_is_written_otherwise_is_not_confirmed():
    file = some_file("PNG of grey levels, by Pillow")
    confirm(file)
    file.levels[0] = np.rot90(file.levels[0])
    with pytest.raises(Difference, match="by_pillow: other pixels"):
        confirm(file)
