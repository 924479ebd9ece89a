//! The parameters of many neurons.

use std::borrow::Cow;

use rand::rngs::ChaCha8Rng;
use rayon::prelude::*;
use strel_network::NeuronBank;

use super::init::{Initial, WEIGHT_SUM};
use super::parameter::{Parameter, Part};
use super::{Biases, Update, Weights};
use crate::kernels::{AdamStep, Penalties};

/// Neurons of the same number of inputs, `y = xi(p (W.x - b))`.
///
/// Weights `[neurons, inputs]` and biases `[neurons]` are made of parameters, see [`Weights`] and
/// [`Biases`]; scales `[neurons]` are free: a negative one complements.
#[derive(Clone)]
pub struct Neurons {
    weight: Parameter,
    bias: Parameter,
    scale: Parameter,
    inputs: usize,
    weights: Weights,
    biases: Biases,
    /// The neurons that have become an operator and learn no more.
    settled: Vec<bool>,
}

/// How sharp settled neurons are: their outputs are `xi(-SHARPNESS / 2)` or less, and
/// `xi(SHARPNESS / 2)` or more, which is almost binary within 0.0004.
pub const SHARPNESS: f64 = 8.0;

/// What neurons start as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// The parametrization of the weights.
    pub weights: Weights,
    /// The parametrization of the biases.
    pub biases: Biases,
    /// The half width of the interval that weights are drawn from, relative to the published one;
    /// 0 makes all weights equal.
    pub spread: f64,
    /// The mean of the inputs: biases start at this share of the sum of the weights.
    pub input_mean: f64,
    /// The scale p.
    pub scale: f64,
}

/// A neuron as plain numbers. Where weights are made by a softplus, W and b are at least 0, and W has a
/// positive sum.
#[derive(Clone, Debug, PartialEq)]
pub struct PlainNeuron {
    /// W.
    pub weights: Vec<f64>,
    /// b.
    pub bias: f64,
    /// p.
    pub scale: f64,
}

/// A neuron on its way through a step.
pub struct NeuronPart<'a> {
    weight: Part<'a>,
    bias: Part<'a>,
    scale: Part<'a>,
    weights: Weights,
    biases: Biases,
    index: usize,
    is_settled: bool,
}

