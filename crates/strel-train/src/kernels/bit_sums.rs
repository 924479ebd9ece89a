//! Weighted sums of bits: a product with binary inputs is a sum of selected numbers.
//!
//! Neurons are taken in blocks of [`BLOCK`], with the weights of a block transposed into a scratch that
//! stays in the processor's caches: one input's weights of all neurons of the block lie side by side,
//! and are added as vectors.

use std::mem::MaybeUninit;
use std::ops::Range;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::Ones;
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
    let neurons = dy.len() / ones.samples();
    let (gradient, _) = gradient_by_blocks(
        ones,
        neurons,
        #[inline(always)]
        |here, slopes| {
            for (slopes, dy) in slopes.iter_mut().zip(dy.chunks_exact(neurons)) {
                slopes[..here.len()].copy_from_slice(&dy[here.clone()]);
            }
        },
    );
    gradient
}

/// The gradient for weights `[neurons, inputs]`. For the neurons of each block, `slopes_of` writes that for their sums, a row
/// a sample, and says something else.
pub(super) fn gradient_by_blocks<R: Send>(
    ones: &Ones,
    neurons: usize,
    slopes_of: impl Fn(Range<usize>, &mut [[f32; BLOCK]]) -> R + Sync,
) -> (Vec<f32>, Vec<R>) {
    let (samples, inputs) = (ones.samples(), ones.inputs());
    let len = neurons * inputs;
    let mut dw = Vec::with_capacity(len);
    let blocks = dw.spare_capacity_mut()[..len].par_chunks_mut(BLOCK * inputs).enumerate();
    let said = blocks.map_init(
        || vec![[0.0; BLOCK]; samples],
        |slopes, (block, dw)| {
            vectorized(
                #[inline(always)]
                || {
                    let first = block * BLOCK;
                    let said = slopes_of(first..first + dw.len() / inputs, slopes);
                    slopes_to_weights(ones, slopes, dw);
                    said
                },
            )
        },
    );
    let said = said.collect();
    // SAFETY: the first `len` numbers are those of the blocks, and `slopes_to_weights` writes all of a block.
    unsafe { dw.set_len(len) };
    (dw, said)
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
            add_rows(sums, columns, ones.of_sample(sample));
        }
    }
}

/// Writes the gradients for the weights of a block, `dw` `[at most BLOCK, inputs]`, given those for its sums, one row a
/// sample.
#[inline(always)]
fn slopes_to_weights(ones: &Ones, slopes: &[[f32; BLOCK]], dw: &mut [MaybeUninit<f32>]) {
    let inputs = ones.inputs();
    let mut columns = [[0.0; BLOCK]; STRIP];
    for first in (0..inputs).step_by(STRIP) {
        let here = first..inputs.min(first + STRIP);
        for (input, column) in here.clone().zip(&mut columns) {
            *column = [0.0; BLOCK];
            add_rows(column, slopes, ones.of_input(input));
        }
        for (neuron, row) in dw.chunks_exact_mut(inputs).enumerate() {
            for (value, column) in row[here.clone()].iter_mut().zip(&columns) {
                value.write(column[neuron]);
            }
        }
    }
}

/// Adds the rows that are listed.
#[inline(always)]
fn add_rows(sum: &mut [f32; BLOCK], rows: &[[f32; BLOCK]], list: &[u32]) {
    let mut total = *sum;
    for &index in list {
        let row = &rows[index as usize];
        for (total, value) in total.iter_mut().zip(row) {
            *total += value;
        }
    }
    *sum = total;
}
