//! The morphological layer.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::FloatBisel;

use super::{Neurons, Start};
use crate::ops;

/// A BiSEL layer: a BiSE neuron for each pair of an input and an output channel, then one LUI for
/// each output channel over its results. With one input channel there is nothing to unite, and no
/// LUI.
#[derive(Module, Debug)]
pub struct Bisel {
    /// The BiSE neurons, that of output `o` and input `i` at `o * inputs + i`.
    pub bise: Neurons,
    /// The LUI neurons, one an output.
    pub lui: Option<Neurons>,
    #[module(skip)]
    shape: BiselShape,
}

/// The sizes of a BiSEL layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BiselShape {
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// Rows and columns of the windows.
    pub kernel: (usize, usize),
    /// What lies outside of an image.
    pub border: Border,
}

impl Bisel {
    /// An undecided layer.
    pub fn new(shape: BiselShape, start: &Start, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        let BiselShape { inputs, outputs, kernel, .. } = shape;
        // Channels start with equal weights: each is as good as the next.
        let united = Start { spread: 0.0, input_mean: 0.5, ..*start };
        Bisel {
            bise: Neurons::new(outputs * inputs, kernel.0 * kernel.1, start, rng, device),
            lui: (inputs > 1).then(|| Neurons::new(outputs, inputs, &united, rng, device)),
            shape,
        }
    }

    /// The sizes of the layer.
    pub fn shape(&self) -> BiselShape {
        self.shape
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height, width]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let BiselShape { inputs, outputs, kernel: (rows, columns), border } = self.shape;
        let y = ops::bise(
            x,
            self.bise.weights().reshape([outputs, inputs, rows, columns]),
            self.bise.biases().reshape([outputs, inputs]),
            self.bise.scales().reshape([outputs, inputs]),
            border,
        );
        match &self.lui {
            Some(lui) => ops::lui(y, lui.weights(), lui.biases(), lui.scales()),
            None => y,
        }
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatBisel {
        FloatBisel {
            inputs: self.shape.inputs,
            outputs: self.shape.outputs,
            kernel: self.shape.kernel,
            bise: self.bise.bank(),
            lui: self.lui.as_ref().map(Neurons::bank),
        }
    }

    /// The banks of neurons of the layer, BiSE before LUI.
    pub fn neurons(&self) -> impl Iterator<Item = &Neurons> {
        std::iter::once(&self.bise).chain(&self.lui)
    }

    /// The same, to be changed.
    pub fn neurons_mut(&mut self) -> impl Iterator<Item = &mut Neurons> {
        std::iter::once(&mut self.bise).chain(&mut self.lui)
    }
}
