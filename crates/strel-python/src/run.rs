//! Runs: folders with all that belongs to one training.

use std::path::PathBuf;

use pyo3::prelude::*;

use crate::certificate::Certificate;
use crate::float_network::FloatNetwork;
use crate::network::Network;
use crate::{error, json};

/// The folder of a training: its configuration, log, checkpoints and results.
///
/// `strel.train` gives one; `strel.Run(folder)` opens another, of the command line, too.
///
/// >>> strel.Run(run.folder) == run
/// True
#[pyclass(frozen, eq, module = "strel")]
#[derive(PartialEq)]
pub struct Run(pub strel_train::run::Run);

#[pymethods]
impl Run {
    #[new]
    fn new(folder: PathBuf) -> PyResult<Self> {
        strel_train::run::Run::open(&folder).map(Self).map_err(error::train)
    }

    /// The folder.
    ///
    /// >>> sorted(file.name for file in run.folder.glob('*.safetensors'))
    /// ['float.safetensors', 'network.safetensors']
    #[getter]
    fn folder(&self) -> PathBuf {
        self.0.folder().to_owned()
    }

    /// Whether the results are there. A run that was stopped goes on with `strel.train(folder, resume=True)`.
    ///
    /// >>> run.is_finished
    /// True
    #[getter]
    fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// The configuration, every key of it, a dict.
    ///
    /// >>> run.config['training']['steps']
    /// 20
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let config = self.0.config().map_err(error::train)?;
        // Of TOML, which leaves out what is not set.
        let table: toml::Table = toml::from_str(&config.to_toml()).map_err(error::value)?;
        json::to_python(py, &table)
    }

    /// The log: a dict a logged step, as a callback gets them.
    ///
    /// >>> [(metric['step'], 0 <= metric['dice'] <= 1) for metric in run.metrics]
    /// [(10, True), (20, True)]
    #[getter]
    fn metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.0.metrics().map_err(error::train)?)
    }

    /// The final scores and what they were found with, a dict.
    ///
    /// >>> run.summary['proved']
    /// True
    #[getter]
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.0.summary().map_err(error::train)?)
    }

    /// The float network.
    ///
    /// >>> run.float_network.binarize() == run.network
    /// True
    #[getter]
    fn float_network(&self, py: Python<'_>) -> PyResult<FloatNetwork> {
        py.detach(|| self.0.float_network()).map(FloatNetwork).map_err(error::train)
    }

    /// The binarized network.
    ///
    /// >>> run.network
    /// <binarized network 1 → 1 → 1, border replicate, 2 neurons: 2 activated, 0 approximate>
    #[getter]
    fn network(&self, py: Python<'_>) -> PyResult<Network> {
        py.detach(|| self.0.network()).map(Network::new).map_err(error::train)
    }

    /// Whether both networks are equal on every input, and why.
    ///
    /// >>> run.certificate
    /// <Certificate: proved>
    #[getter]
    fn certificate(&self, py: Python<'_>) -> PyResult<Certificate> {
        py.detach(|| self.0.certificate()).map(Certificate).map_err(error::train)
    }

    fn __repr__(&self) -> String {
        let state = if self.is_finished() { "finished" } else { "not finished" };
        format!("<Run {}: {state}>", self.0.folder().display())
    }
}
