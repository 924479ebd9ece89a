//! The softplus, which makes positive numbers of any.

use rayon::prelude::*;

use super::exp::exp;
use super::sigmoid::smooth_threshold;
use super::vectorized::vectorized;

/// Numbers that a thread takes at a time.
const CHUNK: usize = 1 << 14;

/// `ln(1 + exp(v))` of each number, within 4e-7 of the exact value, relative, for numbers of at least -87;
/// below, that of -87, which is the least positive number but for denormal ones.
pub fn softplus(v: &[f32]) -> Vec<f32> {
    let mut positive = vec![0.0; v.len()];
    let chunks = positive.par_chunks_mut(CHUNK).zip(v.par_chunks(CHUNK));
    chunks.for_each(|(positive, v)| {
        vectorized(
            #[inline(always)]
            || positive.iter_mut().zip(v).for_each(|(positive, &v)| *positive = value(v)),
        )
    });
    positive
}

/// The gradient for `v` of a loss, given that for [`softplus`], `slopes`.
pub fn softplus_backward(v: &[f32], slopes: &[f32]) -> Vec<f32> {
    let mut found = vec![0.0; v.len()];
    let chunks = found.par_chunks_mut(CHUNK).zip(v.par_chunks(CHUNK));
    chunks.zip(slopes.par_chunks(CHUNK)).for_each(|((found, v), slopes)| {
        vectorized(
            #[inline(always)]
            || {
                let numbers = found.iter_mut().zip(v).zip(slopes);
                // The derivative is 1 / (1 + exp(-v)).
                numbers.for_each(|((found, &v), slope)| *found = slope * smooth_threshold(v / 2.0));
            },
        )
    });
    found
}

#[inline(always)]
fn value(v: f32) -> f32 {
    v.max(0.0) + ln_1p(exp((-v.abs()).clamp(-87.0, 0.0)))
}

/// `ln(1 + t)` for `t` in `[0, 1]`: `2 artanh(s)` with `s = t / (2 + t)`, at most 1/3.
#[inline(always)]
fn ln_1p(t: f32) -> f32 {
    let s = t / (2.0 + t);
    let square = s * s;
    // What is left out of the series is below 2e-8 of it.
    let series = 2.0 / 13.0;
    let series = series * square + 2.0 / 11.0;
    let series = series * square + 2.0 / 9.0;
    let series = series * square + 2.0 / 7.0;
    let series = series * square + 2.0 / 5.0;
    let series = series * square + 2.0 / 3.0;
    let series = series * square + 2.0;
    s * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_double_precision() {
        let v: Vec<f32> = (-86_999..=87_000).map(|i| i as f32 * 1e-3).collect();
        let slopes = softplus_backward(&v, &vec![1.0; v.len()]);
        for ((&v, found), slope) in v.iter().zip(softplus(&v)).zip(slopes) {
            let power = f64::from(v).exp();
            for (found, exact) in [(found, power.ln_1p()), (slope, power / (1.0 + power))] {
                let error = (f64::from(found) - exact).abs() / exact;
                assert!(error <= 4e-7, "of {v}: {found}, not {exact}: off by {error:e}");
            }
        }
    }

    #[test]
    fn is_finite_and_positive_of_all_numbers_and_nothing_else() {
        let found = softplus(&[f32::MIN, -88.0, f32::MAX, f32::NAN]);
        assert_eq!(found[..3], [value(-87.0), value(-87.0), f32::MAX]);
        assert!(found[0] > 0.0 && found[3].is_nan());
    }
}
