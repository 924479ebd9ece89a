//! Pixels in words: pixel 0 is the lowest bit.

use std::ops::Range;

/// Pixels a word.
pub(crate) const BITS: usize = u64::BITS as usize;

/// A word of 64 equal pixels.
pub(crate) fn fill(value: bool) -> u64 {
    if value { u64::MAX } else { 0 }
}

/// Joins into each target word the 64 bits of the source that begin `shift` (0 to 63) bits after
/// the word's place. The source has one word more than the target.
pub(crate) fn shift_words(
    target: &mut [u64],
    source: &[u64],
    shift: usize,
    join: impl Fn(u64, u64) -> u64,
) {
    let pairs = source.iter().zip(&source[1..]);
    for (word, (low, high)) in target.iter_mut().zip(pairs) {
        // Two shifts, since by 64 at once is not legal where `shift` is 0.
        *word = join(*word, low >> shift | high << 1 << (BITS - 1 - shift));
    }
}

/// The places of a word's ones, from the lowest.
pub(crate) fn ones_of(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (word != 0).then(|| word.trailing_zeros() as usize);
        word &= word.wrapping_sub(1);
        lowest
    })
}

/// Sets the pixels of a range to 1.
pub(crate) fn set_run(words: &mut [u64], run: Range<usize>) {
    if run.is_empty() {
        return;
    }
    let (first, last) = (run.start / BITS, (run.end - 1) / BITS);
    let from_start = u64::MAX << (run.start % BITS);
    let to_end = u64::MAX >> (BITS - 1 - (run.end - 1) % BITS);
    if first == last {
        words[first] |= from_start & to_end;
    } else {
        words[first] |= from_start;
        words[first + 1..last].fill(u64::MAX);
        words[last] |= to_end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BitImage;

    #[test]
    fn runs_are_set_pixel_by_pixel() {
        for start in [0, 1, 63, 64, 65, 127, 190] {
            for end in [start, start + 1, 64, 128, 191, 192] {
                let mut words = [0; 3];
                set_run(&mut words, start..end);
                let expected = BitImage::from_fn(1, 192, |_, col| (start..end).contains(&col));
                assert_eq!(words, expected.row(0), "{start}..{end}");
            }
        }
    }
}
