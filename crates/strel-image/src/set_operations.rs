//! Images as sets of pixels.

use std::ops::Range;

use crate::{BitImage, ImageError};

/// Operations on images as sets of pixels. Cost: one pass over the words.
impl BitImage {
    /// The pixels that are not in the image.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let image: BitImage = ".##".parse()?;
    /// assert_eq!(image.complement().to_string(), "#..");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut result = self.clone();
        result.complement_in_place();
        result
    }

    /// Replaces the image by its complement.
    pub fn complement_in_place(&mut self) {
        self.complement_rows(0..self.height());
    }

    /// Replaces rows by their complement.
    pub(crate) fn complement_rows(&mut self, rows: Range<usize>) {
        for row in rows {
            self.row_mut(row).iter_mut().for_each(|word| *word = !*word);
            self.clear_past_width(row);
        }
    }

    /// The pixels that are in one of the images at least.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let (left, right): (BitImage, BitImage) = ("..##".parse()?, ".#.#".parse()?);
    /// assert_eq!(left.union(&right)?.to_string(), ".###");
    /// assert_eq!(left.intersection(&right)?.to_string(), "...#");
    /// assert_eq!(left.difference(&right)?.to_string(), "..#.");
    /// assert_eq!(left.symmetric_difference(&right)?.to_string(), ".##.");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::SizeMismatch`] unless the images are of one size; so do the operations below.
    pub fn union(&self, other: &Self) -> Result<Self, ImageError> {
        self.combined(other, Self::union_with)
    }

    /// The pixels that are in both images.
    pub fn intersection(&self, other: &Self) -> Result<Self, ImageError> {
        self.combined(other, Self::intersection_with)
    }

    /// The pixels of this image that are not in the other.
    pub fn difference(&self, other: &Self) -> Result<Self, ImageError> {
        self.combined(other, Self::difference_with)
    }

    /// The pixels that are in exactly one of the images.
    pub fn symmetric_difference(&self, other: &Self) -> Result<Self, ImageError> {
        self.combined(other, Self::symmetric_difference_with)
    }

    /// [`union`](Self::union) in place; the image is unchanged on an error, as by the operations
    /// below.
    pub fn union_with(&mut self, other: &Self) -> Result<(), ImageError> {
        self.combine_with(other, |left, right| left | right)
    }

    /// [`intersection`](Self::intersection) in place.
    pub fn intersection_with(&mut self, other: &Self) -> Result<(), ImageError> {
        self.combine_with(other, |left, right| left & right)
    }

    /// [`difference`](Self::difference) in place.
    pub fn difference_with(&mut self, other: &Self) -> Result<(), ImageError> {
        self.combine_with(other, |left, right| left & !right)
    }

    /// [`symmetric_difference`](Self::symmetric_difference) in place.
    pub fn symmetric_difference_with(&mut self, other: &Self) -> Result<(), ImageError> {
        self.combine_with(other, |left, right| left ^ right)
    }

    /// The number of pixels that are in exactly one of the images.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let (left, right): (BitImage, BitImage) = ("..##".parse()?, ".#.#".parse()?);
    /// assert_eq!(left.count_differences(&right)?, 2);
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::SizeMismatch`] unless the images are of one size.
    pub fn count_differences(&self, other: &Self) -> Result<u64, ImageError> {
        self.check_size(other)?;
        let words = self.all_words().iter().zip(other.all_words());
        Ok(words.map(|(left, right)| u64::from((left ^ right).count_ones())).sum())
    }

    /// Whether every pixel of this image is in the other.
    ///
    /// # Errors
    /// [`ImageError::SizeMismatch`] unless the images are of one size.
    pub fn is_subset(&self, other: &Self) -> Result<bool, ImageError> {
        self.check_size(other)?;
        Ok(self.all_words().iter().zip(other.all_words()).all(|(left, right)| left & !right == 0))
    }

    fn combined(
        &self,
        other: &Self,
        operation: impl Fn(&mut Self, &Self) -> Result<(), ImageError>,
    ) -> Result<Self, ImageError> {
        let mut result = self.clone();
        operation(&mut result, other)?;
        Ok(result)
    }

    /// `join` must take two zeros to zero, which keeps the guards.
    fn combine_with(
        &mut self,
        other: &Self,
        join: impl Fn(u64, u64) -> u64,
    ) -> Result<(), ImageError> {
        self.check_size(other)?;
        for (left, &right) in self.all_words_mut().iter_mut().zip(other.all_words()) {
            *left = join(*left, right);
        }
        Ok(())
    }

    fn check_size(&self, other: &Self) -> Result<(), ImageError> {
        if self.size() == other.size() {
            Ok(())
        } else {
            Err(ImageError::SizeMismatch { left: self.size(), right: other.size() })
        }
    }
}
