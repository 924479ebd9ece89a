//! Files that people write in TOML.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::TrainError;
use crate::suggestion::{in_words, of_serde};

/// The text of a file; `expected` says in errors what it should be.
pub fn read(path: &Path, expected: &str) -> Result<String, TrainError> {
    let unread = |problem: String| TrainError::Config {
        place: path.display().to_string(),
        problem: format!("{problem}; expected {expected} in TOML"),
    };
    let bytes =
        std::fs::read(path).map_err(|error| unread(format!("the file cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| unread(format!("no text in UTF-8: {error}")))
}

/// What a text says, or what is wrong with it and what an unknown name may stand for.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| {
        let problem = in_words(error.to_string().trim_end());
        format!("{problem}{}", of_serde(error.message()))
    })
}
