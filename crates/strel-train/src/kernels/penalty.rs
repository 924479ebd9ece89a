//! Regularizers and their gradients, many neurons at a time.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;
use strel_theory::Metric;

use super::activable;
use super::constant_set::ConstantSet;
use super::instructions::arch;
use super::row::Row;
use crate::regularizer::Distance;

/// R of many neurons, and what its gradients are made of: they are wanted later, if at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalties {
    /// The sum of R, times the coefficient.
    pub value: f64,
    coefficient: f64,
    pulls: Vec<Pull>,
}

/// What pulls a neuron.
#[derive(Clone, Debug, PartialEq)]
enum Pull {
    Nothing,
    ConstantSet(ConstantSet),
    Activable(activable::Pull),
    /// The gradients for the weights and for the bias.
    Given(Vec<f32>, f32),
}

/// Neurons of so many inputs and more have their nearest activated neuron found by bins of weights; the others by
/// the exact search, which takes no longer.
const BINNED: usize = 128;

/// The metric that bins can measure.
const BINNED_METRIC: Metric = Metric::Centred;

impl Penalties {
    /// R of neurons of weights `[neurons, inputs]` and `biases`, of those that count. Values are added in
    /// the order of the neurons, so that the number of threads changes no bit.
    pub fn new(
        distance: Distance,
        coefficient: f64,
        weights: &[f32],
        biases: &[f32],
        counts: &[bool],
    ) -> Self {
        let inputs = weights.len() / biases.len();
        assert_eq!(biases.len(), counts.len(), "a flag a neuron");
        let neurons = weights.par_chunks_exact(inputs).zip(biases).zip(counts);
        let (values, pulls): (Vec<f64>, _) = neurons
            .map(|((weights, &bias), &counts)| match counts {
                true => nearest(distance, weights, bias),
                false => (0.0, Pull::Nothing),
            })
            .unzip();
        Penalties { value: coefficient * values.iter().sum::<f64>(), coefficient, pulls }
    }

    /// Adds the gradient for the weights of a neuron, given these, and returns that for its bias.
    pub fn add_gradient(&self, neuron: usize, weights: &[f32], gradient: &mut [f32]) -> f32 {
        let (pull, factor) = (&self.pulls[neuron], self.coefficient as f32);
        arch().dispatch(Add { pull, weights, factor, gradient });
        factor * pull.bias()
    }
}

fn nearest(distance: Distance, weights: &[f32], bias: f32) -> (f64, Pull) {
    if let Distance::ActivableSet(metric) = distance
        && (metric != BINNED_METRIC || weights.len() < BINNED)
    {
        let wide: Vec<f64> = weights.iter().copied().map(f64::from).collect();
        let found = distance.penalty(&wide, f64::from(bias));
        let gradient = found.weights.into_iter().map(|value| value as f32).collect();
        return (found.value, Pull::Given(gradient, found.bias as f32));
    }
    arch().dispatch(Nearest { distance, weights, bias })
}

struct Nearest<'a> {
    distance: Distance,
    weights: &'a [f32],
    bias: f32,
}

impl WithSimd for Nearest<'_> {
    type Output = (f64, Pull);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (f64, Pull) {
        let Nearest { distance, weights, bias } = self;
        match distance {
            Distance::ConstantSet(rule) => {
                let set = ConstantSet::nearest(simd, weights, rule);
                (set.penalty(simd, weights), Pull::ConstantSet(set))
            }
            Distance::ActivableSet(_) => {
                let (value, pull) = activable::Pull::nearest(simd, weights, bias);
                (value, Pull::Activable(pull))
            }
        }
    }
}

impl Pull {
    fn bias(&self) -> f32 {
        match self {
            Pull::Nothing | Pull::ConstantSet(_) => 0.0,
            Pull::Activable(pull) => pull.bias,
            Pull::Given(_, bias) => *bias,
        }
    }
}

struct Add<'a> {
    pull: &'a Pull,
    weights: &'a [f32],
    factor: f32,
    gradient: &'a mut [f32],
}

impl WithSimd for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Add { pull, weights, factor, gradient } = self;
        match pull {
            Pull::Nothing => {}
            Pull::ConstantSet(set) => {
                Row::new(simd, weights).add_to(gradient, 2.0 * factor, set.residual(simd))
            }
            Pull::Activable(pull) => {
                Row::new(simd, weights).add_to(gradient, factor, pull.gradient(simd))
            }
            Pull::Given(given, _) => Row::new(simd, given).add_to(gradient, factor, |value| value),
        }
    }
}
