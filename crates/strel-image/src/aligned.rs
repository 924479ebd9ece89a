//! Words at addresses that vectors are read from fastest.

use std::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};

/// Words of the vectors that rows are laid out for, so that few straddle cache lines.
pub(crate) const ALIGNMENT: usize = 4;

/// Rows of fewer words are not padded: that would cost more than vectors across cache lines do.
const NARROW: usize = 8 * ALIGNMENT;

/// Strides that are a multiple of this many words would put rows below each other into few cache
/// sets.
pub(crate) const CROWDED: usize = 64;

/// Words from one row to the next where a row takes at least `words`.
pub(crate) fn stride_for(words: usize) -> usize {
    let unit = if words < NARROW { 1 } else { ALIGNMENT };
    let stride = words.next_multiple_of(unit);
    if stride.is_multiple_of(CROWDED) { stride + unit } else { stride }
}

/// A cache line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([u64; WORDS]);

const WORDS: usize = 8;

/// Words that begin with a cache line, a whole number of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct AlignedWords(Vec<Line>);

impl AlignedWords {
    /// Zeros, at least `length`.
    pub(crate) fn zeros(length: usize) -> Self {
        AlignedWords(bytemuck::zeroed_vec(length.div_ceil(WORDS)))
    }

    /// Makes room for `length` words at least.
    pub(crate) fn reserve(&mut self, length: usize) {
        if self.len() < length {
            *self = AlignedWords::zeros(length);
        }
    }
}

impl Deref for AlignedWords {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        bytemuck::cast_slice(&self.0)
    }
}

impl DerefMut for AlignedWords {
    fn deref_mut(&mut self) -> &mut [u64] {
        bytemuck::cast_slice_mut(&mut self.0)
    }
}
