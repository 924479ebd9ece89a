//! DenseLUI neurons that read bits.

use rayon::prelude::*;

use super::Ones;
use super::bit_sums::{BLOCK, blocks_of_sums, gradient_by_blocks};
use super::sigmoid::{smooth_threshold, smooth_threshold_slope};
use super::vectorized::vectorized;

/// What neurons give, and what their gradients need.
#[derive(Debug)]
pub struct DenseOutputs {
    /// `y = xi(p (W.x - b))`, `[samples, neurons]`.
    pub y: Vec<f32>,
    /// `W.x` in blocks of neurons, `[blocks, samples, BLOCK]`.
    sums: Vec<f32>,
}

/// The outputs of neurons of weights `w` `[neurons, inputs]`, biases `b` and scales `p` `[neurons]`.
pub fn dense_forward(ones: &Ones, w: &[f32], b: &[f32], p: &[f32]) -> DenseOutputs {
    let (samples, neurons) = (ones.samples(), b.len());
    let sums = blocks_of_sums(ones, w);
    let mut y = vec![0.0; samples * neurons];
    y.par_chunks_exact_mut(neurons).enumerate().for_each(|(sample, y)| {
        vectorized(
            #[inline(always)]
            || {
                let parameters = b.chunks(BLOCK).zip(p.chunks(BLOCK));
                for (block, (y, (b, p))) in y.chunks_mut(BLOCK).zip(parameters).enumerate() {
                    let sums = &sums[(block * samples + sample) * BLOCK..][..BLOCK];
                    for (((y, sum), b), p) in y.iter_mut().zip(sums).zip(b).zip(p) {
                        *y = smooth_threshold(p * (sum - b));
                    }
                }
            },
        )
    });
    DenseOutputs { y, sums }
}

/// The gradients of [`dense_forward`]; there is none for the bits.
pub struct DenseGradients {
    /// For the weights, `[neurons, inputs]`.
    pub w: Vec<f32>,
    /// For the biases, `[neurons]`.
    pub b: Vec<f32>,
    /// For the scales, `[neurons]`.
    pub p: Vec<f32>,
}

/// The gradients of a loss, given its gradient `dy` `[samples, neurons]` for the outputs.
///
/// With `u = p (W.x - b)` and `du = dy xi'(u)`: `dW = p sum du x`, `db = -p sum du`,
/// `dp = sum du (W.x - b)`, summed over the samples in their order.
pub fn dense_backward(
    ones: &Ones,
    b: &[f32],
    p: &[f32],
    outputs: &DenseOutputs,
    dy: &[f32],
) -> DenseGradients {
    let (samples, neurons) = (ones.samples(), b.len());
    let (w, blocks) = gradient_by_blocks(
        ones,
        neurons,
        #[inline(always)]
        |here, slopes| {
            let (b, p) = (&b[here.clone()], &p[here.clone()]);
            let sums = &outputs.sums.as_chunks::<BLOCK>().0[here.start / BLOCK * samples..];
            let (mut db, mut dp) = ([0.0; BLOCK], [0.0; BLOCK]);
            let rows = dy.chunks_exact(neurons).zip(outputs.y.chunks_exact(neurons));
            for ((du, sums), (dy, y)) in slopes.iter_mut().zip(sums).zip(rows) {
                let (dy, y) = (&dy[here.clone()], &y[here.clone()]);
                for (n, du) in du.iter_mut().enumerate().take(y.len()) {
                    *du = dy[n] * smooth_threshold_slope(y[n]);
                    dp[n] += *du * (sums[n] - b[n]);
                    *du *= p[n];
                    db[n] -= *du;
                }
            }
            (db, dp)
        },
    );
    let [mut b, mut p]: [Vec<f32>; 2] = [Vec::new(), Vec::new()];
    for (db, dp) in blocks {
        b.extend(db);
        p.extend(dp);
    }
    // The last block may have fewer neurons.
    b.truncate(neurons);
    p.truncate(neurons);
    DenseGradients { w, b, p }
}
