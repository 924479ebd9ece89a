//! Parts of a target, written tile by tile.

use super::source::{TILE, Tiles};
use super::vector::{Task, Vector};

/// Some rows of a target: `width` words of each `stride`, from word `at` on.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub at: usize,
    pub rows: usize,
    pub width: usize,
    pub stride: usize,
}

/// Tiles to be written into a part of some words or, `ONTO`, joined with what is there.
pub(super) struct Writer<T, const UNION: bool, const ONTO: bool> {
    pub words: *mut u64,
    pub part: Part,
    pub tiles: T,
}

impl<T: Tiles, const UNION: bool, const ONTO: bool> Task for Writer<T, UNION, ONTO> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let width = self.part.width;
        // SAFETY: the caller's promise; no vector is wider than a row.
        unsafe {
            if width >= V::WORDS {
                self.write::<V>();
            } else if width >= V::Narrow::WORDS {
                self.write::<V::Narrow>();
            } else {
                self.write::<u64>();
            }
        }
    }
}

impl<T: Tiles, const UNION: bool, const ONTO: bool> Writer<T, UNION, ONTO> {
    /// Writes all words.
    ///
    /// # Safety
    /// As [`Task::run`], here and below; a row has the words of a vector.
    #[inline(always)]
    unsafe fn write<V: Vector>(&self) {
        let Part { at, rows, width, .. } = self.part;
        // SAFETY: the caller's promise; no vector ends after its row.
        unsafe {
            let past = self.words.add(at).addr() / size_of::<u64>() % V::WORDS;
            if !T::STACKED && width >= TILE * V::WORDS {
                self.write_beside::<V>(past);
            } else if rows >= TILE {
                self.write_below::<V, TILE>();
            } else {
                self.write_below::<V, 1>();
            }
        }
    }

    /// Writes tiles of vectors side by side. The last one may overlap the one before.
    ///
    /// # Safety
    /// As [`write`](Self::write), here and below; the part has the rows and the words of a tile.
    #[inline(always)]
    unsafe fn write_beside<V: Vector>(&self, past: usize) {
        let Part { at, rows, width, stride } = self.part;
        let (step, last) = (TILE * V::WORDS, width - TILE * V::WORDS);
        for row in 0..rows {
            let start = at + row * stride;
            let mut column = 0;
            loop {
                // SAFETY: the caller's promise.
                unsafe { self.write_tile::<V, TILE>(start + column, V::WORDS) };
                if column == last {
                    break;
                }
                // The tiles after the first one are written to aligned addresses.
                let next = if column == 0 { step - past } else { column + step };
                column = next.min(last);
            }
        }
    }

    /// Writes tiles of vectors below each other. The last ones may overlap those before.
    #[inline(always)]
    unsafe fn write_below<V: Vector, const N: usize>(&self) {
        let Part { at, rows, width, stride } = self.part;
        let (last_row, last) = (rows - N, width - V::WORDS);
        let mut row = 0;
        loop {
            let start = at + row * stride;
            let mut column = 0;
            loop {
                // SAFETY: the caller's promise.
                unsafe { self.write_tile::<V, N>(start + column, stride) };
                if column == last {
                    break;
                }
                column = (column + V::WORDS).min(last);
            }
            if row == last_row {
                break;
            }
            row = (row + N).min(last_row);
        }
    }

    #[inline(always)]
    unsafe fn write_tile<V: Vector, const N: usize>(&self, at: usize, step: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            let words = self.words.add(at);
            let mut tile = self.tiles.tile::<V, N>(at, step);
            if ONTO {
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
