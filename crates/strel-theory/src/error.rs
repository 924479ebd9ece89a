//! The one error type of this crate.

use thiserror::Error;

use crate::{Fit, Operation};

/// What can be wrong with a neuron, with its bounds, or with a request about them.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TheoryError {
    /// A weight is NaN or infinite.
    #[error("weight {index} is {value}, expected a finite number")]
    Weight {
        /// Position in the slice of weights.
        index: usize,
        /// What was found there.
        value: f64,
    },
    /// The bias or the scale is NaN or infinite.
    #[error("the {name} is {value}, expected a finite number")]
    Parameter {
        /// `"bias"` or `"scale"`.
        name: &'static str,
        /// What it was.
        value: f64,
    },
    /// Every weight is finite, but their sum is too large for an `f64`.
    #[error("the sum of |weights| and |bias| overflows: rescale the neuron")]
    Overflow,
    /// Bounds of almost binary values must satisfy `0 <= low < high <= 1`.
    #[error("almost binary bounds ({low}, {high}): expected 0 <= low < high <= 1")]
    Bounds {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
    /// Bounds of almost binary values in `[-1, 1]` must satisfy `-1 <= low < high <= 1`.
    #[error("almost binary bounds ({low}, {high}): expected -1 <= low < high <= 1")]
    SymmetricBounds {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
    /// The output of a neuron is not almost binary around 1/2.
    #[error(
        "output bounds ({low}, {high}) do not separate at 1/2: the neuron is not activated, or |p| is too small"
    )]
    NotSeparated {
        /// The bound of the outputs that should be 0.
        low: f64,
        /// The bound of the outputs that should be 1.
        high: f64,
    },
    /// Two slices that go together have different lengths.
    #[error("{what}: {found} values for {expected} weights")]
    Length {
        /// Which slice.
        what: &'static str,
        /// The number of weights.
        expected: usize,
        /// The length found.
        found: usize,
    },
    /// Exact binarization was asked for and the neuron is no operator.
    #[error(
        "not activated: the nearest {} misses by {}, the nearest {} by {}",
        Operation::Dilation, .dilation.miss(), Operation::Erosion, .erosion.miss()
    )]
    NotActivated {
        /// The dilation that comes nearest.
        dilation: Box<Fit>,
        /// The erosion that comes nearest.
        erosion: Box<Fit>,
    },
    /// No lossless form was found: too many sets, too many sums, and integer weights of too many digits.
    #[error(
        "no lossless form: the weights need {bits} bits as exact integers, more than the {available} available"
    )]
    TooWide {
        /// The number of binary digits of the sum of the weights, in units of their last place.
        bits: u32,
        /// The number of digits that can be handled.
        available: u32,
    },
    /// A threshold function has an unknown name.
    #[error("unknown threshold function {0:?}: expected tanh, logistic, arctan or erf")]
    UnknownThreshold(String),
}

/// Refuses the first NaN or infinity, and sums that overflow.
pub(crate) fn check_weights(weights: &[f64]) -> Result<(), TheoryError> {
    if let Some((index, &value)) = weights.iter().enumerate().find(|(_, w)| !w.is_finite()) {
        return Err(TheoryError::Weight { index, value });
    }
    let sum: f64 = weights.iter().map(|w| w.abs()).sum();
    if sum.is_finite() { Ok(()) } else { Err(TheoryError::Overflow) }
}
