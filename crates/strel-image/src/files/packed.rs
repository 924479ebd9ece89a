//! Rows as files pack them: 8 pixels a byte, the first one in the highest bit.

use std::ops::Range;

use super::FileProblem;
use super::content::Content;
use super::rows::Rows;
use crate::BitImage;

/// Bytes that are read at a time.
const BLOCK: usize = 1 << 18;

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

/// Unpacks rows of an image, one after the other; what lies past the width is ignored.
pub(super) fn unpack(bytes: &[u8], image: &mut BitImage, to: Range<usize>) {
    for (row, packed) in to.zip(bytes.chunks_exact(row_bytes(image.width()))) {
        for (word, chunk) in image.row_mut(row).iter_mut().zip(packed.chunks(8)) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            *word = u64::from_be_bytes(eight).reverse_bits();
        }
        image.clear_past_width(row);
    }
}

/// The image whose rows are packed in `bytes`.
pub(super) fn image(height: usize, width: usize, bytes: &[u8]) -> BitImage {
    let mut image = BitImage::new(height, width);
    unpack(bytes, &mut image, 0..height);
    image
}

/// Packed rows in strips of a file, each of as many rows but the last.
pub(super) struct PackedRows {
    pub content: Content,
    /// Where each strip begins.
    pub starts: Vec<u64>,
    pub rows_a_strip: usize,
    /// The row that comes next.
    pub next: usize,
}

impl Rows for PackedRows {
    fn decode(&mut self, ones: &mut BitImage, mut to: Range<usize>) -> Result<(), FileProblem> {
        let row_bytes = row_bytes(ones.width());
        let most = (BLOCK / row_bytes).max(1);
        let mut buffer = vec![0; most.min(to.len()) * row_bytes];
        while !to.is_empty() {
            let (strip, row) = (self.next / self.rows_a_strip, self.next % self.rows_a_strip);
            let rows = to.len().min(most).min(self.rows_a_strip - row);
            let block = &mut buffer[..rows * row_bytes];
            self.content.read_at(self.starts[strip] + (row * row_bytes) as u64, block)?;
            unpack(block, ones, to.start..to.start + rows);
            self.next += rows;
            to.start += rows;
        }
        Ok(())
    }
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
