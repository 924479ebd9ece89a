//! Random search: the same training with values drawn at random, many times.
//!
//! A folder of a sweep holds `sweep.toml`, a run for each trial and `journal.jsonl`, a line for each
//! trial that ended. What a trial draws depends on the seed of the sweep and its number alone, so a
//! sweep that was stopped goes on with the trials that the journal lacks.

mod range;
mod summary;
mod trial;

use std::collections::BTreeMap;
use std::path::Path;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};

pub use range::Range;
pub use summary::{Spread, SweepSummary};
pub use trial::{Outcome, Scores, Trial};

use crate::{Config, TrainError, toml_file};

/// What a sweep tries.
///
/// ```
/// use strel_train::sweep::Sweep;
///
/// let sweep = Sweep::from_toml(r#"
///     base = "noisti"
///     trials = 20
///     [parameters]
///     "training.learning-rate" = { log = [0.001, 0.1] }
///     "network.channels" = { choice = [[1, 3, 1], [1, 6, 1]] }
/// "#, "example")?;
/// let settings = sweep.settings(7);
/// assert_eq!(settings, sweep.settings(7));
/// assert!(settings[1].starts_with("training.learning-rate=0.0"));
/// # Ok::<(), strel_train::TrainError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sweep {
    /// A preset, or the file of a configuration.
    pub base: String,
    /// How often values are drawn.
    pub trials: usize,
    /// All draws come from here.
    #[serde(default)]
    pub seed: u64,
    /// The keys whose values are drawn, as `--set` names them.
    pub parameters: BTreeMap<String, Range>,
}

impl Sweep {
    /// Reads the description of a sweep; `place` names it in errors.
    ///
    /// # Errors
    /// The text is no TOML, has an unknown key, lacks one, or a range is none.
    pub fn from_toml(text: &str, place: &str) -> Result<Self, TrainError> {
        let wrong = |problem| TrainError::Config { place: place.into(), problem };
        let sweep: Sweep = toml_file::parse(text).map_err(wrong)?;
        if sweep.trials == 0 {
            return Err(wrong("`trials` is 0; expected at least 1".into()));
        }
        for (key, range) in &sweep.parameters {
            range.check().map_err(|problem| wrong(format!("`{key}`: {problem}")))?;
        }
        Ok(sweep)
    }

    /// Reads the file of a sweep.
    ///
    /// # Errors
    /// Those of [`from_toml`](Self::from_toml), and those of reading.
    pub fn load(path: &Path) -> Result<Self, TrainError> {
        let text = toml_file::read(path, "the description of a sweep")?;
        Self::from_toml(&text, &path.display().to_string())
    }

    /// The sweep as TOML, every key written out.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("sweeps are tables of plain values")
    }

    /// What a trial sets, `key=value` in the order of the keys.
    pub fn settings(&self, trial: usize) -> Vec<String> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(trial as u64);
        let parameters = self.parameters.iter();
        parameters.map(|(key, range)| format!("{key}={}", range.draw(&mut rng))).collect()
    }

    /// The configuration of a trial.
    ///
    /// # Errors
    /// A key is unknown, or a value drawn does not fit.
    pub fn config(&self, base: &Config, trial: usize) -> Result<Config, TrainError> {
        base.with_settings(&self.settings(trial))
    }
}
