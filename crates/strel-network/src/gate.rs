//! Threshold gates: weighted counts of pixels.

use strel_image::{
    BitImage, Border, Engine, GateTerm, ImageError, Operand, PlanBuilder, StructuringElement, erode,
};

use crate::{NetworkError, Place, WindowGate};

/// 1 iff the sum of the weights of the inputs that are 1 exceeds the threshold.
///
/// The absolute values of the weights sum to less than 2^63, so that no sum overflows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThresholdGate {
    /// One integer an input, of either sign.
    pub weights: Vec<i64>,
    /// The sum to exceed.
    pub threshold: i64,
}

impl ThresholdGate {
    /// Whether the sum of the weights of the inputs that are 1, one a weight, exceeds the threshold.
    pub fn apply(&self, inputs: &[bool]) -> bool {
        let on = self.weights.iter().zip(inputs).filter(|(_, input)| **input);
        on.map(|(weight, _)| weight).sum::<i64>() > self.threshold
    }

    pub(crate) fn check(&self, place: Place) -> Result<(), NetworkError> {
        let sizes = || self.weights.iter().map(|weight| weight.unsigned_abs());
        match sizes().try_fold(0, u64::checked_add) {
            Some(total) if i64::try_from(total).is_ok() => Ok(()),
            _ => Err(NetworkError::GateTooHeavy { place }),
        }
    }

    /// The gate on the pixels of several images, each with the number of its weight.
    pub(crate) fn apply_to_channels(
        &self,
        images: &[(usize, BitImage)],
        size: (usize, usize),
    ) -> BitImage {
        let taps = images.iter().map(|(input, image)| Tap {
            image,
            offset: (0, 0),
            weight: self.weights[*input],
        });
        gate(taps.collect(), self.threshold, Border::Zero, size)
    }
}

impl WindowGate {
    pub(crate) fn apply(&self, image: &BitImage, border: Border) -> BitImage {
        let weights = self.gate.weights.iter();
        let taps =
            self.offsets().zip(weights).map(|(offset, &weight)| Tap { image, offset, weight });
        gate(taps.collect(), self.gate.threshold, border, image.size())
    }
}

/// An image's pixel at an offset, and what it adds to the sum if it is 1.
struct Tap<'a> {
    image: &'a BitImage,
    offset: (isize, isize),
    weight: i64,
}

/// The pixels at which the sum of what the taps read exceeds the threshold.
fn gate(mut taps: Vec<Tap>, threshold: i64, border: Border, size: (usize, usize)) -> BitImage {
    let sum_of = |sign| taps.iter().map(|tap| tap.weight).filter(|w| w.signum() == sign).sum();
    let (least, most): (i64, i64) = (sum_of(-1), sum_of(1));
    if !(least..most).contains(&threshold) {
        return BitImage::filled(size.0, size.1, threshold < least);
    }
    taps.retain(|tap| tap.weight != 0);
    match narrow(&taps, threshold, border) {
        Ok(result) => result,
        Err(_) => wide(&taps, threshold.abs_diff(least), border, size),
    }
}

/// The gate by the image engine, which counts to 2^32.
fn narrow(taps: &[Tap], threshold: i64, border: Border) -> Result<BitImage, ImageError> {
    let mut plan = PlanBuilder::new(border);
    let mut images: Vec<&BitImage> = taps.iter().map(|tap| tap.image).collect();
    images.dedup_by(|left, right| std::ptr::eq(*left, *right));
    let operands: Vec<Operand> = images.iter().map(|_| plan.input()).collect();
    let term = |tap: &Tap| {
        let place = images.iter().position(|image| std::ptr::eq(*image, tap.image));
        let total = tap.weight.unsigned_abs();
        let weight = i32::try_from(tap.weight).map_err(|_| ImageError::GateTooHeavy { total })?;
        let operand = operands[place.expect("every tap's image is listed")];
        Ok(GateTerm { operand, offset: tap.offset, weight })
    };
    let terms: Result<Vec<GateTerm>, ImageError> = taps.iter().map(term).collect();
    let output = plan.gate(&terms?, threshold + 1)?;
    Ok(plan.finish(&[output]).run(&Engine::default(), &images)?.remove(0))
}

/// The gate for weights of any size, where sums are counted from the least one: an image for each
/// binary digit of the sums.
fn wide(taps: &[Tap], threshold: u64, border: Border, (height, width): (usize, usize)) -> BitImage {
    let mut digits = vec![BitImage::new(height, width); i64::BITS as usize];
    for tap in taps {
        let element = StructuringElement::from_offsets([tap.offset]).expect("a window has a size");
        let mut addend = erode(tap.image, &element, border);
        // A negative weight on x is a positive one on its complement, less a constant.
        if tap.weight < 0 {
            addend.complement_in_place();
        }
        let weight = tap.weight.unsigned_abs();
        let levels = (0..digits.len()).filter(|level| weight >> level & 1 == 1);
        levels.for_each(|level| add(&mut digits[level..], addend.clone()));
    }
    let none = BitImage::new(height, width);
    digits.iter().enumerate().fold(none, |exceeds, (level, digit)| {
        let join =
            if threshold >> level & 1 == 1 { BitImage::intersection } else { BitImage::union };
        join(&exceeds, digit).expect("images of one size")
    })
}

/// Adds an image to a sum in binary digits, least first.
fn add(digits: &mut [BitImage], mut carry: BitImage) {
    for digit in digits {
        if carry.count_ones() == 0 {
            return;
        }
        let next = digit.intersection(&carry).expect("images of one size");
        digit.symmetric_difference_with(&carry).expect("images of one size");
        carry = next;
    }
}
