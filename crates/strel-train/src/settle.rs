//! Turning the neurons of a network into operators, one by one, while the rest goes on learning.
//!
//! Rounding all neurons at the end of training multiplies their errors. Rounding one lets the
//! others make up for it, as incremental quantization does for ordinary networks. Which operator a
//! neuron becomes is decided by the loss on data, among those that its weights suggest: for weights
//! in decreasing order, the dilation and the erosion by each set of largest weights. A network whose
//! neurons are all settled is activated in every neuron, by construction.

mod candidate;

use strel_image::Border;
use strel_network::{FloatBisel, NeuronBank};

use crate::forward::forward;
use crate::layers::{BiMoNN, Bisel, Neurons};
use candidate::{Operator, candidates};

/// Images to judge candidates by.
pub struct Judges<'a> {
    /// `[batch, inputs, height, width]`.
    pub input: &'a [f32],
    /// Rows and columns of an image.
    pub size: (usize, usize),
    /// The loss of outputs `[batch, outputs, height, width]`.
    pub loss: &'a (dyn Fn(&[f32]) -> f64 + Sync),
}

/// Settles one more neuron: of those that are next, the one with the operator that leaves the
/// lowest loss. False where all are settled.
///
/// Layers settle first to last, so that gradients have few settled, nearly flat neurons to pass. In a
/// layer, the LUI neurons come first: what is to be united then still learns to be.
pub fn settle_next(network: &mut BiMoNN, judges: &Judges) -> bool {
    let Some((layer, bank)) = next_bank(network) else { return false };
    let border = network.border();
    let layers: Vec<FloatBisel> = network.bisels().map(Bisel::to_float).collect();
    let (before, rest) = layers.split_at(layer);
    let input = forward(before, border, judges.input.to_vec(), judges.size);
    let neurons = bank.of(network.bisels_mut().nth(layer).expect("it was found"));
    let open = (0..neurons.count()).filter(|&neuron| !neurons.is_settled(neuron));
    let trial = Trial { border, input, judges, bank };
    let best = open
        .map(|neuron| trial.best_operator(rest, neuron))
        .min_by(|a, b| a.loss.total_cmp(&b.loss));
    if let Some(Choice { neuron, operator, .. }) = best {
        neurons.settle(neuron, &operator.plain());
    }
    true
}

/// The first layer with unsettled neurons, and the bank of them that is next.
fn next_bank(network: &BiMoNN) -> Option<(usize, Bank)> {
    let unsettled = |neurons: &Neurons| neurons.settled_count() < neurons.count();
    let bank = |layer: &Bisel| match &layer.lui {
        Some(lui) if unsettled(lui) => Some(Bank::Lui),
        _ => unsettled(&layer.bise).then_some(Bank::Bise),
    };
    network.bisels().enumerate().find_map(|(index, layer)| Some((index, bank(layer)?)))
}

/// The neurons of a layer of one kind.
#[derive(Clone, Copy)]
enum Bank {
    Bise,
    Lui,
}

impl Bank {
    fn of(self, layer: &mut Bisel) -> &mut Neurons {
        match self {
            Bank::Bise => &mut layer.bise,
            Bank::Lui => layer.lui.as_mut().expect("chosen where there is one"),
        }
    }

    fn of_plain(self, layer: &mut FloatBisel) -> &mut NeuronBank {
        match self {
            Bank::Bise => &mut layer.bise,
            Bank::Lui => layer.lui.as_mut().expect("chosen where there is one"),
        }
    }
}

/// A neuron, the operator that suits it best, and the loss that it leaves.
struct Choice {
    loss: f64,
    neuron: usize,
    operator: Operator,
}

/// Trying operators in the first of the layers that are left.
struct Trial<'a> {
    border: Border,
    /// What that layer reads.
    input: Vec<f32>,
    judges: &'a Judges<'a>,
    bank: Bank,
}

impl Trial<'_> {
    fn best_operator(&self, layers: &[FloatBisel], neuron: usize) -> Choice {
        let mut layers = layers.to_vec();
        let original = self.bank.of_plain(&mut layers[0]).clone();
        candidates(&original, neuron)
            .into_iter()
            .map(|operator| {
                operator.write(self.bank.of_plain(&mut layers[0]), neuron);
                Choice { loss: self.loss(&layers), neuron, operator }
            })
            .min_by(|a, b| a.loss.total_cmp(&b.loss))
            .expect("the constant is a candidate")
    }

    fn loss(&self, layers: &[FloatBisel]) -> f64 {
        let Judges { size, loss, .. } = *self.judges;
        loss(&forward(layers, self.border, self.input.clone(), size))
    }
}
