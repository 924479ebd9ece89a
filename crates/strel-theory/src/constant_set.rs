//! Projection of weights onto the constant sets t 1_S.

use crate::error::check_weights;
use crate::{Neuron, Operation, SetOperator, TheoryError};

/// How the support S of a constant set is chosen.
///
/// The two thresholds are cheap approximations of the exact choice for weights drawn from a known distribution. One
/// rule must serve both a regularizer and the binarization that follows it: the supports of different rules differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ConstantRule {
    /// The nearest constant set.
    #[default]
    Exact,
    /// W >= 2/3 mean(W): right on average for uniform weights.
    Uniform,
    /// W >= 3/4 mean(W): right on average for normal weights.
    Normal,
}

/// The constant set t 1_S, t >= 0, that stands for weights W.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstantProjection {
    /// The set S. Only positive weights enter it; it is empty iff there are none (or the rule's cut excludes them).
    pub support: Vec<bool>,
    /// t, the mean of W over S; 0 for the empty set.
    pub level: f64,
    /// W - t 1_S.
    pub residual: Vec<f64>,
    /// |W - t 1_S|.
    pub distance: f64,
}

/// Projects weights of any signs onto the constant sets: min over S and t >= 0 of |W - t 1_S|.
///
/// With the weights in decreasing order, the exact S is the prefix that maximizes (w_1 + ... + w_k)/sqrt(k). Equal
/// weights go in or out together: while one group of equal weights enters, the squared quotient is a square over a
/// positive linear function, hence convex in the number that has entered, so its maximum is at an end of the group.
/// Of several best prefixes the shortest is taken. Source: Aouad & Talbot 2023; the treatment of repeated weights is
/// this crate's own.
///
/// # Errors
/// A weight is NaN or infinite, or the sum of |weights| overflows.
///
/// # Cost
/// O(n log n) for the exact rule, O(n) for the others.
///
/// ```
/// use strel_theory::{ConstantRule, constant_projection};
///
/// let nearest = constant_projection(&[3.0, 1.0, 0.2, 3.0], ConstantRule::Exact)?;
/// assert_eq!(nearest.support, [true, false, false, true]);
/// assert_eq!(nearest.level, 3.0);
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
pub fn constant_projection(
    weights: &[f64],
    rule: ConstantRule,
) -> Result<ConstantProjection, TheoryError> {
    check_weights(weights)?;
    let cut = match rule {
        ConstantRule::Exact => exact_cut(weights),
        ConstantRule::Uniform => 2.0 / 3.0 * mean(weights.iter().copied()),
        ConstantRule::Normal => 3.0 / 4.0 * mean(weights.iter().copied()),
    };
    let inside = |w: f64| w > 0.0 && w >= cut;
    let level = mean(weights.iter().copied().filter(|&w| inside(w)));
    let residual: Vec<f64> =
        weights.iter().map(|&w| if inside(w) { w - level } else { w }).collect();
    Ok(ConstantProjection {
        support: weights.iter().map(|&w| inside(w)).collect(),
        level,
        distance: norm(&residual),
        residual,
    })
}

impl ConstantProjection {
    /// The regularizer R = |W - t 1_S|^2.
    pub fn penalty(&self) -> f64 {
        self.distance * self.distance
    }

    /// The gradient of R in W, 2 (W - t 1_S); S is locally constant and t optimal, so neither contributes.
    pub fn gradient(&self) -> Vec<f64> {
        self.residual.iter().map(|r| 2.0 * r).collect()
    }

    /// The operator by S: a dilation if b <= sum W / 2, else an erosion. By the empty set, the constant that a positive
    /// neuron outputs for inputs of 1/2.
    pub fn operator(&self, neuron: &Neuron) -> SetOperator {
        let half = neuron.weight_sum() / 2.0;
        if !self.support.contains(&true) {
            return SetOperator::Constant(half > neuron.bias());
        }
        let operation =
            if neuron.bias() <= half { Operation::Dilation } else { Operation::Erosion };
        SetOperator::new(operation, self.support.clone())
    }
}

/// The smallest weight of the best prefix; infinite if no weight is positive.
fn exact_cut(weights: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = weights.iter().copied().filter(|&w| w > 0.0).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut sum, mut best, mut cut) = (0.0, 0.0, f64::INFINITY);
    for (place, &weight) in sorted.iter().enumerate() {
        sum += weight;
        let inside_group = sorted.get(place + 1) == Some(&weight);
        let quotient = sum / ((place + 1) as f64).sqrt();
        if quotient > best && !inside_group {
            (best, cut) = (quotient, weight);
        }
    }
    cut
}

/// The mean; 0 of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), w| (sum + w, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// The Euclidean norm, without overflow or underflow of squares.
fn norm(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0_f64, |largest, v| largest.max(v.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    largest * values.iter().map(|v| (v / largest).powi(2)).sum::<f64>().sqrt()
}
