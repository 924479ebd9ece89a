//! Packed images as numbers.

use pulp::{Simd, WithSimd};
use strel_image::BitImage;

use super::instructions::arch;

/// Writes the pixels of an image, row after row, as 0.0 and 1.0.
///
/// # Panics
/// There are fewer numbers than pixels.
pub fn write_pixels(image: &BitImage, pixels: &mut [f32]) {
    if image.area() > 0 {
        arch().dispatch(Write(image, &mut pixels[..image.area()]));
    }
}

/// The pixels of an image, row after row, as 0.0 and 1.0.
pub fn pixels(image: &BitImage) -> Vec<f32> {
    let mut pixels = vec![0.0; image.area()];
    write_pixels(image, &mut pixels);
    pixels
}

struct Write<'a>(&'a BitImage, &'a mut [f32]);

impl WithSimd for Write<'_> {
    type Output = ();

    /// A loop that compilers turn into vector code.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Write(image, pixels) = self;
        for (row, line) in pixels.chunks_exact_mut(image.width()).enumerate() {
            for (line, &word) in line.chunks_mut(64).zip(image.row(row)) {
                for (bit, pixel) in line.iter_mut().enumerate() {
                    *pixel = (word >> bit & 1) as i32 as f32;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_lie_row_after_row() {
        for width in [1, 3, 63, 64, 65, 130] {
            let image = BitImage::from_fn(3, width, |row, col| (row * 5 + col * 3) % 7 < 3);
            let expected: Vec<f32> = image.pixels().map(|on| f32::from(u8::from(on))).collect();
            assert_eq!(pixels(&image), expected);
        }
    }
}
