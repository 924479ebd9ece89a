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
        match name {
            "noisti" => Ok((Self::noisti(), name.to_owned())),
            "mnist" => Ok((Self::mnist(), name.to_owned())),
            _ if path.extension().is_some_and(|ending| ending == "toml") => {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                Ok((Self::load(path)?, stem.into_owned()))
            }
            _ => Err(TrainError::Data(format!(
                "`{name}` is no preset; expected noisti, mnist, pairs, or the name of a .toml file{}",
                did_you_mean(name, ["noisti", "mnist", "pairs"])
            ))),
        }
    }
}
