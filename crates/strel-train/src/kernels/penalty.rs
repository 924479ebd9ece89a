//! Regularizers and their gradients, many neurons at a time.

use pulp::Arch;
use rayon::prelude::*;

use super::constant_set::ConstantSet;
use crate::regularizer::Distance;

/// The sum of R over many neurons, and its gradients, times a coefficient.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalties {
    /// The sum.
    pub value: f64,
    /// For the weights, `[neurons, inputs]`.
    pub weights: Vec<f32>,
    /// For the biases, `[neurons]`.
    pub biases: Vec<f32>,
}

/// R of neurons of weights `[neurons, inputs]` and `biases`, of those that count. Values are added in the
/// order of the neurons, so that the number of threads changes no bit.
pub fn penalties(
    distance: Distance,
    coefficient: f64,
    weights: &[f32],
    biases: &[f32],
    counts: &[bool],
) -> Penalties {
    let (neurons, inputs) = (biases.len(), weights.len() / biases.len());
    assert_eq!(neurons, counts.len(), "a flag a neuron");
    let (mut values, mut of_weights, mut of_biases) =
        (vec![0.0; neurons], vec![0.0; weights.len()], vec![0.0; neurons]);
    let gradients = of_weights.par_chunks_exact_mut(inputs).zip(&mut of_biases);
    let neurons = weights.par_chunks_exact(inputs).zip(biases).zip(counts);
    let each = neurons.zip(values.par_iter_mut().zip(gradients));
    each.filter(|((_, counts), _)| **counts).for_each(|(((w, b), _), (value, (dw, db)))| {
        (*value, *db) = penalty(distance, coefficient, (w, *b), dw);
    });
    Penalties { value: values.iter().sum(), weights: of_weights, biases: of_biases }
}

/// R of a neuron and its gradient for the bias; that for the weights is written.
fn penalty(
    distance: Distance,
    coefficient: f64,
    (weights, bias): (&[f32], f32),
    gradient: &mut [f32],
) -> (f64, f32) {
    if let Distance::ConstantSet(rule) = distance {
        let value = Arch::new().dispatch(
            #[inline(always)]
            || {
                let nearest = ConstantSet::nearest(weights, rule);
                nearest.penalty(weights, coefficient as f32, gradient)
            },
        );
        return (value, 0.0);
    }
    let wide: Vec<f64> = weights.iter().copied().map(f64::from).collect();
    let found = distance.penalty(&wide, f64::from(bias));
    for (gradient, found) in gradient.iter_mut().zip(found.weights) {
        *gradient = (coefficient * found) as f32;
    }
    (coefficient * found.value, (coefficient * found.bias) as f32)
}
