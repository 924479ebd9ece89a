//! Turning the neurons of a network into operators, one by one, while the rest goes on learning.
//!
//! Rounding all neurons at the end of training multiplies their errors. Rounding one lets the
//! others make up for it, as incremental quantization does for ordinary networks. Which operator a
//! neuron becomes is decided by the loss on data, among those that its weights suggest: for weights
//! in decreasing order, the dilation and the erosion by each set of largest weights. A network whose
//! neurons are all settled is activated in every neuron, by construction.
//!
//! To try all of them on all data would take as long as thousands of steps. So what is certain is said first:
//!
//! ```text
//! for each open neuron of the bank that is next:
//!     rank its operators by the pixels in which their outputs differ from its own, on packed images
//! candidates = the best operators of all neurons, the first of each before the second of any
//! for a growing part of the judges:
//!     keep the candidates that leave the lowest loss, fewer the more judges they have seen
//! ```
//!
//! The losses take as long as [`FORWARDS`] forward passes of a batch, whatever the number of neurons and the window.

mod candidate;
mod likeness;

use strel_image::Border;
use strel_network::{FloatBisel, NeuronBank};

use crate::data::Pair;
use crate::forward::forward;
use crate::kernels::pixels;
use crate::layers::{BiMoNN, Bisel, Neurons};
use crate::loss::Loss;
use crate::mask::BorderMask;
use candidate::{Operator, candidates};
use likeness::Likeness;

/// What candidates are judged by.
pub struct Judges<'a> {
    /// Images of one size.
    pub pairs: &'a [Pair],
    /// The loss.
    pub loss: Loss,
    /// The pixels that do not count.
    pub mask: BorderMask,
    /// Images of a step of training: what settling may take is measured by them.
    pub batch: usize,
}

/// Forward passes of a batch that all losses of one choice take; a step takes about three.
const FORWARDS: usize = 36;

/// The shares of the judges that candidates see, one after the other.
const SHARES: [usize; 3] = [16, 4, 1];

