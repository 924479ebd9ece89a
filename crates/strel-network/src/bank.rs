//! The neurons of float networks.

use strel_theory::Neuron;

use crate::{NetworkError, Place};

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

impl NeuronBank {
    /// The neuron with this index in a bank of neurons of `size` weights.
    pub(crate) fn neuron(&self, index: usize, size: usize) -> FloatNeuron {
        let weights = &self.weights[index * size..(index + 1) * size];
        FloatNeuron::new(weights, self.bias[index], self.scale[index])
    }

    /// Checks for `neurons` neurons of `size` weights, all finite. `name` says where a neuron is.
    pub(crate) fn check(
        &self,
        layer: Place,
        neurons: usize,
        size: usize,
        name: impl Fn(usize) -> Place,
    ) -> Result<(), NetworkError> {
        for (count, what, values, each) in [
            ("number of weights", "weight", &self.weights, size),
            ("number of biases", "bias", &self.bias, 1),
            ("number of scales", "scale", &self.scale, 1),
        ] {
            check_values(layer, (count, what), values, (neurons, each), &name)?;
        }
        Ok(())
    }
}

/// Checks that there are `each` finite values for each of `neurons` neurons. `name` says where a
/// neuron is.
pub(crate) fn check_values(
    layer: Place,
    (count, what): (&'static str, &'static str),
    values: &[f32],
    (neurons, each): (usize, usize),
    name: impl Fn(usize) -> Place,
) -> Result<(), NetworkError> {
    if neurons.checked_mul(each) != Some(values.len()) {
        return Err(NetworkError::Size {
            place: layer,
            what: count,
            expected: format!("{each} for each of {neurons} neurons"),
            found: values.len(),
        });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => {
            Err(NetworkError::NotFinite { place: name(index / each), what, value: values[index] })
        }
        None => Ok(()),
    }
}

/// One neuron's parameters, widened without loss.
pub(crate) struct FloatNeuron {
    weights: Vec<f64>,
    bias: f64,
    scale: f64,
}

impl FloatNeuron {
    pub(crate) fn new(weights: &[f32], bias: f32, scale: f32) -> Self {
        Self {
            weights: weights.iter().copied().map(f64::from).collect(),
            bias: f64::from(bias),
            scale: f64::from(scale),
        }
    }

    /// The neuron as the theory sees it.
    pub(crate) fn view(&self) -> Neuron<'_> {
        Neuron::new(&self.weights, self.bias, self.scale)
            .expect("sums of finite f32 values are finite in f64")
    }
}
