//! The walk down a band of rows: block by block, each step of the program for all rows of the
//! block, the last rows of each array kept for the next block.

use std::mem;
use std::ops::Range;

use super::decompose::MAX_TERMS;
use super::frame::{Edges, LOWER_HALF, stand_in};
use super::layout::{Grid, Layout};
use super::program::{Across, Outside, Program, Step, Term};
use crate::BitImage;
use crate::aligned::AlignedWords;
use crate::bit_image::{GUARD_ROWS, GUARD_WORDS, READABLE_ROWS};
use crate::kernel::{Addend, Kernel, Read, Source, Target};
use crate::words::{BITS, fill};

/// Memory for the arrays of a walk, kept from one walk of a thread to the next.
#[derive(Default)]
pub(super) struct Scratch {
    buffers: Vec<AlignedWords>,
    arrays: Vec<Place>,
}

/// Where an array's rows lie during a block.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The row of the image at the beginning of the buffer.
    origin: isize,
    /// Whether the rows are read from the input image.
    in_image: bool,
}

/// Rows of a strip, counted from the image's first one.
type Rows = Range<isize>;

/// A program at work on some images of one size.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub program: &'a Program,
    pub layout: &'a Layout,
    pub grid: Grid,
    pub inputs: &'a [&'a BitImage],
    pub kernel: Kernel,
}

impl Walk<'_> {
    /// Writes a band of rows of the results. Each target holds the band's rows with their guards.
    pub(super) fn band(
        &self,
        rows: Range<usize>,
        targets: &mut [&mut [u64]],
        scratch: &mut Scratch,
    ) {
        let sizes = self.layout.extra_rows.iter().map(|&extra| self.grid.buffer_words(extra));
        scratch.buffers.resize_with(scratch.buffers.len().max(sizes.len()), AlignedWords::default);
        for (buffer, words) in scratch.buffers.iter_mut().zip(sizes) {
            buffer.reserve(words);
        }
        scratch.arrays.clear();
        scratch.arrays.resize(self.program.arrays.len(), Place::default());
        for first in (0..self.grid.words).step_by(self.grid.strip) {
            let words = first..self.grid.words.min(first + self.grid.strip);
            for block in self.grid.blocks(rows.clone()) {
                let mut block = Block {
                    walk: self,
                    rows: block.start.cast_signed()..block.end.cast_signed(),
                    band: rows.start,
                    words: words.clone(),
                    scratch,
                };
                block.run(targets);
            }
        }
    }
}

/// A block of rows of a strip.
struct Block<'a> {
    walk: &'a Walk<'a>,
    rows: Rows,
    /// First row of the band.
    band: usize,
    /// The strip's words of each row.
    words: Range<usize>,
    scratch: &'a mut Scratch,
}

