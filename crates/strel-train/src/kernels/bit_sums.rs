//! Weighted sums of bits: a product with binary inputs is a sum of selected numbers.
//!
//! Neurons are taken in blocks of [`BLOCK`], with the weights of a block transposed into a scratch that
//! stays in the processor's caches: one input's weights of all neurons of the block lie side by side,
//! and are added as vectors.

use rayon::prelude::*;

use super::Ones;
use super::vectorized::vectorized;

/// Neurons that are computed side by side.
pub(super) const BLOCK: usize = 64;

/// Inputs that are transposed together: as many rows of the scratch are written to in turn.
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
    let mut dw = vec![0.0; neurons * inputs];
    dw.par_chunks_mut(BLOCK * inputs).enumerate().for_each_init(
        || (vec![[0.0; BLOCK]; samples], vec![[0.0; BLOCK]; inputs]),
        |(slopes, columns), (block, dw)| {
            vectorized(
                #[inline(always)]
                || {
                    let here = block * BLOCK..block * BLOCK + dw.len() / inputs;
                    for (slopes, dy) in slopes.iter_mut().zip(dy.chunks_exact(neurons)) {
                        slopes[..here.len()].copy_from_slice(&dy[here.clone()]);
                    }
                    slopes_to_weights(ones, slopes, columns, dw);
                },
            )
        },
    );
    dw
}

/// The sums in blocks of neurons, `[blocks, samples, BLOCK]`.
pub(super) fn blocks_of_sums(ones: &Ones, w: &[f32]) -> Vec<f32> {
    let (samples, inputs) = (ones.samples(), ones.inputs());
    let neurons = w.len() / inputs;
    let mut sums = vec![0.0; neurons.div_ceil(BLOCK) * samples * BLOCK];
    let blocks = sums.par_chunks_exact_mut(samples * BLOCK).zip(w.par_chunks(BLOCK * inputs));
    blocks.for_each_init(
        || (vec![[0.0; BLOCK]; inputs], Vec::new()),
        |(columns, copy), (sums, weights)| {
            vectorized(
                #[inline(always)]
                || {
                    transpose(weights, copy, columns);
                    for (sample, sums) in sums.as_chunks_mut().0.iter_mut().enumerate() {
                        *sums = sum_of(columns, ones.of_sample(sample));
                    }
                },
            )
        },
    );
    sums
}

/// The gradients for the weights of a block, `dw` `[at most BLOCK, inputs]`, given those for its sums,
/// one row a sample; `columns` is scratch of a row an input.
#[inline(always)]
pub(super) fn slopes_to_weights(
    ones: &Ones,
    slopes: &[[f32; BLOCK]],
    columns: &mut [[f32; BLOCK]],
    dw: &mut [f32],
) {
    for (input, column) in columns.iter_mut().enumerate() {
        *column = sum_of(slopes, ones.of_input(input));
    }
    transpose_back(columns, dw);
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

/// Rows `[neurons, inputs]` of at most [`BLOCK`] neurons become columns. They are copied first: memory is read
/// fast in its order, and slowly across it.
#[inline(always)]
fn transpose(rows: &[f32], copy: &mut Vec<f32>, columns: &mut [[f32; BLOCK]]) {
    let inputs = columns.len();
    copy.clear();
    copy.extend_from_slice(rows);
    let rows = &copy[..];
    for (strip, columns) in columns.chunks_mut(STRIP).enumerate() {
        for (neuron, row) in rows.chunks_exact(inputs).enumerate() {
            for (column, value) in columns.iter_mut().zip(&row[strip * STRIP..]) {
                column[neuron] = *value;
            }
        }
    }
}

/// The opposite of [`transpose`].
#[inline(always)]
fn transpose_back(columns: &[[f32; BLOCK]], rows: &mut [f32]) {
    let inputs = columns.len();
    for (strip, columns) in columns.chunks(STRIP).enumerate() {
        for (neuron, row) in rows.chunks_exact_mut(inputs).enumerate() {
            for (column, value) in columns.iter().zip(&mut row[strip * STRIP..]) {
                *value = column[neuron];
            }
        }
    }
}
