//! Folders of results.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use strel::image::files::write_atomically;

use crate::error::CliError;

/// Makes a folder, and those above it.
pub fn make_folder(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder).map_err(|source| CliError::Io { path: folder.to_owned(), source })
}

/// Writes a file as a whole or not at all.
pub fn write_file(file: &Path, content: &[u8]) -> Result<(), CliError> {
    write_atomically(file, content).map_err(|source| CliError::Io { path: file.to_owned(), source })
}

/// A file in `folder` for each image, with its name and another ending.
///
/// # Errors
/// Two images would go to one file, or one would be overwritten.
pub fn result_files(
    images: &[PathBuf],
    folder: &Path,
    ending: &str,
) -> Result<Vec<PathBuf>, CliError> {
    let mut taken: BTreeMap<PathBuf, &PathBuf> = BTreeMap::new();
    let mut files = Vec::new();
    for image in images {
        let name = Path::new(image.file_name().unwrap_or_default()).with_extension(ending);
        let file = folder.join(name);
        if let Some(other) = taken.insert(file.clone(), image) {
            return Err(CliError::Usage(format!(
                "{} and {} would both be written to {}; expected images of different names",
                other.display(),
                image.display(),
                file.display()
            )));
        }
        files.push(file);
    }
    images.iter().try_for_each(|image| keep_input(image, &files))?;
    Ok(files)
}

/// The file for the result of one image.
///
/// # Errors
/// It is the image.
pub fn result_file(image: &Path, file: &Path) -> Result<PathBuf, CliError> {
    keep_input(image, &[file.to_owned()])?;
    Ok(file.to_owned())
}

fn keep_input(image: &Path, files: &[PathBuf]) -> Result<(), CliError> {
    let image = fs::canonicalize(image).ok();
    match files.iter().find(|file| image.is_some() && fs::canonicalize(file).ok() == image) {
        Some(file) => Err(CliError::Usage(format!(
            "the result {} would overwrite an input; name another place with --out",
            file.display()
        ))),
        None => Ok(()),
    }
}
