//! A run: a folder with all that belongs to one training.
//!
//! | file | what |
//! | --- | --- |
//! | `config.toml` | the configuration, every key written out, folders absolute |
//! | `data.json` | names, sizes and SHA-256 sums of the files that it learns from, if there are any |
//! | `metrics.jsonl` | one JSON object a logged step |
//! | `checkpoint/` | what `--resume` needs |
//! | `float.safetensors` | the float network: where a run polishes, that of the polished operators |
//! | `trained.safetensors` | the float network that training ended with, where a run polishes |
//! | `network.safetensors` | the binarized network |
//! | `certificate.json` | whether both are equal on every input, and why |
//! | `summary.json` | final scores, seconds, versions |
//! | `report.html` | all of this for people, in one file |

mod checkpoint;
mod metrics;
mod patience;
mod polishing;
mod report;
mod results;
mod summary;
mod test_scores;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Instant;

use strel_image::files::write_atomically;
use strel_network::{
    Certificate, FloatNetwork, Network, PolishProgress, binarize, binarize_lossless,
};
use strel_theory::{ConstantRule, LosslessBudget, Method};

pub use metrics::Metric;
use patience::Patience;
pub use polishing::Polishing;
use polishing::polish;
pub use summary::{NeuronCounts, Summary};
pub use test_scores::{ClassScores, GreyScores, ImageScores, TestScores};

use crate::data::Fingerprint;
use crate::{Config, TrainError, Trainer};

const CONFIG: &str = "config.toml";
const DATA: &str = "data.json";
const METRICS: &str = "metrics.jsonl";
const CHECKPOINTS: &str = "checkpoint";
const FLOAT: &str = "float.safetensors";
const TRAINED: &str = "trained.safetensors";
const NETWORK: &str = "network.safetensors";
const CERTIFICATE: &str = "certificate.json";
/// The network to keep, of a run that may stop early; among the checkpoints.
const BEST: &str = "best.safetensors";
const SUMMARY: &str = "summary.json";
const REPORT: &str = "report.html";

/// The files of a run, but for checkpoints; what else lies in its folder is the user's.
const OWN: [&str; 9] =
    [CONFIG, DATA, METRICS, FLOAT, TRAINED, NETWORK, CERTIFICATE, SUMMARY, REPORT];

/// Pairs of the final scores: none of them is trained on or decides anything.
const TEST_PAIRS: usize = 1000;

/// As many where they are grey: each has all of its levels.
const GREY_TEST_PAIRS: usize = 100;

/// Whoever watches a training.
pub trait Observer {
    /// Something of the data is probably not meant.
    fn noted(&mut self, _note: &str) {}
    /// A step was done.
    fn stepped(&mut self, step: u64, loss: f32);
    /// A line was added to the log.
    fn logged(&mut self, metric: &Metric);
    /// Some candidates of the polishing were evaluated.
    fn polished(&mut self, _progress: &PolishProgress) {}
    /// Whether to stop after this step; a checkpoint is written first.
    fn wants_stop(&self) -> bool;
}

/// The folder of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    folder: PathBuf,
}

/// What a finished run holds.
pub struct Finished {
    /// The final scores.
    pub summary: Summary,
    /// The binarized network.
    pub network: Network,
    /// Whether it equals the float network.
    pub certificate: Certificate,
}

