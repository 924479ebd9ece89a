//! Packed images as numbers.

use strel_image::BitImage;

use super::vectorized::vectorized;

/// Writes the pixels of an image, row after row, as 0.0 and 1.0.
///
/// ```
/// use strel_image::BitImage;
/// use strel_train::kernels::write_pixels;
///
/// let image: BitImage = "
///     #.#
///     .#.
/// ".parse()?;
/// let mut pixels = [0.0; 6];
/// write_pixels(&image, &mut pixels);
/// assert_eq!(pixels, [1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn write_pixels(image: &BitImage, pixels: &mut [f32]) {
    if image.area() == 0 {
        return;
    }
    vectorized(
        #[inline(always)]
        || {
            for (row, line) in pixels.chunks_exact_mut(image.width()).enumerate() {
                for (line, &word) in line.chunks_mut(64).zip(image.row(row)) {
                    for (bit, pixel) in line.iter_mut().enumerate() {
                        *pixel = (word >> bit & 1) as i32 as f32;
                    }
                }
            }
        },
    );
}
