//! The binary files of CIFAR-10: colour images of 32x32 pixels with labels (Krizhevsky 2009).
//!
//! A file is a sequence of records:
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | the class, 0 to 9 |
//! | 1024 each | the levels of red, of green and of blue, row by row |

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::images::data_folder;
use super::{Augmentation, Classes, LabelledImages, Levels};
use crate::TrainError;

/// Rows and columns of an image.
const SIDE: usize = 32;
const AREA: usize = SIDE * SIDE;
const RECORD: usize = 1 + 3 * AREA;
const CLASSES: u8 = 10;

const TRAINING_FILES: usize = 5;

/// The six files of CIFAR-10, and the binary channels that are made of an image: the level sets of its
/// colours or of its grey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CifarConfig {
    /// The folder of the files; without it, the folder `cifar-10` in `$STREL_DATA_DIR` or, where that
    /// is not set, in `data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// What level sets are made of.
    pub colour: Colour,
    /// The levels of the level sets.
    pub levels: Levels,
    /// The share of the training images that is kept for validation, from the end; test images have
    /// a file of their own.
    pub validation: f64,
    /// How the images of each pass over the training images differ from those of the files.
    pub augment: Augmentation,
}

/// What level sets of a colour image are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Red, green and blue, each for itself: its level sets, the lowest first, are three times as many
    /// channels.
    #[default]
    Rgb,
    /// The luma, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded.
    Grey,
}

impl Default for CifarConfig {
    fn default() -> Self {
        CifarConfig {
            folder: None,
            colour: Colour::Rgb,
            levels: Levels::Given(vec![64, 128, 192]),
            validation: 0.1,
            augment: Augmentation::default(),
        }
    }
}

impl CifarConfig {
    /// Reads the files.
    ///
    /// # Errors
    /// A file is not there or wrong.
    pub fn open(&self) -> Result<Classes, TrainError> {
        let folder = self.folder.clone().unwrap_or_else(|| data_folder("cifar-10"));
        let files = files(&folder);
        let (train, test) = files.split_at(TRAINING_FILES);
        let (train, test) = (load(train, self.colour)?, load(test, self.colour)?);
        let classes = Classes::new(&folder, train, test, &self.levels, self.validation)?;
        Ok(classes.augmented(self.augment))
    }
}

/// The files of a folder, that of the test images last.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let training = (1..=TRAINING_FILES).map(|batch| format!("data_batch_{batch}.bin"));
    training.chain(["test_batch.bin".to_owned()]).map(|name| folder.join(name)).collect()
}

/// The images of some files, one file after the other.
fn load(files: &[PathBuf], colour: Colour) -> Result<LabelledImages, TrainError> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for path in files {
        let bytes = read(path)?;
        let wrong = |problem| TrainError::Data(format!("{}: {problem}", path.display()));
        if bytes.is_empty() || bytes.len() % RECORD != 0 {
            return Err(wrong(format!(
                "{} bytes; expected images of {RECORD} bytes each, a label and three times 32x32",
                bytes.len()
            )));
        }
        for (image, record) in bytes.chunks_exact(RECORD).enumerate() {
            let (label, planes) = (record[0], &record[1..]);
            if label >= CLASSES {
                return Err(wrong(format!("image {image} has label {label}; expected 0 to 9")));
            }
            labels.push(label);
            match colour {
                Colour::Rgb => pixels.extend_from_slice(planes),
                Colour::Grey => pixels.extend((0..AREA).map(|at| luma(planes, at))),
            }
        }
    }
    let components = if colour == Colour::Rgb { 3 } else { 1 };
    Ok(LabelledImages::new((SIDE, SIDE), components, pixels, labels))
}

fn luma(planes: &[u8], at: usize) -> u8 {
    let [red, green, blue] = [0, 1, 2].map(|plane| u32::from(planes[plane * AREA + at]));
    ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
}

fn read(path: &Path) -> Result<Vec<u8>, TrainError> {
    if !path.is_file() {
        return Err(TrainError::Data(format!(
            "{} is not there; expected the binary version of CIFAR-10, data_batch_1.bin to \
             data_batch_5.bin and test_batch.bin: https://www.cs.toronto.edu/~kriz/cifar.html has \
             them in cifar-10-binary.tar.gz",
            path.display()
        )));
    }
    fs::read(path).map_err(|source| TrainError::Read { path: path.to_owned(), source })
}
