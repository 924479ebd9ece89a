//! The join: the union or the intersection of any number of shifted rows.

use super::vector::Vector;

/// Vectors that a join keeps in registers while it goes through its sources.
const TILE: usize = 8;

/// How rows are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rule {
    /// OR; of nothing, zeros.
    Union,
    /// AND; of nothing, ones.
    Intersection,
}

/// Words to read, and how.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub words: &'a [u64],
    pub read: Read,
}

/// How a source is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// Word for word.
    Words,
    /// From a bit of the first word on: 0 to 63.
    From(u32),
    /// The complement of `From`.
    ComplementFrom(u32),
    /// What lies this many bits, 1 to 63, before and after the second word, joined. It saves two
    /// of four loads.
    Around(u32),
}

impl Read {
    /// Words read past as many as are made.
    pub(crate) fn extra_words(self) -> usize {
        match self {
            Read::Words | Read::From(0) | Read::ComplementFrom(0) => 0,
            Read::From(_) | Read::ComplementFrom(_) => 1,
            Read::Around(_) => 2,
        }
    }

    fn shift(self) -> u32 {
        match self {
            Read::Words => 0,
            Read::From(shift) | Read::ComplementFrom(shift) | Read::Around(shift) => shift,
        }
    }
}

impl Source<'_> {
    /// A source of nothing.
    pub(crate) const EMPTY: Source<'static> = Source { words: &[], read: Read::Words };

    /// Whether as many words can be read from it.
    pub(super) fn has(&self, words: usize) -> bool {
        self.read.shift() < 64 && self.words.len() >= words + self.read.extra_words()
    }

    /// Changes vectors by the words from `at` on: each becomes `with(vector, words)`, with both
    /// words in turn where the source is read around a place.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`; the source has `at + N * V::WORDS` words.
    #[inline(always)]
    pub(super) unsafe fn fold<V: Vector, const N: usize>(
        &self,
        at: usize,
        vectors: &mut [V; N],
        with: impl Fn(V, V) -> V,
    ) {
        // SAFETY: vector k reads the words from `at + k * V::WORDS` on, and after them the extra
        // words of its way to read, all of which the source has.
        unsafe {
            let words = self.words.as_ptr().add(at);
            let load = |k: usize, after: usize| V::load(words.add(k * V::WORDS + after));
            match self.read {
                Read::Words => {
                    for (k, vector) in vectors.iter_mut().enumerate() {
                        *vector = with(*vector, load(k, 0));
                    }
                }
                Read::From(shift) => {
                    for (k, vector) in vectors.iter_mut().enumerate() {
                        *vector = with(*vector, V::funnel(load(k, 0), load(k, 1), shift));
                    }
                }
                Read::ComplementFrom(shift) => {
                    let high = self.read.extra_words();
                    for (k, vector) in vectors.iter_mut().enumerate() {
                        let words = V::funnel(load(k, 0), load(k, high), shift);
                        *vector = with(*vector, words.xor(V::fill(u64::MAX)));
                    }
                }
                Read::Around(shift) => {
                    for (k, vector) in vectors.iter_mut().enumerate() {
                        let middle = load(k, 1);
                        let before = V::funnel(load(k, 0), middle, 64 - shift);
                        let after = V::funnel(middle, load(k, 2), shift);
                        *vector = with(with(*vector, before), after);
                    }
                }
            }
        }
    }
}

/// Writes into each word of the target the join of the sources' words at its place.
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Where a source is shorter than the target.
#[inline(always)]
pub(super) unsafe fn join<V: Vector>(rule: Rule, target: &mut [u64], sources: &[Source]) {
    assert!(sources.iter().all(|source| source.has(target.len())), "a source is too short");
    match (rule, sources) {
        (Rule::Union, []) => target.fill(0),
        (Rule::Intersection, []) => target.fill(u64::MAX),
        // SAFETY: the caller's promise; the lengths were checked above.
        (Rule::Union, [first, rest @ ..]) => unsafe { join_all::<V, true>(target, first, rest) },
        // SAFETY: as above.
        (Rule::Intersection, [first, rest @ ..]) => unsafe {
            join_all::<V, false>(target, first, rest);
        },
    }
}

/// # Safety
/// The processor has the instruction set of `V`; no source is shorter than the target.
#[inline(always)]
unsafe fn join_all<V: Vector, const UNION: bool>(
    target: &mut [u64],
    first: &Source,
    rest: &[Source],
) {
    let (length, words) = (target.len(), target.as_mut_ptr());
    let mut at = 0;
    // SAFETY: each tile ends before `length`, which no source is shorter than.
    unsafe {
        while at + TILE * V::WORDS <= length {
            join_tile::<V, UNION, TILE>(words, first, rest, at);
            at += TILE * V::WORDS;
        }
        while at + V::WORDS <= length {
            join_tile::<V, UNION, 1>(words, first, rest, at);
            at += V::WORDS;
        }
        while at < length {
            join_tile::<u64, UNION, 1>(words, first, rest, at);
            at += 1;
        }
    }
}

/// # Safety
/// The processor has the instruction set of `V`; target and sources have `at + N * V::WORDS`
/// words.
#[inline(always)]
unsafe fn join_tile<V: Vector, const UNION: bool, const N: usize>(
    target: *mut u64,
    first: &Source,
    rest: &[Source],
    at: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let join = |vector: V, words| if UNION { vector.or(words) } else { vector.and(words) };
        let mut joined = [V::fill(if UNION { 0 } else { u64::MAX }); N];
        match first.read {
            Read::Around(_) => first.fold(at, &mut joined, join),
            _ => first.fold(at, &mut joined, |_, words| words),
        }
        for source in rest {
            source.fold(at, &mut joined, join);
        }
        for (k, vector) in joined.into_iter().enumerate() {
            vector.store(target.add(at + k * V::WORDS));
        }
    }
}
