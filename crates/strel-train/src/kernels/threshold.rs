//! Smooth thresholds, a vector at a time.

use pulp::{Arch, Simd};
use strel_theory::Threshold;

use super::vectors::{Elementwise, map, multiply};

/// The factor by which a smooth threshold is a hyperbolic tangent, `xi(u) = tanh(factor u) / 2 + 1 / 2`; none
/// where it is not.
pub fn tanh_factor(threshold: Threshold) -> Option<f32> {
    match threshold {
        Threshold::Tanh => Some(1.0),
        Threshold::Logistic => Some(0.5),
        Threshold::Arctan | Threshold::Erf => None,
    }
}

/// Writes `xi(u)` for each `u`.
pub fn write_values(arch: Arch, threshold: Threshold, u: &[f32], y: &mut [f32]) {
    match tanh_factor(threshold) {
        Some(scale) => map(arch, Tanh { bias: 0.0, scale }, u, y),
        None => y.iter_mut().zip(u).for_each(|(y, &u)| *y = threshold.value(f64::from(u)) as f32),
    }
}

/// Multiplies factors by `xi'(u)` for each `u`.
pub fn multiply_by_slopes(arch: Arch, threshold: Threshold, u: &[f32], factors: &mut [f32]) {
    match tanh_factor(threshold) {
        Some(factor) => multiply(arch, TanhSlope { factor }, u, factors),
        None => {
            let factors = factors.iter_mut().zip(u);
            factors.for_each(|(factor, &u)| *factor *= threshold.derivative(f64::from(u)) as f32);
        }
    }
}

/// `p (sum - b)`.
#[derive(Clone, Copy)]
pub struct Excess {
    /// b.
    pub bias: f32,
    /// p.
    pub scale: f32,
}

impl Elementwise for Excess {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, sum: S::f32s) -> S::f32s {
        let excess = simd.sub_f32s(sum, simd.splat_f32s(self.bias));
        simd.mul_f32s(excess, simd.splat_f32s(self.scale))
    }
}

/// 1 for a positive number, else 0.
#[derive(Clone, Copy)]
pub struct Hard;

impl Elementwise for Hard {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, u: S::f32s) -> S::f32s {
        let [zero, one] = [0.0, 1.0].map(|value| simd.splat_f32s(value));
        simd.select_f32s(simd.greater_than_f32s(u, zero), one, zero)
    }
}

/// The derivative of `tanh(factor u) / 2 + 1 / 2`.
#[derive(Clone, Copy)]
struct TanhSlope {
    factor: f32,
}

impl Elementwise for TanhSlope {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, u: S::f32s) -> S::f32s {
        let y = logistic(simd, simd.mul_f32s(u, simd.splat_f32s(-2.0 * self.factor)));
        let rest = simd.sub_f32s(simd.splat_f32s(1.0), y);
        simd.mul_f32s(simd.mul_f32s(y, rest), simd.splat_f32s(2.0 * self.factor))
    }
}

/// `tanh(p (sum - b)) / 2 + 1 / 2`.
#[derive(Clone, Copy)]
pub struct Tanh {
    /// b.
    pub bias: f32,
    /// p.
    pub scale: f32,
}

impl Elementwise for Tanh {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, sum: S::f32s) -> S::f32s {
        let excess = simd.sub_f32s(sum, simd.splat_f32s(self.bias));
        logistic(simd, simd.mul_f32s(excess, simd.splat_f32s(-2.0 * self.scale)))
    }
}

/// `1 / (1 + exp(v)) = xi(-v / 2)`, within 3e-7 of the exact value, relative.
#[inline(always)]
pub fn logistic<S: Simd>(simd: S, v: S::f32s) -> S::f32s {
    let one = simd.splat_f32s(1.0);
    simd.div_f32s(one, simd.add_f32s(one, exp(simd, clamp(simd, v, 87.0))))
}

