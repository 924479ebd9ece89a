//! What became of the trials of a sweep: a JSON object a line.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use strel_image::files::write_atomically;

use crate::TrainError;

/// A trial that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Its number, from 0 on.
    pub trial: usize,
    /// What it set, `key=value`.
    pub settings: Vec<String>,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// With networks that have scores.
    Scores(Scores),
    /// With an error, such as a loss that diverged.
    Failed(String),
}

/// The scores of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// The last score on validation data, by which trials are compared.
    pub validation: f64,
    /// The score of the float network on test data.
    pub float: f64,
    /// The score of the binarized network on test data.
    pub binarized: f64,
    /// Seconds of training.
    pub seconds: f64,
}

/// The journal of a sweep, which only grows.
pub struct Journal {
    path: PathBuf,
    file: File,
    trials: Vec<Trial>,
}

impl Journal {
    /// Opens a journal, or begins one. A last line that was cut off is removed: its trial is done
    /// again.
    ///
    /// # Errors
    /// The file cannot be read or written, or a line is damaged.
    pub fn open(path: &Path) -> Result<Self, TrainError> {
        let failed = |source| TrainError::Write { path: path.to_owned(), source };
        let text = match path.is_file() {
            true => fs::read_to_string(path)
                .map_err(|source| TrainError::Read { path: path.to_owned(), source })?,
            false => String::new(),
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        if whole.len() < text.len() || text.is_empty() {
            write_atomically(path, whole.as_bytes()).map_err(failed)?;
        }
        let parse = |(number, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| {
                TrainError::Data(format!("{}, line {}: {error}", path.display(), number + 1))
            })
        };
        let trials = whole.lines().enumerate().map(parse).collect::<Result<_, _>>()?;
        let file = OpenOptions::new().append(true).open(path).map_err(failed)?;
        Ok(Journal { path: path.to_owned(), file, trials })
    }

    /// Adds a trial that ended.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, trial: Trial) -> Result<(), TrainError> {
        let line = serde_json::to_string(&trial).expect("plain values") + "\n";
        self.file
            .write_all(line.as_bytes())
            .map_err(|source| TrainError::Write { path: self.path.clone(), source })?;
        self.trials.push(trial);
        Ok(())
    }

    /// The trials that ended, in the order in which they did.
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// Whether a trial ended.
    pub fn has(&self, trial: usize) -> bool {
        self.trials.iter().any(|ended| ended.trial == trial)
    }
}
