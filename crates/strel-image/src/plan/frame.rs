//! The pixels outside the image, in the rows of a strip.

use super::program::Outside;
use crate::words::{BITS, fill};

/// Where the image's edges lie in the rows of a strip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edges {
    /// Words left of a row.
    pub guard: usize,
    /// Whether the image begins with the strip.
    pub left: bool,
    /// Pixels from the strip's first one to the image's end, where the image ends with the strip.
    pub right: Option<usize>,
}

impl Edges {
    /// Sets the pixels outside the image in each row of `stride` words.
    pub(super) fn frame(&self, rows: &mut [u64], stride: usize, outside: Outside) {
        for row in rows.chunks_exact_mut(stride) {
            match outside {
                Outside::Constant(value) => self.fill(row, fill(value), fill(value)),
                Outside::Replicate => {
                    let last = self.guard * BITS + self.right.unwrap_or(1) - 1;
                    self.fill(row, fill(bit(row, self.guard * BITS)), fill(bit(row, last)));
                }
            }
        }
    }

    fn fill(&self, row: &mut [u64], left: u64, right: u64) {
        if self.left {
            fill_few(&mut row[..self.guard], left);
        }
        if let Some(pixels) = self.right {
            let first = self.guard + pixels / BITS;
            let inside = (1 << (pixels % BITS)) - 1;
            row[first] = row[first] & inside | right & !inside;
            fill_few(&mut row[first + 1..], right);
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
    }
}