impl Run {
    /// Starts a run in a new or empty folder.
    ///
    /// # Errors
    /// The data cannot be read, or the folder cannot be made or written, or has files in it.
    pub fn create(folder: &Path, config: &Config) -> Result<Self, TrainError> {
        // Data that cannot be read ends here, before anything is written, with the names that the user gave.
        Trainer::new(config.clone())?;
        let config = Config { data: config.data.clone().absolute()?, ..config.clone() };
        let run = Run { folder: folder.to_owned() };
        let failed = |source| TrainError::Write { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        // A process that was killed may have left a temporary file.
        let is_left =
            |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(".strel-");
        let mut entries = fs::read_dir(folder).map_err(failed)?;
        if entries.any(|entry| !entry.is_ok_and(|entry| is_left(&entry))) {
            return Err(TrainError::Data(format!(
                "folder {} is not empty; name a new one with --out, or continue a run with --resume",
                folder.display()
            )));
        }
        run.write(CONFIG, config.to_toml().as_bytes())?;
        Ok(run)
    }

    /// The folder `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3`, ... that does not exist.
    pub fn free_folder(name: &str) -> PathBuf {
        let folder = |number: u32| match number {
            1 => Path::new("runs").join(name),
            _ => Path::new("runs").join(format!("{name}-{number}")),
        };
        (1..).map(folder).find(|folder| !folder.exists()).expect("numbers do not end")
    }

    /// The run in a folder.
    ///
    /// # Errors
    /// The folder holds no run.
    pub fn open(folder: &Path) -> Result<Self, TrainError> {
        let run = Run { folder: folder.to_owned() };
        if run.path(CONFIG).is_file() {
            return Ok(run);
        }
        Err(TrainError::Data(format!(
            "folder {} is no run: it has no file {CONFIG}",
            folder.display()
        )))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The configuration.
    ///
    /// # Errors
    /// Its file cannot be read or is damaged.
    pub fn config(&self) -> Result<Config, TrainError> {
        Config::load(&self.path(CONFIG))
    }

    /// The files of a run, as far as they are there.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.folder.clone(), self.path(CHECKPOINTS)];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
            for path in entries.map(|entry| entry.path()) {
                match (path.is_dir(), folder == self.folder) {
                    (true, false) => folders.push(path),
                    (true, true) => {}
                    (false, true) if !OWN.iter().any(|name| path.ends_with(name)) => {}
                    (false, _) => files.push(path),
                }
            }
        }
        files
    }

    /// The float network.
    ///
    /// # Errors
    /// The run is not finished, or the file is damaged.
    pub fn float_network(&self) -> Result<FloatNetwork, TrainError> {
        Ok(FloatNetwork::load(self.result(FLOAT)?)?)
    }

    /// The binarized network.
    ///
    /// # Errors
    /// The run is not finished, or the file is damaged.
    pub fn network(&self) -> Result<Network, TrainError> {
        Ok(Network::load(self.result(NETWORK)?)?)
    }

    /// Whether both networks are equal on every input.
    ///
    /// # Errors
    /// The run is not finished, or the file is damaged.
    pub fn certificate(&self) -> Result<Certificate, TrainError> {
        Ok(Certificate::load(self.result(CERTIFICATE)?)?)
    }

    /// The log.
    ///
    /// # Errors
    /// Its file is not there, or is damaged.
    pub fn metrics(&self) -> Result<Vec<Metric>, TrainError> {
        metrics::read(&self.path(METRICS))
    }

    /// Whether the results are there.
    pub fn is_finished(&self) -> bool {
        self.path(SUMMARY).is_file()
    }

    /// The final scores, and what they were found with.
    ///
    /// # Errors
    /// The run is not finished, or the file is damaged.
    pub fn summary(&self) -> Result<serde_json::Value, TrainError> {
        let path = self.result(SUMMARY)?;
        let text = fs::read_to_string(&path)
            .map_err(|source| TrainError::Read { path: path.clone(), source })?;
        serde_json::from_str(&text)
            .map_err(|error| TrainError::Data(format!("{}: {error}", path.display())))
    }

    /// What is said of a run that another process is training.
    pub const BUSY: &str = "is trained by another process";

    /// Waits until no other process trains the run.
    ///
    /// # Errors
    /// The file system has no locks.
    pub fn wait(&self) -> Result<(), TrainError> {
        let path = self.path(CONFIG);
        File::open(&path)
            .and_then(|config| config.lock())
            .map_err(|source| TrainError::Read { path, source })
    }

