//! What operators mean, pixel by pixel.

use strel_image::naive::{dilate, erode, pixel};
use strel_image::{BitImage, Border, Operation, StructuringElement};

use super::case::{Operator, Term};

pub fn evaluate(operator: &Operator, results: &[BitImage], border: Border) -> BitImage {
    let (height, width) = results[0].size();
    let pointwise = |value: &dyn Fn(usize, usize) -> bool| BitImage::from_fn(height, width, value);
    match operator {
        Operator::Dilate(at, element) => dilate(&results[*at], element, border),
        Operator::Erode(at, element) => erode(&results[*at], element, border),
        Operator::Open(at, element) => {
            dilate(&erode(&results[*at], element, border), element, border)
        }
        Operator::Close(at, element) => {
            erode(&dilate(&results[*at], element, border), element, border)
        }
        Operator::Rank(at, element, at_least) => {
            gate(results, &counted(*at, element), *at_least as i64, border)
        }
        Operator::HitOrMiss(at, hit, miss) => {
            let hits = erode(&results[*at], hit, border);
            let missed = dilate(&results[*at], &miss.reflect(), border);
            pointwise(&|row, col| hits.get(row, col) && !missed.get(row, col))
        }
        Operator::Complement(at) => pointwise(&|row, col| !results[*at].get(row, col)),
        Operator::Union(places) => {
            pointwise(&|row, col| places.iter().any(|&at| results[at].get(row, col)))
        }
        Operator::Intersection(places) => {
            pointwise(&|row, col| places.iter().all(|&at| results[at].get(row, col)))
        }
        Operator::Difference(at, other) => {
            pointwise(&|row, col| results[*at].get(row, col) && !results[*other].get(row, col))
        }
        Operator::Gate(terms, at_least) => gate(results, terms, *at_least, border),
    }
}

/// Each offset of an element with weight 1.
fn counted(at: usize, element: &StructuringElement) -> Vec<Term> {
    element.offsets().map(|offset| (at, offset, 1)).collect()
}

fn gate(results: &[BitImage], terms: &[Term], at_least: i64, border: Border) -> BitImage {
    let (height, width) = results[0].size();
    BitImage::from_fn(height, width, |row, col| {
        let read = |&(at, (dy, dx), weight): &Term| {
            let (row, col) = (row.cast_signed() + dy, col.cast_signed() + dx);
            let one = pixel(&results[at], row, col, border, Operation::Dilation);
            if one { i64::from(weight) } else { 0 }
        };
        terms.iter().map(read).sum::<i64>() >= at_least
    })
}
