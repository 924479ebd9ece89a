//! A frame of pixels that do not count.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strel_image::BitImage;

use crate::score::dice;

/// The pixels this near to the edge of an image count neither for the loss nor for the score: what
/// lies beyond the edge, which their windows read, is made up. 0 makes all pixels count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BorderMask(pub usize);

impl BorderMask {
    /// Whether something is left of an image of this size.
    pub fn leaves_some(self, (height, width): (usize, usize)) -> bool {
        height.min(width) > 2 * self.0
    }

    /// The inner part of images of this size, one after the other.
    ///
    /// # Panics
    /// Nothing is left of them.
    pub fn values(self, x: &[f32], (height, width): (usize, usize)) -> Cow<'_, [f32]> {
        if self.0 == 0 {
            return Cow::Borrowed(x);
        }
        let inner = |image: &[f32]| {
            let rows = image.chunks_exact(width).take(height - self.0).skip(self.0);
            rows.flat_map(|row| row[self.0..width - self.0].to_vec()).collect::<Vec<_>>()
        };
        x.chunks_exact(height * width).flat_map(inner).collect()
    }

    /// The transpose of [`values`](Self::values): writes gradients for the inner part of an image of
    /// this width, and 0 around it, to all channels `[channels, height, width]`.
    ///
    /// # Panics
    /// Nothing is left of the image.
    pub fn embed(self, inner: &[f32], (height, width): (usize, usize), x: &mut [f32]) {
        x.fill(0.0);
        let images = x.chunks_exact_mut(height * width);
        let rows = images
            .flat_map(|image| image.chunks_exact_mut(width).take(height - self.0).skip(self.0));
        for (row, inner) in rows.zip(inner.chunks_exact(width - 2 * self.0)) {
            row[self.0..width - self.0].copy_from_slice(inner);
        }
    }

    /// The DICE score of the inner parts of two images; 1 where nothing is left of them.
    ///
    /// # Panics
    /// The images differ in size.
    ///
    /// ```
    /// use strel_image::BitImage;
    /// use strel_train::mask::BorderMask;
    ///
    /// let a: BitImage = "
    ///     #..
    ///     .#.
    ///     ...
    /// ".parse()?;
    /// let b: BitImage = "
    ///     ...
    ///     .#.
    ///     ..#
    /// ".parse()?;
    /// assert_eq!(BorderMask(0).dice(&a, &b), 0.5);
    /// assert_eq!(BorderMask(1).dice(&a, &b), 1.0);
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn dice(self, a: &BitImage, b: &BitImage) -> f64 {
        if self.0 == 0 {
            return dice(a, b);
        }
        let inner = |image: &BitImage| {
            let (height, width) = image.size();
            let (rows, cols) =
                (height.saturating_sub(2 * self.0), width.saturating_sub(2 * self.0));
            let (row, col) = (self.0.min(height), self.0.min(width));
            image.crop(row, col, rows, cols).expect("the inner part lies inside")
        };
        dice(&inner(a), &inner(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_go_back_to_the_pixels_that_count() {
        let x: Vec<f32> = (0..2 * 5 * 6).map(|i| i as f32).collect();
        for pixels in 0..3 {
            let mask = BorderMask(pixels);
            assert!(mask.leaves_some((5, 6)));
            let inner = mask.values(&x, (5, 6)).to_vec();
            assert_eq!(inner.len(), 2 * (5 - 2 * pixels) * (6 - 2 * pixels));
            let mut embedded = vec![1.0; x.len()];
            mask.embed(&inner, (5, 6), &mut embedded);
            assert_eq!(mask.values(&embedded, (5, 6)).to_vec(), inner);
            assert_eq!(embedded.iter().sum::<f32>(), inner.iter().sum::<f32>());
            assert_eq!(inner[0], (pixels * 6 + pixels) as f32);
        }
        assert!(!BorderMask(3).leaves_some((7, 6)));
    }
}
