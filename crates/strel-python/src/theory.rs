//! One neuron as mathematics.

use numpy::{
    AllowTypeChange, PyArray, PyArrayDyn, PyArrayLikeDyn, PyArrayMethods, PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use strel_theory::{
    InputBounds, Neuron, SetOperator, activable_projection, activation, constant_projection,
};

use crate::{error, named};

/// Weights in an array of any shape, or in lists of lists.
type Weights<'py> = PyArrayLikeDyn<'py, f64, AllowTypeChange>;

/// What a neuron becomes: a dilation ('dilation', an or) or an erosion ('erosion', an and) of the inputs in a set, or a
/// constant ('zero', 'one'), complemented or not.
///
/// >>> operator = strel.binarize([[0.1, 2.0, 3.0]], bias=1.0)
/// >>> operator.operation, operator.support, operator.complement
/// ('dilation', array([[False,  True,  True]]), False)
#[pyclass(frozen, module = "strel")]
pub struct NeuronOperator {
    operator: SetOperator,
    complement: bool,
    shape: Vec<usize>,
}

#[pymethods]
impl NeuronOperator {
    /// 'dilation', 'erosion', 'zero' or 'one'.
    ///
    /// >>> strel.binarize([1.0, 1.0], bias=1.5).operation
    /// 'erosion'
    #[getter]
    fn operation(&self) -> &'static str {
        match self.operator {
            SetOperator::Dilation(_) => "dilation",
            SetOperator::Erosion(_) => "erosion",
            SetOperator::Constant(false) => "zero",
            SetOperator::Constant(true) => "one",
        }
    }

    /// The set of inputs that are read, an array of bool in the shape of the weights: as a correlation reads them. The
    /// structuring element of a dilation is its reflection.
    ///
    /// >>> strel.binarize([1.0, 0.1, 1.0], bias=0.5).support
    /// array([ True, False,  True])
    #[getter]
    fn support<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArrayDyn<bool>>> {
        let none = vec![false; self.shape.iter().product()];
        let support = self.operator.support().map_or(none, <[bool]>::to_vec);
        PyArray::from_vec(py, support).reshape(self.shape.clone())
    }

    /// Whether the result is complemented.
    ///
    /// >>> strel.binarize([1.0], bias=0.5, scale=-1.0).complement
    /// True
    #[getter]
    fn complement(&self) -> bool {
        self.complement
    }

    fn __repr__(&self) -> String {
        let not = if self.complement { "not " } else { "" };
        let size = self.operator.support().map(|set| set.iter().filter(|inside| **inside).count());
        match size {
            Some(size) => format!("<{not}{} of {size} inputs>", self.operation()),
            None => format!("<{not}constant {}>", self.operation()),
        }
    }
}

/// The operator of one neuron with 1 where scale * (weights.x - bias) > 0, for binary inputs x.
///
/// A neuron that is an operator becomes it. Another one is refused by the method 'exact', and becomes the nearest
/// operator by 'constant' and 'activable'. `FloatNetwork.binarize` does this for all neurons of a network.
///
/// >>> strel.binarize([1.0, 1.0, 0.1], bias=1.5)
/// <erosion of 2 inputs>
/// >>> strel.binarize([1.0, 1.0, 1.0], bias=1.4, method='constant')
/// <dilation of 3 inputs>
#[pyfunction]
#[pyo3(
    signature = (weights, bias, scale = 1.0, *, method = "exact".to_owned()),
    text_signature = "(weights, bias, scale=1.0, *, method='exact')"
)]
pub fn binarize(
    weights: Weights<'_>,
    bias: f64,
    scale: f64,
    method: String,
) -> PyResult<NeuronOperator> {
    let (values, shape) = (values(&weights), weights.shape().to_vec());
    let neuron = Neuron::new(&values, bias, scale).map_err(error::value)?;
    let method = named::method(&method)?;
    let found = strel_theory::binarize(&neuron, InputBounds::BINARY, method);
    let strel_theory::BinarizedNeuron { operator, complement } = found.map_err(error::value)?;
    Ok(NeuronOperator { operator, complement, shape })
}

/// Whether a neuron is a dilation, an erosion or a constant for every binary input.
///
/// >>> strel.is_activated([1.0, 1.0, 0.1], bias=0.5), strel.is_activated([1.0, 1.0, 1.0], bias=1.5)
/// (True, False)
#[pyfunction]
#[pyo3(signature = (weights, bias, scale = 1.0))]
pub fn is_activated(weights: Weights<'_>, bias: f64, scale: f64) -> PyResult<bool> {
    let values = values(&weights);
    let neuron = Neuron::new(&values, bias, scale).map_err(error::value)?;
    let found = activation(&neuron, InputBounds::BINARY).map_err(error::value)?;
    Ok(found.into_result().is_ok())
}

