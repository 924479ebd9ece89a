//! Images that are more than black and white.

use super::FileProblem;
use crate::BitImage;

/// Pixels of an image by their level: 0 black, 255 white. An image whose samples go up to another
/// maximum has level 0 and 255 where they are 0 and that maximum, and there alone.
pub(super) struct Levels {
    width: usize,
    levels: Vec<u8>,
    coloured: bool,
}

impl Levels {
    pub(super) fn new(width: usize) -> Self {
        Levels { width, levels: Vec::new(), coloured: false }
    }

    /// Adds pixels of 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA) samples up to `max`, row by
    /// row.
    pub(super) fn extend(
        &mut self,
        samples: impl IntoIterator<Item = u16>,
        channels: usize,
        max: u16,
    ) {
        let mut samples = samples.into_iter().map(u32::from);
        let max = u32::from(max);
        if channels == 1 {
            return self.levels.extend(samples.map(|sample| level(sample, max)));
        }
        while let Some(first) = samples.next() {
            let mut next = || samples.next().unwrap_or(max);
            let (luma, alpha) = match channels {
                2 => (first, next()),
                _ => {
                    let [red, green, blue] = [first, next(), next()];
                    self.coloured |= red != green || green != blue;
                    let luma = (299 * red + 587 * green + 114 * blue + 500) / 1000;
                    (luma, if channels == 3 { max } else { next() })
                }
            };
            let over_white = (luma * alpha + max * (max - alpha)) / max;
            self.levels.push(level(over_white, max));
        }
    }

    /// The set of white pixels: those at or above the threshold. Without one, all pixels must be
    /// black or white.
    pub(super) fn white(&self, threshold: Option<u8>) -> Result<BitImage, FileProblem> {
        let threshold = match threshold {
            Some(threshold) => threshold,
            None => self.check_two_levels()?,
        };
        let mut white = BitImage::new(self.levels.len() / self.width, self.width);
        for (row, levels) in self.levels.chunks_exact(self.width).enumerate() {
            for (word, levels) in white.row_mut(row).iter_mut().zip(levels.chunks(64)) {
                let pixels = levels.iter().rev().map(|&level| u64::from(level >= threshold));
                *word = pixels.fold(0, |word, pixel| word << 1 | pixel);
            }
        }
        Ok(white)
    }

    /// A threshold between black and white, if that is all there is.
    fn check_two_levels(&self) -> Result<u8, FileProblem> {
        let darkest = self.levels.iter().copied().min().unwrap_or(0);
        let lightest = self.levels.iter().copied().max().unwrap_or(0);
        if self.coloured {
            Err(FileProblem::Coloured { darkest, lightest })
        } else if self.levels.iter().any(|&level| level != 0 && level != u8::MAX) {
            Err(FileProblem::Grey { darkest, lightest })
        } else {
            Ok(u8::MAX)
        }
    }
}

/// The level of a sample between 0 and `max`.
fn level(sample: u32, max: u32) -> u8 {
    match sample {
        0 => 0,
        _ if sample >= max => u8::MAX,
        _ if max == 255 => sample as u8,
        _ => (sample * 255 / max).clamp(1, 254) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(samples: &[u16], channels: usize, max: u16) -> Levels {
        let mut levels = Levels::new(samples.len() / channels);
        levels.extend(samples.iter().copied(), channels, max);
        levels
    }

    #[test]
    fn only_the_ends_of_the_range_are_black_and_white() {
        assert_eq!(
            levels(&[0, 1, 255, 256, 65534, 65535], 1, u16::MAX).levels,
            [0, 1, 1, 1, 254, 255]
        );
        assert_eq!(levels(&[0, 1, 2, 3], 1, 3).levels, [0, 85, 170, 255]);
        assert_eq!(levels(&[0, 127, 255], 1, 255).levels, [0, 127, 255]);
    }

    #[test]
    fn colours_have_a_luma_and_transparency_shows_white() {
        let primary = levels(&[255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9], 3, 255);
        assert_eq!(primary.levels, [76, 150, 29, 9]);
        assert!(primary.coloured && !levels(&[9, 9, 9], 3, 255).coloured);
        assert_eq!(levels(&[0, 0, 0, 0, 0, 0, 0, 255], 4, 255).levels, [255, 0]);
        assert_eq!(levels(&[0, 65535, 0, 0], 2, u16::MAX).levels, [0, 255]);
    }

    #[test]
    fn grey_and_colour_need_a_threshold() {
        let grey = levels(&[5, 9, 251], 1, 255);
        let message = grey.white(None).unwrap_err().to_string();
        assert_eq!(message, "the image is grey (5 to 251): pass --threshold T");
        assert_eq!(grey.white(Some(9)).unwrap().to_string(), ".##");
        let blue = levels(&[0, 0, 1], 3, 255);
        let message = blue.white(None).unwrap_err().to_string();
        assert_eq!(message, "the image has colours (luma 0 to 0): pass --threshold T");
        assert_eq!(levels(&[0, 255], 1, 255).white(None).unwrap().to_string(), ".#");
    }
}
