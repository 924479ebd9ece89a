//! Rows as files pack them: 8 pixels a byte, the first one in the highest bit.

use crate::BitImage;

/// Bytes of a packed row.
pub(super) fn row_bytes(width: usize) -> usize {
    width.div_ceil(8)
}

/// The rows of an image, zeros past the width.
pub(super) fn bytes(image: &BitImage) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(image.height() * row_bytes(image.width()));
    for words in image.rows() {
        let end = bytes.len() + row_bytes(image.width());
        bytes.extend(words.iter().flat_map(|word| word.reverse_bits().to_be_bytes()));
        bytes.truncate(end);
    }
    bytes
}

/// The image whose rows are packed in `bytes`; what lies past the width is ignored.
pub(super) fn image(height: usize, width: usize, bytes: &[u8]) -> BitImage {
    let mut image = BitImage::new(height, width);
    for (row, packed) in bytes.chunks_exact(row_bytes(width)).take(height).enumerate() {
        for (word, chunk) in image.row_mut(row).iter_mut().zip(packed.chunks(8)) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            *word = u64::from_be_bytes(eight).reverse_bits();
        }
        image.clear_past_width(row);
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pixel_is_the_highest_bit() {
        let image =
            BitImage::from_fn(2, 10, |row, col| (row, col) == (0, 0) || (row, col) == (1, 9));
        assert_eq!(bytes(&image), [0x80, 0x00, 0x00, 0x40]);
        assert_eq!(super::image(2, 10, &[0x80, 0x3f, 0x00, 0x7f]), image);
    }
}
