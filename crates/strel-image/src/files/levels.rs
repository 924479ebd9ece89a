//! Images that are more than black and white.

use std::borrow::Cow;

use super::FileProblem;
use crate::{BitImage, GreyImage};

/// How the samples of a pixel go together with its alpha, which says how much of it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alpha {
    /// They are what they would be if it were all seen.
    Straight,
    /// They are weakened by the alpha.
    Premultiplied,
}

/// Pixels of an image by the levels of their samples: 0 black, 255 white. An image whose samples go
/// up to another maximum has level 0 and 255 where they are 0 and that maximum, and there alone.
pub(super) struct Levels {
    width: usize,
    /// Samples of a pixel without alpha: 1 (grey) or 3 (RGB).
    colours: usize,
    alpha: Option<Alpha>,
    max: u32,
    /// 1 level of a grey pixel, 3 of a coloured one, over white where it is transparent.
    levels: Vec<u8>,
    values: Values,
}

/// The values of the pixels, not rounded to levels: those of images of 16 bits may differ by less.
enum Values {
    /// All are one.
    One(Option<[u32; 3]>),
    /// There are two, and some pixels have the second.
    Two { first: [u32; 3], second: [u32; 3], seconds: Vec<u8> },
    /// There are more, or they are not exact.
    Many,
}

impl Values {
    /// Adds the value of the pixel that comes after some others.
    fn add(&mut self, value: [u32; 3], before: usize) {
        match self {
            Values::Many => {}
            Values::One(None) => *self = Values::One(Some(value)),
            Values::One(Some(first)) if *first == value => {}
            Values::One(Some(first)) => {
                let mut seconds = vec![0; before];
                seconds.push(1);
                *self = Values::Two { first: *first, second: value, seconds };
            }
            Values::Two { first, second, seconds } => {
                if value != *first && value != *second {
                    *self = Values::Many;
                } else {
                    seconds.push((value == *second).into());
                }
            }
        }
    }
}

impl Levels {
    /// No pixel yet, of images of 1 or 3 colours and perhaps alpha, each a sample up to `max`.
    pub(super) fn new(width: usize, colours: usize, alpha: Option<Alpha>, max: u16) -> Self {
        let (levels, values) = (Vec::new(), Values::One(None));
        Levels { width, colours, alpha, max: max.into(), levels, values }
    }

    /// The same for a code that loses what is small: two levels in it may be one.
    pub(super) fn inexact(self) -> Self {
        Levels { values: Values::Many, ..self }
    }

    /// Adds pixels, row by row.
    pub(super) fn extend(&mut self, samples: impl IntoIterator<Item = u16>) {
        let max = self.max;
        let mut samples = samples.into_iter().map(u32::from);
        while let Some(first) = samples.next() {
            let mut value = [first; 3];
            value[1..self.colours].fill_with(|| samples.next().unwrap_or(max));
            if let Some(kind) = self.alpha {
                let alpha = samples.next().unwrap_or(max);
                for sample in &mut value[..self.colours] {
                    *sample = match kind {
                        Alpha::Straight => (*sample * alpha + max * (max - alpha)) / max,
                        Alpha::Premultiplied => (*sample + (max - alpha)).min(max),
                    };
                }
                value[self.colours..].fill(0);
            }
            self.values.add(value, self.levels.len() / self.colours);
            self.levels.extend(value[..self.colours].iter().map(|&sample| level(sample, max)));
        }
    }

    fn is_coloured(&self) -> bool {
        let differ = |pixel: &[u8]| pixel.iter().any(|&level| level != pixel[0]);
        self.levels.chunks_exact(self.colours).any(differ)
    }

