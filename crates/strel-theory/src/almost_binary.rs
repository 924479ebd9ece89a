//! Almost binary values: no value between two bounds.

use crate::TheoryError;

/// Bounds `0 <= low < high <= 1` such that no value lies strictly between `low` and `high`.
///
/// Values of at most `low` stand for 0, values of at least `high` for 1. Smooth thresholds never reach 0 and 1, so the
/// outputs of neurons are almost binary at best (Aouad & Talbot 2023, where the bounds are v1 and v2).
///
/// ```
/// use strel_theory::AlmostBinary;
///
/// let sharp = AlmostBinary::new(0.1, 0.8)?;
/// let vague = AlmostBinary::new(0.3, 0.9)?;
/// assert_eq!(sharp.merge(vague)?, AlmostBinary::new(0.3, 0.8)?);
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlmostBinary {
    low: f64,
    high: f64,
}

impl AlmostBinary {
    /// Values that are 0 or 1 exactly.
    pub const BINARY: Self = Self { low: 0.0, high: 1.0 };

    /// Bounds, in the order `0 <= low < high <= 1`.
    ///
    /// # Errors
    /// [`TheoryError::Bounds`] for any other order, and for NaN.
    pub fn new(low: f64, high: f64) -> Result<Self, TheoryError> {
        if 0.0 <= low && low < high && high <= 1.0 {
            Ok(Self { low, high })
        } else {
            Err(TheoryError::Bounds { low, high })
        }
    }

    /// The largest value that stands for 0.
    pub fn low(self) -> f64 {
        self.low
    }

    /// The smallest value that stands for 1.
    pub fn high(self) -> f64 {
        self.high
    }

    /// The bounds of `1 - x`.
    ///
    /// # Errors
    /// [`TheoryError::Bounds`] where rounding makes the two bounds equal.
    pub fn complement(self) -> Result<Self, TheoryError> {
        Self::new(1.0 - self.high, 1.0 - self.low)
    }

    /// The bounds that hold for the values of both: the larger `low`, the smaller `high`.
    ///
    /// # Errors
    /// [`TheoryError::Bounds`] where no gap is left between them.
    pub fn merge(self, other: Self) -> Result<Self, TheoryError> {
        Self::new(self.low.max(other.low), self.high.min(other.high))
    }

    /// The bounds of these values after an error of at most `by >= 0`, clipped to `[0, 1]`.
    ///
    /// # Errors
    /// [`TheoryError::Bounds`] where no gap is left, and for NaN.
    pub fn widen(self, by: f64) -> Result<Self, TheoryError> {
        Self::new((self.low + by).max(0.0), (self.high - by).min(1.0))
    }
}

/// What is known of the inputs of one neuron.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InputBounds<'a> {
    /// The same bounds for every input.
    Uniform(AlmostBinary),
    /// One pair of bounds an input, in the order of the weights.
    Each(&'a [AlmostBinary]),
}

impl InputBounds<'_> {
    /// Inputs that are 0 or 1 exactly.
    pub const BINARY: Self = Self::Uniform(AlmostBinary::BINARY);

    /// The bounds of input `index`; exactly binary where none are given.
    pub fn get(&self, index: usize) -> AlmostBinary {
        match self {
            Self::Uniform(bounds) => *bounds,
            Self::Each(bounds) => bounds.get(index).copied().unwrap_or(AlmostBinary::BINARY),
        }
    }

    pub(crate) fn check_len(&self, expected: usize) -> Result<(), TheoryError> {
        match self {
            Self::Each(bounds) if bounds.len() != expected => {
                Err(TheoryError::Length { what: "input bounds", expected, found: bounds.len() })
            }
            _ => Ok(()),
        }
    }
}

impl From<AlmostBinary> for InputBounds<'_> {
    fn from(bounds: AlmostBinary) -> Self {
        Self::Uniform(bounds)
    }
}

impl<'a> From<&'a [AlmostBinary]> for InputBounds<'a> {
    fn from(bounds: &'a [AlmostBinary]) -> Self {
        Self::Each(bounds)
    }
}
