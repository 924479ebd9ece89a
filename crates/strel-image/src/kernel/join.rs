//! The join: the union or the intersection of any number of shifted rows.

use super::part::{Part, Writer};
use super::source::{Source, TILE, with_tiles};
use super::vector::Vector;

/// How rows are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rule {
    /// OR; of nothing, zeros.
    Union,
    /// AND; of nothing, ones.
    Intersection,
}

/// Rows to write: the first `width` of every `stride` words. The last row may be shorter.
pub(crate) struct Target<'a> {
    pub words: &'a mut [u64],
    pub width: usize,
    pub stride: usize,
}

impl<'a> Target<'a> {
    /// Rows without gaps.
    pub(crate) fn whole(words: &'a mut [u64], stride: usize) -> Self {
        Target { words, width: stride, stride }
    }

    /// The target cut into parts of about `size` words. Rows may be in two of them.
    fn parts(&self, size: usize, stacked: bool) -> impl Iterator<Item = Part> + use<> {
        let length = self.words.len();
        // Without gaps and stacks it does not matter where a row ends.
        let (width, stride, most) = if self.width == self.stride && !stacked {
            (size, size, 1)
        } else {
            (self.width, self.stride, (size / self.stride).next_multiple_of(TILE).max(TILE))
        };
        let rows = (length + stride - width) / stride;
        let last = rows.saturating_sub(most.min(TILE));
        let whole = (0..rows.div_ceil(most)).map(move |part| {
            let start = (part * most).min(last);
            let rows = rows.min((part + 1) * most) - start;
            Part { at: start * stride, rows, width, stride }
        });
        let rest = length.saturating_sub(rows * stride);
        let rest = Part { at: rows * stride, rows: 1, width: rest, stride };
        whole.chain((rest.width > 0).then_some(rest))
    }
}

/// Words of a part that stays in the nearest cache while one group of sources after the other is
/// joined into it.
const PART: usize = 1024;

/// Writes into each word of the target the join of the sources' words at its place.
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Where a source is shorter than the target.
#[inline(always)]
pub(super) unsafe fn join<V: Vector>(rule: Rule, target: Target, sources: &[Source]) {
    let Target { ref words, width, stride } = target;
    assert!(0 < stride && width <= stride, "rows of {width} words, {stride} words apart");
    let is_there = |source: &Source| source.has(words.len(), stride);
    assert!(sources.iter().all(is_there), "a source is too short");
    // SAFETY: the caller's promise; the lengths were checked above.
    unsafe {
        match rule {
            Rule::Union => join_all::<V, true>(target, sources),
            Rule::Intersection => join_all::<V, false>(target, sources),
        }
    }
}

/// # Safety
/// The processor has the instruction set of `V`; no source is shorter than the target.
#[inline(always)]
unsafe fn join_all<V: Vector, const UNION: bool>(target: Target, sources: &[Source]) {
    if sources.is_empty() {
        let nothing = if UNION { 0 } else { u64::MAX };
        for row in target.words.chunks_mut(target.stride) {
            let width = row.len().min(target.width);
            row[..width].fill(nothing);
        }
        return;
    }
    let stacked = sources.iter().any(|source| source.rows > 1);
    let groups = || sources.chunk_by(|left, right| left.rows.max(right.rows) == 1);
    let size = if groups().count() == 1 { target.words.len().max(1) } else { PART };
    for part in target.parts(size, stacked) {
        let words = target.words.as_mut_ptr();
        let mut groups = groups();
        // SAFETY: the caller's promise; the part is one of the target.
        unsafe {
            if let Some(first) = groups.next() {
                with_tiles!(first, UNION, tiles => V::run(Writer::<_, UNION, false> { words, part, tiles }));
            }
            for group in groups {
                with_tiles!(group, UNION, tiles => V::run(Writer::<_, UNION, true> { words, part, tiles }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Kernel, MAX_ROWS, MAX_RUN_ROWS, Read};

    /// Bit `at` of some words.
    fn bit(words: &[u64], at: usize) -> bool {
        words[at / 64] >> (at % 64) & 1 == 1
    }

    /// Bit `at` of a row of a source by definition.
    fn read(source: &Source, at: usize) -> Vec<bool> {
        let bit = |at: usize| bit(source.words, at);
        match source.read {
            Read::Words => vec![bit(at)],
            Read::From(shift) => vec![bit(at + shift as usize)],
            Read::ComplementFrom(shift) => vec![!bit(at + shift as usize)],
            Read::Around(shift) => {
                vec![bit(at + 64 - shift as usize), bit(at + 64 + shift as usize)]
            }
            Read::Run(shift) => {
                let shift = shift as usize;
                vec![bit(at + 64 - shift), bit(at + 64), bit(at + 64 + shift)]
            }
        }
    }

    fn joined(rule: Rule, sources: &[Source], stride: usize, at: usize) -> bool {
        let mut bits = sources.iter().flat_map(|source| {
            (0..source.rows).flat_map(move |row| read(source, at + row * stride * 64))
        });
        match rule {
            Rule::Union => bits.any(|bit| bit),
            Rule::Intersection => bits.all(|bit| bit),
        }
    }

    fn random_words(count: usize) -> Vec<u64> {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state ^ state >> 29
        };
        (0..count).map(|_| next() & next()).collect()
    }

    /// Ways to read that make up a join, each with its number of rows.
    fn joins() -> Vec<Vec<(Read, usize)>> {
        let singles = [Read::Words, Read::From(0), Read::From(63), Read::From(5)];
        let others = [Read::ComplementFrom(0), Read::ComplementFrom(9), Read::Around(63)];
        let mut reads: Vec<(Read, usize)> =
            singles.into_iter().chain(others).map(|read| (read, 1)).collect();
        reads.extend([3, 5, MAX_ROWS].map(|rows| (Read::Words, rows)));
        reads.extend([1, MAX_RUN_ROWS].map(|rows| (Read::Run(1), rows)));
        let mut joins: Vec<_> = reads.iter().map(|&read| vec![read]).collect();
        joins.extend((1..=9).map(|count| vec![(Read::Words, 1); count]));
        joins.push([vec![(Read::Words, 1); 6], reads].concat());
        joins.push(Vec::new());
        joins
    }

    /// Every kernel, for rows with and without gaps, against the definition.
    #[test]
    fn kernels_join_what_they_say() {
        let words = random_words(3000);
        for (rows, width, stride) in
            [(1, 1, 1), (3, 3, 4), (9, 4, 5), (17, 7, 9), (2, 33, 36), (8, 41, 41), (10, 2, 2)]
        {
            let length = (rows - 1) * stride + width;
            for reads in joins() {
                let sources: Vec<Source> = reads
                    .iter()
                    .enumerate()
                    .map(|(n, &(read, rows))| Source { words: &words[31 * n..], read, rows })
                    .collect();
                for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
                    for rule in [Rule::Union, Rule::Intersection] {
                        let mut target = vec![0xabcd; length];
                        kernel.join(rule, Target { words: &mut target, width, stride }, &sources);
                        for (place, &word) in target.iter().enumerate() {
                            let expected = if place % stride < width {
                                let bits = (0..64).map(|bit| {
                                    u64::from(joined(rule, &sources, stride, 64 * place + bit))
                                        << bit
                                });
                                bits.sum()
                            } else {
                                0xabcd
                            };
                            assert_eq!(word, expected, "{kernel}, {rule:?}, {reads:?}, {stride}");
                        }
                    }
                }
            }
        }
    }
}
