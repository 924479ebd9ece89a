//! The last layer of a classifier.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_network::{self as network, Shape};

use super::values;

/// A linear layer that gives each class a score `W.x - b`. It keeps its float weights where the
/// layers before it are binarized, and no regularizer acts on it.
#[derive(Module, Debug)]
pub struct Scores {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
    #[module(skip)]
    inputs: Shape,
}

impl Scores {
    /// Small random weights, uniform on `[-1 / sqrt(n), 1 / sqrt(n)]` for `n` inputs, and no bias.
    pub fn new(inputs: Shape, classes: usize, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        let count = inputs.pixels();
        let bound = 1.0 / (count as f64).sqrt();
        let draw = |_| rng.random_range(-bound..=bound) as f32;
        let weight: Vec<f32> = (0..classes * count).map(draw).collect();
        Scores {
            weight: Param::from_data(TensorData::new(weight, [classes, count]), device),
            bias: Param::from_data(TensorData::new(vec![0.0f32; classes], [classes]), device),
            inputs,
        }
    }

    /// `[batch, channels, height, width]` to scores `[batch, classes, 1, 1]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, ..] = x.dims();
        let [classes, inputs] = self.weight.dims();
        let sums = x.reshape([batch, inputs]).matmul(self.weight.val().transpose());
        (sums - self.bias.val().unsqueeze()).reshape([batch, classes, 1, 1])
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> network::Scores {
        network::Scores {
            inputs: self.inputs,
            classes: self.weight.dims()[0],
            weights: values(self.weight.val()),
            bias: values(self.bias.val()),
        }
    }
}
