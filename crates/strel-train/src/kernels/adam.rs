//! Adam (Kingma & Ba 2015), in one pass.

use pulp::{Simd, WithSimd};

use super::instructions::arch;

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
    /// Of the step with this number, counted from 1, with the constants of Adam's paper, algorithm 1.
    pub fn new(time: u64, rate: f64) -> Self {
        const BETA_1: f64 = 0.9;
        const BETA_2: f64 = 0.999;
        const EPSILON: f64 = 1e-8;
        // Below the normal numbers long before this.
        let time = time.min(1 << 20) as i32;
        let root = (1.0 - BETA_2.powi(time)).sqrt();
        AdamStep {
            beta_1: BETA_1 as f32,
            beta_2: BETA_2 as f32,
            factor: (root / (1.0 - BETA_1.powi(time))) as f32,
            epsilon: (EPSILON * root) as f32,
            rate: rate as f32,
        }
    }

    /// A step that moves nothing, after which the mean gradient is the gradient itself.
    pub fn probe() -> Self {
        AdamStep { beta_1: 0.0, beta_2: 0.0, factor: 1.0, epsilon: 1.0, rate: 0.0 }
    }

    /// Moves parameters along their gradient, and the means of it and of its square, in place.
    ///
    /// Means that are not 0 but below all normal numbers become 0, which moves no parameter: without a gradient they
    /// would get there in 830 steps and stay, and processors take many times as long for them.
    ///
    /// # Panics
    /// The slices differ in length.
    pub fn advance(
        self,
        parameters: &mut [f32],
        gradient: &[f32],
        mean: &mut [f32],
        square: &mut [f32],
    ) {
        let lengths = [gradient.len(), mean.len(), square.len()];
        assert_eq!(lengths, [parameters.len(); 3], "a gradient and two means a parameter");
        arch().dispatch(Advance { step: self, parameters, gradient, mean, square });
    }
}

struct Advance<'a> {
    step: AdamStep,
    parameters: &'a mut [f32],
    gradient: &'a [f32],
    mean: &'a mut [f32],
    square: &'a mut [f32],
}

impl WithSimd for Advance<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let AdamStep { beta_1, beta_2, factor, epsilon, rate } = self.step;
        let constants = [beta_1, 1.0 - beta_1, beta_2, 1.0 - beta_2, factor, epsilon, rate];
        let constants = constants.map(|value| simd.splat_f32s(value));
        let (w, w_rest) = S::as_mut_simd_f32s(self.parameters);
        let (g, g_rest) = S::as_simd_f32s(self.gradient);
        let (m, m_rest) = S::as_mut_simd_f32s(self.mean);
        let (v, v_rest) = S::as_mut_simd_f32s(self.square);
        for (((w, &g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
            [*w, *m, *v] = moved(simd, constants, [*w, g, *m, *v]);
        }
        let rest = [&*w_rest, g_rest, &*m_rest, &*v_rest].map(|rest| simd.partial_load_f32s(rest));
        let [w, m, v] = moved(simd, constants, rest);
        for (rest, values) in [(w_rest, w), (m_rest, m), (v_rest, v)] {
            simd.partial_store_f32s(rest, values);
        }
    }
}

/// Parameters and both means after the step.
#[inline(always)]
fn moved<S: Simd>(
    simd: S,
    [beta_1, share_1, beta_2, share_2, factor, epsilon, rate]: [S::f32s; 7],
    [w, g, m, v]: [S::f32s; 4],
) -> [S::f32s; 3] {
    let mix = |mean, beta, new, share| {
        normal(simd, simd.add_f32s(simd.mul_f32s(mean, beta), simd.mul_f32s(new, share)))
    };
    let m = mix(m, beta_1, g, share_1);
    let v = mix(v, beta_2, simd.mul_f32s(g, g), share_2);
    let root = simd.add_f32s(simd.sqrt_f32s(v), epsilon);
    let step = simd.mul_f32s(simd.div_f32s(simd.mul_f32s(m, factor), root), rate);
    [simd.sub_f32s(w, step), m, v]
}

/// The numbers, or 0 for denormal ones.
#[inline(always)]
fn normal<S: Simd>(simd: S, values: S::f32s) -> S::f32s {
    let least = simd.splat_f32s(f32::MIN_POSITIVE);
    let is_denormal = simd.less_than_f32s(simd.abs_f32s(values), least);
    simd.select_f32s(is_denormal, simd.splat_f32s(0.0), values)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The algorithm of the paper, in double precision.
    fn naive(gradients: &[f64], rate: f64) -> f64 {
        let (mut w, mut m, mut v) = (1.0, 0.0, 0.0);
        for (step, g) in gradients.iter().enumerate() {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            let time = step as i32 + 1;
            let [m, v] = [m / (1.0 - 0.9f64.powi(time)), v / (1.0 - 0.999f64.powi(time))];
            w -= rate * m / (v.sqrt() + 1e-8);
        }
        w
    }

    #[test]
    fn steps_are_those_of_the_paper_at_every_place() {
        for len in [1, 3, 8, 17, 40] {
            let (mut w, mut m, mut v) = (vec![1.0f32; len], vec![0.0; len], vec![0.0; len]);
            let gradient = |time: u64, place: usize| ((time * 7 + place as u64) as f32).sin();
            for time in 1..=50 {
                let g: Vec<f32> = (0..len).map(|place| gradient(time, place)).collect();
                AdamStep::new(time, 0.01).advance(&mut w, &g, &mut m, &mut v);
            }
            for (place, w) in w.into_iter().enumerate() {
                let gradients: Vec<f64> =
                    (1..=50).map(|time| f64::from(gradient(time, place))).collect();
                let expected = naive(&gradients, 0.01);
                assert!((f64::from(w) - expected).abs() < 1e-5, "{len} {place}: {w}, {expected}");
            }
        }
    }

    #[test]
    fn means_end_at_zero() {
        let (mut w, mut m, mut v) = ([1.0], [0.5], [0.25]);
        for time in 1..=900 {
            let step = AdamStep { beta_2: 0.5, ..AdamStep::new(time, 1e-3) };
            step.advance(&mut w, &[0.0], &mut m, &mut v);
            assert!(m[0] == 0.0 || m[0].is_normal(), "{m:?} after {time} steps");
            assert!(v[0] == 0.0 || v[0].is_normal(), "{v:?} after {time} steps");
        }
        assert_eq!((m, v), ([0.0], [0.0]));
    }

    #[test]
    fn what_is_not_a_number_stays() {
        let (mut w, mut m, mut v) = ([1.0], [0.0], [0.0]);
        AdamStep::new(1, 1e-3).advance(&mut w, &[f32::NAN], &mut m, &mut v);
        assert!(w[0].is_nan() && m[0].is_nan() && v[0].is_nan());
    }

    #[test]
    fn a_probe_keeps_parameters_and_shows_the_gradient() {
        let (mut w, mut m, mut v) = ([1.0, 2.0], [3.0, 4.0], [0.5, 0.5]);
        AdamStep::probe().advance(&mut w, &[-0.25, 1e-3], &mut m, &mut v);
        assert_eq!((w, m), ([1.0, 2.0], [-0.25, 1e-3]));
    }
}
