//! The parameters of many neurons.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use strel_network::NeuronBank;
use strel_theory::Threshold;

use super::init::{Initial, WEIGHT_SUM};
use super::{Biases, Weights};
use crate::ops;
use crate::regularizer::Distance;

/// Neurons of the same number of inputs, `y = xi(p (W.x - b))`.
///
/// Weights `[neurons, inputs]` and biases `[neurons]` are made of parameters, see [`Weights`] and
/// [`Biases`]; scales `[neurons]` are free: a negative one complements.
#[derive(Module, Debug)]
pub struct Neurons {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
    scale: Param<Tensor<1>>,
    #[module(skip)]
    weights: Weights,
    #[module(skip)]
    biases: Biases,
    #[module(skip)]
    threshold: Threshold,
    /// The neurons that have become an operator and learn no more.
    #[module(skip)]
    settled: Vec<bool>,
}

/// What neurons start as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// The smooth threshold xi.
    pub threshold: Threshold,
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

impl Neurons {
    /// `count` undecided neurons of `inputs` weights.
    pub fn new(
        count: usize,
        inputs: usize,
        start: &Start,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
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
        let scale = vec![start.scale as f32; count];
        Neurons {
            weight: Param::from_data(TensorData::new(weight, [count, inputs]), device),
            bias: Param::from_data(TensorData::new(bias, [count]), device),
            scale: Param::from_data(TensorData::new(scale, [count]), device),
            weights: start.weights,
            biases: start.biases,
            threshold: start.threshold,
            settled: vec![false; count],
        }
    }

    /// The number of neurons.
    pub fn count(&self) -> usize {
        self.settled.len()
    }

    /// The number of inputs of each neuron.
    pub fn inputs(&self) -> usize {
        self.weight.dims()[1]
    }

    /// The weights W, `[neurons, inputs]`.
    pub fn weights(&self) -> Tensor<2> {
        self.weights.tensor(self.weight.val())
    }

    /// The biases b, `[neurons]`.
    pub fn biases(&self) -> Tensor<1> {
        self.biases.tensor(self.bias.val(), || self.weights())
    }

    /// The scales p, `[neurons]`.
    pub fn scales(&self) -> Tensor<1> {
        self.scale.val()
    }

    /// The smooth threshold xi.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The sum of the regularizer R over the neurons that have not settled, times a coefficient.
    pub fn penalty(&self, distance: Distance, coefficient: f64) -> Tensor<1> {
        let counts = self.settled.iter().map(|settled| !settled).collect();
        ops::penalty(self.weights(), self.biases(), counts, distance, coefficient)
    }

    /// The neurons as plain numbers.
    pub fn bank(&self) -> NeuronBank {
        NeuronBank {
            weights: values(self.weights()),
            bias: values(self.biases()),
            scale: values(self.scales()),
        }
    }

    /// 0, with these gradients for weights, biases and scales.
    pub fn with_gradient(&self, gradient: &NeuronBank) -> Tensor<1> {
        let NeuronBank { weights, bias, scale } = gradient;
        ops::with_gradient(self.weights(), weights)
            + ops::with_gradient(self.biases(), bias)
            + ops::with_gradient(self.scales(), scale)
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
    pub fn settle(&mut self, neuron: usize, weights: &[f64], bias: f64, scale: f64) {
        self.replace(vec![(neuron, PlainNeuron { weights: weights.to_vec(), bias, scale })]);
        self.settled[neuron] = true;
    }

    /// Makes some neurons, named by their indices, others: as functions, see [`settle`](Self::settle).
    ///
    /// # Panics
    /// There is no such neuron, or it has another number of weights.
    pub fn replace(&mut self, new: Vec<(usize, PlainNeuron)>) {
        if new.is_empty() {
            return;
        }
        let inputs = self.inputs();
        let mut weight = values(self.weight.val());
        let (mut bias, mut scale) = (values(self.bias.val()), values(self.scale.val()));
        for (index, neuron) in new {
            let factor = self.weights.stored_factor(&neuron.weights);
            let parameter = |&weight: &f64| self.weights.parameter(factor * weight);
            let weights: Vec<f32> = neuron.weights.iter().map(parameter).collect();
            weight[index * inputs..][..inputs].copy_from_slice(&weights);
            let sum: f64 = neuron.weights.iter().sum();
            bias[index] = self.biases.parameter(factor * neuron.bias, factor * sum);
            scale[index] = (neuron.scale / factor) as f32;
        }
        overwrite(&mut self.weight, 0, &weight);
        overwrite(&mut self.bias, 0, &bias);
        overwrite(&mut self.scale, 0, &scale);
    }

    /// Multiplies all scales p.
    pub fn sharpen(&mut self, factor: f64) {
        let scales: Vec<f32> =
            values(self.scale.val()).iter().map(|&p| (factor * f64::from(p)) as f32).collect();
        overwrite(&mut self.scale, 0, &scales);
    }

    /// Undoes a step of the optimizer for the settled neurons, which were as in `before`.
    pub fn hold_settled(&mut self, before: &Neurons) {
        if before.settled_count() == 0 {
            return;
        }
        let inputs = self.inputs();
        let old =
            [values(before.weight.val()), values(before.bias.val()), values(before.scale.val())];
        for neuron in (0..self.count()).filter(|&neuron| before.settled[neuron]) {
            let of_neuron = neuron * inputs..(neuron + 1) * inputs;
            overwrite(&mut self.weight, of_neuron.start, &old[0][of_neuron]);
            overwrite(&mut self.bias, neuron, &old[1][neuron..=neuron]);
            overwrite(&mut self.scale, neuron, &old[2][neuron..=neuron]);
        }
    }
}

/// Replaces values of a parameter, from a flat index on; the optimizer goes on with the same one.
fn overwrite<const D: usize>(parameter: &mut Param<Tensor<D>>, at: usize, new: &[f32]) {
    let tensor = parameter.val();
    let (shape, device) = (tensor.dims(), tensor.device());
    let mut all = values(tensor);
    all[at..at + new.len()].copy_from_slice(new);
    *parameter = overwritten(parameter, Tensor::from_data(TensorData::new(all, shape), &device));
}

/// The same parameter of other values.
pub(super) fn overwritten<const D: usize>(
    parameter: &Param<Tensor<D>>,
    new: Tensor<D>,
) -> Param<Tensor<D>> {
    Param::initialized(parameter.id, new.require_grad())
}

/// The 32-bit values of a tensor, row-major.
pub(super) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("parameters are 32-bit floats")
}
