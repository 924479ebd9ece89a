//! Turning the neurons of a network into operators, one by one, while the rest goes on learning.
//!
//! Rounding all neurons at the end of training multiplies their errors. Rounding one lets the
//! others make up for it, as incremental quantization does for ordinary networks. Which operator a
//! neuron becomes is decided by the loss on data, among those that its weights suggest: for weights
//! in decreasing order, the dilation and the erosion by each set of largest weights. A network whose
//! neurons are all settled is activated in every neuron, by construction.

use strel_network::{FloatBisel, NeuronBank};
use strel_theory::Operation;

use crate::forward::forward;
use crate::layers::{BiMoNN, Bisel, Neurons};

/// How sharp settled neurons are: their outputs are `xi(-SHARPNESS / 2)` or less, and
/// `xi(SHARPNESS / 2)` or more, which is almost binary within 0.0004.
pub const SHARPNESS: f64 = 8.0;

/// Images to judge candidates by.
pub struct Judges<'a> {
    /// `[batch, inputs, height, width]`.
    pub input: &'a [f32],
    /// Images.
    pub batch: usize,
    /// Rows and columns of an image.
    pub size: (usize, usize),
    /// The loss of outputs `[batch, outputs, height, width]`.
    pub loss: &'a (dyn Fn(&[f32]) -> f64 + Sync),
}

/// A neuron of a network: the bank that it is in (counted over layers, BiSE before LUI) and its
/// place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The bank.
    pub bank: usize,
    /// The neuron in its bank.
    pub neuron: usize,
}

/// Settles one more neuron of the first bank that has unsettled ones: the neuron and the operator
/// that leave the lowest loss. None where all are settled.
pub fn settle_next(network: &mut BiMoNN, judges: &Judges) -> Option<Settled> {
    let mut float: Vec<FloatBisel> = network.layers.iter().map(Bisel::to_float).collect();
    let border = network.border();
    let mut banks: Vec<&mut Neurons> =
        network.layers.iter_mut().flat_map(|layer| layer.neurons_mut()).collect();
    let (bank, neurons) = banks.iter_mut().enumerate().find(|(_, neurons)| {
        (0..neurons.count()).any(|neuron| !neurons.is_settled(neuron))
    })?;
    let mut best: Option<(f64, usize, Operator)> = None;
    for neuron in (0..neurons.count()).filter(|&neuron| !neurons.is_settled(neuron)) {
        let original = bank_mut(&mut float, bank).clone();
        for candidate in candidates(&original, neuron) {
            candidate.write(bank_mut(&mut float, bank), neuron);
            let output = forward(&float, border, judges.input.to_vec(), judges.batch, judges.size);
            let loss = (judges.loss)(&output);
            if best.as_ref().is_none_or(|(lowest, ..)| loss < *lowest) {
                best = Some((loss, neuron, candidate));
            }
        }
        *bank_mut(&mut float, bank) = original;
    }
    let (_, neuron, operator) = best?;
    neurons.settle(neuron, &operator.weights(), operator.bias(), operator.scale());
    Some(Settled { bank, neuron })
}

/// An operator, as the neuron that stands for it.
struct Operator {
    /// None is the constant 0.
    operation: Option<Operation>,
    support: Vec<bool>,
    complement: bool,
}

impl Operator {
    /// 1 on the support, 0 elsewhere; the constant reads everything.
    fn weights(&self) -> Vec<f64> {
        let reads = |&inside| inside || self.operation.is_none();
        self.support.iter().map(|inside| f64::from(u8::from(reads(inside)))).collect()
    }

    /// Halfway between the sums that give 0 and those that give 1.
    fn bias(&self) -> f64 {
        let sum: f64 = self.weights().iter().sum();
        match self.operation {
            Some(Operation::Dilation) => 0.5,
            Some(Operation::Erosion) => sum - 0.5,
            None => sum + 0.5,
        }
    }

    fn scale(&self) -> f64 {
        if self.complement { -SHARPNESS } else { SHARPNESS }
    }

    fn write(&self, bank: &mut NeuronBank, neuron: usize) {
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
fn candidates(bank: &NeuronBank, neuron: usize) -> Vec<Operator> {
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

fn bank_mut(layers: &mut [FloatBisel], index: usize) -> &mut NeuronBank {
    let banks = layers.iter_mut().flat_map(|layer| [Some(&mut layer.bise), layer.lui.as_mut()]);
    banks.flatten().nth(index).expect("a bank of this network")
}
