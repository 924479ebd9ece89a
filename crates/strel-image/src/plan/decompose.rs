//! From structuring elements to few joins: runs of pixels are built by doubling or tripling narrower
//! ones, shared, and set side by side.
//!
//! A disk of radius 5 has 81 offsets, but its rows are runs of 4 lengths only. The runs are built
//! from each other, 3 -> 7 -> 9 -> 11, with two shifts each; its 11 rows are then joined without
//! any. The same is tried along columns and diagonals, and the cheapest way is kept.

mod cost;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use crate::kernel::MAX_ROWS;
use cost::cost;

/// An offset (dy, dx).
pub(super) type Point = (isize, isize);

/// Most terms of a join.
pub(super) const MAX_TERMS: usize = 16;

/// Most pieces that a run is put together from.
const MAX_PIECES: usize = 4;

/// A direction in which pixels make runs.
type Direction = (isize, isize);

const COLUMN: Direction = (1, 0);

const DIRECTIONS: [Direction; 4] = [(0, 1), COLUMN, (1, 1), (1, -1)];

/// An array at an offset. Array 0 is the image, array k the join k - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub array: usize,
    pub at: Point,
}

/// Joins that make sums of an image shifted by each offset of some sets.
#[derive(Default)]
pub(super) struct Sums {
    pub joins: Vec<Vec<Part>>,
    /// The array of each set.
    pub results: Vec<usize>,
}

/// Joins for sets of offsets on one image, none of them empty: each along its own best direction,
/// or all along one, so that they share shifted runs, where that is cheaper.
pub(super) fn decompose(sets: &[Vec<Point>]) -> Sums {
    let own = compose(sets, &sets.iter().map(best_direction).collect::<Vec<_>>());
    if sets.len() == 1 {
        return own;
    }
    let shifted = DIRECTIONS.into_iter().filter(|&direction| direction != COLUMN);
    let shared = shifted.map(|direction| compose(sets, &vec![Some(direction); sets.len()]));
    [own].into_iter().chain(shared).min_by_key(cost).unwrap_or_default()
}

/// Joins for sets of offsets, each reduced along the direction at its place.
fn compose(sets: &[Vec<Point>], directions: &[Option<Direction>]) -> Sums {
    let mut composer = Composer::default();
    let mut results = vec![0; sets.len()];
    let mut groups = BTreeMap::<Option<Direction>, Vec<usize>>::new();
    for (index, &direction) in directions.iter().enumerate() {
        groups.entry(direction).or_default().push(index);
    }
    for (direction, members) in groups {
        if let Some(direction) = direction {
            let runs = members.iter().flat_map(|&index| runs_along(direction, &sets[index]));
            composer.build_runs(0, direction, runs.collect());
        }
        for index in members {
            results[index] = composer.sum(&sets[index], direction);
        }
    }
    Sums { joins: composer.joins, results }
}

/// The direction whose runs make the cheapest joins, or `None` where single pixels do.
fn best_direction(set: &Vec<Point>) -> Option<Direction> {
    let candidates = [None].into_iter().chain(DIRECTIONS.map(Some));
    let sets = std::slice::from_ref(set);
    candidates.min_by_key(|&direction| cost(&compose(sets, &[direction]))).flatten()
}

/// The longest runs of a set along a direction, as first pixels and lengths.
fn runs_along(direction: Direction, set: &[Point]) -> Vec<(Point, usize)> {
    let key = |&(dy, dx): &Point| match direction {
        (0, _) => (dy, dx),
        (_, slope) => (dx - slope * dy, dy),
    };
    let mut ordered = set.to_vec();
    ordered.sort_unstable_by_key(key);
    let mut runs: Vec<(Point, usize)> = Vec::new();
    for point in ordered {
        match runs.last_mut() {
            Some((first, length)) if step(*first, direction, length.cast_signed()) == point => {
                *length += 1;
            }
            _ => runs.push((point, 1)),
        }
    }
    runs
}

/// Adds runs of a length in single rows between two of them, where longer runs of the set lie: they
/// change no join, and rows without gaps are read at once.
fn fill_gaps(starts: &mut Vec<Point>, length: usize, set: &[Point]) {
    let gaps = starts.iter().map(|&(dy, dx)| (dy + 1, dx));
    let is_gap = |&(dy, dx): &Point| {
        let mut run = (0..length.cast_signed()).map(|along| (dy, dx + along));
        !starts.contains(&(dy, dx))
            && starts.contains(&(dy + 1, dx))
            && run.all(|at| set.contains(&at))
    };
    let gaps: Vec<Point> = gaps.filter(is_gap).collect();
    starts.extend(gaps);
}

/// The point `count` steps after another.
fn step(from: Point, direction: Direction, count: isize) -> Point {
    (from.0 + count * direction.0, from.1 + count * direction.1)
}

fn minus(left: Point, right: Point) -> Point {
    (left.0 - right.0, left.1 - right.1)
}

/// A built run: its array holds, at each pixel, the join of the pixels from `first` on.
#[derive(Clone, Copy)]
struct Run {
    array: usize,
    first: Point,
}

#[derive(Default)]
struct Composer {
    joins: Vec<Vec<Part>>,
    /// Runs of each length, for an array and a direction.
    runs: HashMap<(usize, Direction), BTreeMap<usize, Run>>,
}

