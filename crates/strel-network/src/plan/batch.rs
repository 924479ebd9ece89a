//! The samples of a batch between two steps of a plan.

use std::borrow::Cow;

use strel_image::BitImage;

/// Samples as images, one a channel, or as rows of one image, one pixel a channel.
pub(super) enum Batch<'a> {
    Images(Vec<Cow<'a, [BitImage]>>),
    Rows(BitImage),
}

impl<'a> Batch<'a> {
    /// Each sample as a row of `width` pixels: channel by channel, row by row.
    pub(super) fn into_rows(self, width: usize) -> BitImage {
        match self {
            Self::Rows(rows) => rows,
            Self::Images(samples) => {
                let row_words = width.div_ceil(64);
                let mut words = vec![0; samples.len() * row_words];
                for (row, images) in words.chunks_exact_mut(row_words.max(1)).zip(&samples) {
                    join(images, row);
                }
                BitImage::from_words(samples.len(), width, &words).expect("whole rows of words")
            }
        }
    }

    /// Each sample as images.
    pub(super) fn into_images(self) -> Vec<Cow<'a, [BitImage]>> {
        match self {
            Self::Images(samples) => samples,
            Self::Rows(rows) => {
                let pixel = |row, col| BitImage::filled(1, 1, rows.get(row, col));
                let sample = |row| (0..rows.width()).map(|col| pixel(row, col)).collect();
                (0..rows.height()).map(sample).collect()
            }
        }
    }
}

/// Writes the pixels of all images one after the other, into zeroed words that hold them.
fn join(images: &[BitImage], row: &mut [u64]) {
    let mut at = 0;
    for image in images {
        for words in image.rows() {
            let mut left = image.width();
            for &word in words.iter().take(image.width().div_ceil(64)) {
                let (index, shift) = (at / 64, at % 64);
                row[index] |= word << shift;
                if shift + left.min(64) > 64 {
                    row[index + 1] |= word >> (64 - shift);
                }
                at += left.min(64);
                left = left.saturating_sub(64);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_pixels_in_order() {
        for (height, width, channels) in
            [(28, 28, 1), (3, 64, 2), (2, 65, 3), (1, 130, 2), (5, 1, 4)]
        {
            let bit = |sample: usize, channel: usize, row: usize, col: usize| {
                (sample * 7 + channel * 5 + row * row * 3 + col * 11) % 13 < 6
            };
            let image = |sample: usize, channel: usize| {
                BitImage::from_fn(height, width, |row, col| bit(sample, channel, row, col))
            };
            let samples: Vec<Vec<BitImage>> = (0..3)
                .map(|sample| (0..channels).map(|channel| image(sample, channel)).collect())
                .collect();
            let area = height * width;
            let expected = BitImage::from_fn(3, channels * area, |sample, at| {
                bit(sample, at / area, at % area / width, at % width)
            });
            let batch = samples.iter().map(|images| Cow::Borrowed(&images[..])).collect();
            assert_eq!(Batch::Images(batch).into_rows(channels * area), expected);
        }
    }
}
