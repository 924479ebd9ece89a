//! The layers of float networks.

use numpy::{AllowTypeChange, PyArrayLikeDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use strel_network::{FloatLayer, NeuronBank, Shape};

use crate::error;

/// Numbers in an array, or in lists of lists, of any type that float32 can hold.
type Floats<'py> = PyArrayLikeDyn<'py, f32, AllowTypeChange>;

/// Neurons on windows of single channels whose results are combined (BiSEL).
///
/// `weights` has the axes [outputs, inputs, rows, columns], `bias` and `scale` (p) have [outputs, inputs]. Of several
/// inputs, `lui_weights` [outputs, inputs], `lui_bias` and `lui_scale` [outputs] are the neurons that combine them.
///
/// >>> strel.FloatBisel(np.ones((2, 1, 3, 3)), bias=[[0.5], [8.5]], scale=[[1.0], [1.0]])
/// <FloatBisel 1 → 2, 3x3>
#[pyclass(frozen, module = "strel")]
pub struct FloatBisel(strel_network::FloatBisel);

#[pymethods]
impl FloatBisel {
    #[new]
    #[pyo3(signature = (weights, bias, scale, *, lui_weights = None, lui_bias = None, lui_scale = None))]
    fn new(
        weights: Floats<'_>,
        bias: Floats<'_>,
        scale: Floats<'_>,
        lui_weights: Option<Floats<'_>>,
        lui_bias: Option<Floats<'_>>,
        lui_scale: Option<Floats<'_>>,
    ) -> PyResult<Self> {
        let &[outputs, inputs, rows, cols] = weights.shape() else {
            return Err(error::value("weights have 4 axes: outputs, inputs, rows, columns"));
        };
        let lui = match (lui_weights, lui_bias, lui_scale) {
            (None, None, None) => None,
            (Some(weights), Some(bias), Some(scale)) => Some(bank(&weights, &bias, &scale)),
            _ => return Err(error::value("lui_weights, lui_bias and lui_scale go together")),
        };
        let bise = bank(&weights, &bias, &scale);
        Ok(Self(strel_network::FloatBisel { inputs, outputs, kernel: (rows, cols), bise, lui }))
    }

    fn __repr__(&self) -> String {
        let strel_network::FloatBisel { inputs, outputs, kernel: (rows, cols), .. } = self.0;
        format!("<FloatBisel {inputs} → {outputs}, {rows}x{cols}>")
    }
}

/// The maximum of 2x2 values of each channel.
///
/// >>> strel.MaxPool(channels=3)
/// <MaxPool 3>
#[pyclass(frozen, module = "strel")]
pub struct MaxPool(usize);

#[pymethods]
impl MaxPool {
    #[new]
    fn new(channels: usize) -> Self {
        Self(channels)
    }

    fn __repr__(&self) -> String {
        format!("<MaxPool {}>", self.0)
    }
}

/// Neurons that each read all pixels of all channels (DenseLUI).
///
/// `weights` has the axes [outputs, channels, height, width], `bias` and `scale` (p) have [outputs].
///
/// >>> strel.FloatDense(np.ones((10, 1, 28, 28)), bias=[0.5] * 10, scale=[1.0] * 10)
/// <FloatDense 1x28x28 → 10>
#[pyclass(frozen, module = "strel")]
pub struct FloatDense(strel_network::FloatDense);

#[pymethods]
impl FloatDense {
    #[new]
    fn new(weights: Floats<'_>, bias: Floats<'_>, scale: Floats<'_>) -> PyResult<Self> {
        let (outputs, inputs) = dense_shape(&weights)?;
        let neurons = bank(&weights, &bias, &scale);
        Ok(Self(strel_network::FloatDense { inputs, outputs, neurons }))
    }

    fn __repr__(&self) -> String {
        format!("<FloatDense {} → {}>", self.0.inputs, self.0.outputs)
    }
}

/// The scores W.x - b of classes, at the end of a classifier.
///
/// `weights` has the axes [classes, channels, height, width], `bias` has [classes].
///
/// >>> strel.Scores(np.ones((10, 512, 1, 1)), bias=np.zeros(10))
/// <Scores 512x1x1 → 10>
#[pyclass(frozen, module = "strel")]
pub struct Scores(strel_network::Scores);

#[pymethods]
impl Scores {
    #[new]
    fn new(weights: Floats<'_>, bias: Floats<'_>) -> PyResult<Self> {
        let (classes, inputs) = dense_shape(&weights)?;
        let (weights, bias) = (values(&weights), values(&bias));
        Ok(Self(strel_network::Scores { inputs, classes, weights, bias }))
    }

    fn __repr__(&self) -> String {
        format!("<Scores {} → {}>", self.0.inputs, self.0.classes)
    }
}

/// A layer of any kind.
pub struct Layer(pub FloatLayer);

impl<'py> FromPyObject<'_, 'py> for Layer {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(layer) = object.cast::<FloatBisel>() {
            return Ok(Self(FloatLayer::Bisel(layer.get().0.clone())));
        }
        if let Ok(layer) = object.cast::<MaxPool>() {
            return Ok(Self(FloatLayer::MaxPool { channels: layer.get().0 }));
        }
        if let Ok(layer) = object.cast::<FloatDense>() {
            return Ok(Self(FloatLayer::Dense(layer.get().0.clone())));
        }
        match object.cast::<Scores>() {
            Ok(layer) => Ok(Self(FloatLayer::Scores(layer.get().0.clone()))),
            Err(_) => Err(error::kind("a layer is FloatBisel, MaxPool, FloatDense or Scores")),
        }
    }
}

fn dense_shape(weights: &Floats<'_>) -> PyResult<(usize, Shape)> {
    match *weights.shape() {
        [outputs, channels, height, width] => Ok((outputs, Shape { channels, height, width })),
        _ => Err(error::value("weights have 4 axes: outputs, channels, height, width")),
    }
}

fn bank(weights: &Floats<'_>, bias: &Floats<'_>, scale: &Floats<'_>) -> NeuronBank {
    NeuronBank { weights: values(weights), bias: values(bias), scale: values(scale) }
}

fn values(array: &Floats<'_>) -> Vec<f32> {
    array.as_array().iter().copied().collect()
}
