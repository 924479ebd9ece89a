//! What came of ordinary networks, which another program trained: `bench/ordinary.py`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use strel::train::{TrainError, journal};

use super::super::counted;
use super::learn::Outcome;
use super::trained::Training;
use crate::error::CliError;

/// The trainings of a journal.
pub struct Others {
    path: PathBuf,
    trainings: Vec<Training>,
}

/// Which trainings are asked for.
pub struct Wanted {
    /// Hidden neurons.
    pub width: usize,
    /// Seeds, from 0 on.
    pub seeds: u64,
    /// How often a training looks at each image.
    pub epochs: u64,
    /// Training images.
    pub images: u64,
}

/// What of a configuration tells whether a training is asked for; others of its keys may be there, too.
#[derive(Deserialize)]
struct Config {
    seed: u64,
    network: Network,
    training: Steps,
}

#[derive(Deserialize)]
struct Network {
    layers: Vec<toml::Value>,
}

#[derive(Deserialize)]
struct Steps {
    steps: u64,
    batch: u64,
}

impl Others {
    /// Those of a journal.
    ///
    /// # Errors
    /// It cannot be read, or a line is damaged.
    pub fn read(path: &Path) -> Result<Self, TrainError> {
        Ok(Others { path: path.to_owned(), trainings: journal::read(path)? })
    }

    /// What came of a method with each seed.
    ///
    /// # Errors
    /// A training is missing, or a configuration lacks what tells whether it is one that is asked for.
    pub fn outcomes(&self, method: &str, wanted: &Wanted) -> Result<Vec<Outcome>, CliError> {
        let wrong =
            |problem: String| CliError::Usage(format!("{}: {problem}", self.path.display()));
        let mut found = Vec::new();
        for (index, training) in self.trainings.iter().enumerate() {
            if training.method == method {
                let config: Config = toml::from_str(&training.config).map_err(|error| {
                    wrong(format!("the configuration of line {}: {}", index + 1, error.message()))
                })?;
                if wanted.fits(&config) {
                    found.push((config.seed, &training.outcome));
                }
            }
        }
        let outcome = |seed| {
            // The last one, where a training was done again.
            let known = found.iter().rfind(|(of, _)| *of == seed);
            known.map(|(_, outcome)| (*outcome).clone()).ok_or_else(|| {
                let Wanted { width, seeds, epochs, .. } = wanted;
                wrong(format!(
                    "no training of {method} has {width} neurons, {} and seed {seed}; add it \
                     with `python bench/ordinary.py --width {width} --epochs {epochs} --seeds {seeds} \
                     --journal {}`",
                    counted(*epochs, "epoch"),
                    self.path.display()
                ))
            })
        };
        (0..wanted.seeds).map(outcome).collect()
    }
}

impl Wanted {
    /// Steps that look at each of the training images so often, in batches of a size.
    pub fn steps(&self, batch: u64) -> u64 {
        self.epochs.saturating_mul(self.images).div_ceil(batch.max(1))
    }

    fn fits(&self, Config { network, training, .. }: &Config) -> bool {
        let layer = [("dense".to_owned(), toml::Value::Integer(self.width as i64))];
        network.layers == [toml::Value::Table(layer.into_iter().collect())]
            && training.steps == self.steps(training.batch)
    }
}
