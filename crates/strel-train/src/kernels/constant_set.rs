//! The nearest constant set of a neuron's weights, without sorting them.
//!
//! The set that is looked for is a fixed point of `F(S) = {w > mean(S) / 2}`: for one level t, a weight
//! belongs to S where `(w - t)^2 < w^2`, and for one S the best t is its mean. F keeps inclusions of sets of
//! largest weights, as a larger such set has a smaller mean. So all fixed points lie between those
//! that are reached from the largest weight alone, upwards, and from all positive weights,
//! downwards. They are nearly always the same set; where not, the few weights in between are sorted.

use strel_theory::ConstantRule;

/// Sums that are added side by side.
const LANES: usize = 16;

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
    fn above(weights: &[f32], level: f32) -> Self {
        let (mut counts, mut sums) = ([0.0; LANES], [0.0; LANES]);
        in_lanes(weights, |lane, w| {
            counts[lane] += if w > level { 1.0 } else { 0.0 };
            sums[lane] += if w > level { w } else { 0.0 };
        });
        Part { count: counts.iter().sum(), sum: sums.iter().sum() }
    }

    fn mean(self) -> f32 {
        if self.count > 0.0 { self.sum / self.count } else { 0.0 }
    }
}

/// Calls a function for each weight, as many of them side by side as there are lanes; zeros fill the last
/// ones, and add nothing to what is above a level of at least 0.
#[inline(always)]
fn in_lanes(weights: &[f32], mut each: impl FnMut(usize, f32)) {
    let (chunks, rest) = weights.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &w) in chunk.iter().enumerate() {
            each(lane, w);
        }
    }
    let mut last = [0.0; LANES];
    last[..rest.len()].copy_from_slice(rest);
    for (lane, &w) in last.iter().enumerate() {
        each(lane, w);
    }
}

impl ConstantSet {
    /// The constant set of a rule that is nearest to the weights; see
    /// [`constant_projection`](strel_theory::constant_projection), its oracle.
    #[inline(always)]
    pub fn nearest(weights: &[f32], rule: ConstantRule) -> Self {
        match rule {
            ConstantRule::Exact => Self::exact(weights),
            ConstantRule::Uniform => Self::from_level_on(weights, mean(weights) * (2.0 / 3.0)),
            ConstantRule::Normal => Self::from_level_on(weights, mean(weights) * (3.0 / 4.0)),
        }
    }

    /// Of the positive weights of this level and above.
    #[inline(always)]
    fn from_level_on(weights: &[f32], level: f32) -> Self {
        let above = level.next_down().max(0.0);
        ConstantSet { above, level: Part::above(weights, above).mean() }
    }

    #[inline(always)]
    fn exact(weights: &[f32]) -> Self {
        let mut most = [0.0f32; LANES];
        in_lanes(weights, |lane, w| most[lane] = if w > most[lane] { w } else { most[lane] });
        let most = most.into_iter().fold(0.0, f32::max);
        let (small, small_cut) = fixed_point(weights, most / 2.0);
        let (large, large_cut) = fixed_point(weights, 0.0);
        if small.count == large.count {
            return ConstantSet { above: small_cut, level: small.mean() };
        }
        let mut between: Vec<f32> =
            weights.iter().copied().filter(|&w| w > large_cut && w <= small_cut).collect();
        between.sort_unstable_by(|a, b| b.total_cmp(a));
        best_between(small, small_cut, &between)
    }

    /// R = |W - t 1_S|^2 times a coefficient, and its gradient.
    #[inline(always)]
    pub fn penalty(self, weights: &[f32], coefficient: f32, gradient: &mut [f32]) -> f64 {
        let (mut sums, slope) = ([0.0; LANES], 2.0 * coefficient);
        for (weights, gradient) in weights.chunks(LANES).zip(gradient.chunks_mut(LANES)) {
            for ((sum, &w), gradient) in sums.iter_mut().zip(weights).zip(gradient) {
                let residual = if w > self.above { w - self.level } else { w };
                *sum += residual * residual;
                *gradient = slope * residual;
            }
        }
        f64::from(coefficient) * sums.iter().copied().map(f64::from).sum::<f64>()
    }
}

#[inline(always)]
fn mean(weights: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    in_lanes(weights, |lane, w| sums[lane] += w);
    sums.iter().sum::<f32>() / weights.len() as f32
}

/// The fixed point that is reached from the weights above a level.
#[inline(always)]
fn fixed_point(weights: &[f32], mut cut: f32) -> (Part, f32) {
    let mut part = Part::above(weights, cut);
    // A set grows or shrinks by one weight at least, unless one is infinite.
    for _ in 0..weights.len() {
        cut = part.mean() / 2.0;
        let next = Part::above(weights, cut);
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
    use strel_theory::constant_projection;

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
                let mut gradient = vec![0.0; count];
                let set = ConstantSet::nearest(&weights, rule);
                let value = set.penalty(&weights, 0.5, &mut gradient);
                let wanted = 0.5 * expected.penalty();
                assert!((value - wanted).abs() <= 1e-4 * wanted + 1e-9, "{rule:?} {seed} {count}");
                // Of equally good sets, either is right.
                if value != wanted && rule == ConstantRule::Exact {
                    continue;
                }
                for (found, wanted) in gradient.iter().zip(expected.gradient()) {
                    assert!((f64::from(*found) - 0.5 * wanted).abs() < 1e-4, "{rule:?} {seed}");
                }
            }
        }
    }

    #[test]
    fn weights_that_are_not_finite_have_no_finite_penalty() {
        for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let (weights, mut gradient) = ([0.5, wrong, 0.1], [0.0; 3]);
            let set = ConstantSet::nearest(&weights, ConstantRule::Exact);
            assert!(!set.penalty(&weights, 1.0, &mut gradient).is_finite());
        }
    }

    #[test]
    fn without_positive_weights_the_set_is_empty() {
        let (weights, mut gradient) = ([-1.0, 0.0, -0.5], [0.0; 3]);
        let set = ConstantSet::nearest(&weights, ConstantRule::Exact);
        assert_eq!(set.penalty(&weights, 1.0, &mut gradient), 1.25);
        assert_eq!(gradient, [-2.0, 0.0, -1.0]);
    }
}
