//! The join: the union or the intersection of any number of shifted rows.

use super::source::{Source, TILE, Tiles, with_stack};
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
}

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
    // SAFETY: the caller's promise.
    unsafe {
        match sources {
            [] => {
                let nothing = if UNION { 0 } else { u64::MAX };
                for row in target.words.chunks_mut(target.stride) {
                    let width = row.len().min(target.width);
                    row[..width].fill(nothing);
                }
            }
            // How one source is read is known before the first tile.
            [source] => {
                let stacked = source.rows > 1;
                with_stack!(source, UNION, stack => write::<V>(target, stacked, stack));
            }
            sources => {
                let stacked = sources.iter().any(|source| source.rows > 1);
                let plain = sources.iter().take_while(|source| source.is_plain()).count();
                let (plain, others) = sources.split_at(plain);
                write::<V>(target, stacked, Joined::<UNION> { plain, others });
            }
        }
    }
}

/// Sources, one after the other; those that are read word for word, which come first, four at a
/// time.
struct Joined<'a, const UNION: bool> {
    plain: &'a [Source<'a>],
    others: &'a [Source<'a>],
}

impl<const UNION: bool> Tiles for Joined<'_, UNION> {
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
            let (fours, rest) = self.plain.as_chunks::<4>();
            for four in fours {
                let words = four.map(|source| source.words.as_ptr().add(at));
                for (k, vector) in tile.iter_mut().enumerate() {
                    for words in words {
                        *vector = vector.join::<UNION>(V::load(words.add(k * step)));
                    }
                }
            }
            for source in rest {
                let words = source.words.as_ptr().add(at);
                for (k, vector) in tile.iter_mut().enumerate() {
                    *vector = vector.join::<UNION>(V::load(words.add(k * step)));
                }
            }
            for source in self.others {
                source.join_into::<V, UNION, N>(tile, at, step);
            }
        }
    }
}

/// Writes tiles of vectors side by side or, where rows have gaps or are stacked, below each other.
///
/// # Safety
/// The processor has the instruction set of `V`; the words are there.
#[inline(always)]
unsafe fn write<V: Vector>(target: Target, stacked: bool, tiles: impl Tiles) {
    let Target { words, width, stride } = target;
    let length = words.len();
    let writer = Writer { words: words.as_mut_ptr(), tiles };
    // SAFETY: the caller's promise.
    unsafe {
        if width == stride && !stacked {
            return writer.write_row::<V>(0, length);
        }
        let rows = (length + stride - width) / stride;
        let rest = length.saturating_sub(rows * stride);
        if !stacked && width >= TILE * V::WORDS {
            for row in 0..rows {
                writer.write_row::<V>(row * stride, width);
            }
            return writer.write_row::<V>(rows * stride, rest);
        }
        let tiled = rows - rows % TILE;
        for row in (0..tiled).step_by(TILE) {
            writer.write_rows::<V, TILE>(row * stride, width, stride);
        }
        for row in tiled..rows {
            writer.write_rows::<V, 1>(row * stride, width, stride);
        }
        writer.write_rows::<V, 1>(rows * stride, rest, stride);
    }
}

/// Where the words of tiles are written.
struct Writer<T> {
    words: *mut u64,
    tiles: T,
}

impl<T: Tiles> Writer<T> {
    /// Writes `length` words from `at` on. The last vector is made twice in part, if need be.
    ///
    /// # Safety
    /// As [`write`], here and below.
    #[inline(always)]
    unsafe fn write_row<V: Vector>(&self, mut at: usize, mut length: usize) {
        // SAFETY: the caller's promise; each tile ends before `length`.
        unsafe {
            let past = self.words.add(at).addr() / size_of::<u64>() % V::WORDS;
            if past > 0 && length > V::WORDS {
                // The vectors after the first one are written to aligned addresses.
                self.write_tile::<V, 1>(at, 0);
                at += V::WORDS - past;
                length -= V::WORDS - past;
            }
            let tiled = length - length % (TILE * V::WORDS);
            for column in (0..tiled).step_by(TILE * V::WORDS) {
                self.write_tile::<V, TILE>(at + column, V::WORDS);
            }
            self.write_rows::<V, 1>(at + tiled, length - tiled, 0);
        }
    }

    /// Writes `width` words from `at` on in each of `N` rows.
    #[inline(always)]
    unsafe fn write_rows<V: Vector, const N: usize>(&self, at: usize, width: usize, stride: usize) {
        let mut column = 0;
        // SAFETY: the caller's promise; each vector ends before `width`.
        unsafe {
            while column + V::WORDS <= width {
                self.write_tile::<V, N>(at + column, stride);
                column += V::WORDS;
            }
            if column < width && V::WORDS <= width {
                return self.write_tile::<V, N>(at + width - V::WORDS, stride);
            }
            while column < width {
                self.write_tile::<u64, N>(at + column, stride);
                column += 1;
            }
        }
    }

    #[inline(always)]
    unsafe fn write_tile<V: Vector, const N: usize>(&self, at: usize, step: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            let mut tile = [V::fill(if T::UNION { 0 } else { u64::MAX }); N];
            self.tiles.join_into(&mut tile, at, step);
            for (k, vector) in tile.into_iter().enumerate() {
                vector.store(self.words.add(at + k * step));
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
