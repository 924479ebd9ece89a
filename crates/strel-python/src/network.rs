//! Binarized networks.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pyo3::prelude::*;
use strel_network::{NetworkPlan, draw};

use crate::channels::Channels;
use crate::float_network::FloatNetwork;
use crate::{error, named};

/// A binarized network: dilations, erosions, unions, intersections and complements. It never changes.
///
/// Notebooks show it as a picture, `str` gives its operators as text.
///
/// >>> network = strel.FloatNetwork([
/// ...     strel.FloatBisel(np.array([[[[2.0, 2.0, 0.1]]]]), bias=[[1.0]], scale=[[3.0]]),
/// ... ]).binarize()
/// >>> print(network)
/// binarized network 1 → 1, border replicate, 1 neuron: 1 activated, 0 approximate
/// <BLANKLINE>
/// layer 1: 1 → 1
/// <BLANKLINE>
///   y1 = x1 ⊕ B
///   activated
///   .O#
/// <BLANKLINE>
/// >>> print(network.apply(strel.BitImage('..#....#.')))
/// ..##...##
#[pyclass(frozen, eq, module = "strel")]
pub struct Network {
    pub network: strel_network::Network,
    plan: OnceLock<NetworkPlan>,
}

impl Network {
    pub fn new(network: strel_network::Network) -> Self {
        Self { network, plan: OnceLock::new() }
    }

    fn compiled(&self) -> &NetworkPlan {
        self.plan.get_or_init(|| self.network.plan())
    }
}

impl PartialEq for Network {
    fn eq(&self, other: &Self) -> bool {
        self.network == other.network
    }
}

