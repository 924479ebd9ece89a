//! The operators that a neuron may become.

use strel_network::NeuronBank;
use strel_theory::Operation;

use crate::layers::{PlainNeuron, SHARPNESS};

/// An operator, as the neuron that stands for it.
pub struct Operator {
    /// None is the constant 0.
    pub operation: Option<Operation>,
    /// Its inputs.
    pub support: Vec<bool>,
    /// Whether its output is complemented.
    pub complement: bool,
}

impl Operator {
    /// 1 on the support, 0 elsewhere; the constant reads everything.
    pub fn weights(&self) -> Vec<f64> {
        let reads = |&inside| inside || self.operation.is_none();
        self.support.iter().map(|inside| f64::from(u8::from(reads(inside)))).collect()
    }

    /// Halfway between the sums that give 0 and those that give 1.
    pub fn bias(&self) -> f64 {
        let sum: f64 = self.weights().iter().sum();
        match self.operation {
            Some(Operation::Dilation) => 0.5,
            Some(Operation::Erosion) => sum - 0.5,
            None => sum + 0.5,
        }
    }

    /// The sharpness, negative for a complement.
    pub fn scale(&self) -> f64 {
        if self.complement { -SHARPNESS } else { SHARPNESS }
    }

    /// The neuron.
    pub fn plain(&self) -> PlainNeuron {
        PlainNeuron { weights: self.weights(), bias: self.bias(), scale: self.scale() }
    }

    /// Makes a neuron of plain numbers this operator.
    pub fn write(&self, bank: &mut NeuronBank, neuron: usize) {
        let inputs = self.support.len();
        let weights = &mut bank.weights[neuron * inputs..][..inputs];
        for (weight, value) in weights.iter_mut().zip(self.weights()) {
            *weight = value as f32;
        }
        bank.bias[neuron] = self.bias() as f32;
        bank.scale[neuron] = self.scale() as f32;
    }
}

/// Neurons of at most this many inputs may become an operator by any set of them.
const FEW_INPUTS: usize = 6;

/// The operators that a neuron may become: both operations by each set of largest weights, or by
/// every set where inputs are few, and the constant 0; all complemented where the neuron is.
pub fn candidates(bank: &NeuronBank, neuron: usize) -> Vec<Operator> {
    let inputs = bank.weights.len() / bank.bias.len();
    let weights = &bank.weights[neuron * inputs..][..inputs];
    let complement = bank.scale[neuron] < 0.0;
    let sets = if inputs <= FEW_INPUTS { all_sets(inputs) } else { largest_sets(weights) };
    let nothing = Operator { operation: None, support: vec![false; inputs], complement };
    sets.into_iter()
        .flat_map(|support| [(Operation::Dilation, support.clone()), (Operation::Erosion, support)])
        .map(|(operation, support)| Operator { operation: Some(operation), support, complement })
        .chain([nothing])
        .collect()
}

/// The sets of the `k` largest weights, for `k` from 1 up.
fn largest_sets(weights: &[f32]) -> Vec<Vec<bool>> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]));
    let mut support = vec![false; weights.len()];
    let grow = |index: usize| {
        support[index] = true;
        support.clone()
    };
    order.into_iter().map(grow).collect()
}

/// Every set of inputs but the empty one.
fn all_sets(inputs: usize) -> Vec<Vec<bool>> {
    (1..1u32 << inputs).map(|set| (0..inputs).map(|i| set >> i & 1 == 1).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use strel_theory::{InputBounds, Neuron, SetOperator, activation};

    #[test]
    fn every_candidate_is_activated_as_the_operator_it_stands_for() {
        let bank = NeuronBank {
            weights: (0..9).map(|i| i as f32).collect(),
            bias: vec![3.0],
            scale: vec![-1.0],
        };
        let found = candidates(&bank, 0);
        assert_eq!(found.len(), 2 * 9 + 1);
        for operator in found {
            let weights = operator.weights();
            let neuron = Neuron::new(&weights, operator.bias(), operator.scale()).unwrap();
            assert!(neuron.complements());
            let fit = activation(&neuron, InputBounds::BINARY).unwrap().into_result().unwrap();
            let expected = match operator.operation {
                Some(operation) => SetOperator::new(operation, operator.support.clone()),
                None => SetOperator::Constant(false),
            };
            // By one input, dilation and erosion are the same.
            let single = operator.support.iter().filter(|&&inside| inside).count() == 1;
            assert!(fit.operator == expected || single, "{:?} and {expected:?}", fit.operator);
        }
    }

    #[test]
    fn few_inputs_may_become_any_set() {
        let bank = NeuronBank { weights: vec![1.0; 3], bias: vec![1.0], scale: vec![1.0] };
        assert_eq!(candidates(&bank, 0).len(), 2 * 7 + 1);
    }

    #[test]
    fn sets_of_largest_weights_are_nested() {
        let sets = largest_sets(&[0.2, 0.9, 0.5]);
        assert_eq!(sets, [[false, true, false], [false, true, true], [true, true, true]]);
    }
}