impl Neurons {
    /// `count` undecided neurons of `inputs` weights.
    pub fn new(count: usize, inputs: usize, start: &Start, rng: &mut ChaCha8Rng) -> Self {
        let initial = Initial::new(inputs);
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let weights: Vec<f64> =
                (0..inputs).map(|_| initial.weight(start.spread, rng)).collect();
            let sum = match start.weights {
                Weights::Softplus | Weights::Raw => weights.iter().sum(),
                Weights::Normalised => WEIGHT_SUM,
            };
            weight.extend(weights.into_iter().map(|w| start.weights.parameter(w)));
            let first = Initial::bias(sum, start.input_mean, rng);
            bias.push(start.biases.parameter(first, sum));
        }
        Neurons {
            weight: Parameter::new(weight),
            bias: Parameter::new(bias),
            scale: Parameter::new(vec![start.scale as f32; count]),
            inputs,
            weights: start.weights,
            biases: start.biases,
            settled: vec![false; count],
        }
    }

    /// The number of neurons.
    pub fn count(&self) -> usize {
        self.settled.len()
    }

    /// The number of inputs of each neuron.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The weights W, `[neurons, inputs]`.
    pub fn weights(&self) -> Cow<'_, [f32]> {
        let w = &self.weight.values;
        if self.weights == Weights::Raw {
            return Cow::Borrowed(w);
        }
        let mut weights = vec![0.0; w.len()];
        let rows = weights.par_chunks_exact_mut(self.inputs).zip(w.par_chunks_exact(self.inputs));
        rows.for_each(|(weights, w)| self.weights.write(w, weights));
        Cow::Owned(weights)
    }

    /// The biases b, `[neurons]`, of neurons of these weights W.
    pub fn biases(&self, weights: &[f32]) -> Vec<f32> {
        let neurons = weights.chunks_exact(self.inputs).zip(&self.bias.values);
        neurons.map(|(weights, &beta)| self.biases.value(beta, weights)).collect()
    }

    /// The scales p, `[neurons]`.
    pub fn scales(&self) -> &[f32] {
        &self.scale.values
    }

    /// The neurons as plain numbers.
    pub fn bank(&self) -> NeuronBank {
        let weights = self.weights();
        let bias = self.biases(&weights);
        NeuronBank { bias, scale: self.scales().to_vec(), weights: weights.into_owned() }
    }

    /// What the regularizer of a step adds for the neurons that have not settled, if there is one; its value is added
    /// to the step's.
    pub fn penalties(&self, update: &mut Update) -> Option<Penalties> {
        let (distance, coefficient) = update.regularizer?;
        let weights = self.weights();
        let counts: Vec<bool> = self.settled.iter().map(|settled| !settled).collect();
        let biases = self.biases(&weights);
        let penalties = Penalties::new(distance, coefficient, &weights, &biases, &counts);
        update.penalty += penalties.value;
        Some(penalties)
    }

    /// The neurons, each with its parameters, to be moved.
    pub fn parts(&mut self) -> impl IndexedParallelIterator<Item = NeuronPart<'_>> {
        let (weights, biases, inputs) = (self.weights, self.biases, self.inputs);
        let single = self.bias.parts(1).zip(self.scale.parts(1));
        let neurons = self.weight.parts(inputs).zip(single).zip(&self.settled).enumerate();
        neurons.map(move |(index, ((weight, (bias, scale)), &is_settled))| NeuronPart {
            weight,
            bias,
            scale,
            weights,
            biases,
            index,
            is_settled,
        })
    }

    /// Moves all neurons along their gradients for W, b and p.
    pub fn learn(&mut self, mut gradient: NeuronBank, update: &mut Update) {
        let (step, penalties) = (update.step, self.penalties(update));
        let NeuronBank { weights, bias, scale } = &mut gradient;
        let rows = weights.par_chunks_exact_mut(self.inputs).zip(&bias[..]).zip(&scale[..]);
        self.parts().zip(rows).for_each(|(mut neuron, ((weights, &bias), &scale))| {
            neuron.learn(step, penalties.as_ref(), weights, bias, scale);
        });
    }

    /// All parameters, with their names, to be changed.
    pub fn parameters_mut(&mut self) -> [(&'static str, &mut Parameter); 3] {
        [("weight", &mut self.weight), ("bias", &mut self.bias), ("scale", &mut self.scale)]
    }

    /// Whether a neuron has become an operator and learns no more.
    pub fn is_settled(&self, neuron: usize) -> bool {
        self.settled[neuron]
    }

    /// Which neurons have become an operator.
    pub fn settled_flags(&self) -> &[bool] {
        &self.settled
    }

    /// Says which neurons have become an operator, one flag a neuron.
    pub(super) fn set_settled_flags(&mut self, flags: Vec<bool>) {
        self.settled = flags;
    }

    /// The number of settled neurons.
    pub fn settled_count(&self) -> usize {
        self.settled.iter().filter(|&&settled| settled).count()
    }

    /// Makes a neuron the one with these weights `[inputs]`, bias and scale, and keeps it so.
    ///
    /// The function is kept, not the numbers: normalised weights are stored with their sum and the
    /// bias and scale that go with it. Weights and bias are such as the parametrizations can be: at
    /// least 0 by a softplus, and a clamped bias within its bounds.
    pub fn settle(&mut self, index: usize, neuron: &PlainNeuron) {
        self.replace(index, neuron);
        self.settled[index] = true;
    }

    /// Makes a neuron another one: as a function, see [`settle`](Self::settle).
    ///
    /// # Panics
    /// There is no such neuron, or it has another number of weights.
    pub fn replace(&mut self, index: usize, PlainNeuron { weights, bias, scale }: &PlainNeuron) {
        let factor = self.weights.stored_factor(weights);
        let row = &mut self.weight.values[index * self.inputs..][..self.inputs];
        assert_eq!(row.len(), weights.len(), "a weight an input");
        for (parameter, weight) in row.iter_mut().zip(weights) {
            *parameter = self.weights.parameter(factor * weight);
        }
        let sum: f64 = weights.iter().sum();
        self.bias.values[index] = self.biases.parameter(factor * bias, factor * sum);
        self.scale.values[index] = (scale / factor) as f32;
    }

    /// Multiplies the scales p of all neurons that have not settled.
    pub fn sharpen(&mut self, factor: f64) {
        let open =
            self.scale.values.iter_mut().zip(&self.settled).filter(|(_, settled)| !**settled);
        open.for_each(|(scale, _)| *scale = (factor * f64::from(*scale)) as f32);
    }
}

