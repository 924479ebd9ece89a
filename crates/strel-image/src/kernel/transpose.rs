//! Transposing 64x64 bits, in as many columns of words at a time as a vector has.

use super::vector::Vector;

/// Transposes the 64x64 bits in each column of a block of 64 rows of `words` words: bit c of row r
/// becomes bit r of row c.
///
/// Source: the exchange of ever smaller squares (Warren, Hacker's Delight, 7-3).
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Unless `words` is a multiple of the vector's, and the block has 64 rows.
#[inline(always)]
pub(super) unsafe fn transpose<V: Vector>(block: &mut [u64], words: usize) {
    assert!(words.is_multiple_of(V::WORDS) && block.len() == 64 * words, "a block of 64 rows");
    for column in (0..words).step_by(V::WORDS) {
        for first in 0..8 {
            // SAFETY: the caller's promise; row `first + 56` is in the block.
            unsafe { exchange::<V, 8>(block, words, column + first * words, 8 * words) };
        }
        for first in (0..64).step_by(8) {
            // SAFETY: the caller's promise; row `first + 7` is in the block.
            unsafe { exchange::<V, 1>(block, words, column + first * words, words) };
        }
    }
}

/// Transposes eight vectors, `step` words apart, as 8x8 squares of `UNIT` bits.
///
/// # Safety
/// The processor has the instruction set of `V`; the vectors lie in the block.
#[inline(always)]
unsafe fn exchange<V: Vector, const UNIT: u32>(
    block: &mut [u64],
    words: usize,
    first: usize,
    step: usize,
) {
    debug_assert!(first + 7 * step + V::WORDS <= block.len() && V::WORDS <= words);
    // SAFETY: the caller's promise.
    unsafe {
        let start = block.as_mut_ptr().add(first);
        let mut rows = [V::fill(0); 8];
        for (row, vector) in rows.iter_mut().enumerate() {
            *vector = V::load(start.add(row * step));
        }
        exchange_eight::<V, UNIT>(&mut rows);
        for (row, vector) in rows.into_iter().enumerate() {
            vector.store(start.add(row * step));
        }
    }
}

/// Transposes eight rows of words as 8x8 squares of `UNIT` bits, where the distance of two squares
/// is `8 * UNIT` bits for bytes (`UNIT` 8) and `UNIT` bits for bits (`UNIT` 1).
///
/// # Safety
/// The processor has the instruction set of `V`.
#[inline(always)]
pub(super) unsafe fn exchange_eight<V: Vector, const UNIT: u32>(rows: &mut [V; 8]) {
    for distance in [4, 2, 1] {
        let shift = UNIT * distance;
        for low in 0..8 {
            let high = low | distance as usize;
            if high == low {
                continue;
            }
            // SAFETY: the caller's promise.
            unsafe {
                let mask = V::fill(u64::MAX / ((1 << shift) + 1));
                let change = rows[low].right(shift).xor(rows[high]).and(mask);
                rows[high] = rows[high].xor(change);
                rows[low] = rows[low].xor(change.left(shift));
            }
        }
    }
}
