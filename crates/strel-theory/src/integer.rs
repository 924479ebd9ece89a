//! A neuron on binary inputs as an exact comparison of integers.

use crate::{Neuron, TheoryError};

/// The binary digits that sums of weights may have in an `i128`.
const DIGITS: u32 = 126;

/// The neuron as (sum of w_k l_k > threshold) != complement, where the literal l_k is x_k, or its complement if
/// inverted, and every w_k >= 0.
///
/// Floats are dyadic rationals, hence integers in units of the last place of the finest weight. The bias is rounded to
/// such a unit without changing a comparison: W.x > b iff W.x > floor(b), and W.x < b iff not W.x > ceil(b) - 1.
pub(crate) struct IntegerNeuron {
    pub weights: Vec<i128>,
    pub threshold: i128,
    pub inverted: Vec<bool>,
    pub complement: bool,
}

impl IntegerNeuron {
    /// The exact form of a neuron with p != 0; an error if the sum of |weights| has more than 126 binary digits.
    pub fn new(neuron: &Neuron) -> Result<Self, TheoryError> {
        let parts: Vec<Dyadic> = neuron.weights().iter().map(|&w| Dyadic::new(w)).collect();
        let unit = parts.iter().filter(|w| w.mantissa != 0).map(|w| w.exponent).min().unwrap_or(0);
        let bits = parts.iter().map(|w| w.digits_above(unit)).max().unwrap_or(0)
            + parts.len().next_power_of_two().trailing_zeros();
        if bits > DIGITS {
            return Err(TheoryError::TooWide { bits, available: DIGITS });
        }
        let signed: Vec<i128> = parts.iter().map(|w| w.floor(unit)).collect();
        let total: i128 = signed.iter().map(|w| w.abs()).sum();
        let bias = Dyadic::new(neuron.bias());
        let complement = neuron.complements();
        let floor = if bias.digits_above(unit) > DIGITS {
            // Farther out than any sum.
            bias.mantissa.signum() * (total + 1)
        } else {
            bias.floor(unit)
        };
        let threshold = if complement && bias.is_multiple_of(unit) { floor - 1 } else { floor };
        let negative: i128 = signed.iter().filter(|w| **w < 0).map(|w| w.abs()).sum();
        Ok(Self {
            threshold: threshold + negative,
            inverted: signed.iter().map(|w| *w < 0).collect(),
            weights: signed.into_iter().map(i128::abs).collect(),
            complement,
        })
    }

    pub fn total(&self) -> i128 {
        self.weights.iter().sum()
    }
}

/// mantissa * 2^exponent, the mantissa odd or zero.
struct Dyadic {
    mantissa: i128,
    exponent: i32,
}

impl Dyadic {
    /// Exact for finite values.
    fn new(value: f64) -> Self {
        let bits = value.to_bits();
        let field = (bits >> 52 & 0x7ff) as i32;
        let fraction = i128::from(bits & ((1 << 52) - 1));
        let magnitude = if field == 0 { fraction } else { fraction | 1 << 52 };
        if magnitude == 0 {
            return Self { mantissa: 0, exponent: 0 };
        }
        let zeros = magnitude.trailing_zeros();
        let mantissa = (magnitude >> zeros) * if value < 0.0 { -1 } else { 1 };
        Self { mantissa, exponent: field.max(1) - 1075 + zeros as i32 }
    }

    /// The number of binary digits of the integer part in units of 2^unit.
    fn digits_above(&self, unit: i32) -> u32 {
        if self.mantissa == 0 {
            return 0;
        }
        let digits = 128 - self.mantissa.unsigned_abs().leading_zeros() as i32;
        (digits + self.exponent - unit).max(0) as u32
    }

    /// The largest integer at most this, in units of 2^unit; needs `digits_above` to fit.
    fn floor(&self, unit: i32) -> i128 {
        let shift = self.exponent - unit;
        if self.mantissa == 0 {
            0
        } else if shift >= 0 {
            self.mantissa << shift
        } else {
            self.mantissa >> (-shift).min(127)
        }
    }

    fn is_multiple_of(&self, unit: i32) -> bool {
        self.mantissa == 0 || self.exponent >= unit
    }
}
