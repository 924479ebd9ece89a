//! Naive oracles and generators that several test files share.

use proptest::prelude::*;
use strel_theory::{Operation, SetOperator};

/// All binary inputs of length n.
pub fn binary_inputs(n: usize) -> impl Iterator<Item = Vec<bool>> {
    (0..1_usize << n).map(move |code| (0..n).map(|k| code >> k & 1 == 1).collect())
}

pub fn as_floats(input: &[bool]) -> Vec<f64> {
    input.iter().map(|&bit| f64::from(u8::from(bit))).collect()
}

/// Every dilation and every erosion by any set of n inputs, constants included.
pub fn all_operators(n: usize) -> impl Iterator<Item = SetOperator> {
    [Operation::Dilation, Operation::Erosion].into_iter().flat_map(move |operation| {
        binary_inputs(n).map(move |support| SetOperator::new(operation, support))
    })
}

/// Multiples of 1/8, of either sign, with many repeats and zeros: sums of them are exact.
pub fn eighths(range: std::ops::RangeInclusive<i32>) -> impl Strategy<Value = f64> {
    range.prop_map(|k| f64::from(k) / 8.0)
}

/// Weights of all sizes and signs.
pub fn any_weight() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -2.0..2.0,
        2 => eighths(-3..=9),
        1 => Just(0.0),
        1 => 1e8..1e12,
        1 => 1e-12..1e-8,
    ]
}
