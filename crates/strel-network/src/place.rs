//! Where in a network something is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A layer or a neuron of a network. All numbers count from 1, as people do.
///
/// ```
/// use strel_network::Place;
///
/// let place = Place::Bise { layer: 2, output: 1, input: 3 };
/// assert_eq!(place.to_string(), "layer 2, output 1, input 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "neuron", rename_all = "lowercase")]
pub enum Place {
    /// A whole layer.
    Layer {
        /// Number of the layer.
        layer: usize,
    },
    /// The BiSE neuron of one output channel that reads one input channel.
    Bise {
        /// Number of the layer.
        layer: usize,
        /// Number of the output channel.
        output: usize,
        /// Number of the input channel.
        input: usize,
    },
    /// The LUI neuron of one output channel, which combines the results of its BiSE neurons.
    Lui {
        /// Number of the layer.
        layer: usize,
        /// Number of the output channel.
        output: usize,
    },
    /// The neuron of a dense layer that gives one output channel.
    Dense {
        /// Number of the layer.
        layer: usize,
        /// Number of the neuron.
        output: usize,
    },
    /// The score of one class, which is no neuron.
    Score {
        /// Number of the layer.
        layer: usize,
        /// Number of the class.
        class: usize,
    },
}

impl Place {
    /// The layer with this index, which counts from 0.
    pub(crate) fn layer(index: usize) -> Self {
        Self::Layer { layer: index + 1 }
    }

    /// The BiSE neuron with these indices, which count from 0.
    pub(crate) fn bise(layer: usize, output: usize, input: usize) -> Self {
        Self::Bise { layer: layer + 1, output: output + 1, input: input + 1 }
    }

    /// The LUI neuron with these indices, which count from 0.
    pub(crate) fn lui(layer: usize, output: usize) -> Self {
        Self::Lui { layer: layer + 1, output: output + 1 }
    }

    /// The neuron of a dense layer with these indices, which count from 0.
    pub(crate) fn dense(layer: usize, output: usize) -> Self {
        Self::Dense { layer: layer + 1, output: output + 1 }
    }

    /// The score with these indices, which count from 0.
    pub(crate) fn score(layer: usize, class: usize) -> Self {
        Self::Score { layer: layer + 1, class: class + 1 }
    }

    /// Whether this is one neuron.
    pub(crate) fn is_neuron(self) -> bool {
        matches!(self, Self::Bise { .. } | Self::Lui { .. } | Self::Dense { .. })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer { layer } => write!(f, "layer {layer}"),
            Self::Bise { layer, output, input } => {
                write!(f, "layer {layer}, output {output}, input {input}")
            }
            Self::Lui { layer, output } => write!(f, "layer {layer}, output {output}, LUI"),
            Self::Dense { layer, output } => write!(f, "layer {layer}, neuron {output}"),
            Self::Score { layer, class } => write!(f, "layer {layer}, class {class}"),
        }
    }
}
