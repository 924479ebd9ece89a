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

/// Words to read, from a bit of the first one on, or their complement.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub words: &'a [u64],
    /// 0 to 63.
    pub shift: u32,
    pub complement: bool,
}

impl Source<'_> {
    /// A source of nothing.
    pub(crate) const EMPTY: Source<'static> = Source { words: &[], shift: 0, complement: false };

    /// Whether as many words can be read from it.
    pub(super) fn has(&self, words: usize) -> bool {
        self.shift < 64 && self.words.len() >= words + usize::from(self.shift > 0)
    }

    /// The vectors from word `at` on.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`; the source has `at + N * V::WORDS` words.
    #[inline(always)]
    pub(super) unsafe fn read<V: Vector, const N: usize>(&self, at: usize) -> [V; N] {
        // SAFETY: vector k reads the words from `at + k * V::WORDS` on, and one more word where
        // the shift is not zero, all of which the source has.
        unsafe {
            let words = self.words.as_ptr().add(at);
            let mut vectors = [V::fill(0); N];
            for (k, vector) in vectors.iter_mut().enumerate() {
                *vector = V::load(words.add(k * V::WORDS));
            }
            if self.shift > 0 {
                for (k, vector) in vectors.iter_mut().enumerate() {
                    let high = V::load(words.add(k * V::WORDS + 1));
                    *vector = V::funnel(*vector, high, self.shift);
                }
            }
            if self.complement {
                for vector in &mut vectors {
                    *vector = vector.xor(V::fill(u64::MAX));
                }
            }
            vectors
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
        let mut joined: [V; N] = first.read(at);
        for source in rest {
            let read: [V; N] = source.read(at);
            for (vector, other) in joined.iter_mut().zip(read) {
                *vector = if UNION { vector.or(other) } else { vector.and(other) };
            }
        }
        for (k, vector) in joined.into_iter().enumerate() {
            vector.store(target.add(at + k * V::WORDS));
        }
    }
}
