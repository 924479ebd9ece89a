//! Images of a byte a pixel, to bits and back, eight pixels at a time.

use crate::{BitImage, ImageError};

/// The lowest bit of each byte.
const LOWEST: u64 = u64::from_le_bytes([1; 8]);

/// All bits of each byte but the highest.
const ALL_BUT_HIGHEST: u64 = u64::from_le_bytes([0x7f; 8]);

/// For each byte, a byte of 0 or 1 a bit, lowest first.
static SPREAD: [u64; 256] = spread();

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

    /// Replaces all pixels as [`from_bytes`](Self::from_bytes) does.
    ///
    /// # Errors
    /// [`ImageError::ByteCount`] unless there is a byte a pixel; the image stays as it is then.
    pub fn copy_from_bytes(&mut self, bytes: &[u8]) -> Result<(), ImageError> {
        check_count(self.size(), bytes.len())?;
        for (row, bytes) in bytes.chunks_exact(self.width().max(1)).enumerate() {
            for (word, bytes) in self.row_mut(row).iter_mut().zip(bytes.chunks(64)) {
                *word = pack(bytes);
            }
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
        for (words, bytes) in self.rows().zip(bytes.chunks_exact_mut(self.width().max(1))) {
            for (word, bytes) in words.iter().zip(bytes.chunks_mut(64)) {
                unpack(*word, u64::from(one), bytes);
            }
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

/// The bits of at most 64 bytes, the first one lowest.
fn pack(bytes: &[u8]) -> u64 {
    let (eights, rest) = bytes.as_chunks();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let whole = eights.iter().enumerate();
    let word = whole.fold(0, |word, (at, &eight)| word | pack_eight(eight) << (8 * at));
    if rest.is_empty() { word } else { word | pack_eight(last) << (8 * eights.len()) }
}

/// Bit k is whether byte k is not 0.
fn pack_eight(bytes: [u8; 8]) -> u64 {
    let bytes = u64::from_le_bytes(bytes);
    // A byte that is not 0 carries into its highest bit, or has it.
    let nonzero = (((bytes & ALL_BUT_HIGHEST) + ALL_BUT_HIGHEST) | bytes) >> 7 & LOWEST;
    // Adds the bit of byte k, shifted from 8 k to 56 + k; no two of the 64 products meet.
    nonzero.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

fn unpack(word: u64, one: u64, bytes: &mut [u8]) {
    let (eights, rest) = bytes.as_chunks_mut();
    let packed = word.to_le_bytes();
    let spread = |byte: u8| (SPREAD[usize::from(byte)] * one).to_le_bytes();
    for (eight, byte) in eights.iter_mut().zip(packed) {
        *eight = spread(byte);
    }
    if !rest.is_empty() {
        rest.copy_from_slice(&spread(packed[eights.len()])[..rest.len()]);
    }
}

const fn spread() -> [u64; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            table[byte] |= (byte as u64 >> bit & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    table
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
    fn every_byte_but_0_is_1() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = [0; 8];
                bytes[place] = byte;
                assert_eq!(pack_eight(bytes), u64::from(byte != 0) << place);
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
