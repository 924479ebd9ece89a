//! The nearest dilation: projection onto cones { sum of V outside S <= c <= V_k for k in S, V >= 0 }.
//!
//! See `split` for the projection onto one of them.

use std::cell::Cell;

use crate::split::{ConePoint, SplitWeights, project_onto_dilations};

/// The weights in decreasing order, with their sums.
pub(crate) struct Sorted {
    /// Position in the given order of each sorted weight.
    pub order: Vec<usize>,
    weights: Vec<f64>,
    /// Entry k: the sum of the first k weights.
    sums: Vec<f64>,
    /// Entry k: the sum of the squares of all but the first k weights.
    tails: Vec<f64>,
}

impl Sorted {
    pub fn new(weights: &[f64]) -> Self {
        let mut ranked: Vec<(f64, usize)> = weights.iter().copied().zip(0..).collect();
        ranked.sort_unstable_by(|(v, i), (w, j)| w.total_cmp(v).then(i.cmp(j)));
        let (weights, order): (Vec<f64>, Vec<usize>) = ranked.into_iter().unzip();
        let mut sums = vec![0.0; weights.len() + 1];
        let mut tails = sums.clone();
        for (k, w) in weights.iter().enumerate() {
            sums[k + 1] = sums[k] + w;
        }
        for (k, w) in weights.iter().enumerate().rev() {
            tails[k] = tails[k + 1] + w * w;
        }
        Self { order, weights, sums, tails }
    }

    pub fn total(&self) -> f64 {
        self.sums[self.weights.len()]
    }
}

/// The neuron to project, and the metric.
pub(crate) struct Cone<'a> {
    pub sorted: &'a Sorted,
    pub bias: f64,
    pub theta: f64,
    /// Where the last search for d, and that for mu, ended in the weights: the next is likely to end nearby.
    last_kept: Cell<usize>,
    last_end: Cell<usize>,
}

/// The projection for S = the `size` largest weights.
#[derive(Clone, Copy)]
pub(crate) struct Nearest {
    pub size: usize,
    pub point: ConePoint,
    /// Half the squared distance.
    pub cost: f64,
}

impl<'a> Cone<'a> {
    pub fn new(sorted: &'a Sorted, bias: f64, theta: f64) -> Self {
        Self { sorted, bias, theta, last_kept: Cell::new(0), last_end: Cell::new(0) }
    }

    /// The nearest point over all S of at least one input, if its cost is below the limit; n >= 1. The best S is a set of
    /// largest weights, for exchanging W_i < W_j with V_i >= c >= V_j lowers the cost. Bounds rule out most sizes.
    pub fn nearest(&self, limit: f64) -> Option<Nearest> {
        let count = self.sorted.weights.len();
        if limit < f64::INFINITY && (1..=count).all(|size| self.lower_bound(size) >= limit) {
            return None;
        }
        let start = self.descend();
        let best = self.improve((1..start.size).rev(), start, start, limit);
        let best = self.improve(start.size + 1..=count, start, best, limit);
        (best.cost < limit).then_some(best)
    }

    /// The best of the given sizes and `best`; `last` is the solution of a size next to the first.
    fn improve(
        &self,
        sizes: impl Iterator<Item = usize>,
        mut last: Nearest,
        mut best: Nearest,
        limit: f64,
    ) -> Nearest {
        for size in sizes {
            if self.dual_bound(size, &last.point) < best.cost.min(limit) {
                // The last solution is close: it takes Newton's method a step or two from there.
                last = self.project(size, last.point.d);
                if last.cost < best.cost {
                    best = last;
                }
            }
        }
        best
    }

    /// A good point, so that bounds rule out much: steps to better sizes, halved until they are 1.
    fn descend(&self) -> Nearest {
        let count = self.sorted.weights.len();
        let mut stride = count.div_ceil(2);
        let mut best = self.project(stride, self.sorted.weights[stride - 1]);
        while stride > 1 {
            stride = stride.div_ceil(2);
            let Nearest { size, point: ConePoint { d, .. }, .. } = best;
            for other in [size.saturating_sub(stride).max(1), (size + stride).min(count)] {
                let there = self.project(other, d);
                if there.cost < best.cost {
                    best = there;
                }
            }
        }
        best
    }

    /// A lower bound of the cost by weak duality, from the multipliers of another size: tight to second order in their
    /// change. With y the residual that they give, the bound is y.z - |y|^2 / 2 for the point z to project; that of the
    /// best multiple of y is (y.z)^2 / (2 |y|^2).
    fn dual_bound(&self, size: usize, other: &ConePoint) -> f64 {
        let Sorted { sums, tails, .. } = self.sorted;
        let multiplier = (other.mu + self.theta * other.rho).max(0.0);
        let (below, t) = self.below(size, other.d);
        let rho = multiplier - below;
        let (shift, mu) = (self.theta * rho, multiplier - self.theta * rho);
        let m = self.outside(size, mu).1;
        let raised_sum = sums[size] - sums[size - t];
        let raised_squares = tails[size - t] - tails[size];
        let rest = tails[size + m];
        let product = raised_squares - other.d * raised_sum - shift * sums[size]
            + mu * (sums[size + m] - sums[size])
            + rest
            - rho * self.centred();
        let square = raised_squares - 2.0 * other.d * raised_sum
            + other.d * other.d * t as f64
            + 2.0 * shift * below
            + shift * shift * size as f64
            + mu * mu * m as f64
            + rest
            + rho * rho;
        // Less what rounding may have added.
        let bound = if square > 0.0 { product.max(0.0).powi(2) / (2.0 * square) } else { 0.0 };
        bound - 1e-12 * (product.abs() + square + bound)
    }