impl Composer {
    /// The array of the join of the image shifted by each offset.
    fn sum(&mut self, set: &[Point], direction: Option<Direction>) -> usize {
        let parts = match direction {
            Some(direction) => self.reduce_along(0, direction, set),
            None => set.iter().map(|&at| Part { array: 0, at }).collect(),
        };
        self.join_columns(parts)
    }

    /// The parts that remain after the runs along a direction were built.
    fn reduce_along(&mut self, array: usize, direction: Direction, set: &[Point]) -> Vec<Part> {
        let runs = runs_along(direction, set);
        self.build_runs(array, direction, runs.clone());
        let mut starts = BTreeMap::<usize, Vec<Point>>::new();
        for (first, length) in runs {
            starts.entry(length).or_default().push(first);
        }
        let mut parts = Vec::new();
        for (length, mut starts) in starts {
            if direction.0 == 0 {
                fill_gaps(&mut starts, length, set);
            }
            let run = self.runs[&(array, direction)][&length];
            let places: Vec<Point> = starts.iter().map(|&first| minus(first, run.first)).collect();
            parts.extend(self.reduce(run.array, &places));
        }
        parts
    }

    /// The parts that remain after runs were built where they at least halve the number of parts.
    fn reduce(&mut self, array: usize, set: &[Point]) -> Vec<Part> {
        let count = |direction: &Direction| runs_along(*direction, set).len();
        let whole = || set.iter().map(|&at| Part { array, at }).collect();
        let best = DIRECTIONS.into_iter().min_by_key(count);
        match best {
            // Short columns are read at once.
            Some(COLUMN) if set.len() <= MAX_ROWS * count(&COLUMN) => whole(),
            Some(direction) if set.len() > MAX_PIECES && 2 * count(&direction) <= set.len() => {
                self.reduce_along(array, direction, set)
            }
            _ => whole(),
        }
    }

    /// Builds arrays for all lengths of the given runs, narrow ones first.
    fn build_runs(&mut self, array: usize, direction: Direction, runs: Vec<(Point, usize)>) {
        let known = self.runs.entry((array, direction)).or_default();
        known.entry(1).or_insert(Run { array, first: (0, 0) });
        let mut starts = BTreeMap::<usize, Vec<Point>>::new();
        for (first, length) in runs {
            if !known.contains_key(&length) {
                let first = match direction {
                    // Along a row the array is made for any row, along a column for any column.
                    (0, _) => (0, first.1),
                    (_, 0) => (first.0, 0),
                    _ => first,
                };
                starts.entry(length).or_default().push(first);
            }
        }
        for (length, starts) in starts {
            self.build_run(array, direction, length, commonest_column(&starts));
        }
    }

    fn build_run(&mut self, array: usize, direction: Direction, length: usize, first: Point) {
        let runs = &self.runs[&(array, direction)];
        let Some((&narrow, &run)) = runs.range(..length).next_back() else { return };
        let pieces = length.div_ceil(narrow);
        let (most, step_up) = match (direction, narrow) {
            (COLUMN, 1) => (MAX_ROWS, MAX_ROWS),
            _ => (MAX_PIECES, 3),
        };
        if pieces > most {
            let middle = ((length - step_up * narrow) / 2).cast_signed();
            self.build_run(array, direction, step_up * narrow, step(first, direction, middle));
            return self.build_run(array, direction, length, first);
        }
        let parts = (0..pieces).map(|piece| {
            let along = piece * (length - narrow) / (pieces - 1);
            let at = minus(step(first, direction, along.cast_signed()), run.first);
            Part { array: run.array, at }
        });
        let array_of_run = self.join(parts.collect());
        let runs = self.runs.entry((array, direction)).or_default();
        runs.insert(length, Run { array: array_of_run, first });
    }

    /// The join of any number of parts: those that lie in one column, left or right, are joined
    /// first, so that they are shifted once.
    fn join_columns(&mut self, parts: Vec<Part>) -> usize {
        let mut columns = BTreeMap::<isize, Vec<Part>>::new();
        for part in parts {
            columns.entry(part.at.1).or_default().push(part);
        }
        let mut joined = columns.remove(&0).unwrap_or_default();
        for (dx, column) in columns {
            if column.len() < 3 {
                joined.extend(column);
            } else {
                let upright = column.into_iter().map(|part| Part { at: (part.at.0, 0), ..part });
                let array = self.join_many(upright.collect());
                joined.push(Part { array, at: (0, dx) });
            }
        }
        self.join_many(joined)
    }

    fn join_many(&mut self, mut parts: Vec<Part>) -> usize {
        while parts.len() > MAX_TERMS {
            let rest = parts.split_off(MAX_TERMS);
            let array = self.join(parts);
            parts = rest;
            parts.push(Part { array, at: (0, 0) });
        }
        self.join(parts)
    }

    fn join(&mut self, mut parts: Vec<Part>) -> usize {
        if let [Part { array, at: (0, 0) }] = parts[..] {
            return array;
        }
        // Parts that need no shift come first, so that they can begin the join.
        parts.sort_unstable_by_key(|part| (part.at.1 != 0, *part));
        self.joins.push(parts);
        self.joins.len()
    }
}

/// The first of the points in the column that has the most of them.
fn commonest_column(points: &[Point]) -> Point {
    let in_column = |column| points.iter().filter(|point| point.1 == column).count();
    let mut best = points[0];
    for &point in points {
        if in_column(point.1) > in_column(best.1) {
            best = point;
        }
    }
    best
}
