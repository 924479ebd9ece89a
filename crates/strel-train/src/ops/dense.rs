//! DenseLUI neurons, in Burn's own operations.

use burn::tensor::Tensor;
use strel_theory::Threshold;

use super::smooth_threshold;

/// The outputs of a layer of DenseLUI neurons, `y = xi(p (W.x - b))`, on every backend.
///
/// `x` is `[batch, inputs]`, `w` is `[outputs, inputs]`, `b` and `p` are `[outputs]`. The result is
/// `[batch, outputs]`.
///
/// # Panics
/// The shapes do not fit.
pub fn dense(
    x: Tensor<2>,
    w: Tensor<2>,
    b: Tensor<1>,
    p: Tensor<1>,
    threshold: Threshold,
) -> Tensor<2> {
    // Scales and biases are small beside the batch's sums: one multiplication and addition a sum.
    let shift = (p.clone() * b).unsqueeze::<2>();
    smooth_threshold(threshold, x.matmul(w.transpose()) * p.unsqueeze::<2>() - shift)
}
