//! Images that are more than black and white.

use super::FileProblem;
use crate::{BitImage, GreyImage};

/// Pixels of an image by the levels of their samples: 0 black, 255 white. An image whose samples go
/// up to another maximum has level 0 and 255 where they are 0 and that maximum, and there alone.
pub(super) struct Levels {
    width: usize,
    /// Samples of a pixel in the file: 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA).
    channels: usize,
    max: u32,
    /// 1 level of a grey pixel, 3 of a coloured one, over white where it is transparent.
    levels: Vec<u8>,
}

impl Levels {
    /// No pixel yet, of images of so many samples a pixel up to `max`.
    pub(super) fn new(width: usize, channels: usize, max: u16) -> Self {
        Levels { width, channels, max: max.into(), levels: Vec::new() }
    }

    /// Adds pixels, row by row.
    pub(super) fn extend(&mut self, samples: impl IntoIterator<Item = u16>) {
        let max = self.max;
        let mut samples = samples.into_iter().map(u32::from);
        if self.channels % 2 == 1 {
            return self.levels.extend(samples.map(|sample| level(sample, max)));
        }
        while let Some(first) = samples.next() {
            let mut pixel = [first, max, max, max];
            pixel[1..self.channels].fill_with(|| samples.next().unwrap_or(max));
            let (colours, alpha) = (&pixel[..self.colours()], pixel[self.channels - 1]);
            let over_white = |sample| (sample * alpha + max * (max - alpha)) / max;
            self.levels.extend(colours.iter().map(|&sample| level(over_white(sample), max)));
        }
    }

    /// Samples of a pixel without alpha: 1 or 3.
    fn colours(&self) -> usize {
        if self.channels < 3 { 1 } else { 3 }
    }

    fn is_coloured(&self) -> bool {
        let differ = |pixel: &[u8]| pixel.iter().any(|&level| level != pixel[0]);
        self.levels.chunks_exact(self.colours()).any(differ)
    }

    /// A level a pixel: that of a grey one, the luma of a coloured one.
    fn luma(self) -> Vec<u8> {
        let luma = |pixel: &[u8]| {
            let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
            ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
        };
        match self.colours() {
            1 => self.levels,
            _ => self.levels.chunks_exact(3).map(luma).collect(),
        }
    }

    /// One image of a grey file, three (red, green, blue) of a coloured one.
    pub(super) fn planes(self) -> Vec<GreyImage> {
        let (width, channels, coloured) = (self.width, self.colours(), self.is_coloured());
        let plane = |first: usize| -> GreyImage {
            let levels: Vec<u8> =
                self.levels.iter().skip(first).step_by(channels).copied().collect();
            GreyImage::new(levels.len() / width, width, levels).expect("whole rows")
        };
        (0..if coloured { 3 } else { 1 }).map(plane).collect()
    }

    /// The set of white pixels: those at or above the threshold. Without one, all pixels must be
    /// black or white.
    pub(super) fn white(self, threshold: Option<u8>) -> Result<BitImage, FileProblem> {
        let (width, coloured) = (self.width, self.is_coloured());
        let luma = self.luma();
        let threshold = match threshold {
            Some(threshold) => threshold,
            None => check_two_levels(&luma, coloured)?,
        };
        let luma = GreyImage::new(luma.len() / width, width, luma).expect("whole rows");
        Ok(luma.level_set(threshold))
    }
}

/// A threshold between black and white, if that is all there is.
fn check_two_levels(luma: &[u8], coloured: bool) -> Result<u8, FileProblem> {
    let darkest = luma.iter().copied().min().unwrap_or(0);
    let lightest = luma.iter().copied().max().unwrap_or(0);
    if coloured {
        Err(FileProblem::Coloured { darkest, lightest })
    } else if luma.iter().any(|&level| level != 0 && level != u8::MAX) {
        Err(FileProblem::Grey { darkest, lightest })
    } else {
        Ok(u8::MAX)
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
        let mut levels = Levels::new(samples.len() / channels, channels, max);
        levels.extend(samples.iter().copied());
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
        assert!(primary.is_coloured() && !levels(&[9, 9, 9], 3, 255).is_coloured());
        assert_eq!(primary.luma(), [76, 150, 29, 9]);
        assert_eq!(levels(&[0, 0, 0, 0, 0, 0, 0, 255], 4, 255).luma(), [255, 0]);
        assert_eq!(levels(&[0, 65535, 0, 0], 2, u16::MAX).levels, [0, 255]);
    }

    #[test]
    fn grey_and_colour_need_a_threshold() {
        let grey = levels(&[5, 9, 251], 1, 255);
        let message = grey.white(None).unwrap_err().to_string();
        assert_eq!(
            message,
            "the image is grey (5 to 251); expected black and white, or a `threshold` such as 128"
        );
        assert_eq!(levels(&[5, 9, 251], 1, 255).white(Some(9)).unwrap().to_string(), ".##");
        let blue = levels(&[0, 0, 1], 3, 255);
        let message = blue.white(None).unwrap_err().to_string();
        assert_eq!(
            message,
            "the image has colours (luma 0 to 0); expected black and white, or a `threshold` such as 128"
        );
        assert_eq!(levels(&[0, 255], 1, 255).white(None).unwrap().to_string(), ".#");
    }

    #[test]
    fn colours_have_three_planes() {
        let planes = |samples: &[u16], channels| -> Vec<Vec<u8>> {
            let planes = levels(samples, channels, 255).planes();
            planes.iter().map(|plane| plane.levels().to_vec()).collect()
        };
        assert_eq!(planes(&[1, 2, 3, 4, 5, 6], 3), [[1, 4], [2, 5], [3, 6]]);
        assert_eq!(planes(&[7, 7, 7, 9, 9, 9], 3), [[7, 9]]);
        assert_eq!(planes(&[10, 20, 30, 255, 10, 20, 30, 0], 4), [[10, 255], [20, 255], [30, 255]]);
        assert_eq!(planes(&[7, 255, 9, 0], 2), [[7, 255]]);
    }
}
