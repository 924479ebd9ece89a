//! Fingerprints of data files: what a run that goes on must find unchanged.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::TrainError;

/// The names, sizes and digests of files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(Vec<FileSum>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSum {
    file: String,
    bytes: u64,
    sha256: String,
}

impl Fingerprint {
    /// Reads files, several at a time. Cost: a pass over their bytes.
    ///
    /// # Errors
    /// A file cannot be read.
    ///
    /// ```
    /// use strel_train::data::Fingerprint;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let files = [folder.path().join("a"), folder.path().join("b")];
    /// files.iter().try_for_each(|file| std::fs::write(file, "pixels"))?;
    /// let before = Fingerprint::of(&files)?;
    /// assert_eq!(before.difference(&Fingerprint::of(&files)?), None);
    /// std::fs::write(&files[1], "pixelz")?;
    /// let told = before.difference(&Fingerprint::of(&files)?).unwrap();
    /// assert!(told.ends_with("b has another content"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(files: &[PathBuf]) -> Result<Self, TrainError> {
        let sums = files.par_iter().map(|path| {
            FileSum::of(path).map_err(|source| TrainError::Read { path: path.clone(), source })
        });
        sums.collect::<Result<_, _>>().map(Fingerprint)
    }

    /// Whether there are no files.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first file that is not the same in `now`, and what became of it.
    pub fn difference(&self, now: &Fingerprint) -> Option<String> {
        let (old, now) = (self.by_name(), now.by_name());
        let changed = old.iter().find_map(|(name, sum)| match now.get(name) {
            None => Some(format!("{name} is not there")),
            Some(other) if other != sum => Some(format!("{name} has another content")),
            Some(_) => None,
        });
        let new = || now.keys().find(|name| !old.contains_key(*name));
        changed.or_else(|| new().map(|name| format!("{name} is new")))
    }

    fn by_name(&self) -> BTreeMap<&str, &FileSum> {
        self.0.iter().map(|sum| (&*sum.file, sum)).collect()
    }
}

impl FileSum {
    fn of(path: &Path) -> io::Result<Self> {
        let mut sum = Sha256::new();
        let bytes = io::copy(&mut File::open(path)?, &mut sum)?;
        let sha256 = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(FileSum { file: path.to_string_lossy().into_owned(), bytes, sha256 })
    }
}
