//! How weights and biases are made of the parameters that are learnt, and gradients on the way back.

use serde::{Deserialize, Serialize};

use super::init::{WEIGHT_SUM, softplus_inverse};
use crate::kernels::{Softplus, SoftplusSlope, arch, dot, map, multiply, sum};

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
    /// Writes W of a neuron of these parameters.
    pub fn write(self, w: &[f32], weights: &mut [f32]) {
        match self {
            Weights::Softplus => map(arch(), Softplus, w, weights),
            Weights::Normalised => {
                map(arch(), Softplus, w, weights);
                let factor = WEIGHT_SUM as f32 / sum(arch(), weights);
                weights.iter_mut().for_each(|weight| *weight *= factor);
            }
            Weights::Raw => weights.copy_from_slice(w),
        }
    }

    /// Turns the gradient for W of a neuron into that for its parameters w.
    ///
    /// With `W = c P / sum P` and `P = softplus(w)`: `dP = c / sum P (dW - dW.W / c)`, `dw = dP softplus'(w)`.
    pub fn backward(self, w: &[f32], gradient: &mut [f32]) {
        match self {
            Weights::Softplus => multiply(arch(), SoftplusSlope, w, gradient),
            Weights::Normalised => {
                let mut positive = vec![0.0; w.len()];
                map(arch(), Softplus, w, &mut positive);
                let total = sum(arch(), &positive);
                let mean = dot(arch(), gradient, &positive) / total;
                let factor = WEIGHT_SUM as f32 / total;
                gradient.iter_mut().for_each(|value| *value = factor * (*value - mean));
                multiply(arch(), SoftplusSlope, w, gradient);
            }
            Weights::Raw => {}
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
    /// b of a parameter, for a neuron of weights W.
    pub fn value(self, beta: f32, weights: &[f32]) -> f32 {
        match self {
            Biases::Softplus => softplus(beta),
            Biases::Raw => beta,
            Biases::Projected | Biases::Reparametrized => {
                let Bounds { low, high, .. } = Bounds::of(weights);
                softplus(beta).max(low).min(high)
            }
            Biases::Symmetric => (beta + sum(arch(), weights)) / 2.0,
        }
    }

    /// The gradient for a parameter, given that for b; what goes to the weights W is added to theirs.
    pub fn backward(
        self,
        beta: f32,
        weights: &[f32],
        gradient: f32,
        of_weights: &mut [f32],
    ) -> f32 {
        let through_softplus = || {
            let mut found = [gradient];
            multiply(arch(), SoftplusSlope, &[beta], &mut found);
            found[0]
        };
        match self {
            Biases::Softplus | Biases::Projected => through_softplus(),
            Biases::Raw => gradient,
            Biases::Reparametrized => {
                let (bounds, free) = (Bounds::of(weights), softplus(beta));
                if free > bounds.low && free < bounds.high {
                    return through_softplus();
                }
                bounds.backward(free <= bounds.low, gradient, of_weights);
                0.0
            }
            Biases::Symmetric => {
                of_weights.iter_mut().for_each(|value| *value += gradient / 2.0);
                gradient / 2.0
            }
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

    /// Whether a bias depends on the weights, too.
    pub(super) fn read_weights(self) -> bool {
        matches!(self, Biases::Projected | Biases::Reparametrized | Biases::Symmetric)
    }

    /// Whether biases are kept within bounds.
    pub fn are_clamped(self) -> bool {
        matches!(self, Biases::Projected | Biases::Reparametrized)
    }
}

fn softplus(beta: f32) -> f32 {
    let mut value = [0.0];
    map(arch(), Softplus, &[beta], &mut value);
    value[0]
}

/// `bmin` and `bmax` of a neuron.
struct Bounds {
    low: f32,
    high: f32,
    /// The smallest weight and the next one, which are the same where there is no other.
    smallest: [usize; 2],
}

impl Bounds {
    fn of(weights: &[f32]) -> Self {
        let by_weight = |&a: &usize, &b: &usize| weights[a].total_cmp(&weights[b]);
        let first = (0..weights.len()).min_by(by_weight).expect("a neuron has inputs");
        let second = (0..weights.len()).filter(|&i| i != first).min_by(by_weight);
        let Some(second) = second else {
            let half = weights[first] / 2.0;
            return Bounds { low: half, high: half, smallest: [first; 2] };
        };
        Bounds {
            low: (weights[first] + weights[second]) / 2.0,
            high: sum(arch(), weights) - weights[first] / 2.0,
            smallest: [first, second],
        }
    }

    /// Adds the gradient of a bias at one of the bounds to that of the weights.
    fn backward(&self, is_low: bool, gradient: f32, of_weights: &mut [f32]) {
        let [first, second] = self.smallest;
        if first == second {
            of_weights[first] += gradient / 2.0;
        } else if is_low {
            of_weights[first] += gradient / 2.0;
            of_weights[second] += gradient / 2.0;
        } else {
            of_weights.iter_mut().for_each(|value| *value += gradient);
            of_weights[first] -= gradient / 2.0;
        }
    }
}
