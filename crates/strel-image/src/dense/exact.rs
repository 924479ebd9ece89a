//! Float scores, summed in one fixed order.

use super::DenseError;
use crate::kernel::{Kernel, LANES};
use crate::words::BITS;

/// The weights and biases of a score layer.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    pub inputs: usize,
    /// Class by class, with zeros up to a whole number of words of inputs.
    weights: Vec<[f32; LANES]>,
    biases: Vec<f32>,
}

impl Weights {
    pub(super) fn new(
        inputs: usize,
        weights: &[Vec<f32>],
        biases: &[f32],
    ) -> Result<Self, DenseError> {
        if weights.is_empty() {
            return Err(DenseError::NoClass);
        }
        let classes = weights.len();
        if biases.len() != classes {
            return Err(DenseError::BiasCount { classes, found: biases.len() });
        }
        for (class, weights) in weights.iter().enumerate() {
            if weights.len() != inputs {
                return Err(DenseError::WeightCount { class, inputs, found: weights.len() });
            }
            if let Some(input) = weights.iter().position(|weight| !weight.is_finite()) {
                let found = weights[input].to_string();
                return Err(DenseError::WeightNotFinite { class, input, found });
            }
            if !biases[class].is_finite() {
                return Err(DenseError::BiasNotFinite { class, found: biases[class].to_string() });
            }
        }
        let chunks = inputs.div_ceil(BITS) * BITS / LANES;
        let mut padded = vec![[0.0; LANES]; chunks * classes];
        for (class, weights) in weights.iter().enumerate() {
            padded[class * chunks..].as_flattened_mut()[..inputs].copy_from_slice(weights);
        }
        Ok(Weights { inputs, weights: padded, biases: biases.to_vec() })
    }

    pub(super) fn classes(&self) -> usize {
        self.biases.len()
    }

    pub(super) fn of_class(&self, class: usize) -> &[f32] {
        &self.chunks(class).as_flattened()[..self.inputs]
    }

    fn chunks(&self, class: usize) -> &[[f32; LANES]] {
        let chunks = self.weights.len() / self.classes();
        &self.weights[class * chunks..(class + 1) * chunks]
    }

    pub(super) fn bias(&self, class: usize) -> f64 {
        f64::from(self.biases[class])
    }

    /// The score of a class for a sample, in `f64`: 8 partial sums, each over the inputs in their
    /// order, then added in their order, and the bias subtracted.
    pub(super) fn score(&self, kernel: Kernel, class: usize, sample: &[u64]) -> f64 {
        let mut sums = [0.0; LANES];
        kernel.add_floats(&mut sums, sample, self.chunks(class));
        sums.iter().sum::<f64>() - self.bias(class)
    }

    /// At least the error of every sum of the weights of a class by `f64` that this module and the
    /// rounded sums make, however the terms are arranged: n additions err by at most about
    /// n u (sum of absolute values) with u = 2^-53 (Higham, Accuracy and Stability of Numerical
    /// Algorithms, 4.2). The factor covers several such sums and the bound's own rounding.
    pub(super) fn float_error(&self, class: usize) -> f64 {
        let weights = self.of_class(class).iter().map(|&weight| f64::from(weight).abs());
        let total = weights.sum::<f64>() + self.bias(class).abs();
        8.0 * (self.inputs as f64 + 64.0) * f64::EPSILON * total
    }
}
