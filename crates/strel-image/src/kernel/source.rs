//! What a step reads: words of a row, shifted, complemented, or joined with their neighbours, and
//! with the same words of the rows below.

use super::vector::Vector;

/// Most rows that a source joins.
pub(crate) const MAX_ROWS: usize = 7;

/// Most rows of runs that a source joins: a tile shifts one row less anew.
pub(crate) const MAX_RUN_ROWS: usize = 3;

/// Words to read, and how.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub words: &'a [u64],
    pub read: Read,
    /// Rows that are joined, from the one that is read downwards: 1, 3, 5 or 7 of `Words`, 1 or 3 of
    /// runs, and 1 otherwise.
    pub rows: usize,
}

/// How a row of a source is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// Word for word.
    Words,
    /// From a bit of the first word on: 0 to 63.
    From(u32),
    /// The complement of `From`.
    ComplementFrom(u32),
    /// What lies this many bits, 1 to 63, before and after the second word, joined.
    Around(u32),
    /// What lies `Around` the second word, joined with the word itself.
    Run(u32),
}

impl Read {
    /// Words read past as many as are made.
    pub(crate) fn extra_words(self) -> usize {
        match self {
            Read::Words | Read::From(0) | Read::ComplementFrom(0) => 0,
            Read::From(_) | Read::ComplementFrom(_) => 1,
            Read::Around(_) | Read::Run(_) => 2,
        }
    }

    fn is_legal(self) -> bool {
        match self {
            Read::Words => true,
            Read::From(shift) | Read::ComplementFrom(shift) => shift < 64,
            Read::Around(shift) | Read::Run(shift) => (1..64).contains(&shift),
        }
    }
}

impl Source<'_> {
    /// A source of nothing.
    pub(crate) const EMPTY: Source<'static> = Source { words: &[], read: Read::Words, rows: 1 };

    /// Whether as many words can be read from it, where rows begin `stride` words apart.
    pub(super) fn has(&self, words: usize, stride: usize) -> bool {
        let rows = match self.read {
            Read::Words => [1, 3, 5, MAX_ROWS].contains(&self.rows),
            Read::Run(_) => [1, MAX_RUN_ROWS].contains(&self.rows),
            _ => self.rows == 1,
        };
        let needed = words + (self.rows - 1) * stride + self.read.extra_words();
        rows && self.read.is_legal() && self.words.len() >= needed
    }

    /// The vector at word `at`, where a single row is read.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`; the source has the words.
    #[inline(always)]
    pub(super) unsafe fn vector<V: Vector>(&self, at: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let words = self.words.as_ptr().add(at);
            match self.read {
                Read::Words => V::load(words),
                Read::From(shift) => From(shift).read::<V, true>(words),
                Read::ComplementFrom(shift) => ComplementFrom(shift).read::<V, true>(words),
                Read::Around(shift) => Around(shift).read::<V, true>(words),
                Read::Run(shift) => Run(shift).read::<V, true>(words),
            }
        }
    }
}

/// Evaluates an expression with the [`Tiles`] of some sources of a single row or of one of several,
/// whose type says how it is read.
macro_rules! with_tiles {
    ($sources:expr, $union:ident, $tiles:ident => $run:expr) => {{
        use crate::kernel::source::{From, Joined, Read, Run, Stack, Words};
        macro_rules! stack {
            ($rows:literal, $reader:expr) => {{
                let $tiles = Stack::<_, $union, $rows>::new($sources[0].words.as_ptr(), $reader);
                $run
            }};
        }
        match ($sources[0].read, $sources[0].rows) {
            (Read::From(shift), _) if $sources.len() == 1 => stack!(1, From(shift)),
            (Read::Run(shift), 1) if $sources.len() == 1 => stack!(1, Run(shift)),
            (Read::Words, 3) => stack!(3, Words),
            (Read::Words, 5) => stack!(5, Words),
            (Read::Words, 7) => stack!(7, Words),
            (Read::Run(shift), 3) => stack!(3, Run(shift)),
            _ => {
                let $tiles = Joined::<$union>($sources);
                $run
            }
        }
    }};
}
pub(super) use with_tiles;

/// What tiles of vectors are made of.
pub(super) trait Tiles {
    /// Whether rows below each other are joined; they are `step` words apart.
    const STACKED: bool;

    /// The vectors at the words `at + k * step`.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`; the words are there.
    unsafe fn tile<V: Vector, const N: usize>(&self, at: usize, step: usize) -> [V; N];
}

/// Vectors of a tile at most.
pub(super) const TILE: usize = 8;

