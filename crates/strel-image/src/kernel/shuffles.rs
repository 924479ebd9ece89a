//! Sums of weights by look-ups in tables of 16 bytes, four inputs at a time.

use super::transpose::exchange_eight;
use super::vector::Weigh;

/// Groups of four inputs in a word.
pub(crate) const GROUPS: usize = 16;

/// Words after which the sums must be taken out: 512 groups make 256 pairs of bytes, and a pair is
/// at most 254.
pub(crate) const MOST_WORDS: usize = 32;

/// What a group of four inputs adds to a class: entry `16 * part + pattern` has part 0 or 1, the
/// lower or the higher seven bits, of the value for a pattern of the inputs.
pub(crate) type GroupTable = [[u8; 16]; 2];

/// The vectors of sums that 8 rows of a block have for a class: each is of 16 bits, the lower or
/// higher part of the values, for all bytes of the rows (the sum of the higher bytes times 256
/// still in it), then for the higher ones.
pub(crate) const SUMS: usize = 4;

/// Adds what the 64 inputs in the block's words give to the sums of each class.
///
/// The block has 64 vectors, and for each of 64 times `V::WORDS` samples a word: that of sample
/// 64 k + r is word k of vector r. The sums of a class are 8 times [`SUMS`] vectors; byte b of word
/// k of those at v belongs to sample 64 k + 8 v + b.
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Unless the lengths are as said above.
#[inline(always)]
pub(super) unsafe fn add_look_ups<V: Weigh>(
    block: &[u64],
    tables: &[[GroupTable; GROUPS]],
    sums: &mut [u64],
) {
    let words = V::WORDS;
    assert!(block.len() == 64 * words, "a block of 64 vectors");
    assert!(sums.len() == tables.len() * 8 * SUMS * words, "sums of each class");
    // SAFETY: the caller's promise; the lengths were checked above.
    unsafe {
        let mut places = [[V::fill(0); 8]; GROUPS];
        for rows in 0..8 {
            spread(block.as_ptr().add(8 * rows * words), &mut places, rows);
        }
        for (class, tables) in tables.iter().enumerate() {
            for rows in (0..8).step_by(2) {
                let sums = sums.as_mut_ptr().add((class * 8 + rows) * SUMS * words);
                add_two::<V>(tables, &places, rows, sums);
            }
        }
    }
}

/// Splits the words of 8 rows into groups of four inputs: each byte of a vector is a sample's
/// pattern.
///
/// # Safety
/// The processor has the instruction set of `V`; 8 vectors can be read at `block`.
#[inline(always)]
unsafe fn spread<V: Weigh>(block: *const u64, places: &mut [[V; 8]; GROUPS], rows: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut bytes = [V::fill(0); 8];
        for (row, vector) in bytes.iter_mut().enumerate() {
            *vector = V::load(block.add(row * V::WORDS));
        }
        exchange_eight::<V, 8>(&mut bytes);
        let lower = V::fill(0x0f0f_0f0f_0f0f_0f0f);
        for (byte, vector) in bytes.into_iter().enumerate() {
            places[2 * byte][rows] = vector.and(lower);
            places[2 * byte + 1][rows] = vector.right(4).and(lower);
        }
    }
}

/// Adds what a word's groups give for two vectors of samples to a class.
///
/// # Safety
/// The processor has the instruction set of `V`; `2 * SUMS` vectors can be read and written at
/// `sums`.
#[inline(always)]
unsafe fn add_two<V: Weigh>(
    tables: &[GroupTable; GROUPS],
    places: &[[V; 8]; GROUPS],
    rows: usize,
    sums: *mut u64,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut added = [[V::fill(0); SUMS]; 2];
        for (k, vector) in added.as_flattened_mut().iter_mut().enumerate() {
            *vector = V::load(sums.add(k * V::WORDS));
        }
        for pair in 0..GROUPS / 2 {
            let (first, second) = (2 * pair, 2 * pair + 1);
            for part in 0..2 {
                let left = V::table(&tables[first][part]);
                let right = V::table(&tables[second][part]);
                for (k, added) in added.iter_mut().enumerate() {
                    let bytes = left
                        .look_up(places[first][rows + k])
                        .add_bytes(right.look_up(places[second][rows + k]));
                    added[2 * part] = added[2 * part].add_pairs(bytes);
                    added[2 * part + 1] = added[2 * part + 1].add_pairs(bytes.higher_bytes());
                }
            }
        }
        for (k, vector) in added.as_flattened().iter().enumerate() {
            vector.store(sums.add(k * V::WORDS));
        }
    }
}
