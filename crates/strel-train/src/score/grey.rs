//! How far grey images are from their targets.

use std::convert::Infallible;
use std::fmt;

use serde::{Serialize, Serializer};
use strel_image::{GreyImage, LevelSets};
use strel_network::{FloatNetwork, NetworkError, NetworkPlan};

use crate::data::GreyPair;
use crate::forward::apply_float;
use crate::mask::BorderMask;

/// The differences between grey images and their targets, summed over pixels.
///
/// ```
/// use strel_image::GreyImage;
/// use strel_train::mask::BorderMask;
/// use strel_train::score::GreyError;
///
/// let image = GreyImage::new(1, 2, vec![10, 200])?;
/// let target = GreyImage::new(1, 2, vec![13, 200])?;
/// let mut error = GreyError::default();
/// error.count(&image, &target, BorderMask(0));
/// assert_eq!(error.mean_absolute(), 1.5);
/// assert_eq!(error.to_string(), "MAE 1.50, PSNR 41.6 dB");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GreyError {
    pixels: u64,
    absolute: u64,
    squared: u64,
}

impl GreyError {
    /// Counts the pixels of an image that are not under the mask.
    ///
    /// # Panics
    /// The images differ in size.
    pub fn count(&mut self, image: &GreyImage, target: &GreyImage, BorderMask(mask): BorderMask) {
        let (height, width) = image.size();
        assert_eq!(image.size(), target.size(), "images of one size");
        let rows = image.levels().chunks_exact(width.max(1));
        let rows = rows.zip(target.levels().chunks_exact(width.max(1)));
        for (found, wanted) in rows.take(height.saturating_sub(mask)).skip(mask) {
            let pixels = found.iter().zip(wanted).take(width.saturating_sub(mask)).skip(mask);
            for (found, wanted) in pixels {
                let difference = u64::from(found.abs_diff(*wanted));
                self.pixels += 1;
                self.absolute += difference;
                self.squared += difference * difference;
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.pixels += other.pixels;
        self.absolute += other.absolute;
        self.squared += other.squared;
    }

    /// The mean absolute error, in levels of 0 to 255; 0 of no pixels.
    pub fn mean_absolute(&self) -> f64 {
        self.absolute as f64 / self.pixels.max(1) as f64
    }

    /// The peak signal-to-noise ratio `10 log10(255^2 / mean squared error)` in decibels; infinite
    /// where no pixel differs.
    pub fn psnr(&self) -> f64 {
        let mean_squared = self.squared as f64 / self.pixels.max(1) as f64;
        10.0 * (255.0 * 255.0 / mean_squared).log10()
    }
}

impl fmt::Display for GreyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MAE {:.2}, PSNR {:.1} dB", self.mean_absolute(), self.psnr())
    }
}

impl Serialize for GreyError {
    /// As `mae` and `psnr`, which is null where it is infinite.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown {
            mae: f64,
            psnr: f64,
        }
        Shown { mae: self.mean_absolute(), psnr: self.psnr() }.serialize(serializer)
    }
}

/// The errors of inputs themselves, and of what the networks that there are make of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct GreyErrors {
    /// Of the inputs.
    pub input: GreyError,
    /// Of the float network, thresholded at 1/2 at each level.
    pub float: Option<GreyError>,
    /// Of the binarized network.
    pub binarized: Option<GreyError>,
}

impl GreyErrors {
    /// The errors on a pair, of networks from one channel to one that are applied to the level sets
    /// of each plane; pixels under the mask do not count.
    ///
    /// # Errors
    /// The binarized network does not give one image for one.
    pub fn of(
        float: Option<&FloatNetwork>,
        plan: Option<&NetworkPlan>,
        sets: LevelSets,
        mask: BorderMask,
        pair: &GreyPair,
    ) -> Result<Self, NetworkError> {
        let mut errors = GreyErrors {
            input: GreyError::default(),
            float: float.map(|_| GreyError::default()),
            binarized: plan.map(|_| GreyError::default()),
        };
        for (input, target) in pair.planes() {
            errors.input.count(input, target, mask);
            if let (Some(network), Some(error)) = (float, &mut errors.float) {
                let operator = |set: &_| Ok::<_, Infallible>(apply_float(network, set));
                let Ok(stacked) = sets.apply(input, operator);
                error.count(&stacked.image, target, mask);
            }
            if let (Some(plan), Some(error)) = (plan, &mut errors.binarized) {
                let stacked = sets.apply(input, |set| plan.apply_one(set))?;
                error.count(&stacked.image, target, mask);
            }
        }
        Ok(errors)
    }

    /// Counts those of another pair, too, of the same networks.
    pub fn add(&mut self, other: &Self) {
        self.input.add(&other.input);
        for (all, more) in
            [(&mut self.float, &other.float), (&mut self.binarized, &other.binarized)]
        {
            if let Some(more) = more {
                all.get_or_insert_default().add(more);
            }
        }
    }
}
