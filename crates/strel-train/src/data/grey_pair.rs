//! Pairs of grey or coloured images.

use std::path::Path;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_image::files::{FileError, Pages};
use strel_image::{GreyImage, LevelSets};

use super::{Pair, PairFiles};
use crate::TrainError;

/// Two images of the same size and number of planes: one of grey images, three of coloured ones.
#[derive(Clone, Debug, PartialEq)]
pub struct GreyPair {
    /// The planes of the input.
    pub input: Vec<GreyImage>,
    /// The planes of the wanted output.
    pub target: Vec<GreyImage>,
}

impl GreyPair {
    /// Reads both images. If one of them alone has colours, the other gets three equal planes.
    ///
    /// # Errors
    /// A file cannot be read, or the images differ in size.
    pub fn read(files: &PairFiles) -> Result<Self, TrainError> {
        let read = |path: &Path| -> Result<_, FileError> {
            Ok(Pages::open(path)?.read_grey(files.page)?.image)
        };
        let (mut input, mut target) = (read(&files.input)?, read(&files.target)?);
        files.check_sizes(input[0].size(), target[0].size())?;
        let planes = input.len().max(target.len());
        for image in [&mut input, &mut target] {
            image.resize(planes, image[0].clone());
        }
        Ok(GreyPair { input, target })
    }

    /// Rows and columns.
    pub fn size(&self) -> (usize, usize) {
        self.input[0].size()
    }

    /// Each plane of the input, and what should be made of it.
    pub fn planes(&self) -> impl Iterator<Item = (&GreyImage, &GreyImage)> {
        self.input.iter().zip(&self.target)
    }

    /// The same part of both images.
    ///
    /// # Panics
    /// The part is not inside.
    pub fn crop(&self, corner: (usize, usize), size: (usize, usize)) -> Self {
        let cut = |planes: &[GreyImage]| -> Vec<GreyImage> {
            let cut = |plane: &GreyImage| plane.crop(corner, size);
            planes.iter().map(|plane| cut(plane).expect("inside of the image")).collect()
        };
        GreyPair { input: cut(&self.input), target: cut(&self.target) }
    }

    /// The level sets of a random plane at a random threshold.
    pub fn any_level(&self, sets: LevelSets, rng: &mut ChaCha8Rng) -> Pair {
        let plane = rng.random_range(0..self.input.len());
        let threshold = sets.thresholds().nth(rng.random_range(0..sets.count()));
        let threshold = threshold.expect("one of the thresholds");
        Pair {
            input: sets.set(&self.input[plane], threshold),
            target: sets.set(&self.target[plane], threshold),
        }
    }

    /// The level sets of each plane at each threshold.
    pub fn level_sets(&self, sets: LevelSets) -> Vec<Pair> {
        let of = |(input, target): (&GreyImage, &GreyImage)| -> Vec<Pair> {
            let pair = |threshold| Pair {
                input: sets.set(input, threshold),
                target: sets.set(target, threshold),
            };
            sets.thresholds().map(pair).collect()
        };
        self.planes().flat_map(of).collect()
    }
}