    /// A level a pixel: that of a grey one, the luma of a coloured one.
    fn luma(&self) -> Cow<'_, [u8]> {
        let of =
            |pixel: &[u8]| ((luma(pixel.iter().map(|&level| level.into())) + 500) / 1000) as u8;
        match self.colours {
            1 => Cow::Borrowed(&self.levels),
            _ => Cow::Owned(self.levels.chunks_exact(3).map(of).collect()),
        }
    }

    /// One image of a grey file, three (red, green, blue) of a coloured one.
    pub(super) fn planes(self) -> Vec<GreyImage> {
        let (width, channels, coloured) = (self.width, self.colours, self.is_coloured());
        let plane = |first: usize| -> GreyImage {
            let levels: Vec<u8> =
                self.levels.iter().skip(first).step_by(channels).copied().collect();
            GreyImage::new(levels.len() / width, width, levels).expect("whole rows")
        };
        (0..if coloured { 3 } else { 1 }).map(plane).collect()
    }

    /// The set of white pixels: those at or above the threshold. Without one, there must be two values at most: the
    /// darker one is black, and one alone must be black or white.
    pub(super) fn white(&self, threshold: Option<u8>) -> Result<BitImage, FileProblem> {
        let set = |bytes: &[u8], least| {
            let image = BitImage::level_set(bytes.len() / self.width, self.width, bytes, least);
            image.expect("whole rows")
        };
        if let (None, Values::Two { first, second, seconds }) = (threshold, &self.values) {
            let [first, second] =
                [first, second].map(|value| luma(value[..self.colours].iter().copied()));
            if first != second {
                let seconds = set(seconds, 1);
                return Ok(if second > first { seconds } else { seconds.complement() });
            }
        }
        let luma = self.luma();
        let darkest = luma.iter().copied().min().unwrap_or(0);
        let lightest = luma.iter().copied().max().unwrap_or(0);
        match threshold {
            // One level alone is black or white by any threshold.
            Some(threshold)
                if darkest < lightest && !(darkest < threshold && threshold <= lightest) =>
            {
                Err(FileProblem::Threshold { threshold, darkest, lightest })
            }
            Some(threshold) => Ok(set(&luma, threshold)),
            None if self.is_coloured() => Err(FileProblem::Coloured { darkest, lightest }),
            None if luma.iter().any(|&level| level != 0 && level != u8::MAX) => {
                Err(FileProblem::Grey { darkest, lightest })
            }
            None => Ok(set(&luma, u8::MAX)),
        }
    }
}

