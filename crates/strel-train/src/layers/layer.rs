//! The layers that a network is a chain of.

use burn::module::Module;
use burn::tensor::Tensor;
use strel_network::FloatLayer;

use super::{Bisel, Dense, MaxPool, Neurons, Pass, Scores, Sets, WindowSets};

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
    /// Dilations and erosions of all pixels of all channels.
    Sets(Sets),
    /// Dilations and erosions by windows of all channels.
    WindowSets(WindowSets),
    /// Scores of classes; only as the last layer.
    Scores(Scores),
}

impl Layer {
    /// The outputs of the layer, `[batch, channels, height, width]` in and out.
    pub fn forward(&self, x: Tensor<4>, pass: Pass) -> Tensor<4> {
        match self {
            Layer::Bisel(bisel) => bisel.forward(x, pass),
            Layer::MaxPool(pool) => pool.forward(x),
            Layer::Dense(dense) => dense.forward(x, pass),
            Layer::Sets(sets) => sets.forward(x),
            Layer::WindowSets(sets) => sets.forward(x),
            Layer::Scores(scores) => scores.forward(x),
        }
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatLayer {
        match self {
            Layer::Bisel(bisel) => FloatLayer::Bisel(bisel.to_float()),
            Layer::MaxPool(pool) => FloatLayer::MaxPool { channels: pool.channels() },
            Layer::Dense(dense) => FloatLayer::Dense(dense.to_float()),
            Layer::Sets(sets) => FloatLayer::Dense(sets.to_float()),
            Layer::WindowSets(sets) => FloatLayer::Bisel(sets.to_float()),
            Layer::Scores(scores) => FloatLayer::Scores(scores.to_float()),
        }
    }

    /// Finishes a step of training: keeps parameters in range.
    pub fn finish_step(&mut self) {
        match self {
            Layer::Sets(sets) => sets.clip(),
            Layer::WindowSets(sets) => sets.clip(),
            Layer::Bisel(_) | Layer::MaxPool(_) | Layer::Dense(_) | Layer::Scores(_) => {}
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
            _ => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn neurons_mut(&mut self) -> Vec<&mut Neurons> {
        match self {
            Layer::Bisel(bisel) => bisel.neurons_mut().collect(),
            Layer::Dense(dense) => vec![&mut dense.neurons],
            _ => Vec::new(),
        }
    }
}
