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

    /// Whether a single row is read word for word.
    pub(super) fn is_plain(&self) -> bool {
        (self.read, self.rows) == (Read::Words, 1)
    }

    /// Joins into each vector of a tile what lies at its place, as [`Tiles::join_into`] does.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`; the source has the words.
    #[inline(always)]
    pub(super) unsafe fn join_into<V: Vector, const UNION: bool, const N: usize>(
        &self,
        tile: &mut [V; N],
        at: usize,
        step: usize,
    ) {
        // SAFETY: the caller's promise.
        unsafe { with_stack!(self, UNION, stack => stack.join_into(tile, at, step)) }
    }
}

/// Evaluates an expression with the [`Stack`] of a source, whose type says how it is read.
macro_rules! with_stack {
    ($source:expr, $union:ident, $stack:ident => $run:expr) => {{
        use crate::kernel::source::{Around, ComplementFrom, From, Read, Run, Stack, Words};
        macro_rules! stack {
            ($rows:literal, $reader:expr) => {{
                let $stack = Stack::<_, $union, $rows>::new($source.words.as_ptr(), $reader);
                $run
            }};
        }
        match ($source.read, $source.rows) {
            (Read::Words, 1) => stack!(1, Words),
            (Read::Words, 3) => stack!(3, Words),
            (Read::Words, 5) => stack!(5, Words),
            (Read::Words, _) => stack!(7, Words),
            (Read::Run(shift), 1) => stack!(1, Run(shift)),
            (Read::Run(shift), _) => stack!(3, Run(shift)),
            (Read::From(shift), _) => stack!(1, From(shift)),
            (Read::ComplementFrom(shift), _) => stack!(1, ComplementFrom(shift)),
            (Read::Around(shift), _) => stack!(1, Around(shift)),
        }
    }};
}
pub(super) use with_stack;

/// What tiles of vectors are joined from.
pub(super) trait Tiles {
    const UNION: bool;

    /// Joins into each of `N` vectors what lies at its place: vector k at word `at + k * step`.
    /// Where rows are joined they are `step` words apart.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`; the words are there.
    unsafe fn join_into<V: Vector, const N: usize>(
        &self,
        tile: &mut [V; N],
        at: usize,
        step: usize,
    );
}

/// Rows below each other.
pub(super) struct Stack<R, const UNION: bool, const ROWS: usize> {
    words: *const u64,
    reader: R,
}

impl<R: Reader, const UNION: bool, const ROWS: usize> Stack<R, UNION, ROWS> {
    #[inline(always)]
    pub(super) fn new(words: *const u64, reader: R) -> Self {
        Stack { words, reader }
    }

    /// The vector at word `at` of a single row. Closures would not be inlined: they lack the
    /// instruction set.
    #[inline(always)]
    unsafe fn read<V: Vector>(&self, at: usize) -> V {
        // SAFETY: the caller has the instruction set and the words.
        unsafe { self.reader.read::<V, UNION>(self.words.add(at)) }
    }
}

/// Vectors of a tile at most.
pub(super) const TILE: usize = 8;

impl<R: Reader, const UNION: bool, const ROWS: usize> Tiles for Stack<R, UNION, ROWS> {
    const UNION: bool = UNION;

    #[inline(always)]
    unsafe fn join_into<V: Vector, const N: usize>(
        &self,
        tile: &mut [V; N],
        at: usize,
        step: usize,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            if ROWS == 1 {
                for (k, vector) in tile.iter_mut().enumerate() {
                    *vector = vector.join::<UNION>(self.read(at + k * step));
                }
                return;
            }
            let mut rows = [V::fill(0); TILE + MAX_ROWS - 1];
            for (k, row) in rows[..N + ROWS - 1].iter_mut().enumerate() {
                *row = self.read(at + k * step);
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
            for (vector, row) in tile.iter_mut().zip(rows) {
                *vector = vector.join::<UNION>(row);
            }
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