/// Settles one more neuron: of those that are next, the one with the operator that leaves the
/// lowest loss. False where all are settled.
///
/// Layers settle first to last, so that gradients have few settled, nearly flat neurons to pass. In a
/// layer, the LUI neurons come first: what is to be united then still learns to be.
pub fn settle_next(network: &mut BiMoNN, judges: &Judges) -> bool {
    let Some((layer, bank)) = next_bank(network) else { return false };
    let layers: Vec<FloatBisel> = network.bisels().map(Bisel::to_float).collect();
    let neurons = bank.of(network.bisels().nth(layer).expect("it was found"));
    let open: Vec<usize> = (0..neurons.count()).filter(|&n| !neurons.is_settled(n)).collect();
    let trial = Trial::new(&layers, layer, bank, network.border(), judges);
    if let Some(Choice { neuron, operator }) = trial.best(trial.likely(&open)) {
        let bisel = network.bisels_mut().nth(layer).expect("it was found");
        bank.of_mut(bisel).settle(neuron, &operator.plain());
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
#[derive(Clone, Copy, PartialEq)]
enum Bank {
    Bise,
    Lui,
}

impl Bank {
    fn of(self, layer: &Bisel) -> &Neurons {
        match self {
            Bank::Bise => &layer.bise,
            Bank::Lui => layer.lui.as_ref().expect("chosen where there is one"),
        }
    }

    fn of_mut(self, layer: &mut Bisel) -> &mut Neurons {
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

/// A neuron, and an operator that it may become.
struct Choice {
    neuron: usize,
    operator: Operator,
}

/// Trying operators in the first of the layers that are left.
struct Trial<'a> {
    /// The layers that are left.
    layers: &'a [FloatBisel],
    bank: Bank,
    border: Border,
    judges: &'a Judges<'a>,
    size: (usize, usize),
    /// What the first of the layers reads, image by image.
    input: Vec<f32>,
    targets: Vec<f32>,
}

impl<'a> Trial<'a> {
    fn new(
        layers: &'a [FloatBisel],
        layer: usize,
        bank: Bank,
        border: Border,
        judges: &'a Judges<'a>,
    ) -> Self {
        let (before, layers) = layers.split_at(layer);
        let size = judges.pairs[0].input.size();
        let images = judges.pairs.iter().flat_map(|pair| pixels(&pair.input)).collect();
        let input = forward(before, border, images, size);
        let targets: Vec<f32> = judges.pairs.iter().flat_map(|pair| pixels(&pair.target)).collect();
        let targets = judges.mask.values(&targets, size).into_owned();
        Trial { layers, bank, border, judges, size, input, targets }
    }

    /// Part `1 / share` of the judges, at least one.
    fn judges(&self, share: usize) -> usize {
        self.judges.pairs.len().div_ceil(share)
    }

    /// As many candidates as may see the first judges: the best operator of each neuron, then the next of each.
    fn likely(&self, open: &[usize]) -> Vec<Choice> {
        let images = self.judges.batch.min(self.judges.pairs.len());
        let likeness =
            Likeness::new(&self.layers[0], self.border, self.size, self.input(images), images);
        let mut ranked: Vec<(usize, u64, Choice)> = Vec::new();
        for &neuron in open {
            let bank = match self.bank {
                Bank::Bise => &self.layers[0].bise,
                Bank::Lui => self.layers[0].lui.as_ref().expect("chosen where there is one"),
            };
            let operators = candidates(bank, neuron);
            let differing = match self.bank {
                Bank::Bise => likeness.of_bise(neuron, &operators),
                Bank::Lui => likeness.of_lui(neuron, &operators),
            };
            let mut own: Vec<(u64, Operator)> = differing.into_iter().zip(operators).collect();
            own.sort_by_key(|(differing, _)| *differing);
            let choice =
                |(rank, (differing, operator))| (rank, differing, Choice { neuron, operator });
            ranked.extend(own.into_iter().enumerate().map(choice));
        }
        ranked.sort_by_key(|(rank, differing, _)| (*rank, *differing));
        ranked.truncate(self.places(SHARES[0]));
        ranked.into_iter().map(|(_, _, choice)| choice).collect()
    }

    /// How many candidates may see so many judges.
    fn places(&self, share: usize) -> usize {
        (FORWARDS / SHARES.len() * self.judges.batch / self.judges(share)).max(2)
    }

    /// The candidate that leaves the lowest loss, of those that are still there when all judges are asked.
    fn best(&self, mut choices: Vec<Choice>) -> Option<Choice> {
        for share in SHARES {
            choices.truncate(self.places(share));
            let images = self.judges(share);
            let mut judged: Vec<(f64, Choice)> =
                choices.into_iter().map(|choice| (self.loss(&choice, images), choice)).collect();
            judged.sort_by(|a, b| a.0.total_cmp(&b.0));
            choices = judged.into_iter().map(|(_, choice)| choice).collect();
        }
        choices.into_iter().next()
    }

    fn loss(&self, choice: &Choice, images: usize) -> f64 {
        let mut layers = self.layers.to_vec();
        choice.operator.write(self.bank.of_plain(&mut layers[0]), choice.neuron);
        let output = forward(&layers, self.border, self.input(images).to_vec(), self.size);
        let Judges { loss, mask, .. } = self.judges;
        let targets = &self.targets[..self.targets.len() / self.judges.pairs.len() * images];
        loss.value(&mask.values(&output, self.size), targets, images)
    }

    fn input(&self, images: usize) -> &[f32] {
        &self.input[..self.input.len() / self.judges.pairs.len() * images]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};
    use strel_image::BitImage;
    use strel_network::{FloatLayer, FloatNetwork};
    use strel_theory::Threshold;

    use crate::layers::{Biases, Builder, PlainNeuron, Start, Weights};

    const KERNEL: (usize, usize) = (3, 3);

    /// A network of one neuron, of which these are the taps of large weights, in decreasing order.
    fn network(taps: &[usize], missing: f64) -> BiMoNN {
        let (weights, biases) = (Weights::Raw, Biases::Raw);
        let start = Start { weights, biases, spread: 1.0, input_mean: 0.5, scale: 8.0 };
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        let (border, threshold) = (Border::Zero, Threshold::Tanh);
        let mut network = Builder { kernel: KERNEL, border, threshold, start, rng }.images(&[1, 1]);
        let mut weights = vec![0.01; 9];
        for (place, &tap) in taps.iter().enumerate() {
            weights[tap] = 1.0 - 0.1 * place as f64;
        }
        let bias = weights.iter().sum::<f64>() - missing;
        let neuron = PlainNeuron { weights, bias, scale: 8.0 };
        network.banks_mut().for_each(|neurons| neurons.replace(0, &neuron));
        network
    }

    fn outputs(network: &FloatNetwork, images: &[BitImage]) -> Vec<BitImage> {
        let output = |image: &BitImage| network.forward_hard(std::slice::from_ref(image));
        images.iter().map(|image| output(image).unwrap().remove(0)).collect()
    }

    /// The neuron is an erosion by four pixels, and one by three of them is wanted: the first is the most like it,
    /// the second leaves no loss.
    #[test]
    fn a_neuron_becomes_the_operator_that_leaves_the_lowest_loss() {
        let mut learnt = network(&[4, 1, 3, 8], 0.35);
        let wanted = network(&[4, 1, 3], 0.35).to_float().unwrap();
        let rng = &mut ChaCha8Rng::seed_from_u64(2);
        let images: Vec<BitImage> =
            (0..32).map(|_| BitImage::from_fn(9, 12, |_, _| rng.random_bool(0.8))).collect();
        let targets = outputs(&wanted, &images);
        assert_ne!(outputs(&learnt.to_float().unwrap(), &images), targets);
        let pairs = images.iter().zip(&targets);
        let pairs: Vec<Pair> = pairs
            .map(|(input, target)| Pair { input: input.clone(), target: target.clone() })
            .collect();
        let judges = Judges { pairs: &pairs, loss: Loss::Mse, mask: BorderMask(0), batch: 8 };
        assert!(settle_next(&mut learnt, &judges));
        assert_eq!(learnt.settled(), (1, 1));
        let settled = learnt.to_float().unwrap();
        assert_eq!(outputs(&settled, &images), targets);
        let FloatLayer::Bisel(layer) = &settled.layers()[0] else { panic!("a BiSEL layer") };
        let members: Vec<usize> = (0..9).filter(|&tap| layer.bise.weights[tap] > 0.5).collect();
        assert_eq!(members, [1, 3, 4]);
        assert!(!settle_next(&mut learnt, &judges), "all are settled");
    }
}