    /// The run for this process alone, until the file is closed.
    fn lock(&self) -> Result<File, TrainError> {
        let path = self.path(CONFIG);
        let failed = |source| TrainError::Read { path: path.clone(), source };
        let config = File::open(&path).map_err(failed)?;
        match config.try_lock() {
            Ok(()) => Ok(config),
            Err(TryLockError::WouldBlock) => Err(TrainError::Busy { folder: self.folder.clone() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Trains to the end, from the last checkpoint if there is one, and writes the results; none
    /// where the observer wanted to stop before.
    ///
    /// # Errors
    /// The data or a checkpoint cannot be read, the data is not that which the run began with, a file cannot be written, the loss diverged, or another
    /// process trains the run.
    pub fn train(&self, observer: &mut dyn Observer) -> Result<Option<Finished>, TrainError> {
        let _lock = self.lock()?;
        let checkpoints = self.path(CHECKPOINTS);
        let config = self.config()?;
        self.keep_data(&config)?;
        let mut trainer = match checkpoint::load(config.clone(), &checkpoints)? {
            Some(trainer) => trainer,
            None => Trainer::new(config)?,
        };
        trainer.data().notes().iter().for_each(|note| observer.noted(note));
        let mut log = metrics::Log::open(&self.path(METRICS), trainer.step_count())?;
        let training = trainer.config().training.clone();
        let mut patience = Patience::new(training.patience, &metrics::read(&self.path(METRICS))?);
        while !trainer.is_finished() && !patience.is_over() {
            let start = Instant::now();
            let loss = trainer.advance()?;
            log.count(loss, start.elapsed());
            let step = trainer.step_count();
            observer.stepped(step, loss);
            if step.is_multiple_of(training.log_every) || trainer.is_finished() {
                let score = trainer.validate()?;
                let metric = log.write(step, score, trainer.settled())?;
                observer.logged(&metric);
                if patience.judge(&metric) {
                    checkpoint::make_folder(&checkpoints)?;
                    trainer.network()?.save(checkpoints.join(BEST))?;
                }
            }
            let (stop, done) = (observer.wants_stop(), trainer.is_finished() || patience.is_over());
            if step.is_multiple_of(training.checkpoint_every) || done || stop {
                checkpoint::save(&mut trainer, &checkpoints)?;
            }
            if stop && !done {
                return Ok(None);
            }
        }
        let float = match patience.kept_step() {
            Some(_) => FloatNetwork::load(self.path(CHECKPOINTS).join(BEST))?,
            None => trainer.network()?,
        };
        // Neurons of a classifier that are no operators are many: each becomes a gate that equals it.
        let network = match float.classes() {
            Some(_) => binarize_lossless(&float, LosslessBudget::default())?,
            None => binarize(&float, Method::Constant(ConstantRule::Exact))?,
        };
        if trainer.config().polish.budget == 0 {
            return self.write_results(&trainer, &float, network, None, log.seconds()).map(Some);
        }
        let Some((polished, polishing)) = polish(&trainer, &float, &network, observer)? else {
            return Ok(None);
        };
        let replaced = polished.to_float(float.threshold())?;
        float.save(self.path(TRAINED))?;
        let seconds = log.seconds();
        self.write_results(&trainer, &replaced, polished, Some(polishing), seconds).map(Some)
    }

    /// Stores the fingerprint of the files that a new run learns from.
    ///
    /// # Errors
    /// The run is not new, and its files are not those that it began with.
    fn keep_data(&self, config: &Config) -> Result<(), TrainError> {
        let (path, is_new) = (self.path(DATA), !self.path(METRICS).exists());
        // Runs of generated data have none, and those of versions that stored none.
        if !path.exists() && !is_new {
            return Ok(());
        }
        let now = Fingerprint::of(&config.data.files()?)?;
        if !path.exists() {
            let json = serde_json::to_vec_pretty(&now).expect("plain values");
            return if now.is_empty() { Ok(()) } else { self.write(DATA, &json) };
        }
        let json =
            fs::read(&path).map_err(|source| TrainError::Read { path: path.clone(), source })?;
        let began: Fingerprint = serde_json::from_slice(&json)
            .map_err(|error| TrainError::Data(format!("{}: {error}", path.display())))?;
        match began.difference(&now) {
            None => Ok(()),
            Some(difference) => Err(TrainError::Data(format!(
                "the data of run {} has changed since it began: {difference}; expected the same files, or a \
                 new run",
                self.folder.display()
            ))),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The path of a file that a finished run has.
    fn result(&self, name: &str) -> Result<PathBuf, TrainError> {
        let path = self.path(name);
        if path.exists() { Ok(path) } else { Err(self.unfinished()) }
    }

    fn unfinished(&self) -> TrainError {
        let folder = self.folder.display();
        TrainError::Data(format!(
            "run {folder} is not finished; go on with `strel train {folder} --resume`"
        ))
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), TrainError> {
        let path = self.path(name);
        write_atomically(&path, content).map_err(|source| TrainError::Write { path, source })
    }
}
