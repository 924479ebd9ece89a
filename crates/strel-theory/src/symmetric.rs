//! Neurons and values in `[-1, 1]` as neurons and values in `[0, 1]`.
//!
//! The symmetric neurons SyBiSE and SyLUI (Aouad & Talbot 2023) compute y = tanh(p (W.x - b)) from inputs in `[-1, 1]`,
//! where -1 stands for 0. With x = 2 x' - 1 and y = 2 y' - 1 they are the neurons
//! y' = xi(2 p (W.x' - (b + sum W)/2)) of the other modules, xi being [`Threshold::Tanh`](crate::Threshold::Tanh): an
//! output y > 0 is an output y' > 1/2.

use crate::neuron::sum_and_error;
use crate::{AlmostBinary, Neuron, TheoryError};

impl<'a> Neuron<'a> {
    /// The neuron tanh(p (W.x - b)) with inputs and outputs in `[-1, 1]`, as a neuron of inputs and outputs in `[0, 1]`.
    ///
    /// The substitution x -> 2x - 1 leaves W, makes the bias (b + sum W)/2 and the scale 2p, with the tanh threshold.
    /// The bias is rounded, in a sum of n + 1 numbers: where W.x is within that error of b, the two neurons may differ.
    ///
    /// ```
    /// use strel_theory::{Activation, InputBounds, Neuron, SetOperator, activation};
    ///
    /// // Over {-1, 1} the sum of two inputs exceeds 1 where both are 1.
    /// let neuron = Neuron::symmetric(&[1.0, 1.0], 1.0, 3.0)?;
    /// let Activation::Activated(fit) = activation(&neuron, InputBounds::BINARY)? else { unreachable!() };
    /// assert_eq!(fit.operator, SetOperator::Erosion(vec![true, true]));
    /// # Ok::<(), strel_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Neuron::new`].
    pub fn symmetric(weights: &'a [f64], bias: f64, scale: f64) -> Result<Self, TheoryError> {
        let given = Self::new(weights, bias, scale)?;
        Self::new(weights, (bias + given.weight_sum()) / 2.0, 2.0 * scale)
    }
}

impl AlmostBinary {
    /// The bounds of values in `[-1, 1]` none of which lies strictly between `low` and `high`, as bounds of the values
    /// (x + 1)/2. Rounding makes the gap smaller, never larger.
    ///
    /// ```
    /// use strel_theory::AlmostBinary;
    ///
    /// assert_eq!(AlmostBinary::from_symmetric(-0.5, 0.75), AlmostBinary::new(0.25, 0.875));
    /// assert_eq!(AlmostBinary::from_symmetric(-1.0, 1.0), Ok(AlmostBinary::BINARY));
    /// ```
    ///
    /// # Errors
    /// [`TheoryError::SymmetricBounds`] unless `-1 <= low < high <= 1`, for NaN, and where rounding closes the gap.
    pub fn from_symmetric(low: f64, high: f64) -> Result<Self, TheoryError> {
        Self::new(sum_above(1.0, low) / 2.0, sum_below(1.0, high) / 2.0)
            .map_err(|_| TheoryError::SymmetricBounds { low, high })
    }

    /// The bounds (low, high) of the values 2x - 1 in `[-1, 1]`: none lies strictly between them. Rounding makes the gap
    /// smaller, never larger.
    ///
    /// ```
    /// use strel_theory::AlmostBinary;
    ///
    /// let bounds = AlmostBinary::new(0.25, 0.875)?;
    /// assert_eq!(bounds.to_symmetric(), (-0.5, 0.75));
    /// # Ok::<(), strel_theory::TheoryError>(())
    /// ```
    pub fn to_symmetric(self) -> (f64, f64) {
        (sum_above(2.0 * self.low(), -1.0), sum_below(2.0 * self.high(), -1.0))
    }
}

/// a + b, rounded upwards.
fn sum_above(a: f64, b: f64) -> f64 {
    let (sum, error) = sum_and_error(a, b);
    if error > 0.0 { sum.next_up() } else { sum }
}

/// a + b, rounded downwards.
fn sum_below(a: f64, b: f64) -> f64 {
    -sum_above(-a, -b)
}