    /// What the farthest of three half-spaces that contain the cone costs alone.
    fn lower_bound(&self, size: usize) -> f64 {
        let (inside, smallest) = (size as f64, self.sorted.weights[size - 1]);
        let outside = (self.sorted.weights.len() - size) as f64;
        let outside_sum = self.sorted.total() - self.sorted.sums[size];
        let (own, other) = (self.theta * self.theta, (1.0 - self.theta).powi(2));
        [
            (outside_sum - smallest, outside + 1.0),
            (self.bias - smallest, 1.0 + other + (inside + outside - 1.0) * own),
            (outside_sum - self.bias, 1.0 + other * outside + own * inside),
        ]
        .into_iter()
        .fold(0.0, |bound, (excess, norm)| bound.max(excess.max(0.0).powi(2) / (2.0 * norm)))
    }

    /// The projection for the `size` largest weights; `start` is a guess of d.
    fn project(&self, size: usize, start: f64) -> Nearest {
        let split = Largest { cone: self, size };
        let point = project_onto_dilations(&split, self.centred(), self.theta, start);
        Nearest { size, point, cost: self.cost(size, &point) }
    }

    fn cost(&self, size: usize, point: &ConePoint) -> f64 {
        let Sorted { sums, tails, .. } = self.sorted;
        let ConePoint { d, rho, mu, .. } = *point;
        let (below, t) = self.below(size, d);
        let m = self.outside(size, mu).1;
        let raised = t as f64 * d * d - 2.0 * d * (sums[size] - sums[size - t])
            + (tails[size - t] - tails[size]);
        let shift = self.theta * rho;
        let inside = raised.max(0.0) + 2.0 * shift * below + shift * shift * size as f64;
        let outside = mu * mu * m as f64 + tails[size + m];
        (inside + outside + rho * rho) / 2.0
    }

    /// A(d), and how many weights of S it raises.
    fn below(&self, size: usize, d: f64) -> (f64, usize) {
        let kept = partition_from(&self.sorted.weights, &self.last_kept, |w| w >= d).min(size);
        let sum = self.sorted.sums[size] - self.sorted.sums[kept];
        ((d * (size - kept) as f64 - sum).max(0.0), size - kept)
    }

    /// The sum of max(W - mu, 0) outside S, and how many weights it keeps.
    fn outside(&self, size: usize, mu: f64) -> (f64, usize) {
        let end = partition_from(&self.sorted.weights, &self.last_end, |w| w > mu).max(size);
        let sum = self.sorted.sums[end] - self.sorted.sums[size];
        ((sum - mu * (end - size) as f64).max(0.0), end - size)
    }

    /// u = b - theta sum W.
    fn centred(&self) -> f64 {
        self.bias - self.theta * self.sorted.total()
    }
}

/// The weights with S = the `size` largest.
struct Largest<'a> {
    cone: &'a Cone<'a>,
    size: usize,
}

impl SplitWeights for Largest<'_> {
    fn size(&self) -> usize {
        self.size
    }

    fn inside(&self) -> f64 {
        self.cone.sorted.sums[self.size]
    }

    fn smallest(&self) -> f64 {
        self.cone.sorted.weights[self.size - 1]
    }

    fn below(&self, d: f64) -> (f64, usize) {
        self.cone.below(self.size, d)
    }

    fn outside(&self, mu: f64) -> (f64, usize) {
        self.cone.outside(self.size, mu)
    }
}

/// How many weights, of a decreasing list, are large enough: a search that starts at the last result and doubles its
/// steps, hence takes O(log) of the distance between the two.
fn partition_from(weights: &[f64], last: &Cell<usize>, large: impl Fn(f64) -> bool) -> usize {
    let (mut low, mut high) = (last.get(), last.get());
    let mut step = 1;
    while high < weights.len() && large(weights[high]) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    while low > 0 && !large(weights[low - 1]) {
        high = low - 1;
        low = low.saturating_sub(step);
        step *= 2;
    }
    let high = high.min(weights.len());
    let found = low + weights[low..high].partition_point(|&w| large(w));
    last.set(found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bounds_never_rule_out_the_nearest_size(
            weights in prop::collection::vec(prop_oneof![-0.3..2.0, 0.0..1e-3], 1..300),
            at in -0.2..1.2,
            theta in prop::sample::select(vec![0.0, 0.5, 1.0]),
        ) {
            let sorted = Sorted::new(&weights);
            let cone = Cone::new(&sorted, at * sorted.total(), theta);
            let sizes = 1..=weights.len();
            let least = sizes
                .map(|size| cone.project(size, sorted.weights[size - 1]).cost)
                .fold(f64::INFINITY, f64::min);
            let found = cone.nearest(f64::INFINITY).expect("no limit").cost;
            prop_assert!((found - least).abs() <= 1e-9 * least + 1e-14, "{found} {least}");
            prop_assert!(least < 1e-9 || cone.nearest(least * 0.999).is_none());
        }
    }
}
