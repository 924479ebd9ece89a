//! The sum of the rows of a matrix of 16-bit weights that bits pick.

use super::vector::Vector;
use crate::words::{BITS, ones_of};

/// Weights of a row: one for each of 16 classes.
pub(crate) const CLASSES: usize = 16;

/// Adds up the rows of the inputs that are 1.
///
/// Safe code that the compiler makes vectors of; `V` only says with which instructions.
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Where an input that is 1 has no row.
#[inline(always)]
pub(super) unsafe fn sum_rows<V: Vector>(
    rows: &[[i16; CLASSES]],
    words: &[u64],
    sums: &mut [i32; CLASSES],
) {
    let mut total = [0; CLASSES];
    for (&word, rows) in words.iter().zip(rows.chunks(BITS)) {
        for input in ones_of(word) {
            for (sum, &weight) in total.iter_mut().zip(&rows[input]) {
                *sum += i32::from(weight);
            }
        }
    }
    *sums = total;
}
