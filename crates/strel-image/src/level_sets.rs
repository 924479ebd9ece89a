//! Operators of binary images on grey ones.

use crate::files::Foreground;
use crate::{BitImage, GreyImage, ImageError};

/// The level sets that a grey image is taken apart into, and stacked from again.
///
/// Flat increasing operators commute with thresholds (threshold decomposition; Fitch, Coyle and
/// Gallagher 1984, Maragos and Schafer 1987): the level sets of a grey dilation are the dilations of
/// the level sets. So a binary operator acts on a grey image through its level sets, and the result
/// is their stack: the level of a pixel tells how many of the results it is in.
///
/// With `count` sets a pixel takes the nearest of `count + 1` evenly spaced levels, from 0 to 255;
/// 255 sets keep all levels. The sets are those of the light pixels, or those of the dark ones
/// where the foreground is black.
///
/// ```
/// use strel_image::files::Foreground;
/// use strel_image::{Border, GreyImage, LevelSets, dilate};
///
/// let image = GreyImage::new(1, 5, vec![10, 10, 200, 50, 10])?;
/// let square = "###".parse()?;
/// let light = LevelSets::new(255, Foreground::White)?;
/// let stacked = light.apply(&image, |set| Ok(dilate(set, &square, Border::Neutral)))?;
/// assert_eq!(stacked.image.levels(), [10, 200, 200, 200, 50]);
/// assert_eq!(stacked.unnested, 0);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelSets {
    count: u8,
    foreground: Foreground,
}

/// What an operator made of the level sets of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stacked {
    /// The stack of the results.
    pub image: GreyImage,
    /// Pixels, summed over the thresholds, that are light in the result at a threshold and dark in
    /// that at the one below. There are none where the operator is increasing: the results are then
    /// the level sets of `image`.
    pub unnested: u64,
}

impl LevelSets {
    /// So many level sets, of the light pixels or of the dark ones.
    ///
    /// # Errors
    /// [`ImageError::LevelCount`] unless there are 1 to 255.
    pub fn new(count: usize, foreground: Foreground) -> Result<Self, ImageError> {
        match u8::try_from(count) {
            Ok(count) if count > 0 => Ok(LevelSets { count, foreground }),
            _ => Err(ImageError::LevelCount { found: count }),
        }
    }

    /// The number of level sets.
    pub fn count(self) -> usize {
        self.count.into()
    }

    /// The thresholds, increasing: the lowest light level of each set.
    ///
    /// ```
    /// use strel_image::LevelSets;
    /// use strel_image::files::Foreground;
    ///
    /// assert!(LevelSets::new(3, Foreground::White)?.thresholds().eq([43, 128, 213]));
    /// assert!(LevelSets::new(255, Foreground::White)?.thresholds().eq(1..=255));
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn thresholds(self) -> impl ExactSizeIterator<Item = u8> {
        let count = u32::from(self.count);
        (0..self.count).map(move |set| (255 * (2 * u32::from(set) + 1)).div_ceil(2 * count) as u8)
    }

    /// The level set of an image at a threshold.
    ///
    /// ```
    /// use strel_image::files::Foreground;
    /// use strel_image::{GreyImage, LevelSets};
    ///
    /// let ramp = GreyImage::new(1, 4, vec![0, 80, 160, 240])?;
    /// assert_eq!(LevelSets::new(255, Foreground::White)?.set(&ramp, 100).to_string(), "..##");
    /// assert_eq!(LevelSets::new(255, Foreground::Black)?.set(&ramp, 100).to_string(), "##..");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn set(self, image: &GreyImage, threshold: u8) -> BitImage {
        self.foreground_of(image.level_set(threshold))
    }

    /// The foreground of a set of light pixels, or the light pixels of a foreground.
    fn foreground_of(self, mut light: BitImage) -> BitImage {
        if self.foreground == Foreground::Black {
            light.complement_in_place();
        }
        light
    }

    /// The level of a pixel that is light at this many of the thresholds.
    fn level(self, sets: u8) -> u8 {
        let (sets, count) = (u32::from(sets), u32::from(self.count));
        ((510 * sets + count) / (2 * count)) as u8
    }

    /// An operator applied to each level set, and the stack of the results. Equal level sets are
    /// processed once. Cost: two passes over the bytes of the image for each set that is processed,
    /// and the operator.
    ///
    /// # Errors
    /// Those of the operator.
    ///
    /// # Panics
    /// The operator changes the size of an image.
    pub fn apply<E>(
        self,
        image: &GreyImage,
        mut operator: impl FnMut(&BitImage) -> Result<BitImage, E>,
    ) -> Result<Stacked, E> {
        let (height, width) = image.size();
        let mut present = [false; 256];
        image.levels().iter().for_each(|&level| present[usize::from(level)] = true);
        let mut sets = vec![0; image.levels().len()];
        let (mut unnested, mut ones) = (0, vec![0; sets.len()]);
        let mut below: Option<(u8, BitImage)> = None;
        for threshold in self.thresholds() {
            // Without a pixel between the two thresholds the set is the one below, and so is its result.
            let changed = below.as_ref().is_none_or(|&(last, _)| {
                present[usize::from(last)..usize::from(threshold)].contains(&true)
            });
            if changed {
                let result = self.foreground_of(operator(&self.set(image, threshold))?);
                if let Some((_, below)) = &below {
                    let new = result.difference(below).expect("operators keep the size");
                    unnested += new.count_ones();
                }
                result.copy_to_bytes(1, &mut ones).expect("operators keep the size");
                below = Some((threshold, result));
            }
            sets.iter_mut().zip(&ones).for_each(|(sets, one)| *sets += one);
        }
        sets.iter_mut().for_each(|sets| *sets = self.level(*sets));
        let image = GreyImage::new(height, width, sets).expect("a level a pixel");
        Ok(Stacked { image, unnested })
    }
}
