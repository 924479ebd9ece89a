//! The nearest constant set of a neuron's weights, without sorting them.
//!
//! The set that is looked for is a fixed point of `F(S) = {w > mean(S) / 2}`: for one level t, a weight
//! belongs to S where `(w - t)^2 < w^2`, and for one S the best t is its mean. F keeps inclusions of sets of
//! largest weights, as a larger such set has a smaller mean. So all fixed points lie between those
//! that are reached from the largest weight alone, upwards, and from all positive weights,
//! downwards. They are nearly always the same set; where not, the few weights in between are sorted.

use pulp::Simd;
use strel_theory::ConstantRule;

use super::row::Row;

/// A constant set t 1_S.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConstantSet {
    /// S holds the weights above this one.
    above: f32,
    /// t, the mean of the weights of S; 0 of none.
    level: f32,
}

/// How many weights are above a level, and their sum.
#[derive(Clone, Copy)]
struct Part {
    count: f32,
    sum: f32,
}

impl Part {
    #[inline(always)]
    fn above<S: Simd>(simd: S, row: Row<S>, level: f32) -> Self {
        let [level, none, one] = [level, 0.0, 1.0].map(|value| simd.splat_f32s(value));
        let [count, sum] = row.sums(|weights| {
            let above = simd.greater_than_f32s(weights, level);
            [one, weights].map(|term| simd.select_f32s(above, term, none))
        });
        Part { count, sum }
    }

    fn mean(self) -> f32 {
        if self.count > 0.0 { self.sum / self.count } else { 0.0 }
    }
}

impl ConstantSet {
    /// The constant set of a rule that is nearest to the weights; see
    /// [`constant_projection`](strel_theory::constant_projection), its oracle.
    #[inline(always)]
    pub fn nearest<S: Simd>(simd: S, weights: &[f32], rule: ConstantRule) -> Self {
        let row = Row::new(simd, weights);
        let share = match rule {
            ConstantRule::Exact => return Self::exact(simd, row, weights),
            ConstantRule::Uniform => 2.0 / 3.0,
            ConstantRule::Normal => 3.0 / 4.0,
        };
        let [sum] = row.sums(|weights| [weights]);
        Self::from_level_on(simd, row, share * sum / row.len() as f32)
    }

    /// Of the positive weights of this level and above.
    #[inline(always)]
    fn from_level_on<S: Simd>(simd: S, row: Row<S>, level: f32) -> Self {
        let above = level.next_down().max(0.0);
        ConstantSet { above, level: Part::above(simd, row, above).mean() }
    }

    #[inline(always)]
    fn exact<S: Simd>(simd: S, row: Row<S>, weights: &[f32]) -> Self {
        let most = row.extremes().1.max(0.0);
        let (small, small_cut) = fixed_point(simd, row, most / 2.0);
        let (large, large_cut) = fixed_point(simd, row, 0.0);
        if small.count == large.count {
            return ConstantSet { above: small_cut, level: small.mean() };
        }
        let mut between: Vec<f32> =
            weights.iter().copied().filter(|&w| w > large_cut && w <= small_cut).collect();
        between.sort_unstable_by(|a, b| b.total_cmp(a));
        best_between(small, small_cut, &between)
    }

    /// What is left of weights without the constant set.
    #[inline(always)]
    pub fn residual<S: Simd>(self, simd: S) -> impl Fn(S::f32s) -> S::f32s {
        let [above, level, none] =
            [self.above, self.level, 0.0].map(|value| simd.splat_f32s(value));
        move |weights| {
            let is_member = simd.greater_than_f32s(weights, above);
            simd.sub_f32s(weights, simd.select_f32s(is_member, level, none))
        }
    }

    /// R = |W - t 1_S|^2; its gradient is twice the residual.
    #[inline(always)]
    pub fn penalty<S: Simd>(self, simd: S, weights: &[f32]) -> f64 {
        let residual = self.residual(simd);
        let [sum] = Row::new(simd, weights).sums(|weights| {
            let residual = residual(weights);
            [simd.mul_f32s(residual, residual)]
        });
        f64::from(sum)
    }
}

/// The fixed point that is reached from the weights above a level.
#[inline(always)]
fn fixed_point<S: Simd>(simd: S, row: Row<S>, mut cut: f32) -> (Part, f32) {
    let mut part = Part::above(simd, row, cut);
    // A set grows or shrinks by one weight at least, unless one is infinite.
    for _ in 0..row.len() {
        cut = part.mean() / 2.0;
        let next = Part::above(simd, row, cut);
        let is_fixed = next.count == part.count;
        part = next;
        if is_fixed {
            break;
        }
    }
    (part, cut)
}

