//! Noisti: noised sticks.
//!
//! Thin sticks in three directions under salt noise; the task is to remove the noise and keep the
//! sticks (Aouad & Talbot 2023). A union of openings by short sticks does it almost perfectly.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::BitImage;

use super::Pair;
use crate::ranges::{MAX_SIZE, expect};

/// The parameters of the noisti generator; the defaults are the published ones.
///
/// A stick of length `n` is a run of `n` pixels, each touching the next by an edge (0 and 90
/// degrees) or a corner (other angles): no pixel is partly set. Its first pixel and its angle are
/// drawn uniformly; what leaves the image is cut off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Noisti {
    /// Rows and columns of an image.
    pub size: usize,
    /// Sticks in an image.
    pub sticks: usize,
    /// The shortest stick, in pixels.
    pub min_length: usize,
    /// The longest stick, in pixels.
    pub max_length: usize,
    /// The angles of sticks in degrees, counter-clockwise from a horizontal line: 0, 45, 90 or 135.
    pub angles: Vec<u32>,
    /// The probability with which each pixel of the input is set whatever the target says.
    pub salt: f64,
}

impl Default for Noisti {
    fn default() -> Self {
        Noisti {
            size: 70,
            sticks: 30,
            min_length: 12,
            max_length: 15,
            angles: vec![0, 45, 90],
            salt: 0.1,
        }
    }
}

impl Noisti {
    /// What is wrong with the parameters, if anything is.
    pub fn check(&self) -> Result<(), String> {
        let range = format!("1 to {MAX_SIZE} pixels");
        expect((1..=MAX_SIZE).contains(&self.size), "size", self.size, &range)?;
        expect(self.sticks <= MAX_SIZE, "sticks", self.sticks, &format!("at most {MAX_SIZE}"))?;
        let longest = self.max_length;
        expect(longest <= MAX_SIZE, "max-length", longest, &format!("at most {MAX_SIZE} pixels"))?;
        if self.min_length == 0 || self.min_length > self.max_length {
            return Err(format!(
                "lengths {} to {} are no range; expected 1 <= `min-length` <= `max-length`",
                self.min_length, self.max_length
            ));
        }
        if let Some(angle) = self.angles.iter().find(|angle| ![0, 45, 90, 135].contains(*angle)) {
            return Err(format!("angle {angle} is unknown; expected 0, 45, 90 or 135"));
        }
        if self.angles.is_empty() {
            return Err("`angles` is empty; expected at least one of 0, 45, 90 and 135".into());
        }
        if !(0.0..=1.0).contains(&self.salt) {
            return Err(format!("`salt` is {}; expected a probability, 0 to 1", self.salt));
        }
        Ok(())
    }

    /// A pair of images: noised sticks, and the sticks. Cost: O(pixels).
    ///
    /// ```
    /// use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// use strel_train::data::Noisti;
    ///
    /// let pair = Noisti::default().pair(&mut ChaCha8Rng::seed_from_u64(7));
    /// assert_eq!(pair.input.size(), (70, 70));
    /// assert!(pair.target.is_subset(&pair.input)?, "salt only adds pixels");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn pair(&self, rng: &mut ChaCha8Rng) -> Pair {
        let mut target = BitImage::new(self.size, self.size);
        for _ in 0..self.sticks {
            self.draw_stick(&mut target, rng);
        }
        let input = BitImage::from_fn(self.size, self.size, |row, col| {
            // Drawn for every pixel, so that the noise does not depend on the sticks.
            let salted = rng.random_bool(self.salt);
            salted || target.get(row, col)
        });
        Pair { input, target }
    }

    fn draw_stick(&self, image: &mut BitImage, rng: &mut ChaCha8Rng) {
        let length = rng.random_range(self.min_length..=self.max_length);
        let angle = self.angles[rng.random_range(0..self.angles.len())];
        let (down, right) = match angle {
            0 => (0, 1),
            45 => (-1, 1),
            90 => (-1, 0),
            _ => (-1, -1),
        };
        let mut row = rng.random_range(0..self.size) as isize;
        let mut col = rng.random_range(0..self.size) as isize;
        let inside = 0..self.size as isize;
        for _ in 0..length {
            if inside.contains(&row) && inside.contains(&col) {
                image.set(row as usize, col as usize, true);
            }
            row += down;
            col += right;
        }
    }
}
