//! Adam, in one pass.

use rayon::prelude::*;

use super::vectorized::vectorized;

/// What a step of Adam multiplies by and adds; the same for all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep {
    /// What is kept of the mean gradient.
    pub beta_1: f32,
    /// What is kept of the mean squared gradient.
    pub beta_2: f32,
    /// What makes the mean gradient a step in the parameters, but for the learning rate: both means
    /// begin at 0, which is made up for here.
    pub factor: f32,
    /// What is added to the root of the mean squared gradient.
    pub epsilon: f32,
    /// The learning rate.
    pub rate: f32,
}

impl AdamStep {
    /// Of the step with this number, counted from 1, for the epsilon of Adam's paper (Kingma & Ba 2015),
    /// algorithm 1.
    pub fn new(time: usize, rate: f64, (beta_1, beta_2): (f32, f32), epsilon: f32) -> Self {
        let root = (1.0 - beta_2.powi(time as i32)).sqrt();
        let factor = root / (1.0 - beta_1.powi(time as i32));
        AdamStep { beta_1, beta_2, factor, epsilon: epsilon * root, rate: rate as f32 }
    }
}

/// Parameters that a thread takes at a time.
const CHUNK: usize = 1 << 14;

/// Moves parameters along their gradient, and the means of it and of its square, in place.
///
/// Every number is rounded as by Burn's own operations, one after the other: parameters get the same bits. Means
/// that are not 0 but below all normal numbers become 0, which moves no parameter: without a gradient they would get
/// there in 830 steps and stay, and processors take many times as long for them.
pub fn adam_step(
    step: AdamStep,
    parameters: &mut [f32],
    gradient: &[f32],
    mean: &mut [f32],
    square: &mut [f32],
) {
    let AdamStep { beta_1, beta_2, factor, epsilon, rate } = step;
    let (share_1, share_2) = (1.0 - beta_1, 1.0 - beta_2);
    let means = mean.par_chunks_mut(CHUNK).zip(square.par_chunks_mut(CHUNK));
    let chunks = parameters.par_chunks_mut(CHUNK).zip(gradient.par_chunks(CHUNK)).zip(means);
    chunks.for_each(|((w, g), (m, v))| {
        vectorized(
            #[inline(always)]
            || {
                for (((w, g), m), v) in w.iter_mut().zip(g).zip(m.iter_mut()).zip(v.iter_mut()) {
                    *m = normal(*m * beta_1 + g * share_1);
                    *v = normal(*v * beta_2 + g * g * share_2);
                    *w -= *m * factor / (v.sqrt() + epsilon) * rate;
                }
            },
        )
    });
}

/// The number, or 0 if it is a denormal one.
#[inline(always)]
fn normal(value: f32) -> f32 {
    if value.abs() < f32::MIN_POSITIVE { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_end_at_zero() {
        let (mut w, mut m, mut v) = ([1.0], [0.5], [0.25]);
        for time in 1..=900 {
            let step = AdamStep::new(time, 1e-3, (0.9, 0.5), 1e-8);
            adam_step(step, &mut w, &[0.0], &mut m, &mut v);
            assert!(m[0] == 0.0 || m[0].is_normal(), "{m:?} after {time} steps");
            assert!(v[0] == 0.0 || v[0].is_normal(), "{v:?} after {time} steps");
        }
        assert_eq!((m, v), ([0.0], [0.0]));
    }

    #[test]
    fn what_is_not_a_number_stays() {
        let (mut w, mut m, mut v) = ([1.0], [0.0], [0.0]);
        adam_step(AdamStep::new(1, 1e-3, (0.9, 0.999), 1e-8), &mut w, &[f32::NAN], &mut m, &mut v);
        assert!(w[0].is_nan() && m[0].is_nan() && v[0].is_nan());
    }
}
