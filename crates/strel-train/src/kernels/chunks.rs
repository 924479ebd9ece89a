//! Long results, made a chunk at a time.

use std::mem::MaybeUninit;

use rayon::prelude::*;

/// `len` numbers, which `make` writes a chunk of `chunk` at a time on many threads, and what it says of each chunk. It is
/// given scratch of its thread, the index of the chunk, and the chunk, filled with zeros.
///
/// A chunk is filled where it is made, so that it is in the caches of that thread's processor; zeros for all in advance
/// would go to memory and back, on one thread.
pub fn by_chunks<T, R: Send>(
    len: usize,
    chunk: usize,
    scratch: impl Fn() -> T + Sync + Send,
    make: impl Fn(&mut T, usize, &mut [f32]) -> R + Sync + Send,
) -> (Vec<f32>, Vec<R>) {
    let mut values = Vec::with_capacity(len);
    let chunks = values.spare_capacity_mut()[..len].par_chunks_mut(chunk).enumerate();
    let said = chunks
        .map_init(scratch, |scratch, (index, chunk)| {
            chunk.fill(MaybeUninit::new(0.0));
            // SAFETY: it was filled.
            make(scratch, index, unsafe { chunk.assume_init_mut() })
        })
        .collect();
    // SAFETY: the first `len` places are within the capacity, and each chunk of them was filled.
    unsafe { values.set_len(len) };
    (values, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chunk_is_zeros_and_then_what_was_made_of_it() {
        for (len, chunk) in [(0, 3), (1, 3), (12, 3), (13, 3), (1000, 7)] {
            let made = by_chunks(len, chunk, Vec::new, |scratch, index, chunk| {
                assert!(chunk.iter().all(|&value| value == 0.0));
                scratch.clear();
                scratch.extend((0..chunk.len()).map(|place| (index * 3 + place) as f32));
                chunk.copy_from_slice(scratch);
                chunk.len()
            });
            let expected: Vec<f32> = (0..len).map(|i| (i / chunk * 3 + i % chunk) as f32).collect();
            assert_eq!(made.0, expected, "{len} numbers, {chunk} at a time");
            assert_eq!(made.1.iter().sum::<usize>(), len);
        }
    }
}
