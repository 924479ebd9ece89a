//! Dilation, erosion, opening and closing by any flat structuring element.
//!
//! Each offset of the element is one pass over the words: whole rows are shifted and joined, 64
//! pixels at a time.

use crate::words::{BITS, fill, shift_words};
use crate::{BitImage, Border, Operation, StructuringElement};

/// The dilation of an image: the union of the image shifted by each offset b of the element, so
/// that pixel i reads x(i - b).
///
/// The result has the image's size. With the neutral border, an element without offsets gives the
/// empty image. Cost: height * width / 64 * `element.len()` word operations and one copy of the
/// image.
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, dilate};
///
/// let image: BitImage = "
///     .....
///     .....
///     ...#.
///     .....
/// ".parse()?;
/// let dilated: BitImage = "
///     .....
///     ..##.
///     ..##.
///     .....
/// ".parse()?;
/// let square = StructuringElement::rectangle(2, 2)?;
/// assert_eq!(dilate(&image, &square, Border::Neutral), dilated);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn dilate(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    let reads: Vec<_> = element.offsets().map(|(dy, dx)| (-dy, -dx)).collect();
    join_reads(image, &reads, border.constant(Operation::Dilation), false, |joined, word| {
        joined | word
    })
}

/// The erosion of an image: the pixels to which the element can be shifted and lie inside the
/// image, so that pixel i reads x(i + b) for each offset b.
///
/// The result has the image's size. An element without offsets gives the full image. Cost: as
/// [`dilate`].
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, erode};
///
/// let image: BitImage = "
///     .###
///     .#.#
///     ..##
/// ".parse()?;
/// let eroded: BitImage = "
///     .##.
///     ....
///     ..#.
/// ".parse()?;
/// let pair: StructuringElement = "O#".parse()?;
/// assert_eq!(erode(&image, &pair, Border::Zero), eroded);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn erode(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    let reads: Vec<_> = element.offsets().collect();
    join_reads(image, &reads, border.constant(Operation::Erosion), true, |joined, word| {
        joined & word
    })
}

/// The opening of an image: the erosion, then the dilation, both by the same element. It keeps the
/// parts of the image that some shift of the element covers. Cost: twice that of [`dilate`].
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, open};
///
/// let image: BitImage = "
///     .##...
///     .##.#.
///     ....##
/// ".parse()?;
/// let opened: BitImage = "
///     .##...
///     .##...
///     ....##
/// ".parse()?;
/// let pair: StructuringElement = "O#".parse()?;
/// assert_eq!(open(&image, &pair, Border::Zero), opened);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn open(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    dilate(&erode(image, element, border), element, border)
}

/// The closing of an image: the dilation, then the erosion, both by the same element. It fills what
/// no shift of the reflected element reaches without touching the image. Cost: twice that of
/// [`dilate`].
pub fn close(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    erode(&dilate(image, element, border), element, border)
}

/// Joins, for each pixel i, the pixels i + read for the given reads (dy, dx), beginning with
/// `start`.
fn join_reads(
    image: &BitImage,
    reads: &[(isize, isize)],
    outside: Option<bool>,
    start: bool,
    join: impl Fn(u64, u64) -> u64,
) -> BitImage {
    if image.area() == 0 {
        return image.clone();
    }
    let reach = reads.iter().map(|&(_, dx)| dx.unsigned_abs()).max().unwrap_or(0);
    let framed = Framed::new(image, reach.min(image.width()), outside);
    let mut result = BitImage::filled(image.height(), image.width(), start);
    for row in 0..image.height() {
        let target = result.row_mut(row);
        for &(dy, dx) in reads {
            let (source, shift) = framed.read(row.cast_signed() + dy, dx);
            shift_words(target, source, shift, &join);
        }
        result.clear_past_width(row);
    }
    result
}

/// A copy of an image with the border's pixels left and right of each row. Above and below, a row
/// is chosen instead.
struct Framed {
    words: Vec<u64>,
    stride: usize,
    height: usize,
    /// Most pixels that a read may go to the left or right.
    reach: usize,
    /// Pixels left of a row.
    margin: usize,
    replicate: bool,
}

impl Framed {
    /// `outside` is the value around the image; without one it is that of the nearest pixel.
    fn new(image: &BitImage, reach: usize, outside: Option<bool>) -> Self {
        let (height, width) = image.size();
        let margin_words = reach / BITS + 1;
        let stride = width.div_ceil(BITS) + 2 * margin_words;
        let mut words = Vec::with_capacity((height + 1) * stride);
        for (row, pixels) in image.rows().enumerate() {
            let left = fill(outside.unwrap_or_else(|| image.get(row, 0)));
            let right = fill(outside.unwrap_or_else(|| image.get(row, width - 1)));
            words.resize(words.len() + margin_words, left);
            words.extend_from_slice(pixels);
            if let Some(last) = words.last_mut() {
                *last |= right & !image.last_word_mask();
            }
            words.resize(words.len() + margin_words, right);
        }
        words.resize((height + 1) * stride, fill(outside.unwrap_or(false)));
        Framed {
            words,
            stride,
            height,
            reach,
            margin: margin_words * BITS,
            replicate: outside.is_none(),
        }
    }

    /// The words of a row from `dx` pixels before or after its first one, and the bits to shift
    /// them by.
    fn read(&self, row: isize, dx: isize) -> (&[u64], usize) {
        let reach = self.reach.cast_signed();
        let bit = self.margin.strict_add_signed(dx.clamp(-reach, reach));
        let start = self.choose(row) * self.stride;
        (&self.words[start + bit / BITS..start + self.stride], bit % BITS)
    }

    /// The row of the copy that stands for a row inside or outside the image.
    fn choose(&self, row: isize) -> usize {
        match usize::try_from(row) {
            Ok(row) if row < self.height => row,
            _ if !self.replicate => self.height,
            Ok(_) => self.height - 1,
            Err(_) => 0,
        }
    }
}
