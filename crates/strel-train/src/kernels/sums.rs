//! Weighted sums of features, for many neurons and samples, and their gradients.
//!
//! Neurons are taken in blocks of `N`, with the weights of a block transposed into a scratch that stays in the
//! processor's caches: one feature's weights of all neurons of the block lie side by side, and are added as vectors. A
//! feature that is a bit is added or not; so the cost is that of the ones alone.

use std::ops::Range;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::features::Features;
use super::instructions::arch;
use super::transpose::transpose;
use super::vectors::add_multiple;

/// Neurons of a dense layer, or samples, that are computed side by side.
pub const BLOCK: usize = 64;

/// The sums `W.x` for weights `[neurons, features]`, in blocks of `N` neurons: `[blocks, samples]` rows.
pub fn sums_in_blocks<const N: usize>(x: &Features, weights: &[f32]) -> Vec<[f32; N]> {
    let (samples, features) = (x.samples(), x.count());
    let blocks = (weights.len() / features).div_ceil(N);
    let mut sums = vec![[0.0; N]; blocks * samples];
    let blocks = sums.par_chunks_exact_mut(samples).zip(weights.par_chunks(N * features));
    blocks.for_each_init(
        || vec![[0.0; N]; features],
        |columns, (sums, weights)| {
            arch().dispatch(Transpose { weights, columns });
            // Few neurons and many samples are shared out, too.
            let parts = sums.par_chunks_mut(BLOCK).enumerate();
            parts.for_each(|(part, sums)| {
                arch().dispatch(SampleSums { x, first: part * BLOCK, columns, sums });
            });
        },
    );
    sums
}

/// Writes the gradient for the weights of the neurons of a block, `[at most N, features]`, given that for their sums, a
/// row a sample: `dW(n, i) = sum over samples of slope(n) x(i)`, in the order of the samples.
pub fn weight_gradient<const N: usize>(x: &Features, slopes: &[[f32; N]], gradient: &mut [f32]) {
    arch().dispatch(WeightGradient { x, slopes, gradient });
}

/// The same for all weights of few neurons, shared out by features.
pub fn wide_weight_gradient<const N: usize>(
    x: &Features,
    slopes: &[[f32; N]],
    neurons: usize,
) -> Vec<f32> {
    let features = x.count();
    let mut columns = vec![[0.0; N]; features];
    columns.par_chunks_mut(BLOCK * STRIP).enumerate().for_each(|(part, columns)| {
        let first = part * BLOCK * STRIP;
        arch().dispatch(Columns { x, slopes, here: first..first + columns.len(), columns });
    });
    let mut gradient = vec![0.0; neurons * features];
    for (neuron, row) in gradient.chunks_exact_mut(features).enumerate() {
        row.iter_mut().zip(&columns).for_each(|(value, column)| *value = column[neuron]);
    }
    gradient
}

/// The gradient for the features, `[samples, features]`: `dx(i) = sum over neurons n of slope(n) W(n, i)`, given that for
/// their sums in blocks, `[blocks, samples]` rows, and the weights `[neurons, features]`.
pub fn feature_gradient<const N: usize>(
    slopes: &[[f32; N]],
    weights: &[f32],
    [samples, features]: [usize; 2],
) -> Vec<f32> {
    /// Samples that a thread takes at a time, for which weights are read once.
    const GROUP: usize = 8;
    let mut dx = vec![0.0; samples * features];
    dx.par_chunks_mut(GROUP * features).enumerate().for_each(|(group, dx)| {
        for (neuron, weights) in weights.chunks_exact(features).enumerate() {
            let rows = &slopes[neuron / N * samples + group * GROUP..];
            for (row, dx) in rows.iter().zip(dx.chunks_exact_mut(features)) {
                add_multiple(arch(), row[neuron % N], weights, dx);
            }
        }
    });
    dx
}

