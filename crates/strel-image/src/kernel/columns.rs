//! The union of some columns of a matrix of bits.

use super::vector::Vector;

/// Vectors that are kept in registers while the columns go by.
const TILE: usize = 8;

/// Columns after which it is asked whether all bits are set already.
const PATIENCE: usize = 16;

/// Unites the target with the columns picked, each as many words as the target.
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Where a column picked is not in the matrix.
#[inline(always)]
pub(super) unsafe fn unite_columns<V: Vector>(target: &mut [u64], columns: &[u64], picked: &[u32]) {
    let length = target.len();
    let last = picked.iter().max().map_or(0, |&last| last as usize + 1);
    assert!(last * length <= columns.len(), "a column is missing");
    let mut at = 0;
    // SAFETY: each tile ends before `length`; the columns picked are in the matrix.
    unsafe {
        while at + TILE * V::WORDS <= length {
            unite_tile::<V, TILE>(target, columns, picked, at);
            at += TILE * V::WORDS;
        }
        while at + V::WORDS <= length {
            unite_tile::<V, 1>(target, columns, picked, at);
            at += V::WORDS;
        }
        while at < length {
            unite_tile::<u64, 1>(target, columns, picked, at);
            at += 1;
        }
    }
}

/// # Safety
/// The processor has the instruction set of `V`; the target has `at + N * V::WORDS` words, and the
/// matrix the columns picked.
#[inline(always)]
unsafe fn unite_tile<V: Vector, const N: usize>(
    target: &mut [u64],
    columns: &[u64],
    picked: &[u32],
    at: usize,
) {
    let (length, target, columns) = (target.len(), target.as_mut_ptr(), columns.as_ptr());
    // SAFETY: the caller's promise.
    unsafe {
        let mut union = [V::fill(0); N];
        for (k, vector) in union.iter_mut().enumerate() {
            *vector = V::load(target.add(at + k * V::WORDS));
        }
        for some in picked.chunks(PATIENCE) {
            for &column in some {
                let words = columns.add(column as usize * length + at);
                for (k, vector) in union.iter_mut().enumerate() {
                    *vector = vector.or(V::load(words.add(k * V::WORDS)));
                }
            }
            let all = union.iter().fold(V::fill(u64::MAX), |all, &vector| all.and(vector));
            if all.xor(V::fill(u64::MAX)).is_zero() {
                break;
            }
        }
        for (k, vector) in union.into_iter().enumerate() {
            vector.store(target.add(at + k * V::WORDS));
        }
    }
}
