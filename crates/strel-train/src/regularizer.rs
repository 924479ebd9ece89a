//! Regularizers: what pulls neurons towards those that binarize well.
//!
//! `loss = data loss + coefficient * sum over neurons of R(W, b)`, from a step on
//! (Aouad & Talbot 2023). Every neuron of a network counts that is binarized and has not settled.

use serde::{Deserialize, Serialize};
use strel_theory::{ConstantRule, Metric, Neuron, activable_projection, constant_projection};

use crate::ranges::expect;

/// The term that is added to the loss.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Regularizer {
    /// R.
    pub kind: Kind,
    /// What R is multiplied by.
    pub coefficient: f64,
    /// The first step at which R counts.
    pub delay: u64,
    /// R counts at one of so many steps only, so many times as much. It moves slowly, and
    /// for wide neurons it can take longer than the step itself (lazy regularization, Karras et al. 2020).
    pub every: u64,
}

/// Which R.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nothing is added.
    #[default]
    None,
    /// The squared distance of W to the nearest constant set `t 1_S`.
    Constant,
    /// The same, with S the weights of at least 2/3 of the mean.
    Uniform,
    /// The same, with S the weights of at least 3/4 of the mean.
    Normal,
    /// Half the squared distance of (W, b) to the nearest activated neuron, 0 for an activated one;
    /// in the metric of which duality is an isometry ([`Metric::Centred`]). It leads to the border of
    /// the activated neurons, where some inputs give W.x = b: what makes them sharp is the data. Of neurons of 128
    /// inputs and more, the sets that are compared are those above 64 levels of weights, and the distance is mostly
    /// within one hundredth of the least.
    Activable,
}

impl Default for Regularizer {
    fn default() -> Self {
        Regularizer { kind: Kind::None, coefficient: 0.001, delay: 0, every: 8 }
    }
}

impl Regularizer {
    /// R of a step, and what it is multiplied by; none where nothing is added.
    pub fn at(&self, step: u64) -> Option<(Distance, f64)> {
        let distance = self.kind.distance().filter(|_| self.counts_at(step))?;
        Some((distance, self.coefficient * self.every as f64))
    }

    fn counts_at(&self, step: u64) -> bool {
        step >= self.delay && (step - self.delay).is_multiple_of(self.every)
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        expect(self.every > 0, "every", self.every, "a number of steps of at least 1")?;
        let coefficient = self.coefficient;
        let fits = coefficient.is_finite() && coefficient >= 0.0;
        expect(fits, "coefficient", coefficient, "a number of at least 0")
    }
}

impl Kind {
    /// The distance that R is made of.
    pub fn distance(self) -> Option<Distance> {
        match self {
            Kind::None => None,
            Kind::Constant => Some(Distance::ConstantSet(ConstantRule::Exact)),
            Kind::Uniform => Some(Distance::ConstantSet(ConstantRule::Uniform)),
            Kind::Normal => Some(Distance::ConstantSet(ConstantRule::Normal)),
            Kind::Activable => Some(Distance::ActivableSet(Metric::Centred)),
        }
    }
}

/// A distance from a neuron (W, b) to a set of neurons that binarize well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// To the constant sets.
    ConstantSet(ConstantRule),
    /// To the activated neurons.
    ActivableSet(Metric),
}

/// R of a neuron and its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalty {
    /// R.
    pub value: f64,
    /// The gradient in W.
    pub weights: Vec<f64>,
    /// The gradient in b.
    pub bias: f64,
}

impl Distance {
    /// R of a neuron of these weights and this bias; NaN where one of them is not finite.
    ///
    /// ```
    /// use strel_theory::ConstantRule;
    /// use strel_train::regularizer::Distance;
    ///
    /// // The nearest constant set is 2 on the first two inputs.
    /// let penalty = Distance::ConstantSet(ConstantRule::Exact).penalty(&[2.0, 2.0, 0.5], 1.0);
    /// assert_eq!(penalty.value, 0.25);
    /// assert_eq!(penalty.weights, [0.0, 0.0, 1.0]);
    /// ```
    pub fn penalty(self, weights: &[f64], bias: f64) -> Penalty {
        let Ok(neuron) = Neuron::new(weights, bias, 1.0) else {
            return Penalty { value: f64::NAN, weights: vec![0.0; weights.len()], bias: 0.0 };
        };
        match self {
            Distance::ConstantSet(rule) => {
                let nearest = constant_projection(weights, rule).expect("the neuron is finite");
                Penalty { value: nearest.penalty(), weights: nearest.gradient(), bias: 0.0 }
            }
            Distance::ActivableSet(metric) => {
                let nearest = activable_projection(&neuron, metric);
                Penalty {
                    value: nearest.penalty(),
                    weights: nearest.weight_gradient,
                    bias: nearest.bias_gradient,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regularizer_counts_at_one_of_several_steps_as_much_as_at_all_of_them() {
        let at = |every, step| {
            let kind = Kind::Uniform;
            let regularizer = Regularizer { kind, coefficient: 0.5, delay: 2, every };
            regularizer.at(step).map(|(_, coefficient)| coefficient)
        };
        let of_all: f64 = (2..14).map(|step| at(1, step).unwrap()).sum();
        let of_some: f64 = (0..14).filter_map(|step| at(4, step)).sum();
        assert_eq!((of_all, of_some), (6.0, 6.0));
        let steps: Vec<u64> = (0..14).filter(|&step| at(4, step).is_some()).collect();
        assert_eq!(steps, [2, 6, 10]);
    }
}