/// Features by columns: for each [`BLOCK`] samples a row for every feature, `[blocks of samples, features]`; 0 where there
/// is no sample.
pub fn columns_of(x: &Features) -> Vec<[f32; BLOCK]> {
    let features = x.count();
    let mut columns = vec![[0.0; BLOCK]; x.samples().div_ceil(BLOCK) * features];
    match x {
        Features::Bits(ones) => {
            for input in 0..features {
                for sample in ones.of_input(input).iter().map(|&sample| sample as usize) {
                    columns[sample / BLOCK * features + input][sample % BLOCK] = 1.0;
                }
            }
        }
        Features::Numbers { values, .. } => {
            for (sample, row) in values.chunks_exact(features).enumerate() {
                let columns = &mut columns[sample / BLOCK * features..][..features];
                for (column, &value) in columns.iter_mut().zip(row) {
                    column[sample % BLOCK] = value;
                }
            }
        }
    }
    columns
}

/// The sums of the columns that are listed, for each block of samples; `features` columns are of one block.
pub fn sums_of_columns(
    columns: &[[f32; BLOCK]],
    features: usize,
    list: &[u32],
    sums: &mut [[f32; BLOCK]],
) {
    arch().dispatch(ColumnSums { columns, features, list, sums });
}

struct ColumnSums<'a> {
    columns: &'a [[f32; BLOCK]],
    features: usize,
    list: &'a [u32],
    sums: &'a mut [[f32; BLOCK]],
}

impl WithSimd for ColumnSums<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (columns, sum) in self.columns.chunks_exact(self.features).zip(self.sums) {
            *sum = [0.0; BLOCK];
            add_rows(sum, columns, self.list);
        }
    }
}

struct Transpose<'a, const N: usize> {
    weights: &'a [f32],
    /// A row a feature.
    columns: &'a mut [[f32; N]],
}

impl<const N: usize> WithSimd for Transpose<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        transpose(simd, self.weights, self.columns);
    }
}

struct SampleSums<'a, const N: usize> {
    x: &'a Features,
    /// The first sample.
    first: usize,
    columns: &'a [[f32; N]],
    /// A row a sample.
    sums: &'a mut [[f32; N]],
}

impl<const N: usize> WithSimd for SampleSums<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let SampleSums { x, first, columns, sums } = self;
        match x {
            Features::Bits(ones) => {
                for (sample, sums) in sums.iter_mut().enumerate() {
                    add_rows(sums, columns, ones.of_sample(first + sample));
                }
            }
            Features::Numbers { values, .. } => {
                let rows = values.chunks_exact(columns.len()).skip(first);
                for (sums, values) in sums.iter_mut().zip(rows) {
                    add_multiples(simd, sums, columns.iter().zip(values));
                }
            }
        }
    }
}

/// Features whose gradients are found together, and written to the rows of all neurons.
const STRIP: usize = 16;

struct WeightGradient<'a, const N: usize> {
    x: &'a Features,
    slopes: &'a [[f32; N]],
    gradient: &'a mut [f32],
}

impl<const N: usize> WithSimd for WeightGradient<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let WeightGradient { x, slopes, gradient } = self;
        let features = x.count();
        let mut columns = [[0.0; N]; STRIP];
        for first in (0..features).step_by(STRIP) {
            let here = first..features.min(first + STRIP);
            let columns = &mut columns[..here.len()];
            Columns { x, slopes, here: here.clone(), columns: &mut *columns }.with_simd(simd);
            for (neuron, row) in gradient.chunks_exact_mut(features).enumerate() {
                for (value, column) in row[here.clone()].iter_mut().zip(&*columns) {
                    *value = column[neuron];
                }
            }
        }
    }
}

/// The gradients for the weights of some features, a row a feature.
struct Columns<'a, const N: usize> {
    x: &'a Features,
    slopes: &'a [[f32; N]],
    here: Range<usize>,
    columns: &'a mut [[f32; N]],
}

impl<const N: usize> WithSimd for Columns<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Columns { x, slopes, here, columns } = self;
        let features = x.count();
        for (feature, column) in here.zip(columns) {
            *column = [0.0; N];
            match x {
                Features::Bits(ones) => add_rows(column, slopes, ones.of_input(feature)),
                Features::Numbers { values, .. } => {
                    let values = values[feature..].iter().step_by(features);
                    add_multiples(simd, column, slopes.iter().zip(values));
                }
            }
        }
    }
}

/// Adds the rows that are listed.
#[inline(always)]
fn add_rows<const N: usize>(sum: &mut [f32; N], rows: &[[f32; N]], list: &[u32]) {
    let mut total = *sum;
    for &index in list {
        let row = &rows[index as usize];
        for (total, value) in total.iter_mut().zip(row) {
            *total += value;
        }
    }
    *sum = total;
}

