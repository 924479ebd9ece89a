//! One neuron: y = xi(p (W.x - b)).

use crate::TheoryError;
use crate::error::check_weights;

/// A view of one neuron, y = xi(p (W.x - b)), whose numbers are known to be finite.
///
/// Its binary output is 1 iff y > 1/2. A tie W.x = b gives y = 1/2, hence 0 *whatever the sign of p*: where ties occur,
/// the neuron with p < 0 is not the complement of the neuron with p > 0. A neuron with p = 0 always outputs 0.
///
/// ```
/// use strel_theory::Neuron;
///
/// let neuron = Neuron::new(&[1.0, 1.0], 1.0, 2.0)?;
/// assert!(neuron.output(&[1.0, 1.0]));
/// assert!(!neuron.output(&[1.0, 0.0])); // a tie
/// assert!(Neuron::new(&[f64::NAN], 1.0, 2.0).is_err());
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neuron<'a> {
    weights: &'a [f64],
    bias: f64,
    scale: f64,
    /// sum |W| + |b|.
    magnitude: f64,
}

impl<'a> Neuron<'a> {
    /// Weights W of any signs, bias b, scale p; inputs are in `[0, 1]`.
    ///
    /// # Errors
    /// A weight, the bias or the scale is NaN or infinite, or the sum of their absolute values overflows.
    pub fn new(weights: &'a [f64], bias: f64, scale: f64) -> Result<Self, TheoryError> {
        check_weights(weights)?;
        for (name, value) in [("bias", bias), ("scale", scale)] {
            if !value.is_finite() {
                return Err(TheoryError::Parameter { name, value });
            }
        }
        let magnitude = weights.iter().map(|w| w.abs()).sum::<f64>() + bias.abs();
        // Twice, so that sums and differences of sums stay finite.
        if !(2.0 * magnitude).is_finite() {
            return Err(TheoryError::Overflow);
        }
        Ok(Self { weights, bias, scale, magnitude })
    }

    /// The weights W.
    pub fn weights(&self) -> &'a [f64] {
        self.weights
    }

    /// The bias b.
    pub fn bias(&self) -> f64 {
        self.bias
    }

    /// The scale p.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Whether the neuron complements its operator: p < 0.
    pub fn complements(&self) -> bool {
        self.scale < 0.0
    }

    /// sum W.
    pub fn weight_sum(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// W.x - b for an input a weight. Cost O(n).
    pub fn preactivation(&self, inputs: &[f64]) -> f64 {
        dot(self.weights, inputs) - self.bias
    }

    /// Whether y > 1/2: W.x > b for p > 0, W.x < b for p < 0, never for p = 0. For binary inputs the sum is compared as if
    /// it were exact, ties included. Cost O(n), unless W.x is within rounding of b: O(n) for each overlap of sizes then.
    pub fn output(&self, inputs: &[f64]) -> bool {
        const UNIT_ROUNDOFF: f64 = f64::EPSILON / 2.0;
        let rounded = self.preactivation(inputs);
        let sum = if rounded.abs() > self.evaluation_error(UNIT_ROUNDOFF) + f64::MIN_POSITIVE {
            rounded
        } else {
            let products = self.weights.iter().zip(inputs).map(|(w, x)| w * x);
            leading_part(products.chain([-self.bias]))
        };
        // Signs are compared, for a product with a tiny p could round to 0.
        (self.scale > 0.0 && sum > 0.0) || (self.scale < 0.0 && sum < 0.0)
    }

    /// A bound on the error of W.x - b for inputs in `[0, 1]`, computed in any order with this unit roundoff
    /// (2^-24 for `f32`, 2^-53 for `f64`): an activated neuron with a larger margin keeps its output in that arithmetic.
    pub fn evaluation_error(&self, unit_roundoff: f64) -> f64 {
        let operations = (self.weights.len() + 2) as f64 * unit_roundoff;
        // The bound nu/(1 - nu) of Higham (2002); useless, hence infinite, from nu = 1 on.
        if operations < 1.0 {
            operations / (1.0 - operations) * self.magnitude
        } else {
            f64::INFINITY
        }
    }
}

/// W.x as eight interleaved sums, which a processor adds side by side.
fn dot(weights: &[f64], inputs: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (weights, rest) = weights.as_chunks::<LANES>();
    let (inputs, last) = inputs.split_at(inputs.len().min(weights.len() * LANES));
    for (weights, inputs) in weights.iter().zip(inputs.as_chunks::<LANES>().0) {
        for (sum, (w, x)) in sums.iter_mut().zip(weights.iter().zip(inputs)) {
            *sum += w * x;
        }
    }
    sums.iter().sum::<f64>() + rest.iter().zip(last).map(|(w, x)| w * x).sum::<f64>()
}

/// A number with the sign of the exact sum: the largest of parts that do not overlap and have the same sum (Shewchuk,
/// "Adaptive Precision Floating-Point Arithmetic", 1997).
fn leading_part(terms: impl Iterator<Item = f64>) -> f64 {
    let mut parts: Vec<f64> = Vec::new();
    for term in terms {
        let mut sum = term;
        for part in &mut parts {
            (sum, *part) = sum_and_error(sum, *part);
        }
        parts.push(sum);
        parts.retain(|part| *part != 0.0);
    }
    parts.last().copied().unwrap_or(0.0)
}

/// a + b, rounded, and the rest, exactly.
pub(crate) fn sum_and_error(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let second = sum - a;
    (sum, (a - (sum - second)) + (b - second))
}