/// `v` in `[-limit, limit]`; NaN stays.
#[inline(always)]
fn clamp<S: Simd>(simd: S, v: S::f32s, limit: f32) -> S::f32s {
    let (low, high) = (simd.splat_f32s(-limit), simd.splat_f32s(limit));
    let v = simd.select_f32s(simd.greater_than_f32s(v, high), high, v);
    simd.select_f32s(simd.greater_than_f32s(low, v), low, v)
}

/// `exp(v)` for `v` in `[-87, 87]`: `2^n * exp(r)` with `r` in `[-ln(2) / 2, ln(2) / 2]` and a
/// polynomial for `exp(r)`.
#[inline(always)]
pub fn exp<S: Simd>(simd: S, v: S::f32s) -> S::f32s {
    // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum.
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let splat = |value| simd.splat_f32s(value);
    let shifted = simd.mul_add_e_f32s(v, splat(std::f32::consts::LOG2_E), splat(ROUND));
    let n = simd.sub_f32s(shifted, splat(ROUND));
    let r = simd.mul_add_e_f32s(n, splat(-LN2_HIGH), v);
    let r = simd.mul_add_e_f32s(n, splat(-LN2_LOW), r);
    // The Taylor polynomial of degree 7: its error on |r| <= ln(2) / 2 is below 1e-8.
    const TAYLOR: [f32; 7] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let mut p = splat(1.0 / 5040.0);
    for coefficient in TAYLOR {
        p = simd.mul_add_e_f32s(p, r, splat(coefficient));
    }
    let exponent =
        simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(shifted), simd.splat_u32s(23));
    let power = simd.add_u32s(exponent, simd.splat_u32s(1.0f32.to_bits()));
    simd.mul_f32s(p, simd.transmute_f32s_u32s(power))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::instructions::arch;
    use crate::kernels::vectors::map;

    fn smooth(u: [f32; 16]) -> [f32; 16] {
        let mut y = [0.0; 16];
        map(arch(), Tanh { bias: 0.0, scale: 1.0 }, &u, &mut y);
        y
    }

    #[test]
    fn agrees_with_tanh_in_double_precision() {
        for i in -40_000..=40_000 {
            let u = i as f32 * 1e-3;
            let exact = 1.0 / (1.0 + (-2.0 * f64::from(u)).exp());
            let error = (f64::from(smooth([u; 16])[3]) - exact).abs();
            assert!(error <= 3e-7 * exact, "xi({u}): off by {error:e}");
        }
    }

    #[test]
    fn is_a_half_at_zero_and_saturates_without_nan() {
        assert_eq!(smooth([0.0; 16]), [0.5; 16]);
        assert_eq!(smooth([f32::INFINITY; 16]), [1.0; 16]);
        assert!(smooth([f32::NEG_INFINITY; 16])[0] < 1e-37);
        assert!(smooth([f32::NAN; 16])[0].is_nan());
    }

    #[test]
    fn values_and_slopes_are_those_of_the_definition() {
        let u: Vec<f32> = (-99..=99).map(|i| i as f32 / 12.0).collect();
        for threshold in Threshold::ALL {
            let (mut y, mut slopes) = (vec![0.0; u.len()], vec![3.0; u.len()]);
            write_values(arch(), threshold, &u, &mut y);
            multiply_by_slopes(arch(), threshold, &u, &mut slopes);
            for (i, &u) in u.iter().enumerate() {
                let (value, slope) =
                    (threshold.value(f64::from(u)), threshold.derivative(f64::from(u)));
                assert!((f64::from(y[i]) - value).abs() < 4e-7 * value, "{threshold} of {u}");
                let error = (f64::from(slopes[i]) - 3.0 * slope).abs();
                assert!(error < 1e-6, "{threshold}' of {u}: off by {error:e}");
            }
        }
    }

    #[test]
    fn above_a_half_is_above_zero() {
        let mut y = [f32::NAN; 4];
        map(arch(), Hard, &[-1.0, 0.0, 1e-30, 2.0], &mut y);
        assert_eq!(y, [0.0, 0.0, 1.0, 1.0]);
    }
}
