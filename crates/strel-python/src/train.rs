//! Training.

use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use strel_network::PolishProgress;
use strel_train::Config;
use strel_train::run::{Metric, Observer};

use crate::callback::goes_on;
use crate::run::Run;
use crate::{error, json, polish};

/// The time between two looks for Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);

/// Trains a network, binarizes and certifies it, as `strel train` does; returns the Run.
///
/// `config` is a preset ('noisti', 'mnist', 'mnist-windows', 'mnist-gates', or 'pairs' with folders
/// `inputs` and `targets`), the name of a .toml file, or a dict with the same keys. `settings` replaces values of it, by
/// keys like 'training.steps', and `seed` the seed. The run's folder is `out`, or a free one in `runs`. With `resume`, `config` is
/// the folder of a run to go on with.
///
/// `callback` is called with a dict at each logged step (step, loss, dice or accuracy, settled, neurons, seconds), and now
/// and then while polishing (evaluations, accepted, loss). Where it returns False the training stops after a checkpoint.
/// So it does where it raises, and on Ctrl-C; the exception is raised then. The same seed gives the same bits, stopped in
/// between or not. The global lock is released meanwhile. What of the data is probably not meant is a warning.
///
/// >>> small = {'training.steps': 20, 'training.log-every': 10, 'training.batch': 2, 'network.channels': [1, 1, 1],
/// ...          'network.kernel': [3, 3], 'data.noisti.size': 16, 'polish.budget': 0}
/// >>> run = strel.train('noisti', out='run', settings=small, callback=lambda metric: metric['step'] < 10)
/// >>> run
/// <Run run: not finished>
/// >>> strel.train(run.folder, resume=True).network
/// <binarized network 1 → 1 → 1, border replicate, 2 neurons: 2 activated, 0 approximate>
#[pyfunction]
#[pyo3(signature = (
    config, *, out = None, seed = None, settings = None, inputs = None, targets = None, resume = false,
    callback = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, as the command has options")]
pub fn train(
    py: Python<'_>,
    config: &Bound<'_, PyAny>,
    out: Option<PathBuf>,
    seed: Option<u64>,
    settings: Option<&Bound<'_, PyDict>>,
    inputs: Option<PathBuf>,
    targets: Option<PathBuf>,
    resume: bool,
    callback: Option<Py<PyAny>>,
) -> PyResult<Run> {
    let run = if resume {
        let fresh = out.is_some() || seed.is_some() || settings.is_some() || inputs.is_some();
        if fresh || targets.is_some() {
            return Err(error::value("a run that goes on takes no argument but `callback`"));
        }
        strel_train::run::Run::open(&config.extract::<PathBuf>()?)
    } else {
        let (config, name) = configuration(config, inputs.as_deref(), targets.as_deref())?;
        let config = config.with_settings(&lines(settings)?).map_err(error::train)?;
        let config = Config { seed: seed.unwrap_or(config.seed), ..config };
        let folder = out.unwrap_or_else(|| strel_train::run::Run::free_folder(&name));
        py.detach(|| strel_train::run::Run::create(&folder, &config))
    };
    let run = run.map_err(error::train)?;
    let mut watcher = Watcher { callback, stop: None, looked: Instant::now() };
    let finished = py.detach(|| run.train(&mut watcher).map(drop));
    match watcher.stop {
        Some(Stop::Raised(raised)) => Err(raised),
        _ => finished.map(|()| Run(run)).map_err(error::train),
    }
}

/// The configuration asked for, and a name for its run.
fn configuration(
    config: &Bound<'_, PyAny>,
    inputs: Option<&Path>,
    targets: Option<&Path>,
) -> PyResult<(Config, String)> {
    if let Ok(keys) = config.cast::<PyDict>() {
        let table: toml::Table = json::from_python(keys)?;
        let config = Config::from_toml(&table.to_string(), "config").map_err(error::train)?;
        return Ok((config, "dict".to_owned()));
    }
    let name: PathBuf = config.extract()?;
    match (&*name.to_string_lossy(), inputs, targets) {
        ("pairs", Some(inputs), Some(targets)) => {
            let config = Config::pairs(inputs, targets).map_err(error::train)?;
            Ok((config, "pairs".to_owned()))
        }
        ("pairs", ..) => Err(error::value("'pairs' needs the folders `inputs` and `targets`")),
        (name, None, None) => Config::named(name).map_err(error::train),
        _ => Err(error::value("`inputs` and `targets` go with 'pairs' alone")),
    }
}

/// Settings as `Config::with_settings` takes them.
fn lines(settings: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<String>> {
    let settings = settings.into_iter().flat_map(|settings| settings.iter());
    let line = |(key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let value: toml::Value = json::from_python(&value)?;
        Ok(format!("{}={value}", key.extract::<String>()?))
    };
    settings.map(line).collect()
}

/// Why a training stops.
enum Stop {
    /// The callback returned False.
    Asked,
    /// The callback raised, or Ctrl-C was pressed.
    Raised(PyErr),
}

/// Lets Python look for Ctrl-C, and calls the callback.
struct Watcher {
    callback: Option<Py<PyAny>>,
    stop: Option<Stop>,
    /// When Python last looked.
    looked: Instant,
}

impl Watcher {
    /// Asks whether to go on, unless the training already stops.
    fn ask(&mut self, question: impl FnOnce(Python<'_>, Option<&Py<PyAny>>) -> PyResult<bool>) {
        if self.stop.is_none() {
            self.stop = match Python::attach(|py| question(py, self.callback.as_ref())) {
                Ok(true) => None,
                Ok(false) => Some(Stop::Asked),
                Err(raised) => Some(Stop::Raised(raised)),
            };
        }
        self.looked = Instant::now();
    }
}

impl Observer for Watcher {
    fn stepped(&mut self, _step: u64, _loss: f32) {
        if self.looked.elapsed() > LOOK {
            self.ask(|py, _| py.check_signals().map(|()| true));
        }
    }

    fn noted(&mut self, note: &str) {
        self.ask(|py, _| {
            let category = py.get_type::<PyUserWarning>();
            let note = CString::new(note.replace('\0', ""))?;
            PyErr::warn(py, &category, &note, 1).map(|()| true)
        });
    }

    fn logged(&mut self, metric: &Metric) {
        self.ask(|py, callback| goes_on(py, callback, || json::to_python(py, metric)));
    }

    fn polished(&mut self, progress: &PolishProgress) {
        self.ask(|py, callback| goes_on(py, callback, || polish::state(py, progress)));
    }

    fn wants_stop(&self) -> bool {
        self.stop.is_some()
    }
}
