//! The network.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::{FloatBisel, FloatNetwork};
use strel_theory::Threshold;

use crate::kernels::LossGradients;
use crate::ops::{are_fused, tanh_factor};

use super::{Bisel, BiselShape, Layer, Neurons, Pass, Start};
use crate::TrainError;

/// A binary morphological neural network: a chain of layers, images to images or to scores of
/// classes.
#[derive(Module, Debug)]
pub struct BiMoNN {
    /// The layers, first to last.
    pub layers: Vec<Layer>,
    #[module(skip)]
    border: Border,
    #[module(skip)]
    threshold: Threshold,
}

impl BiMoNN {
    /// The network of these layers, each of which reads what the one before it gives; the neurons of
    /// all of them have this smooth threshold.
    pub fn of(layers: Vec<Layer>, border: Border, threshold: Threshold) -> Self {
        BiMoNN { layers, border, threshold }
    }

    /// An undecided network of BiSEL layers: layer `k` reads `channels[k]` channels through windows
    /// of `kernel` pixels and gives `channels[k + 1]`.
    pub fn new(
        channels: &[usize],
        kernel: (usize, usize),
        border: Border,
        start: &Start,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        let layers = channels
            .windows(2)
            .map(|pair| BiselShape { inputs: pair[0], outputs: pair[1], kernel, border })
            .map(|shape| Layer::Bisel(Bisel::new(shape, start, rng, device)))
            .collect();
        BiMoNN::of(layers, border, start.threshold)
    }

    /// What lies outside of an image.
    pub fn border(&self) -> Border {
        self.border
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height, width]`, values in `[0, 1]`; to
    /// scores `[batch, classes, 1, 1]` for a classifier.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.pass(x, Pass::Smooth)
    }

    /// The same where every neuron gives 1 if its output is above 1/2, else 0, and gradients are those
    /// of the smooth outputs: a straight-through estimator.
    pub fn forward_hard(&self, x: Tensor<4>) -> Tensor<4> {
        self.pass(x, Pass::Hard)
    }

    pub(super) fn pass(&self, x: Tensor<4>, pass: Pass) -> Tensor<4> {
        self.layers.iter().fold(x, |x, layer| layer.forward(x, pass))
    }

    /// The BiSEL layers, first to last.
    pub fn bisels(&self) -> impl Iterator<Item = &Bisel> {
        self.layers.iter().filter_map(Layer::bisel)
    }

    /// The BiSEL layer with this index among them, to be changed.
    ///
    /// # Panics
    /// There is no such layer.
    pub fn bisel_mut(&mut self, index: usize) -> &mut Bisel {
        let bisels = self.layers.iter_mut().filter_map(Layer::bisel_mut);
        bisels.into_iter().nth(index).expect("a BiSEL layer")
    }

    /// The banks of neurons that become operators, first to last; scores are none.
    pub fn banks(&self) -> impl Iterator<Item = &Neurons> {
        self.layers.iter().flat_map(Layer::neurons)
    }

    /// The same, to be changed.
    pub fn banks_mut(&mut self) -> impl Iterator<Item = &mut Neurons> {
        self.layers.iter_mut().flat_map(Layer::neurons_mut)
    }

    /// The network as plain numbers, those that [`forward`](Self::forward) computes with.
    ///
    /// # Errors
    /// A parameter is NaN or infinite; the error names its neuron.
    pub fn to_float(&self) -> Result<FloatNetwork, TrainError> {
        let layers: Vec<_> = self.layers.iter().map(Layer::to_float).collect();
        Ok(FloatNetwork::new(self.border, self.threshold, layers)?)
    }

    /// The BiSEL layers as plain numbers, if there are no others and all neurons have the threshold of
    /// the fused kernels: what a [`Chain`](crate::kernels::Chain) is made of.
    pub fn chain(&self) -> Option<Vec<FloatBisel>> {
        let fits = self.threshold == Threshold::Tanh;
        self.layers
            .iter()
            .map(|layer| layer.bisel().filter(|_| fits).map(Bisel::to_float))
            .collect()
    }

    /// A loss of the layers of [`chain`](Self::chain) as a tensor `[1]`, with its gradients.
    pub fn with_gradients(&self, found: &LossGradients) -> Tensor<1> {
        let terms = self.bisels().zip(&found.layers);
        let zero = terms.map(|(layer, gradient)| layer.with_gradient(gradient));
        zero.reduce(|a, b| a + b).expect("a network has layers") + found.loss
    }

    /// The number of layers that have no fused kernels, and run in Burn's own operations.
    pub fn portable_layers(&self) -> usize {
        let on_cpu = self.devices().iter().all(are_fused);
        let fused = on_cpu && tanh_factor(self.threshold).is_some();
        let portable = |(index, layer): &(usize, &Layer)| match layer {
            Layer::Bisel(_) => !fused,
            // The first one reads bits.
            Layer::Dense(_) => !fused || *index > 0,
            Layer::Sets(_) => !on_cpu || *index > 0,
            Layer::WindowSets(_) => !on_cpu,
            Layer::MaxPool(_) | Layer::Scores(_) => false,
        };
        self.layers.iter().enumerate().filter(portable).count()
    }

    /// Neurons that have become operators, and all neurons.
    pub fn settled(&self) -> (usize, usize) {
        let done = self.banks().map(Neurons::settled_count).sum();
        (done, self.banks().map(Neurons::count).sum())
    }

    /// Which neurons have become operators, bank by bank.
    pub fn settled_flags(&self) -> Vec<Vec<bool>> {
        self.banks().map(|neurons| neurons.settled_flags().to_vec()).collect()
    }

    /// Says which neurons have become operators; false, and nothing is changed, where the flags are
    /// those of another network.
    pub fn set_settled_flags(&mut self, flags: Vec<Vec<bool>>) -> bool {
        let sizes = self.settled_flags().iter().map(Vec::len).collect::<Vec<_>>();
        if sizes != flags.iter().map(Vec::len).collect::<Vec<_>>() {
            return false;
        }
        let banks = self.banks_mut().zip(flags);
        banks.for_each(|(neurons, flags)| neurons.set_settled_flags(flags));
        true
    }

    /// Multiplies the scales p of all neurons.
    pub fn sharpen(&mut self, factor: f64) {
        self.banks_mut().for_each(|bank| bank.sharpen(factor));
    }

    /// Finishes a step of training, see [`Layer::finish_step`].
    pub fn finish_step(&mut self) {
        self.layers.iter_mut().for_each(Layer::finish_step);
    }

    /// The network, of which nothing is left here.
    pub fn take(&mut self) -> BiMoNN {
        let BiMoNN { border, threshold, .. } = *self;
        std::mem::replace(self, BiMoNN::of(Vec::new(), border, threshold))
    }

    /// Undoes a step of the optimizer for the settled neurons, which were as in `before`.
    pub fn hold_settled(&mut self, before: &BiMoNN) {
        self.banks_mut().zip(before.banks()).for_each(|(bank, before)| bank.hold_settled(before));
    }
}
