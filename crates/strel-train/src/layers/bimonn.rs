//! The network.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::{FloatNetwork, NetworkError};
use strel_theory::Threshold;

use super::{Bisel, BiselShape, Start};

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

    /// `[batch, inputs, height, width]` to `[batch, outputs, height, width]`, values in `[0, 1]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.layers.iter().fold(x, |x, layer| layer.forward(x))
    }

    /// The network as plain numbers, those that [`forward`](Self::forward) computes with.
    ///
    /// # Errors
    /// A parameter is NaN or infinite; the error names its neuron.
    pub fn to_float(&self) -> Result<FloatNetwork, NetworkError> {
        let layers = self.layers.iter().map(Bisel::to_float).collect();
        FloatNetwork::new(self.border, Threshold::Tanh, layers)
    }
}
