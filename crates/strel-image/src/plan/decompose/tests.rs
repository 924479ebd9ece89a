use super::*;
use crate::StructuringElement;
use std::collections::BTreeSet;

/// The offsets that an array joins, by following its parts.
fn offsets(joins: &[Vec<Part>], array: usize) -> BTreeSet<Point> {
    if array == 0 {
        return BTreeSet::from([(0, 0)]);
    }
    let parts = joins[array - 1].iter();
    parts
        .flat_map(|part| {
            let at = part.at;
            offsets(joins, part.array).into_iter().map(move |(dy, dx)| (dy + at.0, dx + at.1))
        })
        .collect()
}

fn shifts(joins: &[Vec<Part>]) -> usize {
    joins.iter().flatten().filter(|part| part.at.1 != 0).count()
}

#[test]
fn sums_join_the_offsets_of_their_sets() {
    let mut sets: Vec<Vec<Point>> = (0..8)
        .map(|radius| StructuringElement::disk(radius).unwrap().offsets().collect())
        .collect();
    for degrees in [0, 45, 90, 135] {
        let line = StructuringElement::line(50, degrees).unwrap();
        sets.push(line.offsets().collect());
    }
    sets.push(StructuringElement::rectangle(17, 40).unwrap().offsets().collect());
    sets.push((0..90).map(|n| (n * n % 31, n * 7 % 29)).collect());
    let sums = decompose(&sets);
    for (set, &result) in sets.iter().zip(&sums.results) {
        assert_eq!(offsets(&sums.joins, result), set.iter().copied().collect());
    }
}

#[test]
fn few_shifts_make_large_elements() {
    let shifts_of =
        |element: StructuringElement| shifts(&decompose(&[element.offsets().collect()]).joins);
    assert!(shifts_of(StructuringElement::disk(5).unwrap()) <= 10);
    assert!(shifts_of(StructuringElement::line(64, 0).unwrap()) <= 8);
    assert!(shifts_of(StructuringElement::line(64, 45).unwrap()) <= 8);
    assert_eq!(shifts_of(StructuringElement::line(64, 90).unwrap()), 0);
}

#[test]
fn elements_share_their_runs() {
    let disks: Vec<Vec<Point>> =
        [3, 5].map(|radius| StructuringElement::disk(radius).unwrap().offsets().collect()).to_vec();
    let together = shifts(&decompose(&disks).joins);
    let apart: usize =
        disks.iter().map(|disk| shifts(&decompose(std::slice::from_ref(disk)).joins)).sum();
    assert!(together < apart, "{together} shifts together, {apart} apart");
}
