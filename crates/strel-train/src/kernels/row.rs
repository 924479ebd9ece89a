//! Passes over the weights of one neuron.

use pulp::Simd;

/// Vectors that a pass takes at a time, so that it need not wait for its own sums.
const STEP: usize = 2;

/// The weights of a neuron as vectors of the processor at hand.
#[derive(Clone, Copy)]
pub struct Row<'a, S: Simd> {
    simd: S,
    whole: &'a [S::f32s],
    rest: &'a [f32],
}

impl<'a, S: Simd> Row<'a, S> {
    #[inline(always)]
    pub fn new(simd: S, weights: &'a [f32]) -> Self {
        let (whole, rest) = S::as_simd_f32s(weights);
        Row { simd, whole, rest }
    }

    /// The number of weights.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.whole.len() * S::F32_LANES + self.rest.len()
    }

    /// The sums of `N` terms of each weight.
    #[inline(always)]
    pub fn sums<const N: usize>(self, terms: impl Fn(S::f32s) -> [S::f32s; N]) -> [f32; N] {
        let simd = self.simd;
        let add = |sums: &mut [S::f32s; N], terms: [S::f32s; N]| {
            for (sum, term) in sums.iter_mut().zip(terms) {
                *sum = simd.add_f32s(*sum, term);
            }
        };
        let mut sums = [[simd.splat_f32s(0.0); N]; STEP];
        let (steps, last) = self.whole.as_chunks::<STEP>();
        for step in steps {
            for (sums, &weights) in sums.iter_mut().zip(step) {
                add(sums, terms(weights));
            }
        }
        for &weights in last {
            add(&mut sums[0], terms(weights));
        }
        if !self.rest.is_empty() {
            let there = simd.mask_between_m32s(0, self.rest.len() as u32).mask();
            let terms = terms(simd.partial_load_f32s(self.rest));
            let none = simd.splat_f32s(0.0);
            add(&mut sums[1], terms.map(|term| simd.select_f32s(there, term, none)));
        }
        let [mut first, second] = sums;
        add(&mut first, second);
        first.map(|sums| simd.reduce_sum_f32s(sums))
    }

    /// The smallest and the largest weight; of none, infinities.
    #[inline(always)]
    pub fn extremes(self) -> (f32, f32) {
        let simd = self.simd;
        let (mut least, mut most) =
            (simd.splat_f32s(f32::INFINITY), simd.splat_f32s(f32::NEG_INFINITY));
        for &weights in self.whole {
            least = simd.min_f32s(least, weights);
            most = simd.max_f32s(most, weights);
        }
        let vectors = (simd.reduce_min_f32s(least), simd.reduce_max_f32s(most));
        self.rest.iter().fold(vectors, |(least, most), &w| (least.min(w), most.max(w)))
    }

    /// Adds to each value of a gradient a multiple of what a function gives of its weight.
    #[inline(always)]
    pub fn add_to(self, gradient: &mut [f32], factor: f32, of: impl Fn(S::f32s) -> S::f32s) {
        let simd = self.simd;
        let factor = simd.splat_f32s(factor);
        let (whole, rest) = S::as_mut_simd_f32s(gradient);
        for (gradient, &weights) in whole.iter_mut().zip(self.whole) {
            *gradient = simd.mul_add_e_f32s(factor, of(weights), *gradient);
        }
        let weights = simd.partial_load_f32s(self.rest);
        let sum = simd.mul_add_e_f32s(factor, of(weights), simd.partial_load_f32s(rest));
        simd.partial_store_f32s(rest, sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::instructions::arch;
    use pulp::WithSimd;

    struct Passes<'a>(&'a [f32]);

    impl WithSimd for Passes<'_> {
        type Output = ([f32; 2], (f32, f32), Vec<f32>);

        fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
            let row = Row::new(simd, self.0);
            assert_eq!(row.len(), self.0.len());
            let one = simd.splat_f32s(1.0);
            let mut gradient: Vec<f32> = (0..row.len()).map(|i| i as f32).collect();
            row.add_to(&mut gradient, 2.0, |w| simd.add_f32s(w, one));
            (row.sums(|w| [one, simd.mul_f32s(w, w)]), row.extremes(), gradient)
        }
    }

    #[test]
    fn passes_reach_every_weight_once() {
        for len in 1..70 {
            let weights: Vec<f32> = (0..len).map(|i| (i * 7 % 11) as f32 - 4.0).collect();
            let (sums, extremes, gradient) = arch().dispatch(Passes(&weights));
            let squares: f32 = weights.iter().map(|w| w * w).sum();
            assert_eq!(sums, [len as f32, squares]);
            let by = f32::total_cmp;
            let expected = (weights.iter().copied().min_by(by), weights.iter().copied().max_by(by));
            assert_eq!((Some(extremes.0), Some(extremes.1)), expected);
            for (i, gradient) in gradient.into_iter().enumerate() {
                assert_eq!(gradient, i as f32 + 2.0 * (weights[i] + 1.0));
            }
        }
    }
}