impl NeuronPart<'_> {
    /// Moves the neuron along its gradients for W, which is scratch afterwards, b and p, and that of its penalty. A
    /// settled neuron stays.
    pub fn learn(
        &mut self,
        step: AdamStep,
        penalties: Option<&Penalties>,
        of_weights: &mut [f32],
        mut of_bias: f32,
        of_scale: f32,
    ) {
        if self.is_settled {
            return;
        }
        let NeuronPart { weight, bias, scale, weights, biases, index, .. } = self;
        let (w, beta) = (&*weight.values, bias.values[0]);
        // Most parametrizations of biases do not look at the weights.
        let reads_weights = penalties.is_some() || biases.read_weights();
        let plain: Cow<[f32]> = match *weights {
            Weights::Raw => Cow::Borrowed(w),
            _ if !reads_weights => Cow::Borrowed(&[]),
            _ => {
                let mut plain = vec![0.0; w.len()];
                weights.write(w, &mut plain);
                Cow::Owned(plain)
            }
        };
        if let Some(penalties) = penalties {
            of_bias += penalties.add_gradient(*index, &plain, of_weights);
        }
        let of_beta = biases.backward(beta, &plain, of_bias, of_weights);
        weights.backward(w, of_weights);
        weight.learn(step, of_weights);
        bias.learn(step, &[of_beta]);
        scale.learn(step, &[of_scale]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use strel_theory::{Metric, Neuron, activable_projection};

    use crate::regularizer::Distance;

    fn neurons(weights: Weights) -> Neurons {
        let start =
            Start { weights, biases: Biases::Softplus, spread: 1.0, input_mean: 0.4, scale: 2.0 };
        Neurons::new(4, 9, &start, &mut ChaCha8Rng::seed_from_u64(1))
    }

    fn zeros() -> NeuronBank {
        NeuronBank { weights: vec![0.0; 36], bias: vec![0.0; 4], scale: vec![0.0; 4] }
    }

    /// The distances of all neurons to the (closed) set of activated ones.
    fn distances(bank: &NeuronBank) -> Vec<f64> {
        let distance = |(weights, &bias): (&[f32], &f32)| {
            let weights: Vec<f64> = weights.iter().copied().map(f64::from).collect();
            let neuron = Neuron::new(&weights, f64::from(bias), 1.0).unwrap();
            activable_projection(&neuron, Metric::Centred).distance
        };
        bank.weights.chunks_exact(9).zip(&bank.bias).map(distance).collect()
    }

    #[test]
    fn neurons_that_learn_nothing_else_reach_the_activable_set() {
        let mut neurons = neurons(Weights::Normalised);
        assert!(distances(&neurons.bank()).iter().all(|&distance| distance > 0.1));
        let regularizer = Some((Distance::ActivableSet(Metric::Centred), 1.0));
        let mut last = f64::INFINITY;
        for time in 1..=1000 {
            let mut update = Update { regularizer, ..Update::new(AdamStep::new(time, 0.01)) };
            neurons.learn(zeros(), &mut update);
            last = update.penalty;
        }
        let left = distances(&neurons.bank());
        assert!(left.iter().all(|&distance| distance < 1e-6), "{left:?}");
        assert!(last < 1e-12);
    }

    #[test]
    fn settled_neurons_neither_move_nor_count() {
        let mut neurons = neurons(Weights::Softplus);
        neurons.set_settled_flags(vec![true, false, true, true]);
        let regularizer = Some((Distance::ActivableSet(Metric::Centred), 1.0));
        let mut update = Update { regularizer, ..Update::new(AdamStep::new(1, 0.01)) };
        let before = neurons.bank();
        let weights: Vec<f64> = before.weights[9..18].iter().copied().map(f64::from).collect();
        let penalty = Distance::ActivableSet(Metric::Centred)
            .penalty(&weights, f64::from(before.bias[1]))
            .value;
        neurons.learn(zeros(), &mut update);
        let after = neurons.bank();
        assert_eq!(after.weights[..9], before.weights[..9]);
        assert_ne!(after.weights[9..18], before.weights[9..18]);
        assert_eq!(after.weights[18..], before.weights[18..]);
        assert!((update.penalty - penalty).abs() < 1e-9);
    }
}
