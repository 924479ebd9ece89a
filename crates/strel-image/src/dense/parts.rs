//! The samples of a batch in parts, for threads to claim.

use crate::BitImage;
use crate::bit_image::{GUARD_ROWS, GUARD_WORDS};
use crate::words::BITS;

/// Rows of an image that is written.
pub(super) struct Part<'a> {
    /// The first row's number in the image.
    pub first: usize,
    pub rows: usize,
    words: &'a mut [u64],
    stride: usize,
    words_a_row: usize,
}

impl Part<'_> {
    pub(super) fn row_mut(&mut self, row: usize) -> &mut [u64] {
        &mut self.words[row * self.stride + GUARD_WORDS..][..self.words_a_row]
    }
}

/// The parts of an image, of some rows each.
pub(super) fn parts(image: &mut BitImage, rows: usize) -> impl Iterator<Item = Part<'_>> {
    let (height, stride, words_a_row) = (image.height(), image.stride(), image.words_a_row());
    let words = &mut image.all_words_mut()[GUARD_ROWS * stride..][..height * stride];
    words.chunks_mut(rows * stride).enumerate().map(move |(index, words)| Part {
        first: index * rows,
        rows: words.len() / stride,
        words,
        stride,
        words_a_row,
    })
}

/// Some samples of a batch, at most 64 a word of a plane.
#[derive(Clone, Copy)]
pub(super) struct Slice<'a> {
    pub batch: &'a BitImage,
    /// The first sample, and how many there are; one at least.
    pub first: usize,
    pub samples: usize,
    /// Words of a plane.
    pub words: usize,
}

impl Slice<'_> {
    /// Writes a word of every sample into a block of 64 rows: sample 64 k + r to word k of row r.
    /// The last sample is repeated where there are too few, so that no idle bit hinders an early
    /// decision.
    pub(super) fn gather(&self, word: usize, block: &mut [u64]) {
        let (source, stride) = (self.batch.all_words(), self.batch.stride());
        let start = (self.first + GUARD_ROWS) * stride + GUARD_WORDS + word;
        for (row, target) in block.chunks_exact_mut(self.words).enumerate() {
            for (column, target) in target.iter_mut().enumerate() {
                let sample = (BITS * column + row).min(self.samples - 1);
                *target = source[start + sample * stride];
            }
        }
    }

    /// Writes a block, laid out so, into a word of every sample's row.
    pub(super) fn scatter(&self, block: &[u64], part: &mut Part, word: usize) {
        for column in 0..self.samples.div_ceil(BITS) {
            let samples = BITS * column..self.samples.min(BITS * (column + 1));
            for (row, sample) in samples.enumerate() {
                part.row_mut(sample)[word] = block[row * self.words + column];
            }
        }
    }
}
