//! What is known of trainings, also from earlier ones.

use std::path::Path;

use serde::{Deserialize, Serialize};
use strel::train::journal::Journal;
use strel::train::{Config, TrainError};

use super::learn::{Outcome, learn};
use crate::error::CliError;

/// A line of a journal.
#[derive(Serialize, Deserialize)]
pub struct Training {
    pub method: String,
    /// All that the training depends on, in TOML.
    pub config: String,
    pub outcome: Outcome,
}

/// Trainings, each of which is done once: across processes if there is a file.
pub struct Trained(Option<Journal<Training>>);

impl Trained {
    /// Those that a file has, which is begun where there is none.
    pub fn open(journal: Option<&Path>) -> Result<Self, TrainError> {
        journal.map(Journal::open).transpose().map(Trained)
    }

    /// What came, or comes, of a training.
    pub fn outcome(&mut self, method: &str, config: Config) -> Result<Outcome, CliError> {
        let Some(journal) = &mut self.0 else { return learn(config) };
        let text = config.to_toml();
        if let Some(known) = journal.entries().iter().find(|training| training.config == text) {
            return Ok(known.outcome.clone());
        }
        let outcome = learn(config)?;
        journal.add(Training { method: method.into(), config: text, outcome: outcome.clone() })?;
        Ok(outcome)
    }
}