/// A thousand times the luma of a pixel of one or three colours.
fn luma(pixel: impl Iterator<Item = u32>) -> u64 {
    [299, 587, 114].into_iter().zip(pixel).map(|(weight, sample)| weight * u64::from(sample)).sum()
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

    fn levels(samples: &[u16], colours: usize, alpha: Option<Alpha>, max: u16) -> Levels {
        let samples_a_pixel = colours + usize::from(alpha.is_some());
        let mut levels = Levels::new(samples.len() / samples_a_pixel, colours, alpha, max);
        levels.extend(samples.iter().copied());
        levels
    }

    fn grey(samples: &[u16], max: u16) -> Levels {
        levels(samples, 1, None, max)
    }

    fn rgb(samples: &[u16]) -> Levels {
        levels(samples, 3, None, 255)
    }

    fn white(levels: &Levels, threshold: Option<u8>) -> String {
        match levels.white(threshold) {
            Ok(image) => image.to_string(),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn only_the_ends_of_the_range_are_black_and_white() {
        let all = grey(&[0, 1, 255, 256, 65534, 65535], u16::MAX);
        assert_eq!(all.levels, [0, 1, 1, 1, 254, 255]);
        assert_eq!(grey(&[0, 1, 2, 3], 3).levels, [0, 85, 170, 255]);
        assert_eq!(grey(&[0, 127, 255], 255).levels, [0, 127, 255]);
    }

    #[test]
    fn colours_have_a_luma() {
        let primary = rgb(&[255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);
        assert!(primary.is_coloured() && !rgb(&[9, 9, 9]).is_coloured());
        assert_eq!(*primary.luma(), [76, 150, 29, 9]);
    }

    #[test]
    fn transparency_shows_white() {
        let straight = Some(Alpha::Straight);
        assert_eq!(*levels(&[0, 0, 0, 0, 0, 0, 0, 255], 3, straight, 255).luma(), [255, 0]);
        assert_eq!(levels(&[0, 65535, 0, 0], 1, straight, u16::MAX).levels, [0, 255]);
        assert_eq!(levels(&[100, 51], 1, straight, 255).levels, [224]);
        assert_eq!(levels(&[20, 51], 1, Some(Alpha::Premultiplied), 255).levels, [224]);
    }

    #[test]
    fn grey_and_colour_need_a_threshold() {
        let three = grey(&[5, 9, 251], 255);
        assert_eq!(
            white(&three, None),
            "the image is grey (5 to 251); expected two levels, or a `threshold` such as 128"
        );
        assert_eq!(white(&three, Some(9)), ".##");
        let blue = rgb(&[0, 0, 1]);
        assert_eq!(
            white(&blue, None),
            "the image has colours (luma 0 to 0); expected two of them, or a `threshold` such as 0"
        );
    }

    #[test]
    fn of_two_values_the_darker_is_black() {
        for (dark, light, max) in
            [(0, 255, 255), (0, 1, 255), (1, 255, 255), (7, 8, 65535), (0, 65535, 65535)]
        {
            assert_eq!(
                white(&grey(&[dark, dark, light, dark], max), None),
                "..#.",
                "{dark} {light}"
            );
            assert_eq!(white(&grey(&[light, dark, light], max), None), "#.#", "{dark} {light}");
        }
        assert_eq!(white(&rgb(&[200, 0, 0, 0, 0, 90, 200, 0, 0]), None), "#.#");
        // Two colours that are equally dark do not say which is black.
        assert!(white(&rgb(&[114, 0, 0, 0, 0, 299]), None).contains("has colours"));
        assert_eq!(white(&grey(&[255, 255], 255), None), "##");
        assert_eq!(white(&grey(&[0, 0], 255), None), "..");
        assert!(white(&grey(&[1, 1], 255), None).contains("grey (1 to 1)"));
        let mut lossy = Levels::new(2, 1, None, 255).inexact();
        lossy.extend([254, 255]);
        assert!(white(&lossy, None).contains("grey (254 to 255)"));
    }

    #[test]
    fn a_threshold_lies_among_the_levels() {
        let mask = grey(&[0, 1], 255);
        assert_eq!(white(&mask, Some(1)), ".#");
        assert_eq!(
            white(&mask, Some(128)),
            "the threshold 128 would make all pixels black, for the image's levels are 0 to 1; expected 1 to 1, or none"
        );
        assert!(white(&mask, Some(0)).contains("would make all pixels white"));
        assert!(white(&grey(&[200, 220, 255], 255), Some(200)).contains("expected 201 to 255"));
        // A blank page.
        assert_eq!(white(&grey(&[250, 250], 255), Some(128)), "##");
        assert_eq!(white(&grey(&[250, 250], 255), Some(251)), "..");
    }

    #[test]
    fn colours_have_three_planes() {
        let planes = |samples: &[u16], colours, alpha| -> Vec<Vec<u8>> {
            let planes = levels(samples, colours, alpha, 255).planes();
            planes.iter().map(|plane| plane.levels().to_vec()).collect()
        };
        let straight = Some(Alpha::Straight);
        assert_eq!(planes(&[1, 2, 3, 4, 5, 6], 3, None), [[1, 4], [2, 5], [3, 6]]);
        assert_eq!(planes(&[7, 7, 7, 9, 9, 9], 3, None), [[7, 9]]);
        let halves = planes(&[10, 20, 30, 255, 10, 20, 30, 0], 3, straight);
        assert_eq!(halves, [[10, 255], [20, 255], [30, 255]]);
        assert_eq!(planes(&[7, 255, 9, 0], 1, straight), [[7, 255]]);
    }
}