/// Adds weights in decreasing order to a set, as many as make `sum^2 / count` largest; equal weights go
/// in together.
fn best_between(small: Part, cut: f32, between: &[f32]) -> ConstantSet {
    let quotient = |sum: f64, count: f64| sum * sum / count;
    let (mut sum, mut count) = (f64::from(small.sum), f64::from(small.count));
    let mut best = (quotient(sum, count), ConstantSet { above: cut, level: small.mean() });
    for (place, &weight) in between.iter().enumerate() {
        (sum, count) = (sum + f64::from(weight), count + 1.0);
        let repeats = between.get(place + 1) == Some(&weight);
        if !repeats && quotient(sum, count) > best.0 {
            let set = ConstantSet { above: weight.next_down(), level: (sum / count) as f32 };
            best = (quotient(sum, count), set);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::instructions::arch;
    use pulp::WithSimd;
    use strel_theory::constant_projection;

    /// The penalty, and its gradient, of the nearest constant set.
    struct Penalty<'a>(&'a [f32], ConstantRule);

    impl WithSimd for Penalty<'_> {
        type Output = (f64, Vec<f32>);

        fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
            let Penalty(weights, rule) = self;
            let set = ConstantSet::nearest(simd, weights, rule);
            let mut gradient = vec![0.0; weights.len()];
            Row::new(simd, weights).add_to(&mut gradient, 2.0, set.residual(simd));
            (set.penalty(simd, weights), gradient)
        }
    }

    fn penalty(weights: &[f32], rule: ConstantRule) -> (f64, Vec<f32>) {
        arch().dispatch(Penalty(weights, rule))
    }

    /// Weights of many shapes: uniform, with repeats, in clusters, of either sign.
    fn weights(seed: u32, count: usize) -> Vec<f32> {
        let unit = |i: usize| {
            let hash = (i as u32 + 977 * seed).wrapping_mul(2_654_435_761);
            (hash ^ hash >> 15).wrapping_mul(2_246_822_519) as f32 / u32::MAX as f32
        };
        let shape = |u: f32| match seed % 5 {
            0 => u,
            1 => (u * 6.0).floor() / 6.0,
            2 => u.powi(4),
            3 => {
                if u < 0.8 {
                    u * 0.1 + 0.2
                } else {
                    u
                }
            }
            _ => 2.0 * u - 1.0,
        };
        (0..count).map(unit).map(shape).collect()
    }

    /// Whether a weight is where a rule cuts, so that rounding decides about it.
    fn is_at_cut(weights: &[f64], rule: ConstantRule) -> bool {
        let share = match rule {
            ConstantRule::Exact => return false,
            ConstantRule::Uniform => 2.0 / 3.0,
            ConstantRule::Normal => 3.0 / 4.0,
        };
        let cut = share * weights.iter().sum::<f64>() / weights.len() as f64;
        weights.iter().any(|weight| (weight - cut).abs() < 1e-6)
    }

    #[test]
    fn agrees_with_the_sorted_search() {
        let rules = [ConstantRule::Exact, ConstantRule::Uniform, ConstantRule::Normal];
        for (seed, count) in (0..400).flat_map(|seed| [1, 2, 7, 16, 33, 784].map(|n| (seed, n))) {
            let weights = weights(seed, count);
            let wide: Vec<f64> = weights.iter().copied().map(f64::from).collect();
            for rule in rules {
                if is_at_cut(&wide, rule) {
                    continue;
                }
                let expected = constant_projection(&wide, rule).unwrap();
                let (value, gradient) = penalty(&weights, rule);
                let wanted = expected.penalty();
                assert!((value - wanted).abs() <= 1e-4 * wanted + 1e-9, "{rule:?} {seed} {count}");
                // Of equally good sets, either is right.
                if value != wanted && rule == ConstantRule::Exact {
                    continue;
                }
                for (found, wanted) in gradient.iter().zip(expected.gradient()) {
                    assert!((f64::from(*found) - wanted).abs() < 2e-4, "{rule:?} {seed}");
                }
            }
        }
    }

    #[test]
    fn weights_that_are_not_finite_have_no_finite_penalty() {
        for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let (value, _) = penalty(&[0.5, wrong, 0.1], ConstantRule::Exact);
            assert!(!value.is_finite(), "{wrong}");
        }
    }

    #[test]
    fn without_positive_weights_the_set_is_empty() {
        let (value, gradient) = penalty(&[-1.0, 0.0, -0.5], ConstantRule::Exact);
        assert_eq!(value, 1.25);
        assert_eq!(gradient, [-2.0, 0.0, -1.0]);
    }
}
