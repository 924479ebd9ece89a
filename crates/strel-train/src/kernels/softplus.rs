//! The softplus `ln(1 + exp(v))`, which makes positive numbers of any.

use pulp::Simd;

use super::threshold::{exp, logistic};
use super::vectors::Elementwise;

/// `ln(1 + exp(v))`, within 4e-7 of the exact value, relative, for numbers of at least -87; below, that of -87,
/// which is the least positive number but for denormal ones.
#[derive(Clone, Copy)]
pub struct Softplus;

/// Its derivative `1 / (1 + exp(-v))`, as precise.
#[derive(Clone, Copy)]
pub struct SoftplusSlope;

impl Elementwise for Softplus {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, v: S::f32s) -> S::f32s {
        let [zero, limit] = [0.0, 87.0].map(|value| simd.splat_f32s(value));
        let size = simd.abs_f32s(v);
        let is_large = simd.greater_than_f32s(size, limit);
        let exponent = simd.neg_f32s(simd.select_f32s(is_large, limit, size));
        let is_positive = simd.greater_than_f32s(v, zero);
        let rest = ln_1p(simd, exp(simd, exponent));
        simd.add_f32s(simd.select_f32s(is_positive, v, zero), rest)
    }
}

impl Elementwise for SoftplusSlope {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, v: S::f32s) -> S::f32s {
        logistic(simd, simd.neg_f32s(v))
    }
}

/// `ln(1 + t)` for `t` in `[0, 1]`: `2 artanh(s)` with `s = t / (2 + t)`, at most 1/3.
#[inline(always)]
fn ln_1p<S: Simd>(simd: S, t: S::f32s) -> S::f32s {
    // What is left out of the series is below 2e-8 of it.
    const SERIES: [f32; 6] = [2.0 / 11.0, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0, 2.0];
    let s = simd.div_f32s(t, simd.add_f32s(simd.splat_f32s(2.0), t));
    let square = simd.mul_f32s(s, s);
    let mut sum = simd.splat_f32s(2.0 / 13.0);
    for term in SERIES {
        sum = simd.mul_add_e_f32s(sum, square, simd.splat_f32s(term));
    }
    simd.mul_f32s(s, sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::instructions::arch;
    use crate::kernels::vectors::map;

    fn values(f: impl Elementwise, v: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; v.len()];
        map(arch(), f, v, &mut out);
        out
    }

    #[test]
    fn agrees_with_double_precision() {
        let v: Vec<f32> = (-86_999..=87_000).map(|i| i as f32 * 1e-3).collect();
        let slopes = values(SoftplusSlope, &v);
        for ((&v, found), slope) in v.iter().zip(values(Softplus, &v)).zip(slopes) {
            let power = f64::from(v).exp();
            for (found, exact) in [(found, power.ln_1p()), (slope, power / (1.0 + power))] {
                let error = (f64::from(found) - exact).abs() / exact;
                assert!(error <= 4e-7, "of {v}: {found}, not {exact}: off by {error:e}");
            }
        }
    }

    #[test]
    fn is_finite_and_positive_of_all_numbers_and_nothing_else() {
        let found = values(Softplus, &[f32::MIN, -88.0, f32::MAX, f32::NAN, -87.0]);
        assert_eq!(found[..3], [found[4], found[4], f32::MAX]);
        assert!(found[0] > 0.0 && found[3].is_nan());
    }
}