/// Adds multiples of rows.
#[inline(always)]
fn add_multiples<'a, S: Simd, const N: usize>(
    simd: S,
    sum: &mut [f32; N],
    terms: impl Iterator<Item = (&'a [f32; N], &'a f32)>,
) {
    let mut total = *sum;
    for (row, &factor) in terms {
        let factor = simd.splat_f32s(factor);
        let (row, total) = (S::as_simd_f32s(row).0, S::as_mut_simd_f32s(&mut total).0);
        for (total, &value) in total.iter_mut().zip(row) {
            *total = simd.mul_add_e_f32s(factor, value, *total);
        }
    }
    *sum = total;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::features::Ones;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    /// Whole numbers, whose sums do not depend on their order.
    fn numbers(rng: &mut ChaCha8Rng, count: usize) -> Vec<f32> {
        (0..count).map(|_| rng.random_range(-3..4) as f32).collect()
    }

    fn features(rng: &mut ChaCha8Rng, samples: usize, count: usize) -> [Features; 2] {
        let mut list = |_| (0..samples as u32).filter(|_| rng.random_bool(0.4)).collect();
        let bits =
            Features::Bits(Ones::of_lists(samples, (0..count).map(&mut list).collect::<Vec<_>>()));
        [bits, Features::Numbers { samples, values: numbers(rng, samples * count) }]
    }

    #[test]
    fn sums_and_gradients_are_those_of_the_definition() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        for [samples, count, neurons] in
            [[1, 1, 1], [3, 7, 5], [9, 33, 64], [17, 40, 65], [8, 16, 130]]
        {
            for x in features(&mut rng, samples, count) {
                let (values, weights) = (x.to_values(), numbers(&mut rng, neurons * count));
                let blocks = neurons.div_ceil(BLOCK);
                let sums = sums_in_blocks::<BLOCK>(&x, &weights);
                let slopes: Vec<[f32; BLOCK]> = (0..blocks * samples)
                    .map(|_| numbers(&mut rng, BLOCK).try_into().unwrap())
                    .collect();
                let slope = |s: usize, n: usize| slopes[n / BLOCK * samples + s][n % BLOCK];
                for (s, n) in (0..samples).flat_map(|s| (0..neurons).map(move |n| (s, n))) {
                    let terms = (0..count).map(|i| weights[n * count + i] * values[s * count + i]);
                    let found = sums[n / BLOCK * samples + s][n % BLOCK];
                    assert_eq!(found, terms.sum::<f32>(), "{samples} {count} {neurons}");
                }
                for block in 0..blocks {
                    let here = block * BLOCK..neurons.min((block + 1) * BLOCK);
                    let mut gradient = vec![f32::NAN; here.len() * count];
                    weight_gradient(&x, &slopes[block * samples..][..samples], &mut gradient);
                    for (n, i) in here.clone().flat_map(|n| (0..count).map(move |i| (n, i))) {
                        let terms = (0..samples).map(|s| slope(s, n) * values[s * count + i]);
                        assert_eq!(gradient[(n - here.start) * count + i], terms.sum::<f32>());
                    }
                }
                if blocks == 1 {
                    let mut gradient = vec![f32::NAN; neurons * count];
                    weight_gradient(&x, &slopes, &mut gradient);
                    assert_eq!(wide_weight_gradient(&x, &slopes, neurons), gradient);
                }
                let list: Vec<u32> = (0..count as u32).step_by(2).collect();
                let mut of_list = vec![[f32::NAN; BLOCK]; samples.div_ceil(BLOCK)];
                sums_of_columns(&columns_of(&x), count, &list, &mut of_list);
                for s in 0..samples {
                    let terms = list.iter().map(|&i| values[s * count + i as usize]);
                    assert_eq!(of_list[s / BLOCK][s % BLOCK], terms.sum::<f32>());
                }
                let dx = feature_gradient(&slopes, &weights, [samples, count]);
                for (s, i) in (0..samples).flat_map(|s| (0..count).map(move |i| (s, i))) {
                    let terms = (0..neurons).map(|n| slope(s, n) * weights[n * count + i]);
                    assert_eq!(dx[s * count + i], terms.sum::<f32>());
                }
            }
        }
    }
}
