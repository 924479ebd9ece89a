//! Correlations of planes or filters that are mostly 0.

use pulp::{Arch, Simd, WithSimd};

use super::flat::{LANES, correlate};

/// The terms of a sum that are not 0: where they are, and what.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    places: Vec<usize>,
    values: Vec<f32>,
}

impl Terms {
    /// Those of the numbers at some places.
    pub fn at(places: &[usize], numbers: &[f32]) -> Self {
        let mut terms = Terms::default();
        places.iter().zip(numbers).for_each(|(&place, &number)| terms.push(place, number));
        terms
    }

    /// Adds those of numbers at consecutive places.
    pub fn push_all(&mut self, from: usize, numbers: &[f32]) {
        numbers.iter().enumerate().for_each(|(index, &number)| self.push(from + index, number));
    }

    fn push(&mut self, place: usize, number: f32) {
        if number != 0.0 {
            self.places.push(place);
            self.values.push(number);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }
}

/// [`correlate`] of filters by their [`Terms`], one a filter: bit for bit the same.
pub fn correlate_terms(arch: Arch, x: &[f32], filters: &[Terms], out: &mut [f32], len: usize) {
    for (Terms { places, values }, out) in filters.iter().zip(out.chunks_exact_mut(len)) {
        match places.is_empty() {
            true => out.fill(0.0),
            false => correlate(arch, x, places, values, out, len),
        }
    }
}

/// Planes by their [`Terms`] against a window of another plane: `out[j][t] = sum over terms (i, d) of plane j of
/// d * x[i + offsets[t]]`, as [`dot_windows`](super::flat::dot_windows) sums all of them.
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

const _: () = assert!(LANES >= 16, "no vector is longer");

#[cfg(test)]
mod tests {
    use super::super::flat::{dot_windows, whole_vectors};
    use super::*;
    use crate::kernels::instructions::arch;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    /// Numbers of which few are not 0.
    fn numbers(rng: &mut ChaCha8Rng, count: usize) -> Vec<f32> {
        let number = |_| if rng.random_bool(0.2) { rng.random_range(-4..5) as f32 } else { 0.0 };
        (0..count).map(number).collect()
    }

    #[test]
    fn few_terms_give_the_sums_of_all() {
        let (arch, mut rng) = (arch(), ChaCha8Rng::seed_from_u64(4));
        for (rows, columns) in [(1, 1), (3, 3), (7, 7), (2, 9), (5, 18), (1, 40)] {
            let (filters, stride) = (5, 50);
            let offsets: Vec<usize> =
                (0..rows).flat_map(|row| (0..columns).map(move |at| row * stride + at)).collect();
            let len = whole_vectors(6 * stride);
            let x: Vec<f32> = (0..len + offsets[offsets.len() - 1] + LANES)
                .map(|_| rng.random_range(-3..4) as f32)
                .collect();

            let weights = numbers(&mut rng, filters * offsets.len());
            let mut wanted = vec![0.0; filters * len];
            correlate(arch, &x, &offsets, &weights, &mut wanted, len);
            let terms: Vec<Terms> =
                weights.chunks_exact(offsets.len()).map(|w| Terms::at(&offsets, w)).collect();
            let mut found = vec![f32::NAN; filters * len];
            correlate_terms(arch, &x, &terms, &mut found, len);
            assert_eq!(found, wanted, "{rows}x{columns}");

            // Whole numbers, so that the order of a sum does not matter.
            let slopes = numbers(&mut rng, filters * len);
            let mut wanted = vec![0.0; filters * offsets.len()];
            dot_windows(arch, &slopes, &x, &offsets, &mut wanted, len);
            let terms = slopes.chunks_exact(len).map(|slopes| {
                let mut terms = Terms::default();
                terms.push_all(0, slopes);
                terms
            });
            let (planes, mut out) = (terms.collect::<Vec<_>>(), vec![f32::NAN; wanted.len()]);
            let (x, offsets) = (&x[..], &offsets[..]);
            arch.dispatch(DotTerms { x, offsets, columns, planes: &planes, out: &mut out });
            assert_eq!(out, wanted, "{rows}x{columns}");
        }
    }
}
