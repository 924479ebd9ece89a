//! Weighted sums of bits: a product with binary inputs is a sum of selected numbers.
//!
//! Neurons are taken in blocks of [`BLOCK`], with the weights of a block transposed into a scratch that
//! stays in the processor's caches: one input's weights of all neurons of the block lie side by side,
//! and are added as vectors.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::Ones;
use super::chunks::by_chunks;
use super::instructions::arch;
use super::transpose::transpose;
use super::vectorized::vectorized;

/// Neurons that are computed side by side.
pub(super) const BLOCK: usize = 64;

/// Inputs whose gradients are found together, and written to the rows of all neurons.
const STRIP: usize = 16;

/// The sums `W.x`, `[samples, neurons]`, for weights `w` `[neurons, inputs]`.
pub fn bit_sums(ones: &Ones, w: &[f32]) -> Vec<f32> {
    let (samples, neurons) = (ones.samples(), w.len() / ones.inputs());
    let blocks = blocks_of_sums(ones, w);
    let mut sums = vec![0.0; samples * neurons];
    sums.par_chunks_exact_mut(neurons).enumerate().for_each(|(sample, sums)| {
        for (block, sums) in sums.chunks_mut(BLOCK).enumerate() {
            let from = (block * samples + sample) * BLOCK;
            sums.copy_from_slice(&blocks[from..from + sums.len()]);
        }
    });
    sums
}

/// The gradient of a loss for the weights `[neurons, inputs]`, given its gradient `dy` `[samples,
/// neurons]` for the sums; summed over the samples in their order.
pub fn bit_sums_backward(ones: &Ones, dy: &[f32]) -> Vec<f32> {
    let (samples, inputs) = (ones.samples(), ones.inputs());
    let neurons = dy.len() / samples;
    let scratch = || vec![[0.0; BLOCK]; samples];
    let make = |slopes: &mut Vec<[f32; BLOCK]>, block: usize, dw: &mut [f32]| {
        vectorized(
            #[inline(always)]
            || {
                let here = block * BLOCK..block * BLOCK + dw.len() / inputs;
                for (slopes, dy) in slopes.iter_mut().zip(dy.chunks_exact(neurons)) {
                    slopes[..here.len()].copy_from_slice(&dy[here.clone()]);
                }
                slopes_to_weights(ones, slopes, dw);
            },
        )
    };
    by_chunks(neurons * inputs, BLOCK * inputs, scratch, make).0
}

/// The sums in blocks of neurons, `[blocks, samples, BLOCK]`.
pub(super) fn blocks_of_sums(ones: &Ones, w: &[f32]) -> Vec<f32> {
    let (samples, inputs) = (ones.samples(), ones.inputs());
    let neurons = w.len() / inputs;
    let mut sums = vec![0.0; neurons.div_ceil(BLOCK) * samples * BLOCK];
    let blocks = sums.par_chunks_exact_mut(samples * BLOCK).zip(w.par_chunks(BLOCK * inputs));
    blocks.for_each_init(
        || vec![[0.0; BLOCK]; inputs],
        |columns, (sums, weights)| {
            let sums = sums.as_chunks_mut().0;
            arch().dispatch(BlockSums { ones, weights, columns, sums })
        },
    );
    sums
}

/// The sums of a block of neurons, one row a sample; `columns` is scratch of a row an input.
struct BlockSums<'a> {
    ones: &'a Ones,
    weights: &'a [f32],
    columns: &'a mut [[f32; BLOCK]],
    sums: &'a mut [[f32; BLOCK]],
}

impl WithSimd for BlockSums<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let BlockSums { ones, weights, columns, sums } = self;
        transpose(simd, weights, columns);
        for (sample, sums) in sums.iter_mut().enumerate() {
            *sums = sum_of(columns, ones.of_sample(sample));
        }
    }
}

/// The gradients for the weights of a block, `dw` `[at most BLOCK, inputs]`, given those for its sums, one row a
/// sample.
#[inline(always)]
pub(super) fn slopes_to_weights(ones: &Ones, slopes: &[[f32; BLOCK]], dw: &mut [f32]) {
    let inputs = ones.inputs();
    let mut columns = [[0.0; BLOCK]; STRIP];
    for first in (0..inputs).step_by(STRIP) {
        let here = first..inputs.min(first + STRIP);
        for (input, column) in here.clone().zip(&mut columns) {
            *column = sum_of(slopes, ones.of_input(input));
        }
        for (neuron, row) in dw.chunks_exact_mut(inputs).enumerate() {
            for (value, column) in row[here.clone()].iter_mut().zip(&columns) {
                *value = column[neuron];
            }
        }
    }
}

/// The sum of the rows that are listed.
#[inline(always)]
fn sum_of(rows: &[[f32; BLOCK]], list: &[u32]) -> [f32; BLOCK] {
    let mut sum = [0.0; BLOCK];
    for &index in list {
        let row = &rows[index as usize];
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += value;
        }
    }
    sum
}
