//! Packed words, but nothing clever: a pass over the words for each offset of the element, in the
//! order in which they come, on a copy of the image with a border of zeros. Benchmarks compare with
//! it.

use crate::{BitImage, StructuringElement};

/// The dilation with the neutral border, by an element that reaches at most 63 pixels.
///
/// # Panics
/// Where the element reaches farther left or right.
pub fn dilate(image: &BitImage, element: &StructuringElement) -> BitImage {
    let framed = Framed::new(image);
    let mut result = BitImage::new(image.height(), image.width());
    for row in 0..image.height() {
        let target = result.row_mut(row);
        for (dy, dx) in element.offsets() {
            let (source, shift) = framed.read(row.cast_signed() - dy, -dx);
            let pairs = source.iter().zip(&source[1..]);
            for (word, (low, high)) in target.iter_mut().zip(pairs) {
                *word |= low >> shift | high << 1 << (63 - shift);
            }
        }
        result.clear_past_width(row);
    }
    result
}

/// The rows with a word of zeros on both sides, and a row of zeros that stands for those outside.
struct Framed {
    words: Vec<u64>,
    stride: usize,
    height: usize,
}

impl Framed {
    fn new(image: &BitImage) -> Self {
        let (height, stride) = (image.height(), image.width().div_ceil(64) + 2);
        let mut words = Vec::with_capacity((height + 1) * stride);
        for row in image.rows() {
            words.push(0);
            words.extend_from_slice(row);
            words.push(0);
        }
        words.resize((height + 1) * stride, 0);
        Framed { words, stride, height }
    }

    /// The words of a row from `dx` (-64 to 63) pixels after its first one on, and the bits to
    /// shift them by.
    fn read(&self, row: isize, dx: isize) -> (&[u64], usize) {
        let row = usize::try_from(row).ok().filter(|&row| row < self.height);
        let start = row.unwrap_or(self.height) * self.stride;
        let bit = 64usize.strict_add_signed(dx);
        (&self.words[start + bit / 64..start + self.stride], bit % 64)
    }
}
