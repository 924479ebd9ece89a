//! What became of the trials of a sweep.

use serde::{Deserialize, Serialize};

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
