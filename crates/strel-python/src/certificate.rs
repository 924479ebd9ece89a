//! Certificates.

use std::path::PathBuf;

use pyo3::prelude::*;
use strel_network::{CertifyBudget, Verdict};

use crate::error;
use crate::float_network::FloatNetwork;
use crate::network::Network;

/// Whether a float network equals its binarization for every binary input, and why. Made by `Network.certify`; `str`
/// gives all of it as text.
///
/// >>> majority = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[1.5]], [[4.0]])], border='zero')
/// >>> certificate = majority.binarize('constant').certify(majority)
/// >>> certificate.verdict, certificate.is_proved
/// ('refuted', False)
#[pyclass(frozen, module = "strel")]
pub struct Certificate(pub strel_network::Certificate);

#[pymethods]
impl Certificate {
    /// 'proved': the networks agree on every binary input; 'proved-hard': they do with a hard threshold in every
    /// neuron; 'refuted': they differ on some input; 'open': none of these is known.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[4.0]])])
    /// >>> network.binarize().certify(network).verdict
    /// 'proved'
    #[getter]
    fn verdict(&self) -> &'static str {
        match self.0.verdict {
            Verdict::Proved => "proved",
            Verdict::ProvedHard => "proved-hard",
            Verdict::Refuted => "refuted",
            Verdict::Open => "open",
        }
    }

    /// Whether the verdict is 'proved'.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[4.0]])])
    /// >>> network.binarize().certify(network).is_proved
    /// True
    #[getter]
    fn is_proved(&self) -> bool {
        self.0.is_proved()
    }

    /// The certificate in JSON; `strel certify --replay` checks such a file.
    ///
    /// >>> import json
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[4.0]])])
    /// >>> json.loads(network.binarize().certify(network).to_json())['certificate']['verdict']
    /// 'proved'
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// Writes the certificate as JSON, whole or not at all.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[4.0]])])
    /// >>> network.binarize().certify(network).save('certificate.json')
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.0.save(path)).map_err(error::network)
    }

    /// Checks the certificate again for these networks, by other code than made it; a ValueError if it is wrong.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[4.0]])])
    /// >>> binarized = network.binarize()
    /// >>> binarized.certify(network).check(network, binarized)
    fn check(
        &self,
        py: Python<'_>,
        float_network: &Bound<'_, FloatNetwork>,
        network: &Bound<'_, Network>,
    ) -> PyResult<()> {
        let (float, binarized) = (&float_network.get().0, &network.get().network);
        py.detach(|| strel_network::check(&self.0, float, binarized)).map_err(error::value)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<Certificate: {}>", self.verdict())
    }
}

/// Certifies the networks of a run's folder, as `Network.certify`.
///
/// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[4.0]])])
/// >>> network.save('float.safetensors')
/// >>> network.binarize().save('network.safetensors')
/// >>> strel.certify_run('.')
/// <Certificate: proved>
#[pyfunction]
#[pyo3(signature = (run, *, patches = 4096))]
pub fn certify_run(py: Python<'_>, run: PathBuf, patches: usize) -> PyResult<Certificate> {
    let float = FloatNetwork::load(py, run.join("float.safetensors"))?;
    let binarized = Network::load(py, run.join("network.safetensors"))?;
    certify(py, &float.0, &binarized.network, patches)
}

pub fn certify(
    py: Python<'_>,
    float: &strel_network::FloatNetwork,
    binarized: &strel_network::Network,
    patches: usize,
) -> PyResult<Certificate> {
    let budget = CertifyBudget { patches, ..CertifyBudget::default() };
    py.detach(|| strel_network::certify(float, binarized, budget))
        .map(Certificate)
        .map_err(error::network)
}
