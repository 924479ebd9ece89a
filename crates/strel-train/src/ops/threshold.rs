//! Smooth thresholds, in Burn's own operations.

use std::f64::consts::PI;

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use strel_theory::Threshold;

/// `xi(u)` of each element.
pub fn smooth_threshold<const D: usize>(threshold: Threshold, u: Tensor<D>) -> Tensor<D> {
    match threshold {
        Threshold::Tanh => u.tanh() / 2.0 + 0.5,
        Threshold::Logistic => sigmoid(u),
        Threshold::Arctan => u.atan() / PI + 0.5,
        Threshold::Erf => u.erf() / 2.0 + 0.5,
    }
}

/// The factor by which a smooth threshold is that of the fused kernels, `xi(u) = tanh(factor u) / 2 +
/// 1 / 2`; none where it is not.
pub fn tanh_factor(threshold: Threshold) -> Option<f64> {
    match threshold {
        Threshold::Tanh => Some(1.0),
        Threshold::Logistic => Some(0.5),
        Threshold::Arctan | Threshold::Erf => None,
    }
}
