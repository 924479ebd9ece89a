//! The layers of float networks.

use crate::bank::FloatNeuron;
use crate::chain::{Effect, Stage};
use crate::{FloatBisel, NetworkError, NeuronBank, Place, Scores, Shape};

/// One layer of a float network.
#[derive(Clone, Debug, PartialEq)]
pub enum FloatLayer {
    /// Neurons on windows of single channels whose results are combined.
    Bisel(FloatBisel),
    /// The maximum of 2x2 values of each channel: output (i, j) is that of the four inputs from
    /// (2 i, 2 j) on. Height and width are halved, rounded down.
    MaxPool {
        /// Number of channels, at least 1.
        channels: usize,
    },
    /// Neurons that each read all pixels of all channels.
    Dense(FloatDense),
    /// Scores of classes; only as the last layer.
    Scores(Scores),
}

/// A DenseLUI layer: neurons y = xi(p (W.x - b)) that each read all pixels of all input channels
/// (Aouad & Talbot 2023). Each gives an output channel of one pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct FloatDense {
    /// What is read.
    pub inputs: Shape,
    /// Number of neurons, at least 1.
    pub outputs: usize,
    /// The neurons: weights `[outputs, channels, height, width]`, bias and scale `[outputs]`.
    pub neurons: NeuronBank,
}

impl FloatLayer {
    /// Number of input channels.
    pub fn inputs(&self) -> usize {
        self.stage().inputs
    }

    /// Number of output channels; of classes for scores.
    pub fn outputs(&self) -> usize {
        self.stage().outputs
    }

    /// Number of neurons; a score is none.
    pub fn neurons(&self) -> usize {
        match self {
            Self::Bisel(bisel) => bisel.neurons(),
            Self::Dense(dense) => dense.outputs,
            Self::MaxPool { .. } | Self::Scores(_) => 0,
        }
    }

    pub(crate) fn stage(&self) -> Stage {
        match self {
            Self::Bisel(bisel) => {
                Stage { inputs: bisel.inputs, outputs: bisel.outputs, effect: Effect::Keeps }
            }
            &Self::MaxPool { channels } => {
                Stage { inputs: channels, outputs: channels, effect: Effect::Halves }
            }
            Self::Dense(FloatDense { inputs, outputs, .. }) => {
                Stage { inputs: inputs.channels, outputs: *outputs, effect: Effect::Joins(*inputs) }
            }
            Self::Scores(scores) => scores.stage(),
        }
    }

    /// Checks the layer with this index.
    pub(crate) fn check(&self, layer: usize) -> Result<(), NetworkError> {
        match self {
            Self::Bisel(bisel) => bisel.check(layer),
            Self::MaxPool { .. } => Ok(()),
            Self::Dense(dense) => dense.check(layer),
            Self::Scores(scores) => scores.check(layer),
        }
    }
}

impl From<FloatBisel> for FloatLayer {
    fn from(bisel: FloatBisel) -> Self {
        Self::Bisel(bisel)
    }
}

impl FloatDense {
    /// The neuron with this index of a valid layer.
    pub(crate) fn neuron(&self, index: usize) -> FloatNeuron {
        self.neurons.neuron(index, self.inputs.pixels())
    }

    fn check(&self, layer: usize) -> Result<(), NetworkError> {
        let place = Place::layer(layer);
        let pixels = self.inputs.checked_pixels(place)?;
        self.neurons.check(place, self.outputs, pixels, |neuron| Place::dense(layer, neuron))
    }
}
