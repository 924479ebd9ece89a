//! Parts of a target, written tile by tile.

use std::hint::black_box;

use super::source::{TILE, Tiles};
use super::vector::Vector;

/// Some rows of a target: `width` words of each `stride`, from word `at` on.
pub(super) struct Part {
    pub at: usize,
    pub rows: usize,
    pub width: usize,
    pub stride: usize,
}

impl Part {
    /// Writes tiles into the part of some words, or joins them `onto` what is there.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`; the part, and what the tiles are made of, is
    /// there.
    #[inline(always)]
    pub(super) unsafe fn write<V: Vector, T: Tiles, const UNION: bool>(
        &self,
        words: *mut u64,
        onto: bool,
        tiles: T,
    ) {
        let &Part { at, rows, width, stride } = self;
        // SAFETY: the caller's promise; no vector ends after its row.
        unsafe {
            let writer = Writer::<_, UNION> { words: words.add(at), at, onto, tiles };
            let past = writer.words.addr() / size_of::<u64>() % V::WORDS;
            let side_by_side = TILE * V::WORDS;
            let (down, across) = (Starts::all(rows, 1), Starts::all(width, V::WORDS));
            if width < V::WORDS {
                writer.write::<u64, 1, BELOW>(down, Starts::all(width, 1), stride);
            } else if !T::STACKED && width >= side_by_side {
                // The tiles after the first one are written to aligned addresses.
                let across = Starts { past, ..Starts::all(width, side_by_side) };
                writer.write::<V, TILE, BESIDE>(down, across, stride);
            } else if rows >= TILE {
                writer.write::<V, TILE, BELOW>(Starts::all(rows, TILE), across, stride);
            } else {
                writer.write::<V, 1, BELOW>(down, across, stride);
            }
        }
    }
}

/// Where tiles start: every `step` words or rows, the last one earlier where it would end too late.
#[derive(Clone, Copy)]
struct Starts {
    last: usize,
    step: usize,
    /// How much earlier all but the first start.
    past: usize,
}

impl Starts {
    /// The starts of tiles of `step` that cover a length no less than that.
    #[inline(always)]
    fn all(length: usize, step: usize) -> Self {
        Starts { last: length - step, step, past: 0 }
    }

    #[inline(always)]
    fn each(self) -> impl Iterator<Item = usize> {
        let Starts { last, step, past } = self;
        (0..(last + past).div_ceil(step) + 1)
            .map(move |k| (k * step).saturating_sub(past).min(last))
    }
}

/// Whether the vectors of a tile lie below each other.
const BELOW: bool = true;
const BESIDE: bool = false;

/// What is written, and where.
struct Writer<T, const UNION: bool> {
    words: *mut u64,
    /// Place of the first word in what tiles are made of.
    at: usize,
    onto: bool,
    tiles: T,
}

impl<T: Tiles, const UNION: bool> Writer<T, UNION> {
    /// Writes tiles whose vectors lie beside or below each other.
    ///
    /// # Safety
    /// As [`Part::write`].
    #[inline(always)]
    unsafe fn write<V: Vector, const N: usize, const BELOW: bool>(
        &self,
        down: Starts,
        across: Starts,
        stride: usize,
    ) {
        for row in down.each() {
            for column in across.each() {
                let first = row * stride + column;
                // A step that the compiler does not know: it would keep the address of each row,
                // and has not as many registers.
                let step = if BELOW { black_box(stride) } else { V::WORDS };
                // SAFETY: the caller's promise.
                unsafe {
                    let words = self.words.add(first);
                    let mut tile = self.tiles.tile::<V, N>(self.at + first, step);
                    if self.onto {
                        for (k, vector) in tile.iter_mut().enumerate() {
                            *vector = vector.join::<UNION>(V::load(words.add(k * step)));
                        }
                    }
                    for (k, vector) in tile.into_iter().enumerate() {
                        vector.store(words.add(k * step));
                    }
                }
            }
        }
    }
}
