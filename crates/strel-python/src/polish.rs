//! Discrete descent on networks.

use std::ops::ControlFlow;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use strel_network::{PolishOptions, PolishProgress, TrainingPair, polish as search};

use crate::callback::goes_on;
use crate::channels::Channels;
use crate::network::Network;
use crate::{error, named};

/// Improves the operators of a network by the loss of its outputs on pairs (input, target) of images, in the forms that
/// `Network.apply` takes and gives. Returns the best network found, and a report, a dict.
///
/// At most `budget` networks are tried; the loss is 'dice' (1 - DICE) or 'pixels'. `callback` is called now and then with
/// a dict (evaluations, accepted, loss); it ends the search, which then returns its best, by returning False.
/// Ctrl-C ends it with KeyboardInterrupt.
///
/// >>> image = strel.BitImage('''
/// ...     #.....
/// ...     .#.#..
/// ... ''')
/// >>> wanted = strel.dilate(image, 'O#', border='replicate')
/// >>> start = strel.FloatNetwork([strel.FloatBisel(np.ones((1, 1, 1, 1)), [[0.5]], [[1.0]])]).binarize()
/// >>> network, report = strel.polish(start, [(image, wanted)], budget=500)
/// >>> report['after'], network.apply(image) == wanted
/// (0.0, True)
#[pyfunction]
#[pyo3(
    signature = (network, pairs, *, budget = 50_000, seed = 0, loss = "dice".to_owned(), callback = None),
    text_signature = "(network, pairs, *, budget=50000, seed=0, loss='dice', callback=None)"
)]
pub fn polish<'py>(
    py: Python<'py>,
    network: &Bound<'py, Network>,
    pairs: Vec<(Channels, Channels)>,
    budget: u64,
    seed: u64,
    loss: String,
    callback: Option<Py<PyAny>>,
) -> PyResult<(Network, Bound<'py, PyDict>)> {
    let options = PolishOptions { budget, seed, loss: named::loss(&loss)?, ..Default::default() };
    let pairs = pairs.iter().map(|(inputs, targets)| TrainingPair {
        inputs: inputs.bits().to_vec(),
        targets: targets.bits().to_vec(),
    });
    let pairs: Vec<TrainingPair> = pairs.collect();
    let network = &network.get().network;
    let mut interrupted = Ok(());
    let observer = |progress: &PolishProgress| match observe(progress, callback.as_ref()) {
        Ok(flow) => flow,
        Err(error) => {
            interrupted = Err(error);
            ControlFlow::Break(())
        }
    };
    let polished =
        py.detach(|| search(network, &pairs, &options, observer)).map_err(error::network)?;
    interrupted?;
    let report = PyDict::new(py);
    report.set_item("before", polished.report.before)?;
    report.set_item("after", polished.report.after)?;
    report.set_item("accepted", polished.report.accepted)?;
    report.set_item("evaluations", polished.report.evaluations)?;
    Ok((Network::new(polished.network), report))
}

fn observe(progress: &PolishProgress, callback: Option<&Py<PyAny>>) -> PyResult<ControlFlow<()>> {
    Python::attach(|py| {
        let goes_on = goes_on(py, callback, || state(py, progress))?;
        Ok(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })
}

/// What a callback is told.
pub fn state<'py>(py: Python<'py>, progress: &PolishProgress) -> PyResult<Bound<'py, PyAny>> {
    let state = PyDict::new(py);
    state.set_item("evaluations", progress.evaluations)?;
    state.set_item("accepted", progress.accepted)?;
    state.set_item("loss", progress.loss)?;
    Ok(state.into_any())
}
