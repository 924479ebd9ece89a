//! Ordinary networks to compare with: of float weights, or of quantized ones that are learnt by
//! straight-through estimators.
//!
//! Each is a chain of weights, a max-pool where there is one, batch normalisation and an activation,
//! with [`Scores`](super::Scores) at the end: like a morphological classifier it reads binary images, and
//! its scores keep their float weights. No operators come of it.
//!
//! | module | what |
//! | --- | --- |
//! | `quantize` | signs and k-bit numbers, with their straight-through gradients |
//! | `linear` | weights on whole images or on windows |
//! | `activation` | batch normalisation, and the activation after it |
//! | `builder` | networks of a configuration |

mod activation;
mod builder;
mod linear;
mod quantize;

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use serde::{Deserialize, Serialize};

pub use activation::Activation;
pub use builder::BaselineBuilder;
pub use linear::{Linear, Reads};
pub use quantize::{quantized_unit, scaled_sign, sign};

use super::Pass;

/// What weights and activations of an ordinary network are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// Float weights, rectified linear activations.
    Float,
    /// Weights of +1 or -1, rectified linear activations (Courbariaux, Bengio & David 2015).
    BinaryConnect,
    /// Weights and activations of +1 or -1 (Hubara et al. 2016).
    Bnn,
    /// The same with a scale for each neuron, the mean of its absolute float weights (Rastegari et al.
    /// 2016). Inputs have no scales: batch normalisation follows.
    XnorNet,
    /// Weights and activations of a few bits (Zhou et al. 2016), with float gradients.
    Dorefa(Bits),
}

/// Bits of the numbers of [`Baseline::Dorefa`]: 1 to 8, or 32 for floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bits {
    /// Bits of a weight.
    pub weights: u32,
    /// Bits of an activation.
    pub activations: u32,
}

/// Bits of a number that is not quantized.
pub const FLOAT_BITS: u32 = 32;

impl Bits {
    /// Whether both numbers of bits are known.
    pub fn are_known(self) -> bool {
        [self.weights, self.activations]
            .iter()
            .all(|bits| matches!(bits, 1..=8) || *bits == FLOAT_BITS)
    }
}

impl Baseline {
    /// Bits of weights and of activations.
    pub fn bits(self) -> Bits {
        match self {
            Baseline::Float => Bits { weights: FLOAT_BITS, activations: FLOAT_BITS },
            Baseline::BinaryConnect => Bits { weights: 1, activations: FLOAT_BITS },
            Baseline::Bnn | Baseline::XnorNet => Bits { weights: 1, activations: 1 },
            Baseline::Dorefa(bits) => bits,
        }
    }

    /// Whether a hard pass computes other numbers than a smooth one.
    pub fn is_quantized(self) -> bool {
        self.bits() != Baseline::Float.bits()
    }

    /// Whether float weights are kept in `[-1, 1]`: beyond, their signs have no gradient, and would
    /// stay for ever.
    pub fn clips_weights(self) -> bool {
        matches!(self, Baseline::BinaryConnect | Baseline::Bnn | Baseline::XnorNet)
    }

    /// The weights that the network computes with, of float ones `[neurons, inputs]`.
    pub fn weights(self, w: Tensor<2>, pass: Pass) -> Tensor<2> {
        match (self, pass) {
            (Baseline::Float, _) => w,
            (Baseline::BinaryConnect | Baseline::Bnn | Baseline::XnorNet, Pass::Smooth) => w,
            (Baseline::BinaryConnect | Baseline::Bnn, Pass::Hard) => sign(w),
            (Baseline::XnorNet, Pass::Hard) => sign(w.clone()) * w.abs().mean_dim(1),
            (Baseline::Dorefa(bits), _) => dorefa_weights(w, bits.weights, pass),
        }
    }

    /// The activations that the network computes with, of normalised sums.
    pub fn activations(self, x: Tensor<4>, pass: Pass) -> Tensor<4> {
        match (self, pass) {
            (Baseline::Float | Baseline::BinaryConnect, _) => relu(x),
            (Baseline::Bnn | Baseline::XnorNet, Pass::Smooth) => x.clamp(-1.0, 1.0),
            (Baseline::Bnn | Baseline::XnorNet, Pass::Hard) => sign(x),
            (Baseline::Dorefa(Bits { activations: FLOAT_BITS, .. }), _) => relu(x),
            (Baseline::Dorefa(_), Pass::Smooth) => x.clamp(0.0, 1.0),
            (Baseline::Dorefa(bits), Pass::Hard) => {
                quantized_unit(x.clamp(0.0, 1.0), bits.activations)
            }
        }
    }
}

/// Of 1 bit, signs times the mean absolute weight of the layer; of more, `2 q - 1` for the quantized
/// numbers q of `tanh w / (2 max |tanh w|) + 1 / 2`.
fn dorefa_weights(w: Tensor<2>, bits: u32, pass: Pass) -> Tensor<2> {
    match (bits, pass) {
        (FLOAT_BITS, _) | (1, Pass::Smooth) => w,
        (1, Pass::Hard) => scaled_sign(w),
        _ => {
            let bent = w.tanh();
            let largest = bent.clone().abs().max().clamp_min(f32::MIN_POSITIVE);
            let unit = bent / (largest * 2.0).unsqueeze() + 0.5;
            let unit = if pass == Pass::Hard { quantized_unit(unit, bits) } else { unit };
            unit * 2.0 - 1.0
        }
    }
}
