//! The packed binary image.

use std::fmt;

use crate::ImageError;
use crate::aligned::{ALIGNMENT, AlignedWords, stride_for};
use crate::words::{BITS, ones_of, shift_words};

/// Rows of zeros above the first row, and below the last one.
pub(crate) const GUARD_ROWS: usize = 8;

/// Rows above and below an image that steps read in place, with the words beside them: enough for
/// the elements that are used most.
pub(crate) const READABLE_ROWS: usize = GUARD_ROWS - 1;

/// Words of zeros left of each row, which are also those right of the row above.
pub(crate) const GUARD_WORDS: usize = 1;

/// Words before the first guard, so that the pixels of padded rows begin at an aligned address.
const LEAD: usize = ALIGNMENT - GUARD_WORDS;

/// A binary image of any size, zero included, packed 64 pixels a word.
///
/// Pixel `col` of a row is bit `col % 64` of its word `col / 64`, lowest bit first. Words of
/// zeros lie between the rows, above and below, and the bits past the width are zeros too, so that
/// operators need no branch at an edge.
///
/// An image can be written as a picture, `#` for 1 and `.` for 0. Blank lines around a picture and
/// the indentation that its lines share do not count.
///
/// ```
/// use strel_image::BitImage;
///
/// let image: BitImage = "
///     ..#.
///     .###
/// ".parse()?;
/// assert_eq!((image.height(), image.width()), (2, 4));
/// assert!(image.get(0, 2) && !image.get(0, 3));
/// assert_eq!(image.row(1), [0b1110]);
/// assert_eq!(image.to_string(), "..#.\n.###");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BitImage {
    height: usize,
    width: usize,
    /// Words from one row to the next.
    stride: usize,
    words: AlignedWords,
}

impl BitImage {
    /// An image of zeros.
    ///
    /// # Panics
    /// Where the memory cannot hold `height * width` bits, as a `Vec` does.
    pub fn new(height: usize, width: usize) -> Self {
        let stride = stride_for(width.div_ceil(BITS) + GUARD_WORDS);
        let rows = height.checked_add(2 * GUARD_ROWS);
        let length = rows
            .and_then(|rows| rows.checked_mul(stride)?.checked_add(LEAD))
            .expect("the image is larger than the memory");
        BitImage { height, width, stride, words: AlignedWords::zeros(length) }
    }

    /// An image whose pixels all have one value.
    ///
    /// # Panics
    /// As [`BitImage::new`].
    pub fn filled(height: usize, width: usize, value: bool) -> Self {
        let mut image = BitImage::new(height, width);
        if value {
            image.complement_in_place();
        }
        image
    }

    /// An image whose pixel at (row, col) is `pixel(row, col)`; the pixels are asked for row by
    /// row.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let diagonal = BitImage::from_fn(3, 3, |row, col| row == col);
    /// assert_eq!(diagonal.to_string(), "#..\n.#.\n..#");
    /// ```
    ///
    /// # Panics
    /// As [`BitImage::new`], and where `pixel` does.
    pub fn from_fn(
        height: usize,
        width: usize,
        mut pixel: impl FnMut(usize, usize) -> bool,
    ) -> Self {
        let mut image = BitImage::new(height, width);
        for row in 0..height {
            for (index, word) in image.row_mut(row).iter_mut().enumerate() {
                let first = index * BITS;
                for col in first..width.min(first + BITS) {
                    *word |= u64::from(pixel(row, col)) << (col - first);
                }
            }
        }
        image
    }

    /// An image from its packed rows, `width.div_ceil(64)` words each, one after the other. Bits
    /// past the width are ignored.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let image = BitImage::from_words(2, 3, &[0b001, 0b110])?;
    /// assert_eq!(image.to_string(), "#..\n.##");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::WordCount`] unless there are `height * width.div_ceil(64)` words.
    pub fn from_words(height: usize, width: usize, words: &[u64]) -> Result<Self, ImageError> {
        let words_a_row = width.div_ceil(BITS);
        let expected = height.saturating_mul(words_a_row);
        if words.len() != expected {
            return Err(ImageError::WordCount { height, width, expected, found: words.len() });
        }
        let mut image = BitImage::new(height, width);
        if words_a_row > 0 {
            for (row, source) in words.chunks_exact(words_a_row).enumerate() {
                image.row_mut(row).copy_from_slice(source);
                image.clear_past_width(row);
            }
        }
        Ok(image)
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Number of pixels a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height and width.
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// Number of pixels, set or not.
    pub fn area(&self) -> usize {
        self.height * self.width
    }

    /// Number of pixels that are 1. Cost: one pass over the words.
    pub fn count_ones(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The pixel at (row, col).
    ///
    /// # Panics
    /// Outside the image.
    pub fn get(&self, row: usize, col: usize) -> bool {
        self.assert_inside(row, col);
        self.row(row)[col / BITS] >> (col % BITS) & 1 == 1
    }

    /// Sets the pixel at (row, col) to `value`.
    ///
    /// # Panics
    /// Outside the image.
    pub fn set(&mut self, row: usize, col: usize, value: bool) {
        self.assert_inside(row, col);
        let bit = 1 << (col % BITS);
        let word = &mut self.row_mut(row)[col / BITS];
        *word = if value { *word | bit } else { *word & !bit };
    }

    /// The packed pixels of a row: `width.div_ceil(64)` words, zeros past the width.
    ///
    /// # Panics
    /// Outside the image.
    pub fn row(&self, row: usize) -> &[u64] {
        let start = self.row_start(row);
        &self.all_words()[start..start + self.words_a_row()]
    }

    /// The packed rows, from top to bottom.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u64]> {
        (0..self.height).map(|row| self.row(row))
    }

    /// The pixels, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = bool> {
        self.rows()
            .flat_map(|words| (0..self.width).map(|col| words[col / BITS] >> (col % BITS) & 1 == 1))
    }

