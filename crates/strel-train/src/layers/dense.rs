//! The DenseLUI layer.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatDense, Shape};

use super::{Neurons, Pass, Start};
use crate::ops;

/// A DenseLUI layer: neurons that each read all pixels of all channels.
#[derive(Module, Debug)]
pub struct Dense {
    /// The neurons, one an output.
    pub neurons: Neurons,
    #[module(skip)]
    inputs: Shape,
}

impl Dense {
    /// An undecided layer of `outputs` neurons.
    pub fn new(
        inputs: Shape,
        outputs: usize,
        start: &Start,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        Dense { neurons: Neurons::new(outputs, inputs.pixels(), start, rng, device), inputs }
    }

    /// `[batch, channels, height, width]` to `[batch, outputs, 1, 1]`.
    pub fn forward(&self, x: Tensor<4>, pass: Pass) -> Tensor<4> {
        let [batch, ..] = x.dims();
        let x = x.reshape([batch, self.inputs.pixels()]);
        let y = ops::dense(
            x,
            self.neurons.weights(),
            self.neurons.biases(),
            self.neurons.scales(),
            self.neurons.threshold(),
        );
        pass.output(y.reshape([batch, self.neurons.count(), 1, 1]))
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatDense {
        let Dense { neurons, inputs } = self;
        FloatDense { inputs: *inputs, outputs: neurons.count(), neurons: neurons.bank() }
    }
}
