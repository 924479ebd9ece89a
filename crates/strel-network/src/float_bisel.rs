//! BiSEL layers of float networks.

use crate::bank::FloatNeuron;
use crate::chain::check_positive;
use crate::{NetworkError, NeuronBank, Place};

/// A BiSEL layer: for each output channel one BiSE neuron an input channel, then one LUI neuron
/// over their results (Aouad & Talbot, "Binary Multi Channel Morphological Neural Network", 2022).
///
/// The BiSE neuron of output o and input i reads channel i through a window of `kernel` pixels,
///
/// ```text
/// y(j) = xi(p (sum over s of W(s) x(j + s) - b)),
/// ```
///
/// a correlation, whose origin s = 0 is the pixel (rows / 2, cols / 2) of the window, rounded down.
#[derive(Clone, Debug, PartialEq)]
pub struct FloatBisel {
    /// Number of input channels, at least 1.
    pub inputs: usize,
    /// Number of output channels, at least 1.
    pub outputs: usize,
    /// Rows and columns of the windows, at least 1; even ones are legal.
    pub kernel: (usize, usize),
    /// The BiSE neurons: weights `[outputs, inputs, rows, cols]`, bias and scale
    /// `[outputs, inputs]`.
    pub bise: NeuronBank,
    /// The LUI neurons: weights `[outputs, inputs]`, bias and scale `[outputs]`. `None` iff there is
    /// one input channel: the LUI is the identity then.
    pub lui: Option<NeuronBank>,
}

impl FloatBisel {
    /// Number of BiSE and LUI neurons.
    pub fn neurons(&self) -> usize {
        self.bise.bias.len() + self.lui.as_ref().map_or(0, |lui| lui.bias.len())
    }

    /// Number of weights of a BiSE neuron.
    pub(crate) fn window(&self) -> usize {
        self.kernel.0 * self.kernel.1
    }

    /// The BiSE neuron of an output and an input channel of a valid layer.
    pub(crate) fn bise_neuron(&self, output: usize, input: usize) -> FloatNeuron {
        self.bise.neuron(output * self.inputs + input, self.window())
    }

    /// The LUI neuron of an output channel of a valid layer, if it is not the identity.
    pub(crate) fn lui_neuron(&self, output: usize) -> Option<FloatNeuron> {
        self.lui.as_ref().map(|bank| bank.neuron(output, self.inputs))
    }

    /// Checks the layer with this index.
    pub(crate) fn check(&self, layer: usize) -> Result<(), NetworkError> {
        let place = Place::layer(layer);
        for (what, found) in [("kernel's rows", self.kernel.0), ("kernel's columns", self.kernel.1)]
        {
            check_positive(place, what, found)?;
        }
        let too_large = || NetworkError::TooLarge { place };
        let window = self.kernel.0.checked_mul(self.kernel.1).ok_or_else(too_large)?;
        let neurons = self.inputs.checked_mul(self.outputs).ok_or_else(too_large)?;
        self.bise.check(place, neurons, window, |neuron| {
            Place::bise(layer, neuron / self.inputs, neuron % self.inputs)
        })?;
        match &self.lui {
            Some(bank) if self.inputs > 1 => {
                bank.check(place, self.outputs, self.inputs, |neuron| Place::lui(layer, neuron))
            }
            None if self.inputs == 1 => Ok(()),
            lui => Err(NetworkError::Lui { place, inputs: self.inputs, present: lui.is_some() }),
        }
    }
}