#[pymethods]
impl Network {
    /// Reads a network file, its JSON included, or the network of a run's folder.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 3, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> network.save('network.safetensors')
    /// >>> strel.Network.load('network.safetensors') == network
    /// True
    #[staticmethod]
    pub fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let path = in_run(path, "network.safetensors");
        let network = py.detach(|| strel_network::Network::load(path));
        network.map(Self::new).map_err(error::network)
    }

    /// Writes the network to a safetensors file, whole or not at all.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 3, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> network.save('network.safetensors')
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.network.save(path)).map_err(error::network)
    }

    /// The operators as JSON, with pictures; equal networks give equal text. Networks are pickled so, too.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 3, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> strel.Network.from_json(network.to_json()) == network
    /// True
    fn to_json(&self) -> String {
        strel_network::export::to_json(&self.network)
    }

    /// The network that `to_json` gave the text of, or another program as the schema of `strel export` says.
    ///
    /// >>> strel.Network.from_json('{}')
    /// Traceback (most recent call last):
    /// ValueError: no network in JSON: missing field `format` at line 1 column 2
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        strel_network::export::from_json(text).map(Self::new).map_err(error::value)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(),)))
    }

    /// The output of the network for an image, in the form of the image.
    ///
    /// A network of several input channels takes an array with three axes, channels first, or a list of images; one of
    /// several output channels gives the same: an array where arrays were given, else a list. Operators are planned
    /// once, at the first call.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> network.apply(np.array([[0, 0, 1, 0, 0]], dtype=bool)).astype(int)
    /// array([[0, 1, 1, 1, 0]])
    fn apply<'py>(&self, py: Python<'py>, image: Channels) -> PyResult<Bound<'py, PyAny>> {
        let bits = image.bits();
        let result = py.detach(|| self.compiled().apply(bits)).map_err(error::network)?;
        image.like(py, result)
    }

    /// The outputs of the network for many images of any sizes, as of `apply`, a list; threads share the work.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> for result in network.apply_batch([strel.BitImage('..#..'), strel.BitImage('.#')]):
    /// ...     print(result)
    /// .###.
    /// ##
    fn apply_batch<'py>(
        &self,
        py: Python<'py>,
        images: Vec<Channels>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let batch: Vec<_> = images.iter().map(|image| image.bits().to_vec()).collect();
        let engine = strel_image::Engine::default();
        let results =
            py.detach(|| self.compiled().apply_batch(&engine, &batch)).map_err(error::network)?;
        images.iter().zip(results).map(|(image, result)| image.like(py, result)).collect()
    }

    /// The scores of a classifier for an image, one a class.
    ///
    /// >>> scores = strel.Scores(np.array([[[[1, 1], [0, 0]]], [[[0, 0], [1, 1]]]]), bias=[0, 0.5])
    /// >>> strel.FloatNetwork([scores]).binarize().scores(strel.BitImage('.#\n##'))
    /// [1.0, 1.5]
    fn scores(&self, py: Python<'_>, image: Channels) -> PyResult<Vec<f64>> {
        let bits = image.bits();
        py.detach(|| self.network.scores(bits)).map_err(error::network)
    }

    /// The class with the largest score, counted from 0.
    ///
    /// >>> scores = strel.Scores(np.array([[[[1, 1], [0, 0]]], [[[0, 0], [1, 1]]]]), bias=[0, 0.5])
    /// >>> strel.FloatNetwork([scores]).binarize().classify(strel.BitImage('.#\n##'))
    /// 1
    fn classify(&self, py: Python<'_>, image: Channels) -> PyResult<usize> {
        let bits = image.bits();
        py.detach(|| self.network.classify(bits)).map_err(error::network)
    }

    /// What the engine does for an image, as text.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> isinstance(network.plan(), str)
    /// True
    fn plan(&self) -> String {
        self.compiled().to_string()
    }

    /// Tries to prove that a float network, thresholded at 1/2, equals this one for every binary input; else looks for
    /// an input on which they differ, among at most `patches`.
    ///
    /// >>> float_network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])])
    /// >>> float_network.binarize().certify(float_network).verdict
    /// 'proved'
    #[pyo3(signature = (float_network, *, patches = 4096))]
    fn certify(
        &self,
        py: Python<'_>,
        float_network: &Bound<'_, FloatNetwork>,
        patches: usize,
    ) -> PyResult<crate::certificate::Certificate> {
        crate::certificate::certify(py, &float_network.get().0, &self.network, patches)
    }

    /// A float network whose neurons are this network's operators.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> network.to_float().binarize() == network
    /// True
    #[pyo3(signature = (threshold = "tanh".to_owned()), text_signature = "($self, threshold='tanh')")]
    fn to_float(&self, threshold: String) -> PyResult<FloatNetwork> {
        let threshold = named::threshold(&threshold)?;
        self.network.to_float(threshold).map(FloatNetwork).map_err(error::network)
    }

    /// The network as one self-contained SVG picture.
    ///
    /// >>> network = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).binarize()
    /// >>> network.show().startswith('<svg ')
    /// True
    fn show(&self) -> String {
        draw(&self.network)
    }

    /// The picture that notebooks display.
    fn _repr_svg_(&self) -> String {
        draw(&self.network)
    }

    /// Number of input channels.
    ///
    /// >>> strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).binarize().inputs
    /// 1
    #[getter]
    fn inputs(&self) -> usize {
        self.network.inputs()
    }

    /// Number of output channels; of classes for a classifier.
    ///
    /// >>> strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 3)), [[0.5]], [[1.0]])]).binarize().outputs
    /// 1
    #[getter]
    fn outputs(&self) -> usize {
        self.network.outputs()
    }

    fn __str__(&self) -> String {
        self.network.to_string()
    }

    fn __repr__(&self) -> String {
        let text = self.network.to_string();
        format!("<{}>", text.lines().next().unwrap_or("network"))
    }
}

/// The file of that name in a folder, or the file itself.
pub fn in_run(path: PathBuf, name: impl AsRef<Path>) -> PathBuf {
    if path.is_dir() { path.join(name) } else { path }
}
