//! Threshold gates: weighted counts of pixels.

use crate::{NetworkError, Place};

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
}
