//! Pairs of image files in two folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use strel_image::files::{ReadOptions, read};

use super::Pair;
use crate::TrainError;

/// A pair of images of the same size, with the name that they share.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePair {
    /// The file name without folder and ending.
    pub name: String,
    /// The images.
    pub pair: Pair,
}

/// The files of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct PairFiles {
    /// The file name without folder and ending.
    pub name: String,
    /// The file of the input.
    pub input: PathBuf,
    /// The file of the wanted output.
    pub target: PathBuf,
}

/// Finds the images of two folders, matched by file name without its ending, in the order of their
/// names. Files whose names begin with a dot are passed over.
///
/// # Errors
/// A folder cannot be read or holds no image, an image has no partner in the other folder, or two
/// have the same name.
pub fn find_pairs(inputs: &Path, targets: &Path) -> Result<Vec<PairFiles>, TrainError> {
    let (input_files, mut target_files) = (images_of(inputs)?, images_of(targets)?);
    let mut pairs = Vec::new();
    for (name, input) in input_files {
        let target = target_files.remove(&name).ok_or_else(|| no_partner(&input, targets))?;
        pairs.push(PairFiles { name, input, target });
    }
    match target_files.into_values().next() {
        Some(target) => Err(no_partner(&target, inputs)),
        None if pairs.is_empty() => {
            Err(TrainError::Data(format!("folder {} holds no image", inputs.display())))
        }
        None => Ok(pairs),
    }
}

/// Reads the images of two folders, in the order of [`find_pairs`].
///
/// # Errors
/// Those of [`find_pairs`] and [`PairFiles::read`].
pub fn load_pairs(
    inputs: &Path,
    targets: &Path,
    options: &ReadOptions,
) -> Result<Vec<ImagePair>, TrainError> {
    let read = |files: PairFiles| Ok(ImagePair { pair: files.read(options)?, name: files.name });
    find_pairs(inputs, targets)?.into_iter().map(read).collect()
}

impl PairFiles {
    /// Reads both images.
    ///
    /// # Errors
    /// A file cannot be read, or the images differ in size.
    pub fn read(&self, options: &ReadOptions) -> Result<Pair, TrainError> {
        let pair =
            Pair { input: read(&self.input, options)?, target: read(&self.target, options)? };
        self.check_sizes(pair.input.size(), pair.target.size())?;
        Ok(pair)
    }

    /// An error unless the two sizes are one.
    pub(super) fn check_sizes(
        &self,
        (h, w): (usize, usize),
        (th, tw): (usize, usize),
    ) -> Result<(), TrainError> {
        if (h, w) == (th, tw) {
            return Ok(());
        }
        Err(TrainError::Data(format!(
            "{} is {h} x {w} pixels and its target {} is {th} x {tw}; expected the same size",
            self.input.display(),
            self.target.display()
        )))
    }
}

fn no_partner(file: &Path, folder: &Path) -> TrainError {
    TrainError::Data(format!(
        "{} has no partner of that name (the ending may differ) in folder {}",
        file.display(),
        folder.display()
    ))
}

/// The files of a folder by their name without its ending.
fn images_of(folder: &Path) -> Result<BTreeMap<String, PathBuf>, TrainError> {
    if !folder.is_dir() {
        return Err(TrainError::Data(format!(
            "there is no folder {}; expected one of images",
            folder.display()
        )));
    }
    let failed = |source| TrainError::Read { path: folder.to_owned(), source };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || path.is_dir() {
            continue;
        }
        if let Some(other) = files.insert(name, path.clone()) {
            return Err(TrainError::Data(format!(
                "{} and {} have the same name; expected one image of each name",
                other.display(),
                path.display()
            )));
        }
    }
    Ok(files)
}
