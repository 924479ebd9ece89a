//! The weights of an ordinary layer.

use burn::module::{Module, Param};
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::Shape;

use super::Baseline;
use crate::layers::{Pass, overwritten};
use crate::ops::portable::pad;

/// Sums `W.x` of a layer: dense ones, or those of a convolution. They have no bias, as batch
/// normalisation follows.
#[derive(Module, Debug)]
pub struct Linear {
    /// Float weights, `[outputs, inputs]`; of a convolution, the inputs are the windows of all channels.
    weight: Param<Tensor<2>>,
    #[module(skip)]
    reads: Reads,
    #[module(skip)]
    baseline: Baseline,
}

/// What a sum reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reads {
    /// All pixels of all channels.
    All(Shape),
    /// A window of each channel.
    Windows {
        /// Input channels.
        channels: usize,
        /// Rows and columns of the window.
        kernel: (usize, usize),
        /// What lies outside of an image.
        border: Border,
    },
}

impl Reads {
    /// The number of values.
    pub fn inputs(self) -> usize {
        match self {
            Reads::All(shape) => shape.pixels(),
            Reads::Windows { channels, kernel, .. } => channels * kernel.0 * kernel.1,
        }
    }
}

impl Linear {
    /// Random weights, uniform on `[-sqrt(6 / (n + m)), sqrt(6 / (n + m))]` for `n` inputs and `m`
    /// outputs (Glorot & Bengio 2010).
    pub fn new(
        reads: Reads,
        outputs: usize,
        baseline: Baseline,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        let inputs = reads.inputs();
        let bound = (6.0 / (inputs + outputs) as f64).sqrt();
        let draw = |_| rng.random_range(-bound..=bound) as f32;
        let weight: Vec<f32> = (0..outputs * inputs).map(draw).collect();
        let weight = Param::from_data(TensorData::new(weight, [outputs, inputs]), device);
        Linear { weight, reads, baseline }
    }

    /// The float weights, `[outputs, inputs]`.
    pub fn float_weights(&self) -> Tensor<2> {
        self.weight.val()
    }

    /// Bytes of the weights that the network computes with, packed.
    pub fn packed_bytes(&self) -> usize {
        let [outputs, inputs] = self.weight.dims();
        (outputs * inputs * self.baseline.bits().weights as usize).div_ceil(8)
    }

    /// `[batch, channels, height, width]` to `[batch, outputs, 1, 1]`, or to the same height and width
    /// of windows.
    pub fn forward(&self, x: Tensor<4>, pass: Pass) -> Tensor<4> {
        let weights = self.baseline.weights(self.weight.val(), pass);
        let [outputs, inputs] = weights.dims();
        match self.reads {
            Reads::All(_) => {
                let [batch, ..] = x.dims();
                let sums = x.reshape([batch, inputs]).matmul(weights.transpose());
                sums.reshape([batch, outputs, 1, 1])
            }
            Reads::Windows { channels, kernel, border } => {
                let weights = weights.reshape([outputs, channels, kernel.0, kernel.1]);
                let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
                conv2d(pad(x, kernel, border), weights, None, options)
            }
        }
    }

    /// Brings float weights back to `[-1, 1]`, where they are kept there.
    pub fn clip(&mut self) {
        if self.baseline.clips_weights() {
            let clipped = self.weight.val().clamp(-1.0, 1.0).detach();
            self.weight = overwritten(&self.weight, clipped);
        }
    }
}
