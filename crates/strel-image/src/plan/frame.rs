//! The pixels outside the image, in the rows of a strip.

use super::program::Outside;
use crate::words::{BITS, fill};

/// The bits of a row's first word that lie right of the row above, where rows share it.
pub(super) const LOWER_HALF: u64 = u32::MAX as u64;

/// Where the image's edges lie in the rows of a strip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edges {
    /// Words of a row before the image's first one.
    pub left: usize,
    /// Pixels from the beginning of a row to the image's last one.
    pub last: usize,
    /// Whether a row's first word, in its lower half, is also what lies right of the row above.
    pub shared: bool,
}

impl Edges {
    /// Sets the pixels outside the image in rows of `stride` words.
    pub(super) fn frame(&self, rows: &mut [u64], stride: usize, outside: Outside) {
        match outside {
            Outside::Constant(value) if self.shared => {
                self.fill_between(rows, stride, |_, _| (fill(value), fill(value)));
            }
            Outside::Replicate if self.shared => {
                let last_bit = self.last % BITS;
                self.fill_between(rows, stride, |first, last| {
                    (fill(first & 1 == 1), fill(last >> last_bit & 1 == 1))
                });
            }
            _ => self.frame_each(rows, stride, outside),
        }
    }

    /// Fills what lies between rows, half a word for each of them at least, with the values that
    /// `sides` finds in a row's first and last words.
    fn fill_between(
        &self,
        rows: &mut [u64],
        stride: usize,
        sides: impl Fn(u64, u64) -> (u64, u64),
    ) {
        let last = self.last / BITS;
        let inside = u64::MAX >> (BITS - 1 - self.last % BITS);
        for start in (0..rows.len() / stride * stride).step_by(stride) {
            let row = &mut rows[start..=start + stride];
            let (left, right) = sides(row[self.left], row[last]);
            row[0] = row[0] & LOWER_HALF | left & !LOWER_HALF;
            row[last] = row[last] & inside | right & !inside;
            row[last + 1] = right;
        }
    }

    fn frame_each(&self, rows: &mut [u64], stride: usize, outside: Outside) {
        let length = stride + usize::from(self.shared);
        for start in (0..rows.len() / stride * stride).step_by(stride) {
            let row = &mut rows[start..start + length];
            let right_of_above = row[0] & LOWER_HALF;
            match outside {
                Outside::Constant(value) => self.fill(row, fill(value), fill(value)),
                Outside::Replicate => {
                    let right = self.last < length * BITS && bit(row, self.last);
                    self.fill(row, fill(bit(row, self.left * BITS)), fill(right));
                }
                Outside::Reflect => self.reflect(row),
            }
            if self.shared {
                row[0] = right_of_above | row[0] & !LOWER_HALF;
            }
        }
    }

    fn fill(&self, row: &mut [u64], left: u64, right: u64) {
        fill_few(&mut row[..self.left], left);
        let end = self.last + 1;
        if let Some(word) = row.get_mut(end / BITS) {
            let inside = (1 << (end % BITS)) - 1;
            *word = *word & inside | right & !inside;
            fill_few(&mut row[end / BITS + 1..], right);
        }
    }
}

impl Edges {
    /// Mirrors the pixels next to the edges, as far as the row goes.
    fn reflect(&self, row: &mut [u64]) {
        for word in 0..self.left {
            row[self.left - 1 - word] = row[self.left + word].reverse_bits();
        }
        let end = self.last + 1;
        let shift = end % BITS;
        for word in end / BITS..row.len() {
            // The 64 pixels that are as far left of the edge as these are right of it.
            let Some(start) = (2 * end).checked_sub(word * BITS + shift + BITS) else { break };
            let (low, high) = (row[start / BITS], row[start / BITS + 1]);
            let mirrored =
                (low >> (start % BITS) | high << 1 << (63 - start % BITS)).reverse_bits();
            row[word] = row[word] & ((1 << shift) - 1) | mirrored << shift;
            if let Some(next) = row.get_mut(word + 1) {
                *next = mirrored >> 1 >> (63 - shift);
            }
        }
    }
}

/// A fill without the call that one of a few words is not worth.
#[inline]
pub(super) fn fill_few(words: &mut [u64], value: u64) {
    match words {
        [] => {}
        [word] => *word = value,
        [first, second] => (*first, *second) = (value, value),
        [first, second, third] => (*first, *second, *third) = (value, value, value),
        many => many.fill(value),
    }
}

fn bit(row: &[u64], place: usize) -> bool {
    row[place / BITS] >> (place % BITS) & 1 == 1
}

/// The row inside an image that stands for a row outside, or `None` where pixels of one value do.
pub(super) fn stand_in(row: isize, height: usize, outside: Outside) -> Option<usize> {
    let last = height.cast_signed() - 1;
    match outside {
        Outside::Constant(_) => None,
        Outside::Replicate => Some(row.clamp(0, last).cast_unsigned()),
        Outside::Reflect => {
            let period = 2 * height;
            let row = row.rem_euclid(period.cast_signed()).cast_unsigned();
            Some(row.min(period - 1 - row))
        }
    }
}
