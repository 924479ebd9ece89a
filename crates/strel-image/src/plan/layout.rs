//! Where a program's arrays lie in memory, and how an image is cut for them.

use std::ops::Range;

use super::halo::{Halo, halos};
use super::program::{Array, Program, Step};
use crate::BitImage;
use crate::aligned::{ALIGNMENT, stride_for};
use crate::bit_image::{GUARD_WORDS, READABLE_ROWS};
use crate::words::BITS;

/// Rows that a block has at least, so that the cost of a step is that of its words.
const LEAST_ROWS: usize = 8;

/// How large the parts are that an image is cut into.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartSize {
    /// Words that the arrays of a block should not exceed.
    pub block: usize,
    /// Words a strip, where an image is too wide for a block of whole rows.
    pub strip: usize,
}

impl PartSize {
    /// Half of a small second-level cache. Smaller blocks lose more by their number than they gain
    /// in the first-level one.
    pub(super) const CACHED: PartSize = PartSize { block: 24 << 10, strip: 128 };
}

/// The buffers of a program's arrays; those that are never in use at once share one.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub halos: Vec<Halo>,
    /// The buffer of each array.
    pub buffers: Vec<usize>,
    /// Rows of each buffer, more than the rows of a block.
    pub extra_rows: Vec<usize>,
    /// For each buffer whether it is filled although images are read in place.
    filled: Vec<bool>,
    /// For each array whether it is a join that nobody reads, so that it can be made where it is wanted.
    pub unread: Vec<bool>,
    pub margin: usize,
    /// Rows above or below a block that its steps read in input images.
    image_reach: usize,
}

impl Layout {
    pub(super) fn new(program: &Program) -> Self {
        let halos = halos(program);
        let last_readers = last_readers(program);
        let mut buffers = Vec::with_capacity(halos.len());
        let mut extra_rows: Vec<usize> = Vec::new();
        // The last step for which each buffer is in use.
        let mut busy: Vec<usize> = Vec::new();
        for (index, halo) in halos.iter().enumerate() {
            let until = if halo.kept() > 0 { usize::MAX } else { last_readers[index] };
            let free = busy.iter().position(|&last| last < index && until < usize::MAX);
            let buffer = free.unwrap_or_else(|| {
                extra_rows.push(0);
                busy.push(0);
                busy.len() - 1
            });
            busy[buffer] = until;
            extra_rows[buffer] = extra_rows[buffer].max(halo.extra());
            buffers.push(buffer);
        }
        let mut filled = vec![false; extra_rows.len()];
        for (array, &buffer) in program.arrays.iter().zip(&buffers) {
            filled[buffer] |= array.is_image().is_none();
        }
        let margin = halos.iter().map(|halo| halo.margin).max().unwrap_or(0);
        let images =
            program.arrays.iter().zip(&halos).filter(|(array, _)| array.is_image().is_some());
        let reach = images.map(|(_, halo)| halo.ahead.max(-halo.start).unsigned_abs());
        let image_reach = reach.max().unwrap_or(0);
        let unread = unread(program);
        Layout { halos, buffers, extra_rows, filled, unread, margin, image_reach }
    }
}

impl Layout {
    /// Rows of a block whose buffers have some number of rows in all.
    fn rows_in(&self, rows: usize) -> usize {
        let filled = || self.extra_rows.iter().zip(&self.filled).filter(|(_, filled)| **filled);
        let extra: usize = filled().map(|(extra, _)| extra).sum();
        rows.saturating_sub(extra) / filled().count().max(1)
    }
}

/// The last step that reads each array; past all of them for a result.
fn last_readers(program: &Program) -> Vec<usize> {
    let mut last: Vec<usize> = (0..program.arrays.len()).collect();
    for (index, array) in program.arrays.iter().enumerate() {
        array.step.terms().iter().for_each(|term| last[term.array] = index);
    }
    program.outputs.iter().for_each(|&output| last[output] = usize::MAX - 1);
    last
}

/// Joins that are one result and never read.
fn unread(program: &Program) -> Vec<bool> {
    let mut uses = vec![0; program.arrays.len()];
    program.outputs.iter().for_each(|&output| uses[output] += 1);
    for array in &program.arrays {
        array.step.terms().iter().for_each(|term| uses[term.array] += 2);
    }
    let single = uses.iter().map(|&uses| uses == 1);
    let is_join =
        |array: &Array| array.outside.is_none() && matches!(array.step, Step::Join { .. });
    single.zip(&program.arrays).map(|(single, array)| single && is_join(array)).collect()
}

/// How an image is cut into blocks of rows and strips of words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub height: usize,
    pub width: usize,
    /// Words a row of the image.
    pub words: usize,
    /// Words a strip.
    pub strip: usize,
    /// Words left of each row of a strip; right of it there are at least as many, which are the next
    /// row's where images are laid out alike.
    pub guard: usize,
    /// Words from one row of a strip to the next.
    pub stride: usize,
    /// Rows a block.
    pub rows: usize,
    /// Rows of the image's first and last blocks: so few that the blocks between them, which read no
    /// row outside, find all of theirs in the image.
    pub edge: usize,
    /// Whether strips are laid out as images are, so that images are read and written in place.
    pub whole: bool,
}

impl Grid {
    pub(super) fn new(image: &BitImage, layout: &Layout, size: PartSize) -> Self {
        let (height, width) = image.size();
        let words = image.words_a_row();
        let guard = layout.margin.div_ceil(BITS).max(GUARD_WORDS);
        let rows_of = |stride: usize| layout.rows_in(size.block / stride);
        let fits = words <= size.strip || rows_of(image.stride()) >= LEAST_ROWS;
        // Half of the words between two rows of an image belongs to each of them.
        let whole = 2 * layout.margin <= GUARD_WORDS * BITS && fits;
        let strip = if fits { words } else { size.strip };
        let stride = if whole { image.stride() } else { stride_for(strip + 2 * guard) };
        let rows = rows_of(stride).max(LEAST_ROWS).next_multiple_of(LEAST_ROWS);
        let edge = layout.image_reach.next_multiple_of(LEAST_ROWS);
        let reads_outside = layout.image_reach > READABLE_ROWS;
        let edge = if whole && reads_outside && 4 * edge <= height { edge } else { 0 };
        Grid { height, width, words, strip, guard, stride, rows, edge: edge.min(rows), whole }
    }

    /// The blocks of a band of rows.
    pub(super) fn blocks(&self, band: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let cut = |row: usize| row.clamp(band.start, band.end);
        let (top, bottom) = (cut(self.edge), cut(self.height - self.edge));
        let parts = [band.start..top, top..bottom, bottom..band.end];
        let rows = self.rows;
        parts.into_iter().flat_map(move |part| {
            let starts = part.clone().step_by(rows);
            starts.map(move |start| start..part.end.min(start + rows))
        })
    }

    /// Words of a buffer: the rows, and what shifts read before the first and after the last.
    pub(super) fn buffer_words(&self, extra_rows: usize) -> usize {
        self.slack() + (self.rows + extra_rows) * self.stride + self.guard + 3
    }

    /// The bits of a row's last word that are pixels.
    pub(super) fn last_mask(&self) -> u64 {
        u64::MAX >> ((BITS - self.width % BITS) % BITS)
    }

    /// Words before the first row of a buffer: no less than a guard, and so many that what comes
    /// after the guards is aligned.
    pub(super) fn slack(&self) -> usize {
        (2 * self.guard).next_multiple_of(ALIGNMENT) - self.guard
    }
}