/// The constant set t 1_S, t >= 0, nearest to weights: the pair (S, t), S an array of bool in the shape of the weights.
///
/// The rules 'uniform' and 'normal' choose S by a threshold that suits such weights, in one pass.
///
/// >>> strel.project_constant([3.0, 1.0, 0.2, 3.0])
/// (array([ True, False, False,  True]), 3.0)
#[pyfunction]
#[pyo3(
    signature = (weights, *, rule = "exact".to_owned()),
    text_signature = "(weights, *, rule='exact')"
)]
pub fn project_constant<'py>(
    py: Python<'py>,
    weights: Weights<'py>,
    rule: String,
) -> PyResult<(Bound<'py, PyArrayDyn<bool>>, f64)> {
    let rule = named::constant_rule(&rule)?;
    let found = constant_projection(&values(&weights), rule).map_err(error::value)?;
    let support = PyArray::from_vec(py, found.support).reshape(weights.shape().to_vec())?;
    Ok((support, found.level))
}

/// The nearest neuron with weights >= 0 that is, or borders on being, a dilation or an erosion.
///
/// >>> nearest = strel.project_activable([1.0, 1.0, 1.0], bias=1.5)
/// >>> nearest.operator, nearest.distance > 0
/// (<dilation of 2 inputs>, True)
#[pyclass(frozen, module = "strel")]
pub struct ActivableProjection {
    projection: strel_theory::ActivableProjection,
    shape: Vec<usize>,
}

#[pymethods]
impl ActivableProjection {
    /// The operator of the projected neuron, not complemented.
    ///
    /// >>> strel.project_activable([1.0, 1.0, 0.5], bias=0.25).operator
    /// <dilation of 3 inputs>
    #[getter]
    fn operator(&self) -> NeuronOperator {
        let operator = self.projection.operator.clone();
        NeuronOperator { operator, complement: false, shape: self.shape.clone() }
    }

    /// The projected weights.
    ///
    /// >>> strel.project_activable([1.0, 1.0, 0.5], bias=0.25).weights
    /// array([1. , 1. , 0.5])
    #[getter]
    fn weights<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
        PyArray::from_vec(py, self.projection.weights.clone()).reshape(self.shape.clone())
    }

    /// The projected bias.
    ///
    /// >>> strel.project_activable([1.0, 1.0, 0.5], bias=0.25).bias
    /// 0.25
    #[getter]
    fn bias(&self) -> f64 {
        self.projection.bias
    }

    /// The distance, in the metric asked for.
    ///
    /// >>> strel.project_activable([1.0, 1.0, 0.5], bias=0.25).distance
    /// 0.0
    #[getter]
    fn distance(&self) -> f64 {
        self.projection.distance
    }

    /// The gradient of half the squared distance in the weights and in the bias.
    ///
    /// >>> strel.project_activable([1.0, 1.0, 0.5], bias=0.25).gradient
    /// (array([0., 0., 0.]), 0.0)
    #[getter]
    fn gradient<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyArrayDyn<f64>>, f64)> {
        let weights = PyArray::from_vec(py, self.projection.weight_gradient.clone());
        Ok((weights.reshape(self.shape.clone())?, self.projection.bias_gradient))
    }

    fn __repr__(&self) -> String {
        format!("<{} at distance {}>", self.operator().__repr__(), self.distance())
    }
}

/// Projects a neuron onto the set of those that are an operator; a neuron that is one stays as it is.
///
/// `metric` is 'centred' (duality keeps distances), 'dual' (an erosion is measured as its dual dilation) or 'euclidean'.
///
/// >>> nearest = strel.project_activable([1.0, 1.0, 1.0], bias=1.2)
/// >>> strel.is_activated([1.0, 1.0, 1.0], bias=1.2), nearest.operator.operation
/// (False, 'dilation')
#[pyfunction]
#[pyo3(
    signature = (weights, bias, *, metric = "centred".to_owned()),
    text_signature = "(weights, bias, *, metric='centred')"
)]
pub fn project_activable(
    weights: Weights<'_>,
    bias: f64,
    metric: String,
) -> PyResult<ActivableProjection> {
    let (values, shape) = (values(&weights), weights.shape().to_vec());
    let neuron = Neuron::new(&values, bias, 1.0).map_err(error::value)?;
    let projection = activable_projection(&neuron, named::metric(&metric)?);
    Ok(ActivableProjection { projection, shape })
}

fn values(weights: &Weights<'_>) -> Vec<f64> {
    weights.as_array().iter().copied().collect()
}
