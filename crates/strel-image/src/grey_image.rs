//! Images of grey levels.

use crate::{BitImage, ImageError};

/// An image of grey levels, a byte a pixel, row by row, from 0 (black) to 255 (white).
///
/// Flat morphology reads it as the stack of its level sets: see [`LevelSets`](crate::LevelSets).
///
/// ```
/// use strel_image::GreyImage;
///
/// let ramp = GreyImage::new(1, 4, vec![0, 80, 160, 240])?;
/// assert_eq!(ramp.level_set(100).to_string(), "..##");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GreyImage {
    height: usize,
    width: usize,
    levels: Vec<u8>,
}

impl GreyImage {
    /// An image from the levels of its pixels.
    ///
    /// # Errors
    /// [`ImageError::ByteCount`] unless there are `height * width` levels.
    pub fn new(height: usize, width: usize, levels: Vec<u8>) -> Result<Self, ImageError> {
        let expected = height.saturating_mul(width);
        if levels.len() != expected {
            return Err(ImageError::ByteCount { height, width, expected, found: levels.len() });
        }
        Ok(GreyImage { height, width, levels })
    }

    /// Rows and columns.
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// The levels of the pixels, row by row.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// The set of the pixels of this level and above. Cost: one pass over the pixels.
    pub fn level_set(&self, threshold: u8) -> BitImage {
        BitImage::level_set(self.height, self.width, &self.levels, threshold)
            .expect("there is a level a pixel")
    }

    /// The part of `size` whose upper left pixel is at `corner`.
    ///
    /// # Errors
    /// [`ImageError::RegionOutside`].
    pub fn crop(&self, corner: (usize, usize), size: (usize, usize)) -> Result<Self, ImageError> {
        let inside = |at: usize, length: usize, all: usize| {
            at.checked_add(length).is_some_and(|end| end <= all)
        };
        if !inside(corner.0, size.0, self.height) || !inside(corner.1, size.1, self.width) {
            return Err(ImageError::RegionOutside { corner, size, image: self.size() });
        }
        let rows = corner.0..corner.0 + size.0;
        let row = |row: usize| &self.levels[row * self.width + corner.1..][..size.1];
        let levels = rows.flat_map(row).copied().collect();
        Ok(GreyImage { height: size.0, width: size.1, levels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_sets_hold_the_pixels_at_and_above() {
        let levels: Vec<u8> = (0..3 * 70).map(|index| (index * 37 % 256) as u8).collect();
        let image = GreyImage::new(3, 70, levels.clone()).unwrap();
        for threshold in 0..=255 {
            let expected = BitImage::from_fn(3, 70, |row, col| levels[row * 70 + col] >= threshold);
            assert!(image.level_set(threshold) == expected, "{threshold}");
        }
        let empty = GreyImage::new(2, 0, Vec::new()).unwrap();
        assert_eq!(empty.level_set(0).size(), (2, 0));
    }

    #[test]
    fn crops_lie_inside() {
        let image = GreyImage::new(2, 3, vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(image.crop((0, 1), (2, 2)).unwrap().levels(), [2, 3, 5, 6]);
        let error = image.crop((1, 1), (2, 2)).unwrap_err().to_string();
        assert_eq!(error, "the region of 2x2 at (1, 1) is not inside the image of 2x3");
        assert!(image.crop((usize::MAX, 0), (2, 2)).is_err());
    }

    #[test]
    fn another_count_is_refused() {
        let error = GreyImage::new(2, 3, vec![0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "an image of 2x3 pixels takes 6 bytes, not 5");
    }
}
