//! Loss, outputs and gradients of strel's own training, which tests compare with PyTorch's.

use std::collections::BTreeMap;

use numpy::{PyReadonlyArray1, PyReadonlyArray4, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use strel_image::BitImage;
use strel_train::Config;
use strel_train::data::{Pair, Sample};
use strel_train::gradients::{Examples, find};

use crate::{error, json};

/// Numbers of each parameter, by its name.
type Parameters = BTreeMap<String, Vec<f32>>;

/// What the first step of a training finds: the loss, the outputs, one example after the other, and a dict of the
/// gradient of each parameter.
///
/// `inputs` are [examples, channels, rows, columns], `targets` the same of one channel or, with a number of `classes`, a list of
/// classes. `parameters` has all numbers of each parameter in one row; `hard` thresholds neurons.
#[pyfunction]
#[pyo3(signature = (config, inputs, targets, parameters, *, hard, classes = None))]
pub fn _gradients(
    config: &Bound<'_, PyDict>,
    inputs: PyReadonlyArray4<'_, bool>,
    targets: &Bound<'_, PyAny>,
    parameters: BTreeMap<String, PyReadonlyArray1<'_, f32>>,
    hard: bool,
    classes: Option<usize>,
) -> PyResult<(f64, Vec<f32>, Parameters)> {
    let table: toml::Table = json::from_python(config)?;
    let config = Config::from_toml(&table.to_string(), "config").map_err(error::train)?;
    let mut inputs = images(&inputs)?;
    let examples = match classes {
        None => {
            let mut targets = images(&targets.extract()?)?;
            if inputs.len() != targets.len() || inputs.iter().chain(&targets).any(|x| x.len() != 1)
            {
                return Err(error::value("expected an image of one channel for each image"));
            }
            let pairs = inputs.iter_mut().zip(&mut targets);
            Examples::Pairs(
                pairs.map(|(x, t)| Pair { input: x.remove(0), target: t.remove(0) }).collect(),
            )
        }
        Some(classes) => {
            let told: Vec<usize> = targets.extract()?;
            if inputs.len() != told.len() {
                return Err(error::value("expected a class for each sample"));
            }
            let samples = inputs.into_iter().zip(told);
            let samples = samples.map(|(channels, class)| Sample { channels, class });
            Examples::Classes(samples.collect(), classes)
        }
    };
    let flat =
        |(name, values): (String, PyReadonlyArray1<'_, f32>)| (name, values.as_array().to_vec());
    let parameters = parameters.into_iter().map(flat).collect();
    let found = find(&config, &examples, &parameters, hard).map_err(error::value)?;
    Ok((found.loss, found.outputs, found.gradients))
}

/// The channels of each example.
fn images(array: &PyReadonlyArray4<'_, bool>) -> PyResult<Vec<Vec<BitImage>>> {
    let &[examples, channels, height, width] = array.shape() else {
        return Err(error::value("expected 4 axes"));
    };
    let pixels = array.as_array();
    let image = |example: usize, channel: usize| {
        BitImage::from_fn(height, width, |row, col| pixels[[example, channel, row, col]])
    };
    let of_example = |example| (0..channels).map(|channel| image(example, channel)).collect();
    Ok((0..examples).map(of_example).collect())
}
