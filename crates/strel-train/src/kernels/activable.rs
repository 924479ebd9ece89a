//! The nearest activated neuron, for neurons of many weights.
//!
//! The exact search sorts the weights, and looks at every set of largest ones
//! ([`activable_projection`](strel_theory::activable_projection)). Here the sets are those above one of a few
//! levels; they are compared by sums over [`Bins`], and of the best one the projection is found from the weights
//! themselves. So the distance is that to a set of activated neurons which is the nearest one or nearly so, and its
//! gradient belongs to it.

mod bins;

use pulp::{Arch, Simd, WithSimd};
use strel_theory::{ConePoint, Operation, SplitWeights, project_onto_dilations};

use super::instructions::arch;
use super::row::Row;
use bins::Bins;

/// That of [`Metric::Centred`](strel_theory::Metric), in which costs are nearly convex in the size of the set.
const THETA: f64 = 0.5;

/// What pulls a neuron to the dilations, or to the erosions, by the weights above a cut; see the head of
/// [`project_onto_dilations`]'s source for the letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pull {
    /// The set holds the weights above this one.
    cut: f32,
    /// Weights of the set are raised to d,
    d: f32,
    /// and all of them by this much.
    shift: f32,
    /// The other weights are lowered by mu, to 0 at least.
    mu: f32,
    /// What the gradient for each weight has through `b - theta sum W`.
    through_bias: f32,
    /// The gradient for the bias.
    pub bias: f32,
}

impl Pull {
    /// The penalty R of a neuron, half its squared distance, and what pulls it.
    #[inline(always)]
    pub fn nearest<S: Simd>(simd: S, weights: &[f32], bias: f32) -> (f64, Self) {
        let row = Row::new(simd, weights);
        let bins = Bins::new(simd, row, weights);
        let bias = f64::from(bias);
        let total = bins.total();
        // Erosions are the dilations of the dual neuron.
        let [dilation, erosion] = [(Operation::Dilation, bias), (Operation::Erosion, total - bias)]
            .map(|(operation, bias)| {
                let centred = bias - THETA * total;
                (operation, centred, bins.nearest(centred, THETA))
            });
        let is_erosion = erosion.2.cost < dilation.2.cost;
        let (operation, centred, nearest) = if is_erosion { erosion } else { dilation };
        let nearest = bins.refined(nearest, centred, THETA);
        let split = Cut::new(weights, nearest.cut);
        let point = project_onto_dilations(&split, centred, THETA, nearest.point.d);
        let pull = Pull::of(point, nearest.cut, operation);
        (pull.penalty(simd, row, point.rho), pull)
    }

    fn of(point: ConePoint, cut: f32, operation: Operation) -> Self {
        let (through_bias, bias) = point.gradient_through_bias(THETA, operation);
        let [d, shift, mu, through_bias, bias] =
            [point.d, THETA * point.rho, point.mu, through_bias, bias].map(|value| value as f32);
        Pull { cut, d, shift, mu, through_bias, bias }
    }

    /// Half the squared distance, of which the bias has its part.
    #[inline(always)]
    fn penalty<S: Simd>(self, simd: S, row: Row<S>, rho: f64) -> f64 {
        let residual = self.residual(simd, 0.0);
        let [square] = row.sums(|weights| {
            let residual = residual(weights);
            [simd.mul_f32s(residual, residual)]
        });
        (f64::from(square) + rho * rho) / 2.0
    }

    /// The gradient for weights.
    #[inline(always)]
    pub fn gradient<S: Simd>(self, simd: S) -> impl Fn(S::f32s) -> S::f32s {
        self.residual(simd, self.through_bias)
    }

    /// W - V, and something more.
    #[inline(always)]
    fn residual<S: Simd>(self, simd: S, more: f32) -> impl Fn(S::f32s) -> S::f32s {
        let [cut, d, mu, none, inside, outside] =
            [self.cut, self.d, self.mu, 0.0, more - self.shift, more]
                .map(|value| simd.splat_f32s(value));
        move |weights| {
            let raised = simd.min_f32s(simd.sub_f32s(weights, d), none);
            let raised = simd.add_f32s(raised, inside);
            let lowered = simd.add_f32s(simd.min_f32s(weights, mu), outside);
            simd.select_f32s(simd.greater_than_f32s(weights, cut), raised, lowered)
        }
    }
}

/// The weights with S = those above a cut, of which there is one at least.
struct Cut<'a> {
    arch: Arch,
    weights: &'a [f32],
    cut: f32,
    size: usize,
    inside: f64,
}

impl<'a> Cut<'a> {
    fn new(weights: &'a [f32], cut: f32) -> Self {
        let mut split = Cut { arch: arch(), weights, cut, size: 0, inside: 0.0 };
        (split.inside, split.size) = split.part(Side::Inside, f32::INFINITY);
        split
    }

    fn part(&self, side: Side, level: f32) -> (f64, usize) {
        let Cut { arch, weights, cut, .. } = *self;
        let (sum, count) = arch.dispatch(Part { weights, cut, side, level });
        (f64::from(sum), count as usize)
    }
}

impl SplitWeights for Cut<'_> {
    fn size(&self) -> usize {
        self.size
    }

    fn inside(&self) -> f64 {
        self.inside
    }

    fn smallest(&self) -> f64 {
        f64::from(self.cut)
    }

    fn below(&self, d: f64) -> (f64, usize) {
        let (sum, count) = self.part(Side::Inside, d as f32);
        ((d * count as f64 - sum).max(0.0), count)
    }

    fn outside(&self, mu: f64) -> (f64, usize) {
        let (sum, count) = self.part(Side::Outside, mu as f32);
        ((sum - mu * count as f64).max(0.0), count)
    }
}