impl Block<'_> {
    fn run(&mut self, targets: &mut [&mut [u64]]) {
        let Walk { program, layout, grid, .. } = *self.walk;
        for index in 0..program.arrays.len() {
            let output = program.outputs.iter().position(|&output| output == index);
            match output {
                Some(output) if grid.whole && layout.unread[index] => {
                    self.write_in_place(index, targets[output]);
                }
                _ => self.make(index),
            }
        }
        for (&output, target) in program.outputs.iter().zip(targets) {
            if !(grid.whole && layout.unread[output]) {
                self.copy_out(output, target);
            }
        }
    }

    /// Makes the rows of an array that this block needs.
    fn make(&mut self, index: usize) {
        let Walk { program, layout, grid, .. } = *self.walk;
        let (array, halo) = (&program.arrays[index], layout.halos[index]);
        let first = self.rows.start.cast_unsigned() == self.band;
        let needed = self.rows.start + if first { halo.start } else { halo.keep };
        let end = self.rows.end + halo.ahead;
        let image = array.is_image().filter(|_| grid.whole);
        let around = READABLE_ROWS.cast_signed();
        let has_rows = -around <= needed && end <= grid.height.cast_signed() + around;
        let in_image = image.is_some() && has_rows;
        let start = if first || image.is_some() { needed } else { self.rows.start + halo.ahead };
        if !in_image {
            self.keep(index, needed..start);
        }
        self.scratch.arrays[index] = Place { origin: needed, in_image };
        // What lies right of the last kept row shares a word with the first new one.
        let shared =
            (grid.whole && needed < start && !in_image).then(|| self.place(index, start, 0));
        let buffer = layout.buffers[index];
        let right_of_kept = shared.map(|place| self.scratch.buffers[buffer][place] & LOWER_HALF);
        match array.step {
            Step::Load { .. } if in_image => {}
            Step::Load { input } => self.load(index, input, start..end),
            _ => self.compute(index, start..end),
        }
        if let (Some(place), Some(right)) = (shared, right_of_kept) {
            let word = &mut self.scratch.buffers[buffer][place];
            *word = *word & !LOWER_HALF | right;
        }
    }

    /// Moves the rows that are still needed to the beginning of an array's buffer, with the word
    /// right of the last one.
    fn keep(&mut self, index: usize, rows: Rows) {
        if !rows.is_empty() {
            let first = self.place(index, rows.start, 0);
            let words = rows.len() * self.walk.grid.stride + 1;
            let buffer = &mut self.scratch.buffers[self.walk.layout.buffers[index]];
            buffer.copy_within(first..first + words, self.walk.grid.slack());
        }
    }

    /// Copies rows of an input image, with what lies outside.
    fn load(&mut self, index: usize, input: usize, rows: Rows) {
        let Walk { program, layout, grid, inputs, .. } = *self.walk;
        let (image, outside) = (inputs[input], program.arrays[index].outside);
        let outside = outside.unwrap_or(Outside::Constant(false));
        let place = self.place(index, rows.start, 0);
        let words = self.words.clone();
        let buffer = &mut self.scratch.buffers[layout.buffers[index]];
        // With the word right of the last row.
        let target = &mut buffer[place..place + rows.len() * grid.stride + 1];
        let inside = inside(&rows, grid.height);
        if grid.whole && !inside.is_empty() {
            let from = (inside.start.cast_unsigned() + GUARD_ROWS) * grid.stride;
            let to = (inside.start - rows.start).cast_unsigned() * grid.stride;
            let length = inside.len() * grid.stride + 1;
            target[to..to + length].copy_from_slice(&image.all_words()[from..from + length]);
        }
        for (row, target) in rows.clone().zip(target.chunks_exact_mut(grid.stride)) {
            if grid.whole && inside.contains(&row) {
                continue;
            }
            let source = if inside.contains(&row) {
                Some(row.cast_unsigned())
            } else {
                stand_in(row, grid.height, outside)
            };
            match (source, outside) {
                (Some(row), _) => copy_words(target, grid.guard, image.row(row), &words),
                (None, Outside::Constant(value)) => target.fill(fill(value)),
                (None, _) => {}
            }
        }
        // Where the image's own guards were copied they are zeros already.
        if grid.whole && outside == Outside::Constant(false) {
            target[rows.len() * grid.stride] = 0;
        } else {
            self.frame(index, rows, outside);
        }
    }

    /// Sets the pixels outside the image left and right of an array's rows.
    fn frame(&mut self, index: usize, rows: Rows, outside: Outside) {
        let Walk { layout, grid, .. } = *self.walk;
        let (start, end) = (self.place(index, rows.start, 0), self.place(index, rows.end, 0));
        let edges = self.edges();
        let buffer = &mut self.scratch.buffers[layout.buffers[index]];
        edges.frame(&mut buffer[start..=end], grid.stride, outside);
    }

    /// Makes rows from other arrays, with what lies outside.
    fn compute(&mut self, index: usize, rows: Rows) {
        let Walk { program, layout, grid, .. } = *self.walk;
        let outside = program.arrays[index].outside;
        let inside = if outside.is_some() { inside(&rows, grid.height) } else { rows.clone() };
        let place = self.place(index, inside.start, 0);
        let mut buffer = mem::take(&mut self.scratch.buffers[layout.buffers[index]]);
        if !inside.is_empty() {
            // With the word right of the last row.
            let target = &mut buffer[place..place + inside.len() * grid.stride + 1];
            self.run_step(index, inside.start, 0, Target::whole(target, grid.stride));
        }
        if let Some(outside) = outside {
            let first = self.scratch.arrays[index].origin;
            for row in (rows.start..inside.start).chain(inside.end..rows.end) {
                let place = self.place(index, row, 0);
                match (stand_in(row, grid.height, outside).map(usize::cast_signed), outside) {
                    (Some(from), _) if (first..inside.end).contains(&from) => {
                        let from = self.place(index, from, 0);
                        buffer.copy_within(from..from + grid.stride, place);
                    }
                    (None, Outside::Constant(value)) => {
                        buffer[place..place + grid.stride].fill(fill(value));
                    }
                    // So far outside that nobody reads it.
                    _ => {}
                }
            }
        }
        self.scratch.buffers[layout.buffers[index]] = buffer;
        if let Some(outside) = outside {
            self.frame(index, rows, outside);
        }
    }

    /// Makes rows of a result where they are wanted, in an image.
    fn write_in_place(&mut self, index: usize, target: &mut [u64]) {
        let Walk { grid, .. } = *self.walk;
        let first = (self.rows.start.cast_unsigned() - self.band) * grid.stride + GUARD_WORDS;
        let last = first + (self.rows.len() - 1) * grid.stride;
        let words = &mut target[first..last + grid.words];
        let rows = Target { words: &mut *words, width: grid.words, stride: grid.stride };
        self.run_step(index, self.rows.start, GUARD_WORDS, rows);
        clear_past_width(&mut words[grid.words - 1..], grid.stride, grid.last_mask());
    }

    /// Copies rows of a result to its image.
    fn copy_out(&self, index: usize, target: &mut [u64]) {
        let Walk { grid, inputs, .. } = *self.walk;
        let stride = inputs[0].stride();
        let first = (self.rows.start.cast_unsigned() - self.band) * stride;
        let rows = target[first..].chunks_exact_mut(stride);
        let last = self.words.end == grid.words;
        for (row, target) in self.rows.clone().zip(rows) {
            let source = self.read(Term::aligned(index, false), row, grid.guard, self.words.len());
            let target = &mut target[GUARD_WORDS..][self.words.clone()];
            target.copy_from_slice(source.words);
            if let Some(word) = target.last_mut().filter(|_| last) {
                *word &= grid.last_mask();
            }
        }
    }

    /// Runs an array's step for the words of a target, the first of which is word `column` of a
    /// row.
    fn run_step(&self, index: usize, row: isize, column: usize, target: Target) {
        let length = target.words.len();
        let read = |&term: &Term| self.read(term, row, column, length);
        match &self.walk.program.arrays[index].step {
            Step::Join { rule, terms } => {
                let mut sources = [Source::EMPTY; MAX_TERMS];
                for (source, term) in sources.iter_mut().zip(terms) {
                    *source = read(term);
                }
                self.walk.kernel.join(*rule, target, &sources[..terms.len()]);
            }
            Step::Gate { addends, levels, at_least } => {
                let addends: Vec<Addend> = addends
                    .iter()
                    .map(|(term, level)| Addend { source: read(term), level: *level })
                    .collect();
                self.walk.kernel.gate(target.words, &addends, *levels, *at_least);
            }
            Step::Load { .. } | Step::Frame { .. } => unreachable!("no step on arrays"),
        }
    }

    /// What a term reads for `length` words from word `column` of a row on.
    fn read(&self, term: Term, row: isize, column: usize, length: usize) -> Source<'_> {
        let Walk { program, layout, grid, inputs, .. } = *self.walk;
        let bits = BITS.cast_signed();
        let shift = term.dx.rem_euclid(bits) as u32;
        let (read, right) = match term.across {
            Across::Around => (Read::Around(shift), -1),
            Across::Run => (Read::Run(shift), -1),
            Across::Once if term.complement => {
                (Read::ComplementFrom(shift), term.dx.div_euclid(bits))
            }
            Across::Once if shift > 0 => (Read::From(shift), term.dx.div_euclid(bits)),
            Across::Once => (Read::Words, term.dx.div_euclid(bits)),
        };
        let start = self.place(term.array, row + term.dy, column).strict_add_signed(right);
        let words = match program.arrays[term.array].step {
            Step::Load { input } if self.scratch.arrays[term.array].in_image => {
                inputs[input].all_words()
            }
            _ => &self.scratch.buffers[layout.buffers[term.array]],
        };
        let end = start + length + (term.rows - 1) * grid.stride + read.extra_words();
        Source { words: &words[start..end], read, rows: term.rows }
    }

    /// The place in memory of word `column` of an array's row.
    fn place(&self, index: usize, row: isize, column: usize) -> usize {
        let place = self.scratch.arrays[index];
        let grid = &self.walk.grid;
        let (origin, before) = if place.in_image {
            (-GUARD_ROWS.cast_signed(), 0)
        } else {
            (place.origin, grid.slack())
        };
        (row - origin).cast_unsigned() * grid.stride + before + column
    }

    fn edges(&self) -> Edges {
        let grid = &self.walk.grid;
        Edges {
            left: grid.guard.saturating_sub(self.words.start),
            last: grid.guard * BITS + grid.width - 1 - self.words.start * BITS,
            shared: grid.whole,
        }
    }
}

/// Those of some rows that are rows of the image.
fn inside(rows: &Rows, height: usize) -> Rows {
    let start = rows.start.max(0).min(rows.end);
    start..rows.end.min(height.cast_signed()).max(start)
}

/// Restores the zeros past an image's width in the last words of its rows.
fn clear_past_width(words: &mut [u64], stride: usize, last_mask: u64) {
    if last_mask != u64::MAX {
        words.iter_mut().step_by(stride).for_each(|word| *word &= last_mask);
    }
}

/// Copies the strip's words of an image's row, and as many beside them as there are.
fn copy_words(target: &mut [u64], guard: usize, row: &[u64], words: &Range<usize>) {
    let from = words.start.saturating_sub(guard);
    let to = row.len().min(words.end + guard);
    let start = guard + from - words.start;
    target[start..start + to - from].copy_from_slice(&row[from..to]);
}
