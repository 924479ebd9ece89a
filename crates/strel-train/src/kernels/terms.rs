//! Sums over few of many numbers: over the members of a window at every pixel, and over the pixels of a plane that are
//! not 0 at every place of a window.

use pulp::{Arch, Simd, WithSimd};

use super::frame::Frame;
use super::vectors::{BLOCK, Elementwise};

/// Writes `f(sum over offsets o of x[i + o])` for every pixel `i` of a frame's image; the columns after it, up to a whole
/// vector, are overrun.
pub fn offset_sums(
    arch: Arch,
    frame: &Frame,
    x: &[f32],
    offsets: &[isize],
    finish: impl Elementwise,
    out: &mut [f32],
) {
    arch.dispatch(OffsetSums { frame, x, offsets, finish, out });
}

struct OffsetSums<'a, F> {
    frame: &'a Frame,
    x: &'a [f32],
    offsets: &'a [isize],
    finish: F,
    out: &'a mut [f32],
}

impl<F: Elementwise> WithSimd for OffsetSums<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for row in 0..self.frame.height.cast_signed() {
            let mut at = self.frame.at(row, 0);
            let mut left = self.frame.width.div_ceil(S::F32_LANES);
            while left >= BLOCK {
                self.block::<S, BLOCK>(simd, at);
                (at, left) = (at + BLOCK * S::F32_LANES, left - BLOCK);
            }
            for vector in 0..left {
                self.block::<S, 1>(simd, at + vector * S::F32_LANES);
            }
        }
    }
}

impl<F: Elementwise> OffsetSums<'_, F> {
    #[inline(always)]
    fn block<S: Simd, const V: usize>(&mut self, simd: S, at: usize) {
        let mut sums = [simd.splat_f32s(0.0); V];
        for &offset in self.offsets {
            let x = &self.x[at.wrapping_add_signed(offset)..][..V * S::F32_LANES];
            for (sum, &x) in sums.iter_mut().zip(S::as_simd_f32s(x).0) {
                *sum = simd.add_f32s(*sum, x);
            }
        }
        let out = &mut self.out[at..][..V * S::F32_LANES];
        for (out, sum) in S::as_mut_simd_f32s(out).0.iter_mut().zip(sums) {
            *out = self.finish.of(simd, sum);
        }
    }
}

/// Numbers of a plane that are not 0: where they are, and what.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    places: Vec<usize>,
    values: Vec<f32>,
}

impl Terms {
    /// Adds one.
    pub fn push(&mut self, place: usize, value: f32) {
        self.places.push(place);
        self.values.push(value);
    }

    /// All of them, with their places.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f32)> {
        self.places.iter().copied().zip(self.values.iter().copied())
    }
}

/// Planes by their [`Terms`] against a window of another plane: `out[j][t] = sum over terms (i, d) of plane j of
/// d * x[i + offsets[t]]`.
pub struct DotTerms<'a> {
    /// [`LANES`] values more than the windows read.
    pub x: &'a [f32],
    /// The offsets of the window, in rows of consecutive ones.
    pub offsets: &'a [usize],
    /// The length of a row of offsets.
    pub columns: usize,
    pub planes: &'a [Terms],
    /// `[planes, offsets]`.
    pub out: &'a mut [f32],
}

/// Vectors that are summed at a time, and those of the last ones.
const MANY: usize = 8;
const FEW: usize = 4;

impl WithSimd for DotTerms<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let DotTerms { x, offsets, columns, planes, out } = self;
        // Where vectors of a window begin, and which of its values they have.
        let vectors: Vec<(usize, usize, usize)> = (0..offsets.len())
            .step_by(columns)
            .flat_map(|row| (0..columns).step_by(S::F32_LANES).map(move |from| (row, from)))
            .map(|(row, from)| (offsets[row] + from, row + from, row + columns))
            .collect();
        let mut starts: Vec<usize> = vectors.iter().map(|vector| vector.0).collect();
        starts.resize(starts.len().next_multiple_of(FEW), 0);
        let mut sums = vec![simd.splat_f32s(0.0); starts.len()];
        for (terms, out) in planes.iter().zip(out.chunks_exact_mut(offsets.len())) {
            let (many, few) = starts.as_chunks::<MANY>();
            let (many_sums, few_sums) = sums.as_chunks_mut::<MANY>();
            for (sums, starts) in many_sums.iter_mut().zip(many) {
                *sums = vector_sums(simd, x, starts, terms);
            }
            for (sums, starts) in
                few_sums.as_chunks_mut::<FEW>().0.iter_mut().zip(few.as_chunks::<FEW>().0)
            {
                *sums = vector_sums(simd, x, starts, terms);
            }
            for (&(_, from, end), &sum) in vectors.iter().zip(&sums) {
                let end = end.min(from + S::F32_LANES);
                simd.partial_store_f32s(&mut out[from..end], sum);
            }
        }
    }
}