    /// The places (row, col) of the pixels that are 1, row by row.
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let image: BitImage = "
    ///     .#.
    ///     #.#
    /// ".parse()?;
    /// assert_eq!(image.ones().collect::<Vec<_>>(), [(0, 1), (1, 0), (1, 2)]);
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn ones(&self) -> impl Iterator<Item = (usize, usize)> {
        self.rows().enumerate().flat_map(|(row, words)| {
            let bits = words
                .iter()
                .enumerate()
                .flat_map(|(index, &word)| ones_of(word).map(move |bit| index * BITS + bit));
            bits.map(move |col| (row, col))
        })
    }

    /// The part of `height` x `width` pixels whose upper left pixel is (row, col).
    ///
    /// ```
    /// use strel_image::BitImage;
    ///
    /// let image: BitImage = "
    ///     #..#
    ///     .##.
    ///     ...#
    /// ".parse()?;
    /// assert_eq!(image.crop(1, 2, 2, 2)?.to_string(), "#.\n.#");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::RegionOutside`] unless the part lies inside the image.
    pub fn crop(
        &self,
        row: usize,
        col: usize,
        height: usize,
        width: usize,
    ) -> Result<Self, ImageError> {
        let inside = |start: usize, length: usize, end: usize| {
            start.checked_add(length).is_some_and(|stop| stop <= end)
        };
        if !(inside(row, height, self.height) && inside(col, width, self.width)) {
            return Err(ImageError::RegionOutside {
                corner: (row, col),
                size: (height, width),
                image: self.size(),
            });
        }
        let mut part = BitImage::new(height, width);
        for target in 0..height {
            // The guard word right of the row makes the last funnel shift legal.
            let start = self.row_start(row + target) + col / BITS;
            shift_words(part.row_mut(target), &self.all_words()[start..], col % BITS, |_, word| {
                word
            });
            part.clear_past_width(target);
        }
        Ok(part)
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [u64] {
        let start = self.row_start(row);
        let end = start + self.words_a_row();
        &mut self.all_words_mut()[start..end]
    }

    /// Restores the invariant of a row after all of its words were written.
    pub(crate) fn clear_past_width(&mut self, row: usize) {
        let mask = self.last_word_mask();
        if let Some(last) = self.row_mut(row).last_mut() {
            *last &= mask;
        }
    }

    /// The bits of a row's last word that are pixels.
    pub(crate) fn last_word_mask(&self) -> u64 {
        u64::MAX >> ((BITS - self.width % BITS) % BITS)
    }

    /// All words, guards included; whoever writes them keeps the zeros.
    pub(crate) fn all_words(&self) -> &[u64] {
        &self.words[LEAD..]
    }

    pub(crate) fn all_words_mut(&mut self) -> &mut [u64] {
        &mut self.words[LEAD..]
    }

    pub(crate) fn words_a_row(&self) -> usize {
        self.width.div_ceil(BITS)
    }

    /// Words from one row to the next.
    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    fn row_start(&self, row: usize) -> usize {
        assert!(row < self.height, "row {row} of an image of {} rows", self.height);
        (row + GUARD_ROWS) * self.stride + GUARD_WORDS
    }

    fn assert_inside(&self, row: usize, col: usize) {
        let (height, width) = self.size();
        assert!(
            row < height && col < width,
            "pixel ({row}, {col}) of an image of {height}x{width}"
        );
    }
}

impl fmt::Debug for BitImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BitImage({}x{}, {} ones)", self.height, self.width, self.count_ones())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aligned::CROWDED;

    /// Whether guards and bits past the width are zeros, and the stride is what it should be.
    fn assert_invariant(image: &BitImage) {
        let inside: u64 = image.rows().flatten().map(|word| u64::from(word.count_ones())).sum();
        assert_eq!(image.count_ones(), inside, "a guard word of {image:?}");
        for words in image.rows() {
            assert!(
                words.last().is_none_or(|last| last & !image.last_word_mask() == 0),
                "{image:?}"
            );
        }
        assert!(!image.stride.is_multiple_of(CROWDED));
        assert!(image.stride >= image.words_a_row() + GUARD_WORDS);
        assert!(image.all_words().len() >= (image.height + 2 * GUARD_ROWS) * image.stride);
    }

    #[test]
    fn guards_stay_zero() {
        for width in [0, 1, 63, 64, 65, 127, 128, 129, 384, 63 * 64] {
            let mut image = BitImage::filled(3, width, true);
            assert_invariant(&image);
            assert_eq!(image.count_ones(), 3 * width as u64);
            image.complement_in_place();
            assert_invariant(&image);
            assert_eq!(image.count_ones(), 0);
            let noisy = vec![u64::MAX; 3 * width.div_ceil(BITS)];
            let image = BitImage::from_words(3, width, &noisy).unwrap();
            assert_invariant(&image);
            assert_invariant(&image.crop(1, width / 3, 2, width / 2).unwrap());
            let element = crate::StructuringElement::rectangle(3, 3).unwrap();
            for border in crate::Border::ALL {
                assert_invariant(&crate::dilate(&image, &element, border));
                assert_invariant(&crate::erode(&image, &element, border));
            }
        }
    }
}
