//! Diskorect: disks and rectangles.
//!
//! Random shapes and holes under salt noise, half of the images inverted: images on which an
//! operator shows all that it does (Aouad & Talbot 2022).

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::BitImage;

use crate::ranges::{MAX_SIZE, expect};

/// The parameters of the diskorect generator; the defaults are the published ones.
///
/// Shapes are drawn one after the other, then holes, which are shapes of zeros; then the image is
/// inverted or not, then salt is added, then the border is emptied. A shape is a disk or a
/// rectangle, with equal probability: sides and diameters are drawn uniformly from 1 on, and so is
/// the place, among those where the whole shape is inside the image. A disk of diameter d has the
/// pixels whose centres are at most d/2 away from its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Diskorect {
    /// Rows and columns of an image.
    pub size: usize,
    /// Disks and rectangles in an image.
    pub shapes: usize,
    /// The largest side or diameter of a shape, in pixels.
    pub max_shape: usize,
    /// Holes in an image.
    pub holes: usize,
    /// The largest side or diameter of a hole, in pixels.
    pub max_hole: usize,
    /// The probability that an image is inverted.
    pub inverted: f64,
    /// The probability with which each pixel is set after all that.
    pub salt: f64,
    /// Pixels along the sides of an image that are emptied in the end.
    pub border: usize,
}

impl Default for Diskorect {
    fn default() -> Self {
        Diskorect {
            size: 50,
            shapes: 20,
            max_shape: 20,
            holes: 10,
            max_hole: 10,
            inverted: 0.5,
            salt: 0.02,
            border: 4,
        }
    }
}

impl Diskorect {
    /// What is wrong with the parameters, if anything is.
    pub fn check(&self) -> Result<(), String> {
        let range = format!("1 to {MAX_SIZE} pixels");
        expect((1..=MAX_SIZE).contains(&self.size), "size", self.size, &range)?;
        for (key, side) in [("max-shape", self.max_shape), ("max-hole", self.max_hole)] {
            if side == 0 || side > self.size {
                return Err(format!("`{key}` is {side}; expected 1 to `size` = {}", self.size));
            }
        }
        for (key, probability) in [("inverted", self.inverted), ("salt", self.salt)] {
            if !(0.0..=1.0).contains(&probability) {
                return Err(format!("`{key}` is {probability}; expected a probability, 0 to 1"));
            }
        }
        if self.border > self.size / 2 {
            let (border, half) = (self.border, self.size / 2);
            return Err(format!("`border` is {border}; expected at most half of `size`, {half}"));
        }
        Ok(())
    }

    /// An image. Cost: O(pixels of the image and of the shapes).
    ///
    /// ```
    /// use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// use strel_train::data::Diskorect;
    ///
    /// let image = Diskorect::default().image(&mut ChaCha8Rng::seed_from_u64(7));
    /// assert_eq!(image.size(), (50, 50));
    /// assert_eq!(image.crop(0, 0, 4, 50)?.count_ones(), 0, "the border is empty");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn image(&self, rng: &mut ChaCha8Rng) -> BitImage {
        let mut image = BitImage::new(self.size, self.size);
        for _ in 0..self.shapes {
            draw_shape(&mut image, self.max_shape, true, rng);
        }
        for _ in 0..self.holes {
            draw_shape(&mut image, self.max_hole, false, rng);
        }
        if rng.random_bool(self.inverted) {
            image.complement_in_place();
        }
        let inside = self.border..self.size - self.border;
        BitImage::from_fn(self.size, self.size, |row, col| {
            // Drawn for every pixel, so that the noise does not depend on the rest.
            let salted = rng.random_bool(self.salt);
            inside.contains(&row) && inside.contains(&col) && (salted || image.get(row, col))
        })
    }
}

fn draw_shape(image: &mut BitImage, max_side: usize, value: bool, rng: &mut ChaCha8Rng) {
    let disk = rng.random_bool(0.5);
    let height = rng.random_range(1..=max_side);
    let width = if disk { height } else { rng.random_range(1..=max_side) };
    let top = rng.random_range(0..=image.height() - height);
    let left = rng.random_range(0..=image.width() - width);
    for row in 0..height {
        for col in 0..width {
            if !disk || in_disk(row, col, height) {
                image.set(top + row, left + col, value);
            }
        }
    }
}

/// Whether the disk of this diameter that fills a square has a pixel of it. Twice the distances are
/// compared, which are whole numbers.
fn in_disk(row: usize, col: usize, diameter: usize) -> bool {
    let (y, x) = ((2 * row + 1).abs_diff(diameter), (2 * col + 1).abs_diff(diameter));
    y * y + x * x <= diameter * diameter
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn disks_are_round() {
        let disk = BitImage::from_fn(6, 6, |row, col| in_disk(row, col, 6));
        let expected: BitImage = "
            .####.
            ######
            ######
            ######
            ######
            .####.
        "
        .parse()
        .unwrap();
        assert_eq!(disk, expected);
        assert!(in_disk(0, 0, 1));
    }

    /// Without shapes and noise, an image is empty or, inverted, full but for its border.
    #[test]
    fn inversion_comes_before_the_border() {
        let plain = Diskorect { shapes: 0, holes: 0, salt: 0.0, ..Diskorect::default() };
        let images = (0..200).map(|seed| plain.image(&mut ChaCha8Rng::seed_from_u64(seed)));
        let counts: Vec<u64> = images.map(|image| image.count_ones()).collect();
        assert!(counts.iter().all(|count| [0, 42 * 42].contains(count)));
        let full = counts.iter().filter(|count| **count > 0).count();
        assert!((70..130).contains(&full), "{full} of 200");
    }

    #[test]
    fn salt_only_adds_pixels_and_is_as_frequent_as_said() {
        let clean = Diskorect { salt: 0.0, ..Diskorect::default() };
        let mut added = 0;
        for seed in 0..50 {
            let image = |of: &Diskorect| of.image(&mut ChaCha8Rng::seed_from_u64(seed));
            let (clean, salted) = (image(&clean), image(&Diskorect::default()));
            assert!(clean.is_subset(&salted).unwrap());
            added += salted.difference(&clean).unwrap().count_ones();
        }
        // 2 % of the empty pixels inside, about half of 50 x 42 x 42.
        assert!((400..1700).contains(&added), "{added}");
    }
}