/// The sum and the number of the weights of S below a level, or of the others above it.
struct Part<'a> {
    weights: &'a [f32],
    cut: f32,
    side: Side,
    level: f32,
}

#[derive(Clone, Copy)]
enum Side {
    Inside,
    Outside,
}

impl WithSimd for Part<'_> {
    type Output = (f32, f32);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (f32, f32) {
        let Part { weights, cut, side, level } = self;
        let [cut, level, none, one] = [cut, level, 0.0, 1.0].map(|value| simd.splat_f32s(value));
        let terms =
            |weights, counts| [weights, one].map(|term| simd.select_f32s(counts, term, none));
        let row = Row::new(simd, weights);
        let [sum, count] = match side {
            Side::Inside => row.sums(|weights| {
                let is_member = simd.greater_than_f32s(weights, cut);
                terms(weights, simd.and_m32s(is_member, simd.less_than_f32s(weights, level)))
            }),
            Side::Outside => row.sums(|weights| {
                let is_other = simd.less_than_or_equal_f32s(weights, cut);
                terms(weights, simd.and_m32s(is_other, simd.greater_than_f32s(weights, level)))
            }),
        };
        (sum, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};
    use strel_theory::{Metric, Neuron, activable_projection};

    /// R, its gradients, and how many weights are in the set.
    struct Penalty<'a>(&'a [f32], f32);

    impl WithSimd for Penalty<'_> {
        type Output = (f64, Vec<f32>, f32, usize);

        fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
            let Penalty(weights, bias) = self;
            let (value, pull) = Pull::nearest(simd, weights, bias);
            let mut gradient = vec![0.0; weights.len()];
            Row::new(simd, weights).add_to(&mut gradient, 1.0, pull.gradient(simd));
            (value, gradient, pull.bias, weights.iter().filter(|&&w| w > pull.cut).count())
        }
    }

    fn penalty(weights: &[f32], bias: f32) -> (f64, Vec<f32>, f32, usize) {
        arch().dispatch(Penalty(weights, bias))
    }

    /// Neurons of many weights: flat, of either sign, sparse, nearly activated.
    fn neuron(seed: u64) -> (Vec<f32>, f32) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let count = rng.random_range(128..900);
        let shape = seed % 5;
        let mut weight = || -> f32 {
            let u: f32 = rng.random_range(0.0..1.0);
            match shape {
                0 => u,
                1 => 1.0 + u,
                2 => 2.0 * u - 1.0,
                3 => u.powi(6),
                _ if u < 0.05 => 1.0 + u,
                _ => 1e-3 * u,
            }
        };
        let weights: Vec<f32> = (0..count).map(|_| weight()).collect();
        let total: f32 = weights.iter().sum();
        (weights, total * rng.random_range(-0.1..1.1))
    }

    #[test]
    fn no_set_is_nearer_than_the_nearest_and_hardly_one_is_farther() {
        let mut excess = Vec::new();
        for seed in 0..300 {
            let (weights, bias) = neuron(seed);
            let wide: Vec<f64> = weights.iter().copied().map(f64::from).collect();
            let exact = Neuron::new(&wide, f64::from(bias), 1.0).unwrap();
            let expected = activable_projection(&exact, Metric::Centred).penalty();
            let (found, ..) = penalty(&weights, bias);
            assert!(found >= 0.999 * expected - 1e-9, "{seed}: {found}, not {expected}");
            excess.push(found / expected.max(1e-2) - 1.0);
        }
        excess.sort_unstable_by(f64::total_cmp);
        assert!(excess[excess.len() / 2] < 0.002, "{:?}", &excess[150..]);
        assert!(excess[excess.len() - 1] < 0.05, "{:?}", &excess[280..]);
    }

    #[test]
    fn gradients_are_differences_of_the_penalty() {
        let (mut right, mut smooth) = (0, 0);
        for seed in 0..200 {
            let (mut weights, bias) = neuron(seed);
            let (_, gradient, of_bias, size) = penalty(&weights, bias);
            let i = seed as usize % weights.len();
            let scale = weights.iter().fold(0.0f32, |most, w| most.max(w.abs()));
            let step = 2e-3 * scale;
            let given = weights[i];
            // None where the set changes within the step: there R has a kink.
            let mut difference = |by: fn(&mut Vec<f32>, &mut f32, usize, f32)| {
                let [above, below] = [step, -step].map(|step| {
                    let mut bias = bias;
                    weights[i] = given;
                    by(&mut weights, &mut bias, i, step);
                    let (value, .., there) = penalty(&weights, bias);
                    (there == size).then_some(value)
                });
                Some((above? - below?) / f64::from(2.0 * step))
            };
            let in_weight = difference(|weights, _, i, step| weights[i] += step);
            let in_bias = difference(|_, bias, _, step| *bias += step);
            let (Some(in_weight), Some(in_bias)) = (in_weight, in_bias) else { continue };
            let close = |found: f32, wanted: f64| {
                (f64::from(found) - wanted).abs() <= 0.05 * wanted.abs() + 1e-3 * f64::from(scale)
            };
            smooth += 1;
            right += usize::from(close(gradient[i], in_weight) && close(of_bias, in_bias));
        }
        // Sums of many weights round, and so do a few differences of them.
        assert!(smooth >= 150 && right * 10 >= smooth * 9, "{right} of {smooth}");
    }
}
