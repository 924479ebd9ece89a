//! Images of a byte a pixel, to bits and back.

use crate::{BitImage, Engine, ImageError};

impl BitImage {
    /// An image from a byte a pixel, row by row: 1 where the byte is not 0.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let image = BitImage::from_bytes(2, 3, &[0, 255, 0, 1, 0, 7])?;
    /// assert_eq!(image.to_string(), ".#.\n#.#");
    /// assert_eq!(image.to_bytes(255), [0, 255, 0, 255, 0, 255]);
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::ByteCount`] unless there are `height * width` bytes.
    pub fn from_bytes(height: usize, width: usize, bytes: &[u8]) -> Result<Self, ImageError> {
        check_count((height, width), bytes.len())?;
        let mut image = BitImage::new(height, width);
        image.copy_from_bytes(bytes)?;
        Ok(image)
    }

    /// The pixels of this level and above, of an image of a level a pixel, row by row.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let levels = [0, 90, 200, 100, 99, 255];
    /// assert_eq!(BitImage::level_set(2, 3, &levels, 100)?.to_string(), "..#\n#.#");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::ByteCount`] unless there are `height * width` levels.
    ///
    /// # Cost
    /// One pass over the levels.
    pub fn level_set(
        height: usize,
        width: usize,
        levels: &[u8],
        threshold: u8,
    ) -> Result<Self, ImageError> {
        check_count((height, width), levels.len())?;
        let mut set = BitImage::new(height, width);
        let Some(below) = threshold.checked_sub(1) else {
            set.complement_in_place();
            return Ok(set);
        };
        let kernel = Engine::default().kernel();
        let mut above = vec![0; width];
        for (row, levels) in levels.chunks_exact(width.max(1)).enumerate() {
            for (above, level) in above.iter_mut().zip(levels) {
                *above = level.saturating_sub(below);
            }
            kernel.pack(set.row_mut(row), &above);
        }
        Ok(set)
    }

    /// Replaces all pixels as [`from_bytes`](Self::from_bytes) does.
    ///
    /// # Errors
    /// [`ImageError::ByteCount`] unless there is a byte a pixel; the image stays as it is then.
    pub fn copy_from_bytes(&mut self, bytes: &[u8]) -> Result<(), ImageError> {
        check_count(self.size(), bytes.len())?;
        let kernel = Engine::default().kernel();
        for (row, bytes) in bytes.chunks_exact(self.width().max(1)).enumerate() {
            kernel.pack(self.row_mut(row), bytes);
        }
        Ok(())
    }

    /// A byte a pixel, row by row: `one` where the pixel is 1, else 0.
    pub fn to_bytes(&self, one: u8) -> Vec<u8> {
        let mut bytes = vec![0; self.area()];
        self.copy_to_bytes(one, &mut bytes).expect("a byte a pixel");
        bytes
    }

    /// [`to_bytes`](Self::to_bytes) into memory that is there.
    ///
    /// # Errors
    /// [`ImageError::ByteCount`] unless there is a byte a pixel.
    pub fn copy_to_bytes(&self, one: u8, bytes: &mut [u8]) -> Result<(), ImageError> {
        check_count(self.size(), bytes.len())?;
        let kernel = Engine::default().kernel();
        for (words, bytes) in self.rows().zip(bytes.chunks_exact_mut(self.width().max(1))) {
            kernel.unpack(words, one, bytes);
        }
        Ok(())
    }
}

fn check_count((height, width): (usize, usize), found: usize) -> Result<(), ImageError> {
    let expected = height.saturating_mul(width);
    if found == expected {
        return Ok(());
    }
    Err(ImageError::ByteCount { height, width, expected, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_bits_one_by_one_and_back() {
        for width in [0, 1, 7, 8, 9, 63, 64, 65, 130, 200] {
            let byte = |index: usize| (index * index % 7 * index % 5 * 63) as u8;
            let bytes: Vec<u8> = (0..3 * width).map(byte).collect();
            let image = BitImage::from_bytes(3, width, &bytes).unwrap();
            let expected = BitImage::from_fn(3, width, |row, col| bytes[row * width + col] != 0);
            assert!(image == expected, "{width}");
            for one in [1, 2, 128, 255] {
                let back = bytes.iter().map(|&byte| if byte == 0 { 0 } else { one });
                assert_eq!(image.to_bytes(one), back.collect::<Vec<u8>>());
            }
        }
    }

    #[test]
    fn another_count_is_refused() {
        let error = BitImage::from_bytes(2, 3, &[0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "an image of 2x3 pixels takes 6 bytes, not 5");
        assert!(BitImage::new(2, 3).copy_to_bytes(1, &mut [0; 7]).is_err());
    }
}
