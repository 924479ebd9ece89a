//! A run: a folder with all that belongs to one training.
//!
//! | file | what |
//! | --- | --- |
//! | `config.toml` | the configuration, every key written out |
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
mod summary;
mod test_scores;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Instant;

use strel_image::files::write_atomically;
use strel_network::{
    Certificate, CertifyBudget, FloatNetwork, Network, PolishProgress, binarize, binarize_lossless,
    certify,
};
use strel_theory::{ConstantRule, LosslessBudget, Method};

pub use metrics::{Metric, Score};
use patience::Patience;
pub use polishing::Polishing;
use polishing::polish;
pub use summary::Summary;
pub use test_scores::{ClassScores, GreyScores, ImageScores, TestScores};

use crate::data::{Data, Split};
use crate::{Config, TrainError, Trainer};

const CONFIG: &str = "config.toml";
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

/// Pairs of the final scores: none of them is trained on or decides anything.
const TEST_PAIRS: usize = 1000;

/// As many where they are grey: each has all of its levels.
const GREY_TEST_PAIRS: usize = 100;

/// Whoever watches a training.
pub trait Observer {
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
        // Data that cannot be read ends here, before anything is written.
        Trainer::new(config.clone())?;
        let run = Run { folder: folder.to_owned() };
        let failed = |source| TrainError::Io { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        if fs::read_dir(folder).map_err(failed)?.next().is_some() {
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

    /// Waits until no other process trains the run.
    ///
    /// # Errors
    /// The file system has no locks.
    pub fn wait(&self) -> Result<(), TrainError> {
        let path = self.path(CONFIG);
        File::open(&path)
            .and_then(|config| config.lock())
            .map_err(|source| TrainError::Io { path, source })
    }

    /// The run for this process alone, until the file is closed.
    fn lock(&self) -> Result<File, TrainError> {
        let path = self.path(CONFIG);
        let failed = |source| TrainError::Io { path: path.clone(), source };
        let config = File::open(&path).map_err(failed)?;
        match config.try_lock() {
            Ok(()) => Ok(config),
            Err(TryLockError::WouldBlock) => Err(TrainError::Data(format!(
                "run {} is trained by another process; wait for it, or stop it",
                self.folder.display()
            ))),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Trains to the end, from the last checkpoint if there is one, and writes the results; none
    /// where the observer wanted to stop before.
    ///
    /// # Errors
    /// The data or a checkpoint cannot be read, a file cannot be written, the loss diverged, or another
    /// process trains the run.
    pub fn train(&self, observer: &mut dyn Observer) -> Result<Option<Finished>, TrainError> {
        let _lock = self.lock()?;
        let checkpoints = self.path(CHECKPOINTS);
        let config = self.config()?;
        let mut trainer = match checkpoint::load(config.clone(), &checkpoints)? {
            Some(trainer) => trainer,
            None => Trainer::new(config)?,
        };
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
                checkpoint::save(&trainer, &checkpoints)?;
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

    /// Puts another binarization of the float network in the place of the run's, and writes the
    /// certificate, the summary and the report anew, so that all of them speak of this one.
    ///
    /// # Errors
    /// The run is not finished, its data cannot be read any more, or a file cannot be written.
    pub fn replace_network(&self, network: Network) -> Result<Finished, TrainError> {
        let float = self.float_network()?;
        let (config, log) = (self.config()?, metrics::read(&self.path(METRICS))?);
        let patience = Patience::new(config.training.patience, &log);
        let trainer = match checkpoint::load(config, &self.path(CHECKPOINTS))? {
            Some(trainer) if trainer.is_finished() || patience.is_over() => trainer,
            _ => return Err(self.unfinished()),
        };
        let seconds = log.last().map_or(0.0, |last| last.seconds);
        self.write_results(&trainer, &float, network, None, seconds)
    }

    fn write_results(
        &self,
        trainer: &Trainer,
        float: &FloatNetwork,
        network: Network,
        polishing: Option<Polishing>,
        seconds: f64,
    ) -> Result<Finished, TrainError> {
        let certificate = certify(float, &network, budget(float))?;
        let (test, samples) = self::test(trainer, float, &network)?;
        let metrics = metrics::read(&self.path(METRICS))?;
        let patience = Patience::new(trainer.config().training.patience, &metrics);
        let summary = Summary::new(trainer, &network, &certificate, test, seconds);
        let summary = Summary { kept_step: patience.kept_step(), polishing, ..summary };
        let page = report::Report {
            config: trainer.config(),
            summary: &summary,
            metrics: &metrics,
            float,
            network: &network,
            certificate: &certificate,
            samples: &samples,
        };
        let page = page.to_html()?;
        float.save(self.path(FLOAT))?;
        network.save(self.path(NETWORK))?;
        certificate.save(self.path(CERTIFICATE))?;
        self.write(SUMMARY, summary.to_json().as_bytes())?;
        self.write(REPORT, page.as_bytes())?;
        Ok(Finished { summary, network, certificate })
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
        write_atomically(&path, content).map_err(|source| TrainError::Io { path, source })
    }
}

/// A difference of a large classifier is not looked for long: most are far from any, and each input
/// that is tried takes all of its weights.
fn budget(float: &FloatNetwork) -> CertifyBudget {
    let budget = CertifyBudget::default();
    CertifyBudget { patches: if float.classes().is_some() { 64 } else { budget.patches }, ..budget }
}

/// The test scores, and some of the test data to show.
fn test(
    trainer: &Trainer,
    float: &FloatNetwork,
    network: &Network,
) -> Result<(TestScores, report::Samples), TrainError> {
    match trainer.data() {
        Data::Pairs(source) => {
            let mut pairs = trainer.held_out(Split::Test, TEST_PAIRS)?;
            let Config { seed, training, .. } = trainer.config();
            let mask = training.border_mask;
            let scores = match source.level_sets() {
                None => TestScores::Images(ImageScores::new(float, network, mask, &pairs)?),
                Some(sets) => {
                    let pairs = source.grey_pairs(*seed, Split::Test, GREY_TEST_PAIRS)?;
                    TestScores::Grey(GreyScores::new(float, network, sets, mask, &pairs)?)
                }
            };
            pairs.truncate(4);
            Ok((scores, report::Samples::Pairs(pairs)))
        }
        Data::Classes(classes) => {
            let mut samples = classes.samples(Split::Test);
            let scores = ClassScores::new(float, network, &samples)?;
            samples.truncate(16);
            Ok((TestScores::Classes(scores), report::Samples::Classes(samples)))
        }
    }
}
