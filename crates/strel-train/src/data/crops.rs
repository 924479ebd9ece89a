//! Which crops of which images belong to a split.

use std::ops::Range;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};
use strel_image::Symmetry;

use super::{Pair, Permutation, Shares, Split};
use crate::TrainError;

/// What is set aside for validation and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldOut {
    /// Rows of each image: from the top, rows to train on, then to validate, then to test.
    Rows,
    /// Whole images, chosen at random by the number of images alone, whatever the seed.
    Images,
}

/// How crops of pairs of images are drawn. No two splits share a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crops {
    /// Rows and columns of a crop, at least 1.
    pub size: usize,
    /// What of the rows or images is set aside.
    pub shares: Shares,
    /// Whether rows or images are.
    pub hold_out: HoldOut,
    /// Whether each training crop is flipped and turned at random, input and target together.
    pub augment: bool,
}

const SPLITS: [Split; 3] = [Split::Train, Split::Validation, Split::Test];

impl Crops {
    /// Refuses an image without room for a crop in each split that it has a part of.
    ///
    /// # Errors
    /// There is no room; the error names the image.
    pub(super) fn check_image(&self, name: &str, size: (usize, usize)) -> Result<(), TrainError> {
        let (height, width) = size;
        let rows = SPLITS.map(|split| self.rows(split, height).len());
        if width >= self.size && rows.iter().all(|rows| *rows >= self.size) {
            return Ok(());
        }
        let of_them = match (self.hold_out, rows) {
            (HoldOut::Images, _) => String::new(),
            (HoldOut::Rows, [train, validation, test]) => format!(
                " ({train} rows to train, {validation} to validate, {test} to test: `hold-out = \
                 \"images\"` sets whole images aside)"
            ),
        };
        Err(TrainError::Data(format!(
            "image `{name}` is {height} x {width} pixels{of_them}; no room for crops of {0} x {0}",
            self.size
        )))
    }

    /// Refuses a number of images of which a split gets none.
    ///
    /// # Errors
    /// There are too few.
    pub(super) fn check_count(&self, count: usize) -> Result<(), TrainError> {
        let parts = SPLITS.map(|split| self.images(split, count).len());
        if parts.iter().all(|part| *part > 0) {
            return Ok(());
        }
        let [train, validation, test] = parts;
        Err(TrainError::Data(format!(
            "of {count} pairs of images, {train} are to train, {validation} to validate and {test} \
             to test; expected some for each"
        )))
    }

    /// The image at a place among those of a split, of `count` in all.
    pub(super) fn image(&self, split: Split, place: usize, count: usize) -> usize {
        let place = self.images(split, count).start + place;
        match self.hold_out {
            HoldOut::Rows => place,
            HoldOut::Images => Permutation::new(count, &mut ChaCha8Rng::seed_from_u64(0)).at(place),
        }
    }

    /// A training crop flipped and turned at random, where that is asked for.
    pub(super) fn augmented(&self, split: Split, pair: Pair, rng: &mut ChaCha8Rng) -> Pair {
        match split {
            Split::Train if self.augment => {
                let symmetry = any_symmetry(rng);
                Pair { input: symmetry.apply(&pair.input), target: symmetry.apply(&pair.target) }
            }
            _ => pair,
        }
    }

    /// The upper left pixel of a crop at a random place of an image of this size.
    pub(super) fn any_place(
        &self,
        split: Split,
        (height, width): (usize, usize),
        rng: &mut ChaCha8Rng,
    ) -> (usize, usize) {
        let rows = self.rows(split, height);
        let row = rng.random_range(rows.start..=rows.end - self.size);
        (row, rng.random_range(0..=width - self.size))
    }

    fn rows(&self, split: Split, height: usize) -> Range<usize> {
        match self.hold_out {
            HoldOut::Rows => self.shares.range(split, height),
            HoldOut::Images => 0..height,
        }
    }

    pub(super) fn images(&self, split: Split, count: usize) -> Range<usize> {
        match self.hold_out {
            HoldOut::Rows => 0..count,
            HoldOut::Images => self.shares.range(split, count),
        }
    }
}

/// One of the eight symmetries of the square, at random.
fn any_symmetry(rng: &mut ChaCha8Rng) -> Symmetry {
    Symmetry { transposed: rng.random(), upside_down: rng.random(), mirrored: rng.random() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strel_image::BitImage;

    #[test]
    fn eight_symmetries_are_drawn_and_all_differ() {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let skew: BitImage = "##.\n...\n...".parse().unwrap();
        let mut images = Vec::new();
        for _ in 0..200 {
            let turned = any_symmetry(&mut rng).apply(&skew);
            if !images.contains(&turned) {
                images.push(turned);
            }
        }
        assert_eq!(images.len(), 8);
    }
}
