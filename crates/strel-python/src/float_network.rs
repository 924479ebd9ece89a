//! Float networks.

use std::path::PathBuf;

use numpy::{PyArray, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use strel_network::{FloatLayer, Plane, binarize, binarize_lossless};
use strel_theory::LosslessBudget;

use crate::border::Border;
use crate::float_layers::Layer;
use crate::network::{Network, in_run};
use crate::{error, named};

/// A network of neurons y = xi(p (W.x - b)), as it is learnt. It never changes.
///
/// `layers` are FloatBisel, MaxPool, FloatDense, and Scores at the end of a classifier. `border` is 'replicate',
/// 'reflect', 'zero' or 'one'; `threshold` is xi: 'tanh', 'logistic', 'arctan' or 'erf', all onto ]0, 1[.
///
/// >>> layer = strel.FloatBisel(np.array([[[[2.0, 2.0, 0.1]]]]), bias=[[1.0]], scale=[[3.0]])
/// >>> network = strel.FloatNetwork([layer], border='zero')
/// >>> network.apply(np.array([[0.0, 1.0, 0.0]])).round(3)
/// array([[0.004, 0.998, 0.998]])
#[pyclass(frozen, eq, module = "strel")]
#[derive(PartialEq)]
pub struct FloatNetwork(pub strel_network::FloatNetwork);

#[pymethods]
impl FloatNetwork {
    #[new]
    #[pyo3(
        signature = (layers, *, border = Border::REPLICATE, threshold = "tanh".to_owned()),
        text_signature = "(layers, *, border='replicate', threshold='tanh')"
    )]
    fn new(layers: Vec<Layer>, border: Border, threshold: String) -> PyResult<Self> {
        let threshold = named::threshold(&threshold)?;
        let layers: Vec<FloatLayer> = layers.into_iter().map(|layer| layer.0).collect();
        strel_network::FloatNetwork::new(border.0, threshold, layers)
            .map(Self)
            .map_err(error::network)
    }

    /// Reads a network file, or the float network of a run's folder.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 3, 3)), [[0.5]], [[1.0]])])
    /// >>> network.save('float.safetensors')
    /// >>> strel.FloatNetwork.load('float.safetensors') == network
    /// True
    #[staticmethod]
    pub fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let path = in_run(path, "float.safetensors");
        let network = py.detach(|| strel_network::FloatNetwork::load(path));
        network.map(Self).map_err(error::network)
    }

    /// Writes the network to a safetensors file, whole or not at all.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 3, 3)), [[0.5]], [[1.0]])])
    /// >>> network.save('float.safetensors')
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.0.save(path)).map_err(error::network)
    }

    /// The outputs y for values in [0, 1], computed in float64.
    ///
    /// Takes and gives an array with two axes for one channel, with three, channels first, for several. This follows the
    /// formulas pixel by pixel, for checks and comparisons: `Network.apply` is what is fast.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 1)), [[0.5]], [[1.0]])])
    /// >>> network.apply(np.array([[0.5]]))
    /// array([[0.5]])
    fn apply<'py>(
        &self,
        py: Python<'py>,
        values: PyReadonlyArrayDyn<'py, f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let planes = read_planes(&values)?;
        let outputs = py.detach(|| self.0.forward(&planes)).map_err(error::network)?;
        write_planes(py, &outputs)
    }

    /// The operators that the neurons are.
    ///
    /// Neurons that are none are refused by the method 'exact'; they become the nearest operator by 'constant' and
    /// 'activable', and formulas or threshold gates that equal them by 'lossless'.
    ///
    /// >>> majority = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[1.5]], [[1.0]])])
    /// >>> majority.binarize('lossless')
    /// <binarized network 1 → 1, border replicate, 1 neuron: 0 activated, 1 lossless, 0 approximate>
    #[pyo3(signature = (method = "exact".to_owned()), text_signature = "($self, method='exact')")]
    fn binarize(&self, py: Python<'_>, method: String) -> PyResult<Network> {
        let network = match method.as_str() {
            "lossless" => py.detach(|| binarize_lossless(&self.0, LosslessBudget::default())),
            _ => {
                let method = named::method(&method)?;
                py.detach(|| binarize(&self.0, method))
            }
        };
        network.map(Network::new).map_err(error::network)
    }

    /// Number of input channels.
    ///
    /// >>> strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).inputs
    /// 1
    #[getter]
    fn inputs(&self) -> usize {
        self.0.inputs()
    }

    /// Number of output channels; of classes for a classifier.
    ///
    /// >>> strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).outputs
    /// 1
    #[getter]
    fn outputs(&self) -> usize {
        self.0.outputs()
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.0.to_string().trim_end())
    }
}

fn read_planes(values: &PyReadonlyArrayDyn<'_, f64>) -> PyResult<Vec<Plane>> {
    let (height, width) = match *values.shape() {
        [height, width] | [_, height, width] => (height, width),
        _ => return Err(error::value("values have 2 axes, or 3 with channels first")),
    };
    let all: Vec<f64> = values.as_array().iter().copied().collect();
    let area = height * width;
    if area == 0 {
        return Err(error::value(format!("values of {height}x{width} pixels are none")));
    }
    let planes = all.chunks(area).map(|plane| Plane::new(height, width, plane.to_vec()));
    planes.collect::<Result<_, _>>().map_err(error::network)
}

fn write_planes<'py>(py: Python<'py>, planes: &[Plane]) -> PyResult<Bound<'py, PyAny>> {
    let (height, width) = planes.first().map_or((0, 0), Plane::size);
    let values: Vec<f64> = planes.iter().flat_map(Plane::values).copied().collect();
    let array = PyArray::from_vec(py, values);
    match planes.len() {
        1 => Ok(array.reshape([height, width])?.into_any()),
        channels => Ok(array.reshape([channels, height, width])?.into_any()),
    }
}
