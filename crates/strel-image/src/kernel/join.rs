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
                with_tiles!(first, UNION, tiles => {
                    V::run(Writer::<_, UNION, false> { words, part, tiles });
                });
            }
            for group in groups {
                with_tiles!(group, UNION, tiles => {
                    V::run(Writer::<_, UNION, true> { words, part, tiles });
                });
            }
        }
    }
}

#[cfg(test)]
mod tests;
