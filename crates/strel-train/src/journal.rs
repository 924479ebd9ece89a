//! A file that results are added to, one by one: a JSON object a line.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use strel_image::files::check_writable;

use crate::TrainError;

/// Results that outlive the process that found them.
///
/// ```
/// use strel_train::journal::Journal;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("scores.jsonl");
/// Journal::open(&path)?.add(0.5)?;
/// std::fs::write(&path, "0.5\n0.7")?; // cut off in the middle
/// let mut again = Journal::open(&path)?;
/// again.add(0.75)?;
/// assert_eq!(again.entries(), [0.5, 0.75]);
/// assert_eq!(std::fs::read_to_string(&path)?, "0.5\n0.75\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Journal<T> {
    path: PathBuf,
    file: File,
    entries: Vec<T>,
}

impl<T: Serialize + DeserializeOwned> Journal<T> {
    /// Opens a journal for this process alone, or begins one. A last line that was cut off is removed:
    /// what it told is to be found again.
    ///
    /// # Errors
    /// The file cannot be read or written, another process has it open, or a line is damaged.
    pub fn open(path: &Path) -> Result<Self, TrainError> {
        let unreadable = |source| TrainError::Read { path: path.to_owned(), source };
        let unwritable = |source| TrainError::Write { path: path.to_owned(), source };
        check_writable(path).map_err(unwritable)?;
        let mut file =
            File::options().read(true).append(true).create(true).open(path).map_err(unwritable)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => TrainError::Data(format!(
                "{}: another process adds to it; wait for it, or stop it",
                path.display()
            )),
            TryLockError::Error(source) => unwritable(source),
        })?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(unreadable)?;
        let (entries, whole) = parse(path, &text)?;
        if whole < text.len() {
            file.set_len(whole as u64).map_err(unwritable)?;
        }
        Ok(Journal { path: path.to_owned(), file, entries })
    }

    /// Adds what was found.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, entry: T) -> Result<(), TrainError> {
        let line = serde_json::to_string(&entry).expect("plain values") + "\n";
        self.file
            .write_all(line.as_bytes())
            .map_err(|source| TrainError::Write { path: self.path.clone(), source })?;
        self.entries.push(entry);
        Ok(())
    }

    /// All that was found, in the order in which it was.
    pub fn entries(&self) -> &[T] {
        &self.entries
    }
}

/// The results in a journal, which another program may be adding to: a last line that was cut off is left out.
///
/// # Errors
/// The file cannot be read, or a line is damaged.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("scores.jsonl");
/// std::fs::write(&path, "0.5\n0.7")?;
/// assert_eq!(strel_train::journal::read::<f64>(&path)?, [0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, TrainError> {
    let text = fs::read_to_string(path)
        .map_err(|source| TrainError::Read { path: path.to_owned(), source })?;
    Ok(parse(path, &text)?.0)
}

/// The results of whole lines, and the bytes of these.
fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<(Vec<T>, usize), TrainError> {
    let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
    let parse = |(index, line)| {
        serde_json::from_str(line).map_err(|error| {
            TrainError::Data(format!("{}, line {}: {error}", path.display(), index + 1))
        })
    };
    let entries = whole.lines().enumerate().map(parse).collect::<Result<_, _>>()?;
    Ok((entries, whole.len()))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_read_only_journal_is_left_alone_and_a_link_followed() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        symlink("file", &link).unwrap();
        Journal::open(&link).unwrap().add(1).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "1\n");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
        let error = Journal::<u32>::open(&link).err().unwrap().to_string();
        assert!(error.ends_with("cannot be written: the file is read-only"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "1\n");
    }
}
