//! Smooth thresholds: increasing functions from the reals onto ]0, 1[.

use std::f64::consts::{FRAC_2_SQRT_PI, PI};
use std::{fmt, str::FromStr};

use crate::TheoryError;

/// A smooth threshold xi: increasing, xi(0) = 1/2, xi(-u) = 1 - xi(u).
///
/// Values keep their relative precision in the lower tail, where `tanh(u)/2 + 1/2` would cancel to 0.
///
/// ```
/// use strel_theory::Threshold;
///
/// let u = Threshold::Tanh.inverse(0.95);
/// assert!((Threshold::Tanh.value(u) - 0.95).abs() < 1e-15);
/// assert_eq!("erf".parse(), Ok(Threshold::Erf));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Threshold {
    /// tanh(u)/2 + 1/2.
    #[default]
    Tanh,
    /// 1/(1 + exp(-u)).
    Logistic,
    /// arctan(u)/pi + 1/2.
    Arctan,
    /// erf(u)/2 + 1/2.
    Erf,
}

impl Threshold {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Tanh, Self::Logistic, Self::Arctan, Self::Erf];

    /// xi(u), in `[0, 1]`; infinities give 0 and 1, NaN gives NaN.
    pub fn value(self, u: f64) -> f64 {
        match self {
            Self::Tanh => logistic(2.0 * u),
            Self::Logistic => logistic(u),
            // arctan(u) + pi/2 = arctan(-1/u) for u < 0.
            Self::Arctan if u < -1.0 => (-1.0 / u).atan() / PI,
            Self::Arctan => u.atan() / PI + 0.5,
            Self::Erf => libm::erfc(-u) / 2.0,
        }
    }

    /// xi'(u) >= 0.
    pub fn derivative(self, u: f64) -> f64 {
        match self {
            Self::Tanh => 2.0 * logistic(2.0 * u) * logistic(-2.0 * u),
            Self::Logistic => logistic(u) * logistic(-u),
            Self::Arctan => 1.0 / (PI * (1.0 + u * u)),
            Self::Erf => gaussian(u) / 2.0,
        }
    }

    /// The u with xi(u) = y, for y in ]0, 1[; 0 and 1 give infinities, anything else NaN.
    pub fn inverse(self, y: f64) -> f64 {
        match self {
            _ if !(0.0..=1.0).contains(&y) => f64::NAN,
            _ if y == 0.0 => f64::NEG_INFINITY,
            _ if y == 1.0 => f64::INFINITY,
            Self::Tanh => logit(y) / 2.0,
            Self::Logistic => logit(y),
            // Like `value`: the lower tail through 1/u.
            Self::Arctan if y < 0.25 => -1.0 / (PI * y).tan(),
            Self::Arctan => (PI * (y - 0.5)).tan(),
            Self::Erf if y > 0.5 => half_erfc_inverse(1.0 - y),
            Self::Erf => -half_erfc_inverse(y),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tanh => "tanh",
            Self::Logistic => "logistic",
            Self::Arctan => "arctan",
            Self::Erf => "erf",
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Threshold {
    type Err = TheoryError;

    fn from_str(name: &str) -> Result<Self, TheoryError> {
        let found = Self::ALL.into_iter().find(|threshold| threshold.name() == name);
        found.ok_or_else(|| TheoryError::UnknownThreshold(name.to_owned()))
    }
}

fn logistic(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

fn logit(y: f64) -> f64 {
    y.ln() - (-y).ln_1p()
}

/// 2/sqrt(pi) exp(-u^2), the derivative of erf.
fn gaussian(u: f64) -> f64 {
    FRAC_2_SQRT_PI * (-u * u).exp()
}

/// The z >= 0 with erfc(z)/2 = y, for 0 < y <= 1/2: Winitzki's approximation (2008), then Halley's iteration.
fn half_erfc_inverse(y: f64) -> f64 {
    const A: f64 = 0.147;
    let log = (4.0 * y).ln() + (-y).ln_1p();
    let half = 2.0 / (PI * A) + log / 2.0;
    let mut z = ((half * half - log / A).sqrt() - half).max(0.0).sqrt();
    for _ in 0..4 {
        let newton = (libm::erfc(z) - 2.0 * y) / gaussian(z);
        // Beyond z = 27 both terms underflow; the approximation stands.
        if newton.is_finite() {
            z += newton / (1.0 - z * newton);
        }
    }
    z
}
