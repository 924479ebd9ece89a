//! The layers that a network is a chain of.

use burn::module::Module;
use burn::tensor::Tensor;
use strel_network::FloatLayer;

use super::{Bisel, Dense, MaxPool, Neurons, Output, Scores};

/// One layer of a network in training.
#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "a network has few layers")]
pub enum Layer {
    /// Neurons on windows of single channels whose results are combined.
    Bisel(Bisel),
    /// The maximum of 2x2 values of each channel.
    MaxPool(MaxPool),
    /// Neurons that each read all pixels of all channels.
    Dense(Dense),
    /// Scores of classes; only as the last layer.
    Scores(Scores),
}

impl Layer {
    /// The outputs of the layer, `[batch, channels, height, width]` in and out; `output` makes a
    /// neuron's output of its smooth one.
    pub fn forward(&self, x: Tensor<4>, output: Output) -> Tensor<4> {
        match self {
            Layer::Bisel(bisel) => bisel.forward(x, output),
            Layer::MaxPool(pool) => pool.forward(x),
            Layer::Dense(dense) => dense.forward(x, output),
            Layer::Scores(scores) => scores.forward(x),
        }
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatLayer {
        match self {
            Layer::Bisel(bisel) => FloatLayer::Bisel(bisel.to_float()),
            Layer::MaxPool(pool) => FloatLayer::MaxPool { channels: pool.channels() },
            Layer::Dense(dense) => FloatLayer::Dense(dense.to_float()),
            Layer::Scores(scores) => FloatLayer::Scores(scores.to_float()),
        }
    }

    /// The BiSEL layer, if it is one.
    pub fn bisel(&self) -> Option<&Bisel> {
        match self {
            Layer::Bisel(bisel) => Some(bisel),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn bisel_mut(&mut self) -> Option<&mut Bisel> {
        match self {
            Layer::Bisel(bisel) => Some(bisel),
            _ => None,
        }
    }

    /// The banks of neurons of the layer.
    pub fn neurons(&self) -> Vec<&Neurons> {
        match self {
            Layer::Bisel(bisel) => bisel.neurons().collect(),
            Layer::Dense(dense) => vec![&dense.neurons],
            Layer::MaxPool(_) | Layer::Scores(_) => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn neurons_mut(&mut self) -> Vec<&mut Neurons> {
        match self {
            Layer::Bisel(bisel) => bisel.neurons_mut().collect(),
            Layer::Dense(dense) => vec![&mut dense.neurons],
            Layer::MaxPool(_) | Layer::Scores(_) => Vec::new(),
        }
    }
}
