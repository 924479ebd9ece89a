//! Integer scores of one sample: the rows of its inputs' rounded weights, added up.

use super::exact::Weights;
use super::rounding::{Rounded, Rounding, Verdict};
use crate::kernel::{CLASSES, Kernel};

/// Weights rounded to 16 bits, an input a row.
#[derive(Clone, Debug)]
pub(super) struct WeightRows {
    /// For each 16 classes, a row for each input.
    rows: Vec<Vec<[i16; CLASSES]>>,
    /// The sum of all rows.
    totals: Vec<[i32; CLASSES]>,
    rounding: Rounding,
}

/// Memory for one sample.
#[derive(Default)]
pub(super) struct RowScratch {
    complement: Vec<u64>,
    scores: Vec<f64>,
}

impl WeightRows {
    pub(super) fn new(weights: &Weights) -> Self {
        let blocks = weights.classes().div_ceil(CLASSES);
        let mut rows = vec![vec![[0; CLASSES]; weights.inputs]; blocks];
        let mut totals = vec![[0; CLASSES]; blocks];
        let mut rounding = Rounding::default();
        for class in 0..weights.classes() {
            let (block, lane) = (class / CLASSES, class % CLASSES);
            let scale = scale(weights.of_class(class));
            let mut bound = 0.0;
            for (row, &weight) in rows[block].iter_mut().zip(weights.of_class(class)) {
                let rounded = (f64::from(weight) / scale).round();
                bound += (f64::from(weight) - scale * rounded).abs();
                row[lane] = rounded as i16;
                totals[block][lane] += rounded as i32;
            }
            rounding.push(weights, Rounded { scale, offset: -weights.bias(class), bound });
        }
        WeightRows { rows, totals, rounding }
    }

    /// Vector operations for a sample.
    pub(super) fn cost(&self, inputs: usize) -> usize {
        self.rows.len() * (inputs * 4 + 200)
    }

    pub(super) fn bound(&self, class: usize) -> f64 {
        self.rounding.bound(class)
    }

    /// Adds up the rows of the inputs that are 1, or takes those that are 0 from the total where
    /// they are fewer.
    pub(super) fn classify(
        &self,
        kernel: Kernel,
        weights: &Weights,
        sample: &[u64],
        scratch: &mut RowScratch,
    ) -> Verdict {
        let ones: usize = sample.iter().map(|word| word.count_ones() as usize).sum();
        let complement = 2 * ones > weights.inputs;
        scratch.complement.clear();
        if complement {
            scratch.complement.extend(sample.iter().map(|word| !word));
            crop(&mut scratch.complement, weights.inputs);
        }
        scratch.scores.clear();
        for (rows, total) in self.rows.iter().zip(&self.totals) {
            let mut sums = [0; CLASSES];
            if complement {
                kernel.sum_rows(rows, &scratch.complement, &mut sums);
                sums.iter_mut().zip(total).for_each(|(sum, total)| *sum = total - *sum);
            } else {
                kernel.sum_rows(rows, sample, &mut sums);
            }
            scratch.scores.extend(sums.map(f64::from));
        }
        self.rounding.settle(weights, &mut scratch.scores[..weights.classes()], sample)
    }
}

/// The unit of the rounded weights: they fit 16 bits, and the sum of their absolute values 31.
fn scale(weights: &[f32]) -> f64 {
    let absolute = || weights.iter().map(|&weight| f64::from(weight).abs());
    let scale = (absolute().fold(0.0, f64::max) / 32_767.0)
        .max(absolute().sum::<f64>() / f64::from(1 << 30));
    if scale > 0.0 { scale } else { 1.0 }
}

/// Clears the bits past the inputs.
fn crop(words: &mut [u64], inputs: usize) {
    if let Some(last) = words.last_mut() {
        *last &= u64::MAX >> (inputs.wrapping_neg() % 64);
    }
}
