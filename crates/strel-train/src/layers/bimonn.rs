//! The network.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::{FloatNetwork, NetworkError};
use strel_theory::Threshold;

use super::{Bisel, BiselShape, Neurons, Start};
use crate::kernels::Chain;

/// A binary morphological neural network: a chain of BiSEL layers, images to images.
#[derive(Module, Debug)]
pub struct BiMoNN {
    /// The layers, first to last.
    pub layers: Vec<Bisel>,
    #[module(skip)]
    border: Border,
}

impl BiMoNN {
    /// An undecided network: layer `k` reads `channels[k]` channels through windows of `kernel`
    /// pixels and gives `channels[k + 1]`.
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
            .map(|shape| Bisel::new(shape, start, rng, device))
            .collect();
        BiMoNN { layers, border }
    }

    /// What lies outside of an image.
    pub fn border(&self) -> Border {
        self.border
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height, width]`, values in `[0, 1]`; in
    /// Burn's operations, for every backend.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.layers.iter().fold(x, |x, layer| layer.forward(x))
    }

    /// The mean loss `[1]` of so many images `[inputs, height, width]` of this size, found with its
    /// gradients by the [`kernels`](crate::kernels); see [`Chain::gradients`] for `input` and `loss`.
    ///
    /// # Panics
    /// An image has no pixel.
    pub fn loss(
        &self,
        (images, size): (usize, (usize, usize)),
        input: impl Fn(usize, &mut [f32]) + Sync,
        loss: impl Fn(usize, &[f32], &mut [f32]) -> f64 + Sync,
    ) -> Tensor<1> {
        let layers: Vec<_> = self.layers.iter().map(Bisel::to_float).collect();
        let found = Chain::new(&layers, self.border, size).gradients(images, input, loss);
        let terms = self.layers.iter().zip(&found.layers);
        let zero = terms.map(|(layer, gradient)| layer.with_gradient(gradient));
        zero.reduce(|a, b| a + b).expect("a network has layers") + found.loss
    }

    /// The network as plain numbers, those that [`forward`](Self::forward) computes with.
    ///
    /// # Errors
    /// A parameter is NaN or infinite; the error names its neuron.
    pub fn to_float(&self) -> Result<FloatNetwork, NetworkError> {
        let layers = self.layers.iter().map(Bisel::to_float);
        FloatNetwork::new(self.border, Threshold::Tanh, layers)
    }

    /// Neurons that have become operators, and all neurons.
    pub fn settled(&self) -> (usize, usize) {
        let banks = || self.layers.iter().flat_map(Bisel::neurons);
        (banks().map(Neurons::settled_count).sum(), banks().map(Neurons::count).sum())
    }

    /// Which neurons have become operators, bank by bank.
    pub fn settled_flags(&self) -> Vec<Vec<bool>> {
        let banks = self.layers.iter().flat_map(Bisel::neurons);
        banks.map(|neurons| neurons.settled_flags().to_vec()).collect()
    }

    /// Says which neurons have become operators; false, and nothing is changed, where the flags are
    /// those of another network.
    pub fn set_settled_flags(&mut self, flags: Vec<Vec<bool>>) -> bool {
        let sizes = self.settled_flags().iter().map(Vec::len).collect::<Vec<_>>();
        if sizes != flags.iter().map(Vec::len).collect::<Vec<_>>() {
            return false;
        }
        let banks = self.layers.iter_mut().flat_map(Bisel::neurons_mut);
        banks.zip(flags).for_each(|(neurons, flags)| neurons.set_settled_flags(flags));
        true
    }

    /// Multiplies the scales p of all neurons.
    pub fn sharpen(&mut self, factor: f64) {
        self.layers.iter_mut().flat_map(Bisel::neurons_mut).for_each(|bank| bank.sharpen(factor));
    }

    /// Undoes a step of the optimizer for the settled neurons, which were as in `before`.
    pub fn hold_settled(&mut self, before: &BiMoNN) {
        for (layer, before) in self.layers.iter_mut().zip(&before.layers) {
            for (neurons, before) in layer.neurons_mut().zip(before.neurons()) {
                neurons.hold_settled(before);
            }
        }
    }
}
