//! The sums of many gates at once, by the columns of their weights.

use std::ops::AddAssign;

/// Gates whose sums are made together: their values are a word.
pub(crate) const GATES: usize = 64;

/// Integers that weights are, and that hold the sums of any of a gate's.
pub(crate) trait Weight: Copy + Default + Ord + AddAssign {}

impl Weight for i32 {}
impl Weight for i64 {}

/// Bit g is whether `start` and the weights of the columns picked sum to 0 at least for gate g.
///
/// # Panics
/// Where a column picked is missing.
#[inline(always)]
pub(super) fn gate_values<T: Weight>(
    start: &[T; GATES],
    columns: &[[T; GATES]],
    picked: &[u32],
) -> u64 {
    let mut sums = *start;
    for &column in picked {
        for (sum, weight) in sums.iter_mut().zip(&columns[column as usize]) {
            *sum += *weight;
        }
    }
    let zero = T::default();
    sums.iter().rev().fold(0, |values, sum| values << 1 | u64::from(*sum >= zero))
}