/// `sum over terms (i, d) of d * x[i + start..]`, a vector for each of the starts.
#[inline(always)]
fn vector_sums<S: Simd, const N: usize>(
    simd: S,
    x: &[f32],
    starts: &[usize; N],
    terms: &Terms,
) -> [S::f32s; N] {
    let mut sums = [simd.splat_f32s(0.0); N];
    for (&place, &value) in terms.places.iter().zip(&terms.values) {
        let value = simd.splat_f32s(value);
        let x = &x[place..];
        for (sum, &start) in sums.iter_mut().zip(starts) {
            let x = S::as_simd_f32s(&x[start..start + S::F32_LANES]).0[0];
            *sum = simd.mul_add_e_f32s(value, x, *sum);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::instructions::arch;
    use crate::kernels::vectors::LANES;
    use crate::kernels::windows::Plain;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    /// Whole numbers, so that the order of a sum does not matter.
    fn numbers(rng: &mut ChaCha8Rng, count: usize) -> Vec<f32> {
        (0..count).map(|_| rng.random_range(-3..4) as f32).collect()
    }

    #[test]
    fn sums_over_members_are_those_of_the_definition() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for (size, kernel) in
            [((1, 1), (1, 1)), ((5, 9), (3, 5)), ((7, 70), (5, 2)), ((3, 33), (7, 7))]
        {
            let frame = Frame::new(size, kernel);
            let x = numbers(&mut rng, frame.len());
            for members in [0, 1, 6] {
                let mut place =
                    |side: usize| rng.random_range(0..side) as isize - side as isize / 2;
                let offsets: Vec<isize> = (0..members)
                    .map(|_| place(kernel.0) * frame.stride as isize + place(kernel.1))
                    .collect();
                let mut out = vec![f32::NAN; frame.len()];
                offset_sums(arch(), &frame, &x, &offsets, Plain, &mut out);
                for (row, col) in (0..size.0).flat_map(|row| (0..size.1).map(move |c| (row, c))) {
                    let at = frame.at(row as isize, col as isize);
                    let sum: f32 = offsets.iter().map(|&o| x[at.wrapping_add_signed(o)]).sum();
                    assert_eq!(out[at], sum, "{size:?} {kernel:?}, {row} {col}");
                }
            }
        }
    }

    #[test]
    fn sums_over_terms_are_those_of_the_definition() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        for (rows, columns) in [(1, 1), (3, 3), (7, 7), (2, 9), (5, 18), (1, 40)] {
            let stride = 50;
            let offsets: Vec<usize> =
                (0..rows).flat_map(|row| (0..columns).map(move |at| row * stride + at)).collect();
            let x = numbers(&mut rng, 300 + offsets[offsets.len() - 1] + LANES);
            let planes: Vec<Terms> = (0..5)
                .map(|plane| {
                    let mut terms = Terms::default();
                    (0..13 * plane).for_each(|_| {
                        terms.push(rng.random_range(0..300), rng.random_range(-4..5) as f32)
                    });
                    terms
                })
                .collect();
            let mut out = vec![f32::NAN; 5 * offsets.len()];
            let (x, offsets) = (&x[..], &offsets[..]);
            arch().dispatch(DotTerms { x, offsets, columns, planes: &planes, out: &mut out });
            for (terms, out) in planes.iter().zip(out.chunks_exact(offsets.len())) {
                for (&offset, &found) in offsets.iter().zip(out) {
                    let sum: f32 = terms.iter().map(|(place, d)| d * x[place + offset]).sum();
                    assert_eq!(found, sum, "{rows}x{columns}");
                }
            }
        }
    }
}
