//! Max-pooling.

use crate::BitImage;

/// The 2x2 max-pooling of an image: pixel (i, j) is 1 where one of the four pixels from (2 i, 2 j)
/// on is. Height and width are halved and rounded down, so that the last row and column of an odd
/// size do not count.
///
/// Cost: one pass over the words.
///
/// ```
/// use strel_image::{BitImage, max_pool};
///
/// let image: BitImage = "
///     #...#
///     ...##
///     ....#
/// ".parse()?;
/// assert_eq!(max_pool(&image).to_string(), "##");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn max_pool(image: &BitImage) -> BitImage {
    let mut pooled = BitImage::new(0, 0);
    max_pool_into(image, &mut pooled);
    pooled
}

/// [`max_pool`] into an image that takes the halved size; of that size already, it is not allocated
/// anew.
pub fn max_pool_into(image: &BitImage, pooled: &mut BitImage) {
    let size = (image.height() / 2, image.width() / 2);
    if pooled.size() != size {
        *pooled = BitImage::new(size.0, size.1);
    }
    for row in 0..size.0 {
        let (upper, lower) = (image.row(2 * row), image.row(2 * row + 1));
        let pairs = |word: usize| match (upper.get(word), lower.get(word)) {
            (Some(upper), Some(lower)) => even_bits(upper | lower | (upper | lower) >> 1),
            _ => 0,
        };
        for (index, word) in pooled.row_mut(row).iter_mut().enumerate() {
            *word = pairs(2 * index) | pairs(2 * index + 1) << 32;
        }
        pooled.clear_past_width(row);
    }
}

/// The 32 bits at even places, side by side.
fn even_bits(word: u64) -> u64 {
    let halved = [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ];
    halved
        .into_iter()
        .fold(word & 0x5555_5555_5555_5555, |word, (shift, mask)| (word | word >> shift) & mask)
}
