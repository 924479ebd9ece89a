//! Labelled images as samples of classes.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use strel_image::BitImage;
use strel_network::Shape;

use super::images::{check_shares, data_folder};
use super::{Augmentation, Draw, LabelledImages, Motion, Shares, Split};
use crate::TrainError;
use crate::ranges::expect;

/// The four files of MNIST or Fashion-MNIST, and the binary channels that are made of an image: its
/// level sets `{f >= level}`, from the lowest level on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ClassesConfig {
    /// The folder of the files; without it, the folder `mnist` or `fashion-mnist` in
    /// `$STREL_DATA_DIR` or, where that is not set, in `data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// The levels of the level sets.
    pub levels: Levels,
    /// The share of the training images that is kept for validation, from the end; test images have
    /// files of their own.
    pub validation: f64,
    /// How the images of each pass over the training images differ from those of the files.
    pub augment: Augmentation,
}

/// The levels of level sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Levels {
    /// So many, equally spaced in rank over the pixels of the training images that are not 0.
    Count(usize),
    /// These, increasing; 1 to 255.
    Given(Vec<u8>),
}

impl Default for ClassesConfig {
    fn default() -> Self {
        ClassesConfig {
            folder: None,
            levels: Levels::Given(vec![128]),
            validation: 0.1,
            augment: Augmentation::default(),
        }
    }
}

/// More level sets than this are surely a mistake.
const MAX_LEVELS: usize = 64;

impl ClassesConfig {
    /// Reads the files of a data set of this name.
    ///
    /// # Errors
    /// A file is not there or wrong.
    pub fn open(&self, name: &str) -> Result<Classes, TrainError> {
        let folder = self.folder.clone().unwrap_or_else(|| data_folder(name));
        let train = LabelledImages::load_set(&folder, "train")?;
        let test = LabelledImages::load_set(&folder, "t10k")?;
        let classes = Classes::new(&folder, train, test, &self.levels, self.validation)?;
        Ok(classes.augmented(self.augment))
    }
}

/// What is wrong with levels, with the share of validation images or with the motions of training
/// images, if anything is.
pub(crate) fn check_classes(
    levels: &Levels,
    validation: f64,
    augment: &Augmentation,
) -> Result<(), String> {
    match levels {
        Levels::Count(count) => {
            let range = format!("1 to {MAX_LEVELS} levels, or a list of them");
            expect((1..=MAX_LEVELS).contains(count), "levels", count, &range)?;
        }
        Levels::Given(levels) => {
            let fits = levels.first().is_some_and(|&first| first > 0) && levels.is_sorted();
            let fits = fits && levels.len() <= MAX_LEVELS;
            let range = "increasing levels of 1 to 255, like [64, 128, 192]";
            expect(fits, "levels", format!("{levels:?}"), range)?;
        }
    }
    let range = "a share of the images, above 0 and below 1";
    expect(validation > 0.0 && validation < 1.0, "validation", validation, range)?;
    augment.check()
}

/// Levels that split the pixels of the training images that are not 0 into parts of equal size, of all
/// components together.
fn equally_ranked(images: &LabelledImages, shares: Shares, count: usize) -> Vec<u8> {
    let mut counts = [0u64; 256];
    for index in shares.range(Split::Train, images.len()) {
        images.levels(index).iter().for_each(|&level| counts[usize::from(level)] += 1);
    }
    let all: u64 = counts[1..].iter().sum();
    let level = |rank: u64| -> u8 {
        let mut below = 0;
        let level = (1..=255u8).find(|&level| {
            below += counts[usize::from(level)];
            below > rank
        });
        level.unwrap_or(255)
    };
    let parts = count as u64 + 1;
    (1..parts).map(|part| level(all * part / parts)).collect()
}

/// What a classifier reads, and the class that it should tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The channels, of one size.
    pub channels: Vec<BitImage>,
    /// The class, counted from 0.
    pub class: usize,
}

/// Samples of two sets of labelled images.
#[derive(Debug)]
pub struct Classes {
    train: LabelledImages,
    test: LabelledImages,
    shares: Shares,
    levels: Vec<u8>,
    augment: Augmentation,
}

impl Classes {
    /// Training images, of which a share is for validation, and test images of a folder.
    ///
    /// # Errors
    /// Their sizes differ, or nothing is left for training or for validation.
    pub fn new(
        folder: &Path,
        train: LabelledImages,
        test: LabelledImages,
        levels: &Levels,
        validation: f64,
    ) -> Result<Self, TrainError> {
        if train.size() != test.size() {
            return Err(TrainError::Data(format!(
                "folder {}: training images have {:?} pixels, test images {:?}; expected the same",
                folder.display(),
                train.size(),
                test.size()
            )));
        }
        let shares = Shares { validation, test: 0.0 };
        check_shares(folder, shares, train.len())?;
        let levels = match levels {
            Levels::Given(levels) => levels.clone(),
            Levels::Count(count) => equally_ranked(&train, shares, *count),
        };
        Ok(Classes { train, test, shares, levels, augment: Augmentation::default() })
    }

    /// Moves the images of each draw from the training split at random.
    pub fn augmented(self, augment: Augmentation) -> Self {
        Classes { augment, ..self }
    }

    /// The shape of a sample: a channel for each level of each component.
    pub fn shape(&self) -> Shape {
        let (height, width) = self.train.size();
        Shape { channels: self.train.components() * self.levels.len(), height, width }
    }

    /// The levels of the level sets.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// The number of classes: one more than the largest label of both sets.
    pub fn count(&self) -> usize {
        let largest = |set: &LabelledImages| (0..set.len()).map(|index| set.label(index)).max();
        largest(&self.train).max(largest(&self.test)).map_or(0, |label| usize::from(label) + 1)
    }

    /// The number of samples of a split.
    pub fn len(&self, split: Split) -> usize {
        match split {
            Split::Test => self.test.len(),
            _ => self.shares.range(split, self.train.len()).len(),
        }
    }

    /// The sample of a split with this index, in the order of the files.
    ///
    /// # Panics
    /// There is no such sample.
    pub fn sample(&self, split: Split, index: usize) -> Sample {
        let (set, index) = match split {
            Split::Test => (&self.test, index),
            _ => (&self.train, self.shares.range(split, self.train.len()).start + index),
        };
        let levels = |component| self.levels.iter().map(move |&level| (component, level));
        let channels = (0..set.components())
            .flat_map(levels)
            .map(|(component, level)| set.level_set(index, component, level))
            .collect();
        Sample { channels, class: usize::from(set.label(index)) }
    }

    /// All samples of a split, in the order of the files.
    pub fn samples(&self, split: Split) -> Vec<Sample> {
        (0..self.len(split)).map(|index| self.sample(split, index)).collect()
    }

    /// The sample of a draw: each of a split once a pass, in another order each time; those to train on
    /// are moved.
    pub fn drawn(&self, draw: Draw) -> Sample {
        let Sample { channels, class } = self.sample(draw.split, draw.of(self.len(draw.split)));
        let motion = match draw.split {
            Split::Train => self.augment.draw(&mut draw.rng()),
            Split::Validation | Split::Test => Motion::NONE,
        };
        Sample { channels: channels.iter().map(|channel| motion.apply(channel)).collect(), class }
    }
}
