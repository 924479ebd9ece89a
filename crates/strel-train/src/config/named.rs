//! Configurations by name.

use std::path::Path;

use super::Config;
use crate::TrainError;
use crate::suggestion::did_you_mean;

impl Config {
    /// The preset of this name, or the configuration in the file of this name, which ends with `.toml`;
    /// and a name for its run. Pairs take folders: see [`pairs`](Self::pairs).
    ///
    /// # Errors
    /// There is no such preset; those of [`load`](Self::load).
    ///
    /// ```
    /// use strel_train::Config;
    ///
    /// assert_eq!(Config::named("noisti")?, (Config::noisti(), "noisti".to_owned()));
    /// let error = Config::named("noisty").unwrap_err().to_string();
    /// assert!(error.ends_with("did you mean `noisti`?"));
    /// # Ok::<(), strel_train::TrainError>(())
    /// ```
    pub fn named(name: &str) -> Result<(Self, String), TrainError> {
        let path = Path::new(name);
        if let Some((_, preset)) = PRESETS.iter().find(|(preset, _)| *preset == name) {
            return Ok((preset(), name.to_owned()));
        }
        if path.extension().is_some_and(|ending| ending == "toml") {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            return Ok((Self::load(path)?, stem.into_owned()));
        }
        let names = PRESETS.map(|(preset, _)| preset);
        Err(TrainError::Data(format!(
            "`{name}` is no preset; expected {}, pairs, or the name of a .toml file{}",
            names.join(", "),
            did_you_mean(name, names.into_iter().chain(["pairs"]))
        )))
    }
}

type Preset = (&'static str, fn() -> Config);

/// The presets that need nothing but their name.
const PRESETS: [Preset; 4] = [
    ("noisti", Config::noisti),
    ("mnist", Config::mnist),
    ("mnist-windows", Config::mnist_windows),
    ("mnist-gates", Config::mnist_gates),
];
