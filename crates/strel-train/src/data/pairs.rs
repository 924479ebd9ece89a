//! Pairs of images from two folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_image::BitImage;
use strel_image::files::{ReadOptions, read};

use super::{Pair, Split};
use crate::TrainError;

/// A pair of images of the same size, with the name that they share.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePair {
    /// The file name without folder and ending.
    pub name: String,
    /// The images.
    pub pair: Pair,
}

/// Draws of a crop until one with foreground and background is found.
const DRAWS: u32 = 20;

/// Random crops of pairs of images.
///
/// The bottom part of each image is set aside: validation crops come from there, and training
/// crops from the rest.
#[derive(Clone, Debug)]
pub struct Pairs {
    images: Vec<Pair>,
    crop: usize,
    /// The share of rows set aside.
    validation: f64,
}

impl Pairs {
    /// Crops of `crop` x `crop` pixels of these images, `validation` of whose rows are set aside.
    ///
    /// # Errors
    /// There is no image, or one whose training or validation part has no room for a crop.
    pub fn new(images: Vec<ImagePair>, crop: usize, validation: f64) -> Result<Self, TrainError> {
        if images.is_empty() {
            return Err(TrainError::Data("there is no pair of images to learn from".into()));
        }
        let pairs = Pairs { images: Vec::new(), crop, validation };
        for ImagePair { name, pair } in &images {
            let (height, width) = pair.input.size();
            let held = pairs.held_rows(height);
            if crop == 0 || width < crop || held < crop || height - held < crop {
                return Err(TrainError::Data(format!(
                    "image `{name}` is {height} x {width} pixels, {held} rows of them for \
                     validation: no room for crops of {crop} x {crop} in both parts"
                )));
            }
        }
        Ok(Pairs { images: images.into_iter().map(|image| image.pair).collect(), ..pairs })
    }

    /// A crop of a random place of a random image. Crops whose target is empty or full teach little:
    /// others are preferred, where a few draws find one.
    pub fn crop(&self, split: Split, rng: &mut ChaCha8Rng) -> Pair {
        let teaches = |pair: &Pair| {
            let ones = pair.target.count_ones();
            ones > 0 && ones < pair.target.area() as u64
        };
        let mut pair = self.any_crop(split, rng);
        for _ in 1..DRAWS {
            if teaches(&pair) {
                break;
            }
            pair = self.any_crop(split, rng);
        }
        pair
    }

    fn any_crop(&self, split: Split, rng: &mut ChaCha8Rng) -> Pair {
        let Pair { input, target } = &self.images[rng.random_range(0..self.images.len())];
        let (height, width) = input.size();
        let border = height - self.held_rows(height);
        let rows = match split {
            Split::Train => 0..=border - self.crop,
            Split::Validation | Split::Test => border..=height - self.crop,
        };
        let (row, col) = (rng.random_range(rows), rng.random_range(0..=width - self.crop));
        let cut = |image: &BitImage| {
            image.crop(row, col, self.crop, self.crop).expect("crops lie inside of their image")
        };
        Pair { input: cut(input), target: cut(target) }
    }

    /// The mean of all inputs, for the initial biases.
    pub fn input_mean(&self) -> f64 {
        let (ones, area) = self.images.iter().fold((0, 0), |(ones, area), Pair { input, .. }| {
            (ones + input.count_ones(), area + input.area() as u64)
        });
        ones as f64 / area as f64
    }

    fn held_rows(&self, height: usize) -> usize {
        (height as f64 * self.validation).round() as usize
    }
}

/// Reads the images of two folders, matched by file name without its ending, in the order of their
/// names. Files whose names begin with a dot are passed over.
///
/// # Errors
/// A folder or file cannot be read, an image has no partner in the other folder, two have the same
/// name, or the two of a pair differ in size.
pub fn load_pairs(
    inputs: &Path,
    targets: &Path,
    options: &ReadOptions,
) -> Result<Vec<ImagePair>, TrainError> {
    let (input_files, mut target_files) = (images_of(inputs)?, images_of(targets)?);
    let mut pairs = Vec::new();
    for (name, input) in input_files {
        let target = target_files.remove(&name).ok_or_else(|| no_partner(&input, targets))?;
        pairs.push(ImagePair { pair: load_pair(&input, &target, options)?, name });
    }
    match target_files.into_values().next() {
        Some(target) => Err(no_partner(&target, inputs)),
        None if pairs.is_empty() => {
            Err(TrainError::Data(format!("folder {} holds no image", inputs.display())))
        }
        None => Ok(pairs),
    }
}

fn load_pair(input: &Path, target: &Path, options: &ReadOptions) -> Result<Pair, TrainError> {
    let pair = Pair { input: read(input, options)?, target: read(target, options)? };
    let ((h, w), (th, tw)) = (pair.input.size(), pair.target.size());
    if (h, w) != (th, tw) {
        return Err(TrainError::Data(format!(
            "{} is {h} x {w} pixels and its target {} is {th} x {tw}; expected the same size",
            input.display(),
            target.display()
        )));
    }
    Ok(pair)
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
    let failed = |source| TrainError::Io { path: folder.to_owned(), source };
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
