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
                let pixels = |images: &Cow<[BitImage]>| -> Vec<bool> {
                    images.iter().flat_map(BitImage::pixels).collect()
                };
                let rows: Vec<Vec<bool>> = samples.iter().map(pixels).collect();
                BitImage::from_fn(rows.len(), width, |row, col| rows[row][col])
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
