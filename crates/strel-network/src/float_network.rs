//! A float network as plain data.

use strel_image::Border;
use strel_theory::{Neuron, Threshold};

use crate::{NetworkError, Place};

/// A chain of BiSEL layers with the weights that their neurons compute with, whatever
/// parametrization they were learnt in.
///
/// ```
/// use strel_image::Border;
/// use strel_network::{FloatBisel, FloatNetwork, NeuronBank, Plane};
/// use strel_theory::Threshold;
///
/// let layer = FloatBisel {
///     inputs: 1,
///     outputs: 1,
///     kernel: (1, 3),
///     bise: NeuronBank { weights: vec![1.0, 1.0, 0.0], bias: vec![0.5], scale: vec![1.0] },
///     lui: None,
/// };
/// let network = FloatNetwork::new(Border::Zero, Threshold::Logistic, vec![layer])?;
/// let y = network.forward(&[Plane::new(1, 3, vec![0.0, 1.0, 0.0])?])?;
/// assert_eq!(y[0].get(0, 2), Threshold::Logistic.value(0.5));
/// assert_eq!(y[0].threshold().to_string(), ".##");
/// # Ok::<(), strel_network::NetworkError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FloatNetwork {
    border: Border,
    threshold: Threshold,
    layers: Vec<FloatBisel>,
}

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

/// The parameters of many neurons y = xi(p (W.x - b)), one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronBank {
    /// W of each neuron.
    pub weights: Vec<f32>,
    /// b of each neuron.
    pub bias: Vec<f32>,
    /// p of each neuron.
    pub scale: Vec<f32>,
}

impl FloatNetwork {
    /// A network from its layers, first to last.
    ///
    /// # Errors
    /// There is no layer, the border is neutral, a tensor has another number of values than its
    /// shape, a value is NaN or infinite, a layer reads another number of channels than the layer
    /// before it gives, LUI neurons are missing or idle. The error names the layer and neuron.
    pub fn new(
        border: Border,
        threshold: Threshold,
        layers: Vec<FloatBisel>,
    ) -> Result<Self, NetworkError> {
        check_border(border)?;
        check_chain(layers.iter().map(|layer| (layer.inputs, layer.outputs)))?;
        for (index, layer) in layers.iter().enumerate() {
            layer.check(index)?;
        }
        Ok(Self { border, threshold, layers })
    }

    /// What a neuron reads outside the image; never [`Border::Neutral`].
    pub fn border(&self) -> Border {
        self.border
    }

    /// The smooth threshold xi of all neurons.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The layers, first to last; at least one.
    pub fn layers(&self) -> &[FloatBisel] {
        &self.layers
    }

    /// Number of input channels.
    pub fn inputs(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.inputs)
    }

    /// Number of output channels.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.outputs)
    }
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

    fn check(&self, layer: usize) -> Result<(), NetworkError> {
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

impl NeuronBank {
    /// The neuron with this index in a bank of neurons of `size` weights.
    fn neuron(&self, index: usize, size: usize) -> FloatNeuron {
        let weights = &self.weights[index * size..(index + 1) * size];
        FloatNeuron {
            weights: weights.iter().copied().map(f64::from).collect(),
            bias: f64::from(self.bias[index]),
            scale: f64::from(self.scale[index]),
        }
    }

    /// Checks for `neurons` neurons of `size` weights, all finite. `name` says where a neuron is.
    fn check(
        &self,
        layer: Place,
        neurons: usize,
        size: usize,
        name: impl Fn(usize) -> Place,
    ) -> Result<(), NetworkError> {
        let parts = [
            ("number of weights", "weight", &self.weights, size),
            ("number of biases", "bias", &self.bias, 1),
            ("number of scales", "scale", &self.scale, 1),
        ];
        for (count, what, values, each) in parts {
            if neurons.checked_mul(each) != Some(values.len()) {
                return Err(NetworkError::Size {
                    place: layer,
                    what: count,
                    expected: format!("{each} for each of {neurons} neurons"),
                    found: values.len(),
                });
            }
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                let (place, value) = (name(index / each), values[index]);
                return Err(NetworkError::NotFinite { place, what, value });
            }
        }
        Ok(())
    }
}

/// One neuron's parameters, widened without loss.
pub(crate) struct FloatNeuron {
    weights: Vec<f64>,
    bias: f64,
    scale: f64,
}

impl FloatNeuron {
    /// The neuron as the theory sees it.
    pub(crate) fn view(&self) -> Neuron<'_> {
        Neuron::new(&self.weights, self.bias, self.scale)
            .expect("sums of finite f32 values are finite in f64")
    }
}

pub(crate) fn check_border(border: Border) -> Result<(), NetworkError> {
    match border {
        Border::Neutral => Err(NetworkError::Border(border)),
        _ => Ok(()),
    }
}

/// Checks that layers with these numbers of input and output channels are a network.
pub(crate) fn check_chain(
    channels: impl ExactSizeIterator<Item = (usize, usize)>,
) -> Result<(), NetworkError> {
    if channels.len() == 0 {
        return Err(NetworkError::NoLayer);
    }
    let mut before = None;
    for (index, (inputs, outputs)) in channels.enumerate() {
        let place = Place::layer(index);
        check_positive(place, "number of input channels", inputs)?;
        check_positive(place, "number of output channels", outputs)?;
        if let Some(expected) = before.replace(outputs)
            && expected != inputs
        {
            return Err(NetworkError::Channels { place, expected, found: inputs });
        }
    }
    Ok(())
}

fn check_positive(place: Place, what: &'static str, found: usize) -> Result<(), NetworkError> {
    if found > 0 {
        return Ok(());
    }
    Err(NetworkError::Size { place, what, expected: "at least 1".to_owned(), found })
}
