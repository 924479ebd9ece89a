//! Integer scores of one sample: the sums of its inputs' rounded weights.

use super::exact::Weights;
use super::rounding::{Rounded, Rounding, Verdict};
use crate::kernel::{Kernel, PARTS, WordWeights};
use crate::words::BITS;

/// Weights rounded to 16 bits.
#[derive(Clone, Debug)]
pub(super) struct WeightSums {
    /// Word by word of a sample, and in it class by class.
    weights: Vec<WordWeights>,
    rounding: Rounding,
}

/// Memory for one sample.
#[derive(Default)]
pub(super) struct SumScratch {
    sums: Vec<[i32; PARTS]>,
    scores: Vec<f64>,
}

impl WeightSums {
    pub(super) fn new(weights: &Weights) -> Self {
        let (words, classes) = (weights.inputs.div_ceil(BITS), weights.classes());
        let mut rounded_weights = vec![[0; BITS]; words * classes];
        let mut rounding = Rounding::default();
        for class in 0..classes {
            let scale = scale(weights.of_class(class));
            let mut bound = 0.0;
            for (input, &weight) in weights.of_class(class).iter().enumerate() {
                let rounded = (f64::from(weight) / scale).round();
                bound += (f64::from(weight) - scale * rounded).abs();
                rounded_weights[input / BITS * classes + class][input % BITS] = rounded as i16;
            }
            rounding.push(weights, Rounded { scale, offset: -weights.bias(class), bound });
        }
        WeightSums { weights: rounded_weights, rounding }
    }

    /// Vector operations for a sample.
    pub(super) fn cost(&self, kernel: Kernel) -> usize {
        self.weights.len() * 20 / kernel.vector_words() + 300
    }

    pub(super) fn bound(&self, class: usize) -> f64 {
        self.rounding.bound(class)
    }

    pub(super) fn classify(
        &self,
        kernel: Kernel,
        weights: &Weights,
        sample: &[u64],
        scratch: &mut SumScratch,
    ) -> Verdict {
        scratch.sums.clear();
        scratch.sums.resize(weights.classes(), [0; PARTS]);
        kernel.add_weights(&mut scratch.sums, sample, &self.weights);
        scratch.scores.clear();
        scratch.scores.extend(scratch.sums.iter().map(|sums| f64::from(sums.iter().sum::<i32>())));
        self.rounding.settle(kernel, weights, &mut scratch.scores, sample)
    }
}

/// The unit of the rounded weights: they fit 16 bits, and the sum of their absolute values 31.
fn scale(weights: &[f32]) -> f64 {
    let absolute = || weights.iter().map(|&weight| f64::from(weight).abs());
    let scale = (absolute().fold(0.0, f64::max) / 32_767.0)
        .max(absolute().sum::<f64>() / f64::from(1 << 30));
    if scale > 0.0 { scale } else { 1.0 }
}
