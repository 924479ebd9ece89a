//! Random Boolean images.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::BitImage;

use super::{Draw, Split};

/// The share of the training pairs whose input is a random image in the place of one of the data,
/// at even distances among them.
///
/// Plain images never show some patterns, and an operator that is wrong on those alone scores as
/// well as the right one. Random images show them all, sooner or later. What the target makes of
/// them must be known: so this is for the reproduction of known operators only. Validation and
/// test pairs stay what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RandomPatches(pub f64);

/// The odds of a pixel to be set are at most `e^5` to 1, and at least 1 to `e^5`.
const LOG_ODDS: f64 = 5.0;

impl RandomPatches {
    /// What is wrong with the share, if anything is.
    pub fn check(self) -> Result<(), String> {
        if (0.0..=1.0).contains(&self.0) {
            return Ok(());
        }
        Err(format!("`random-patches` is {}; expected a share of the pairs, 0 to 1", self.0))
    }

    /// The input of a draw, if it is a random one. Its pixels are independent; their density is drawn
    /// anew for each image, such that sparse and dense ones, in which large elements fit, are as
    /// frequent as others.
    ///
    /// ```
    /// use strel_train::data::{Draw, RandomPatches, Split};
    ///
    /// let image = |split, index| RandomPatches(0.5).image(Draw { seed: 0, split, index }, (8, 8));
    /// assert!(image(Split::Train, 0).is_none());
    /// assert!(image(Split::Train, 1).is_some());
    /// assert!(image(Split::Test, 1).is_none());
    /// ```
    pub fn image(self, draw: Draw, (height, width): (usize, usize)) -> Option<BitImage> {
        let before = |index: u64| (index as f64 * self.0).floor();
        if draw.split != Split::Train || before(draw.index) == before(draw.index + 1) {
            return None;
        }
        let mut rng = draw.rng();
        let density = density(&mut rng);
        Some(BitImage::from_fn(height, width, |_, _| rng.random_bool(density)))
    }
}

fn density(rng: &mut ChaCha8Rng) -> f64 {
    let log_odds: f64 = rng.random_range(-LOG_ODDS..=LOG_ODDS);
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_pairs_as_said_are_random_and_of_all_densities() {
        for share in [0.0, 0.25, 0.4, 1.0] {
            let draw = |index| Draw { seed: 3, split: Split::Train, index };
            let image = |index| RandomPatches(share).image(draw(index), (20, 30));
            let counts: Vec<u64> =
                (0..400).filter_map(image).map(|image| image.count_ones()).collect();
            assert_eq!(counts.len() as f64, share * 400.0);
            if share > 0.0 {
                let [sparse, dense] = [60, 540];
                let few = counts.iter().filter(|count| **count < sparse).count() as f64;
                let many = counts.iter().filter(|count| **count > dense).count() as f64;
                assert!(few.min(many) > 0.1 * counts.len() as f64, "{counts:?}");
            }
        }
    }
}