/// Sources of a single row, joined.
pub(super) struct Joined<'a, const UNION: bool>(pub &'a [Source<'a>]);

impl<const UNION: bool> Tiles for Joined<'_, UNION> {
    const STACKED: bool = false;

    #[inline(always)]
    unsafe fn tile<V: Vector, const N: usize>(&self, at: usize, step: usize) -> [V; N] {
        macro_rules! join {
            ($tile:ident, $words:ident, $reader:expr) => {
                for (k, vector) in $tile.iter_mut().enumerate() {
                    let row = $reader.read::<V, UNION>($words.add(k * step));
                    *vector = vector.join::<UNION>(row);
                }
            };
        }
        // SAFETY: the caller's promise.
        unsafe {
            let mut tile = [V::fill(if UNION { 0 } else { u64::MAX }); N];
            for source in self.0 {
                let words = source.words.as_ptr().add(at);
                match source.read {
                    Read::Words => join!(tile, words, Words),
                    Read::From(shift) => join!(tile, words, From(shift)),
                    Read::ComplementFrom(shift) => join!(tile, words, ComplementFrom(shift)),
                    Read::Around(shift) => join!(tile, words, Around(shift)),
                    Read::Run(shift) => join!(tile, words, Run(shift)),
                }
            }
            tile
        }
    }
}

/// Rows below each other, joined.
pub(super) struct Stack<R, const UNION: bool, const ROWS: usize> {
    words: *const u64,
    reader: R,
}

impl<R: Reader, const UNION: bool, const ROWS: usize> Stack<R, UNION, ROWS> {
    #[inline(always)]
    pub(super) fn new(words: *const u64, reader: R) -> Self {
        Stack { words, reader }
    }
}

impl<R: Reader, const UNION: bool, const ROWS: usize> Tiles for Stack<R, UNION, ROWS> {
    const STACKED: bool = ROWS > 1;

    #[inline(always)]
    unsafe fn tile<V: Vector, const N: usize>(&self, at: usize, step: usize) -> [V; N] {
        // SAFETY: the caller's promise.
        unsafe {
            let mut rows = [V::fill(0); TILE + MAX_ROWS - 1];
            for (k, row) in rows[..N + ROWS - 1].iter_mut().enumerate() {
                *row = self.reader.read::<V, UNION>(self.words.add(at + k * step));
            }
            // Every row becomes the join of itself and the ROWS - 1 below it, by doubling.
            let mut joined = 1;
            while joined < ROWS {
                let more = if joined < ROWS - joined { joined } else { ROWS - joined };
                for k in 0..N + ROWS - joined - more {
                    rows[k] = rows[k].join::<UNION>(rows[k + more]);
                }
                joined += more;
            }
            let mut tile = [V::fill(0); N];
            tile.copy_from_slice(&rows[..N]);
            tile
        }
    }
}

/// How a vector of a row is read.
pub(super) trait Reader: Copy {
    /// # Safety
    /// The processor has the instruction set of `V`; `V::WORDS` words, and the extra ones of the
    /// way to read, can be read from `words` on.
    unsafe fn read<V: Vector, const UNION: bool>(self, words: *const u64) -> V;
}

#[derive(Clone, Copy)]
pub(super) struct Words;

#[derive(Clone, Copy)]
pub(super) struct From(pub u32);

#[derive(Clone, Copy)]
pub(super) struct ComplementFrom(pub u32);

#[derive(Clone, Copy)]
pub(super) struct Around(pub u32);

#[derive(Clone, Copy)]
pub(super) struct Run(pub u32);

impl Reader for Words {
    #[inline(always)]
    unsafe fn read<V: Vector, const UNION: bool>(self, words: *const u64) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::load(words) }
    }
}

impl Reader for From {
    #[inline(always)]
    unsafe fn read<V: Vector, const UNION: bool>(self, words: *const u64) -> V {
        // SAFETY: the caller's promise. Without a shift there is no extra word.
        unsafe {
            let high = Read::From(self.0).extra_words();
            V::funnel(V::load(words), V::load(words.add(high)), self.0)
        }
    }
}

impl Reader for ComplementFrom {
    #[inline(always)]
    unsafe fn read<V: Vector, const UNION: bool>(self, words: *const u64) -> V {
        // SAFETY: the caller's promise.
        unsafe { From(self.0).read::<V, UNION>(words).xor(V::fill(u64::MAX)) }
    }
}

impl Reader for Around {
    #[inline(always)]
    unsafe fn read<V: Vector, const UNION: bool>(self, words: *const u64) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let middle = V::load(words.add(1));
            let before = V::funnel(V::load(words), middle, 64 - self.0);
            before.join::<UNION>(V::funnel(middle, V::load(words.add(2)), self.0))
        }
    }
}

impl Reader for Run {
    #[inline(always)]
    unsafe fn read<V: Vector, const UNION: bool>(self, words: *const u64) -> V {
        // SAFETY: the caller's promise.
        unsafe { Around(self.0).read::<V, UNION>(words).join::<UNION>(V::load(words.add(1))) }
    }
}
