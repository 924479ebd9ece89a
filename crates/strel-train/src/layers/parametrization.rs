//! How weights and biases are made of the parameters that are learnt.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::init::{WEIGHT_SUM, softplus_inverse};
use crate::ops::softplus;

/// How weights W are made of the parameters w that are learnt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weights {
    /// W = softplus(w).
    Softplus,
    /// W = softplus(w), divided by its sum and multiplied by the sum that neurons start with. Then
    /// the scale p alone says how sharp a neuron is, and shrinking W is no way to please a
    /// regularizer.
    #[default]
    Normalised,
    /// W = w, of either sign. A negative weight reads the complement of its input.
    Raw,
}

/// How biases b are made of the parameters beta that are learnt.
///
/// A neuron with b outside of `[bmin, bmax]`, with `bmin = (w1 + w2) / 2` of the two smallest weights
/// and `bmax = sum W - w1 / 2`, is a constant or cannot be told from one (Aouad & Talbot 2023). Of a
/// neuron of one weight, both are half of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Biases {
    /// b = softplus(beta).
    #[default]
    Softplus,
    /// b = beta, of either sign.
    Raw,
    /// b = softplus(beta), clamped to `[bmin, bmax]`. The gradient goes to beta as if it were not, so
    /// that a bias that left comes back, and not to the bounds.
    Projected,
    /// b = softplus(beta), clamped to `[bmin, bmax]`; the gradient of a clamped bias goes to the
    /// weights that make the bound.
    Reparametrized,
    /// b = (beta + sum W) / 2: the neurons are symmetric ones (SyBiSE, SyLUI), `tanh(p (W.s - beta))`
    /// of inputs `s = 2 x - 1`, with outputs `2 y - 1` and the scale 2 p; see
    /// [`FloatNetwork::symmetric`](strel_network::FloatNetwork::symmetric).
    Symmetric,
}

impl Weights {
    /// W of the parameters, `[neurons, inputs]`.
    pub fn tensor(self, w: Tensor<2>) -> Tensor<2> {
        match self {
            Weights::Softplus => softplus(w),
            Weights::Normalised => {
                let positive = softplus(w);
                positive.clone() / positive.sum_dim(1) * WEIGHT_SUM
            }
            Weights::Raw => w,
        }
    }

    /// What a neuron's weights, bias and inverse scale are multiplied by to be stored; all of them
    /// together change no function.
    pub(super) fn stored_factor(self, weights: &[f64]) -> f64 {
        match self {
            Weights::Softplus | Weights::Raw => 1.0,
            Weights::Normalised => WEIGHT_SUM / weights.iter().sum::<f64>(),
        }
    }

    /// The parameter that stands for a weight, multiplied by the stored factor; without
    /// normalisation, the weight itself comes back.
    pub(super) fn parameter(self, weight: f64) -> f32 {
        match self {
            Weights::Softplus | Weights::Normalised => softplus_inverse(weight) as f32,
            Weights::Raw => weight as f32,
        }
    }

    /// Whether no weight can be negative.
    pub fn are_positive(self) -> bool {
        self != Weights::Raw
    }
}

impl Biases {
    /// b of the parameters `[neurons]`, for neurons of weights W, `[neurons, inputs]`.
    pub fn tensor(self, beta: Tensor<1>, weights: impl FnOnce() -> Tensor<2>) -> Tensor<1> {
        match self {
            Biases::Softplus => softplus(beta),
            Biases::Raw => beta,
            Biases::Projected => {
                let free = softplus(beta);
                let given = free.clone().detach();
                let [low, high] = bounds(weights().detach());
                let clamped = given.clone().max_pair(low).min_pair(high);
                clamped + (free - given)
            }
            Biases::Reparametrized => {
                let [low, high] = bounds(weights());
                softplus(beta).max_pair(low).min_pair(high)
            }
            Biases::Symmetric => (beta + row_sums(weights())) / 2.0,
        }
    }

    /// The parameter that stands for a bias of a neuron of weights of this sum; a clamped one comes
    /// back if it is within its bounds.
    pub(super) fn parameter(self, bias: f64, weight_sum: f64) -> f32 {
        match self {
            Biases::Softplus | Biases::Projected | Biases::Reparametrized => {
                softplus_inverse(bias) as f32
            }
            Biases::Raw => bias as f32,
            Biases::Symmetric => (2.0 * bias - weight_sum) as f32,
        }
    }

    /// Whether biases are kept within bounds.
    pub fn are_clamped(self) -> bool {
        matches!(self, Biases::Projected | Biases::Reparametrized)
    }
}

fn row_sums(weights: Tensor<2>) -> Tensor<1> {
    let [neurons, _] = weights.dims();
    weights.sum_dim(1).reshape([neurons])
}

/// `bmin` and `bmax` of each neuron.
fn bounds(weights: Tensor<2>) -> [Tensor<1>; 2] {
    let [neurons, inputs] = weights.dims();
    if inputs == 1 {
        let half = weights.reshape([neurons]) / 2.0;
        return [half.clone(), half];
    }
    let smallest = weights.clone().detach().argsort(1).narrow(1, 0, 2);
    let two = weights.clone().gather(1, smallest);
    let first = two.clone().narrow(1, 0, 1).reshape([neurons]);
    [row_sums(two) / 2.0, row_sums(weights) - first / 2.0]
}
