//! Images without targets.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use strel_image::BitImage;

use super::{Diskorect, Draw, LabelledImages, Shares, Split, Thresholding};
use crate::TrainError;
use crate::ranges::MAX_SIZE;

/// The images that an operator is learnt on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImagesConfig {
    /// Generated disks and rectangles.
    Diskorect(Diskorect),
    /// Handwritten digits.
    Mnist(IdxConfig),
    /// Pieces of clothing, in files of the same form.
    FashionMnist(IdxConfig),
}

/// Reads a name, which stands for a table of that name with all defaults, or the table.
pub(super) fn name_or_table<'de, D>(deserializer: D) -> Result<ImagesConfig, D::Error>
where
    D: Deserializer<'de>,
{
    let table = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(name) => toml::Table::from_iter([(name, toml::Table::new().into())]),
        toml::Value::Table(table) => table,
        other => {
            let found = other.type_str();
            return Err(D::Error::custom(format!("expected a name or a table, found {found}")));
        }
    };
    ImagesConfig::deserialize(table).map_err(|error| D::Error::custom(error.message()))
}

/// The four files of MNIST or Fashion-MNIST, and how they become binary images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct IdxConfig {
    /// The folder of the files; without it, the folder `mnist` or `fashion-mnist` in
    /// `$STREL_DATA_DIR` or, where that is not set, in `data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Grey levels from this one on are foreground.
    pub threshold: u8,
    /// Rows and columns that images are resized to, by nearest pixels; 28 leaves them as they are.
    pub size: usize,
    /// Whether foreground and background are exchanged.
    pub inverted: bool,
    /// The share of the training images that is kept for validation, from the end; test images have
    /// files of their own.
    pub validation: f64,
}

impl Default for IdxConfig {
    fn default() -> Self {
        IdxConfig { folder: None, threshold: 30, size: 50, inverted: false, validation: 0.1 }
    }
}

impl IdxConfig {
    fn check(&self) -> Result<(), String> {
        if !(1..=MAX_SIZE).contains(&self.size) {
            return Err(format!("`size` is {}; expected 1 to {MAX_SIZE} pixels", self.size));
        }
        if !(self.validation > 0.0 && self.validation < 1.0) {
            let range = "a share of the images, above 0 and below 1";
            return Err(format!("`validation` is {}; expected {range}", self.validation));
        }
        Ok(())
    }

    fn open(&self, name: &str) -> Result<Images, TrainError> {
        let folder = self.folder.clone().unwrap_or_else(|| data_folder(name));
        let images = IdxImages {
            train: LabelledImages::load_set(&folder, "train")?,
            test: LabelledImages::load_set(&folder, "t10k")?,
            shares: Shares { validation: self.validation, test: 0.0 },
            by: Thresholding {
                threshold: self.threshold,
                size: self.size,
                inverted: self.inverted,
            },
        };
        check_shares(&folder, images.shares, images.train.len())?;
        Ok(Images::Idx(Arc::new(images)))
    }
}

/// The folder of a data set in `$STREL_DATA_DIR` or, where that is not set, in `data`.
pub fn data_folder(name: &str) -> PathBuf {
    let data = std::env::var_os("STREL_DATA_DIR").map_or("data".into(), PathBuf::from);
    data.join(name)
}

/// An error unless both training and validation have some of the training images of a folder.
pub(super) fn check_shares(folder: &Path, shares: Shares, images: usize) -> Result<(), TrainError> {
    let validation = shares.range(Split::Validation, images).len();
    if validation > 0 && !shares.range(Split::Train, images).is_empty() {
        return Ok(());
    }
    Err(TrainError::Data(format!(
        "folder {} has {images} training images, {validation} of which for validation; expected some \
         left for both",
        folder.display()
    )))
}

impl ImagesConfig {
    /// What is wrong with the parameters, if anything is.
    pub fn check(&self) -> Result<(), String> {
        match self {
            ImagesConfig::Diskorect(diskorect) => diskorect.check(),
            ImagesConfig::Mnist(files) | ImagesConfig::FashionMnist(files) => files.check(),
        }
    }

    /// Reads what there is to read.
    ///
    /// # Errors
    /// A file is not there or wrong.
    pub fn open(&self) -> Result<Images, TrainError> {
        match self {
            ImagesConfig::Diskorect(diskorect) => Ok(Images::Diskorect(diskorect.clone())),
            ImagesConfig::Mnist(files) => files.open("mnist"),
            ImagesConfig::FashionMnist(files) => files.open("fashion-mnist"),
        }
    }
}

/// Images without targets.
#[derive(Clone, Debug)]
pub enum Images {
    /// Generated disks and rectangles.
    Diskorect(Diskorect),
    /// Images of IDX files.
    Idx(Arc<IdxImages>),
}

/// Binary images of two sets of labelled images.
#[derive(Debug)]
pub struct IdxImages {
    train: LabelledImages,
    test: LabelledImages,
    shares: Shares,
    by: Thresholding,
}

impl Images {
    /// The image of a draw.
    ///
    /// ```
    /// use strel_train::data::{Diskorect, Draw, Images, Split};
    ///
    /// let images = Images::Diskorect(Diskorect::default());
    /// let image = |index| images.image(Draw { seed: 0, split: Split::Train, index });
    /// assert_eq!(image(3), image(3));
    /// assert_ne!(image(3), image(4));
    /// ```
    pub fn image(&self, draw: Draw) -> BitImage {
        match self {
            Images::Diskorect(diskorect) => diskorect.image(&mut draw.rng()),
            Images::Idx(images) => images.image(draw),
        }
    }

    /// Rows and columns of each of them.
    pub fn size(&self) -> (usize, usize) {
        let side = match self {
            Images::Diskorect(diskorect) => diskorect.size,
            Images::Idx(images) => images.by.size,
        };
        (side, side)
    }
}

impl IdxImages {
    fn image(&self, draw: Draw) -> BitImage {
        if draw.split == Split::Test {
            return self.test.image(draw.of(self.test.len()), &self.by);
        }
        let range = self.shares.range(draw.split, self.train.len());
        self.train.image(range.start + draw.of(range.len()), &self.by)
    }
}
