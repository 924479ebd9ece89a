//! Weights, sorted into bins.

use pulp::Simd;
use strel_theory::{ConePoint, SplitWeights, project_onto_dilations};

use super::Row;

/// How many bins there are between the largest weight and the smallest.
const COUNT: usize = 64;

/// The weights of a neuron in bins of equal width, the largest first: each weight counts as the mean of its bin.
pub struct Bins {
    most: f32,
    least: f32,
    per_width: f32,
    /// Of each bin.
    means: [f32; COUNT],
    /// Entry k: how many weights are in the first k bins,
    counts: [f32; COUNT + 1],
    /// their sum,
    sums: [f32; COUNT + 1],
    /// and the sum of their squares.
    squares: [f32; COUNT + 1],
}

/// The nearest dilation by the weights of some first bins.
pub struct Nearest {
    /// The weights are those above this.
    pub cut: f32,
    pub point: ConePoint,
    /// Half the squared distance, about.
    pub cost: f64,
    bins: usize,
}

impl Bins {
    #[inline(always)]
    pub fn new<S: Simd>(_: S, row: Row<S>, weights: &[f32]) -> Self {
        let (least, most) = row.extremes();
        let width = most - least;
        let per_width = if width > 0.0 { COUNT as f32 / width } else { 0.0 };
        let mut bins = Bins {
            most,
            least,
            per_width,
            means: [0.0; COUNT],
            counts: [0.0; COUNT + 1],
            sums: [0.0; COUNT + 1],
            squares: [0.0; COUNT + 1],
        };
        let mut terms = [[0.0f32; 4]; COUNT];
        for &weight in weights {
            let bin = &mut terms[bins.bin_of(weight)];
            for (sum, term) in bin.iter_mut().zip([1.0, weight, weight * weight, 0.0]) {
                *sum += term;
            }
        }
        for (k, [count, sum, square, _]) in terms.into_iter().enumerate() {
            // Where there is no weight, any number between the neighbours' does.
            let middle = most - (k as f32 + 0.5) * width / COUNT as f32;
            bins.means[k] = if count > 0.0 { sum / count } else { middle };
            bins.counts[k + 1] = bins.counts[k] + count;
            bins.sums[k + 1] = bins.sums[k] + sum;
            bins.squares[k + 1] = bins.squares[k] + square;
        }
        bins
    }

    /// The sum of all weights.
    #[inline(always)]
    pub fn total(&self) -> f64 {
        f64::from(self.sums[COUNT])
    }

    #[inline(always)]
    fn bin_of(&self, weight: f32) -> usize {
        // A float becomes the nearest number of the type, and NaN becomes 0.
        (((self.most - weight) * self.per_width) as u32 as usize).min(COUNT - 1)
    }

    /// The nearest dilation by the weights of some first bins, or one nearly as near: from half of the bins on, those
    /// that the last projection wants, as long as they are nearer.
    #[inline(always)]
    pub fn nearest(&self, centred: f64, theta: f64) -> Nearest {
        let half = COUNT / 2;
        let mut best = self.project(half, f64::from(self.means[half - 1]), centred, theta);
        loop {
            let bins = self.wanted(&best.point, theta);
            if bins == best.bins {
                return best;
            }
            let there = self.project(bins, best.point.d, centred, theta);
            if there.cost >= best.cost {
                return best;
            }
            best = there;
        }
    }

    /// The same, after steps to one bin more or fewer as long as they are nearer.
    #[inline(always)]
    pub fn refined(&self, mut best: Nearest, centred: f64, theta: f64) -> Nearest {
        loop {
            let from = best.bins;
            for bins in [from - 1, from + 1] {
                if (1..=COUNT).contains(&bins) {
                    let there = self.project(bins, best.point.d, centred, theta);
                    if there.cost < best.cost {
                        best = there;
                    }
                }
            }
            if best.bins == from {
                return best;
            }
        }
    }

    #[inline(always)]
    fn project(&self, bins: usize, start: f64, centred: f64, theta: f64) -> Nearest {
        let first = First { all: self, bins };
        let point = project_onto_dilations(&first, centred, theta, start);
        Nearest { cut: self.cut(bins), point, cost: first.cost(&point, theta), bins }
    }

    /// How many first bins have weights that are better in S than outside, if all else of a projection stays.
    ///
    /// A weight w costs `(max(d - w, 0)^2 - (theta rho)^2) / 2` in S, and outside, where it counts against the bias,
    /// too, `(mu + theta rho) w - mu^2 / 2`, or `w^2 / 2 + theta rho w` if it is below mu. The larger it is, the less it
    /// costs in S and the more outside.
    #[inline(always)]
    fn wanted(&self, point: &ConePoint, theta: f64) -> usize {
        let ConePoint { d, mu, .. } = *point;
        let shift = theta * point.rho;
        let (mut inside, mut outside) = (1, COUNT + 1);
        while outside - inside > 1 {
            let middle = usize::midpoint(inside, outside);
            let weight = f64::from(self.means[middle - 1]);
            let raised = (d - weight).max(0.0);
            let in_s = (raised * raised - shift * shift) / 2.0;
            let out_of_s = if weight < mu {
                weight * (weight / 2.0 + shift)
            } else {
                (mu + shift) * weight - mu * mu / 2.0
            };
            if in_s < out_of_s { inside = middle } else { outside = middle }
        }
        inside
    }

    /// A number below the weights of the first bins, and below no others, but for rounding.
    #[inline(always)]
    fn cut(&self, bins: usize) -> f32 {
        let lowest = if bins == COUNT { self.least } else { self.most };
        let edge = self.most - bins as f32 / self.per_width;
        if edge < lowest { edge } else { lowest.next_down() }
    }
}

/// The weights with S = those of some first bins.
struct First<'a> {
    all: &'a Bins,
    bins: usize,
}

impl First<'_> {
    #[inline(always)]
    fn between(&self, from: usize, to: usize) -> [f64; 3] {
        let Bins { counts, sums, squares, .. } = self.all;
        [counts, sums, squares].map(|sums| f64::from(sums[to] - sums[from]))
    }

    /// The first bins whose mean is d at least, of S.
    #[inline(always)]
    fn kept(&self, d: f64) -> usize {
        let bin = self.all.bin_of(d as f32);
        (bin + usize::from(self.all.means[bin] >= d as f32)).min(self.bins)
    }

    /// The first bins whose mean is above mu, those of S among them.
    #[inline(always)]
    fn end(&self, mu: f64) -> usize {
        let bin = self.all.bin_of(mu as f32);
        (bin + usize::from(self.all.means[bin] > mu as f32)).max(self.bins)
    }

    #[inline(always)]
    fn cost(&self, point: &ConePoint, theta: f64) -> f64 {
        let ConePoint { d, rho, mu, .. } = *point;
        let shift = theta * rho;
        let [raised, sum, square] = self.between(self.kept(d), self.bins);
        let inside = raised * d * d - 2.0 * d * sum
            + square
            + 2.0 * shift * (raised * d - sum)
            + shift * shift * f64::from(self.all.counts[self.bins]);
        let end = self.end(mu);
        let outside = mu * mu * self.between(self.bins, end)[0] + self.between(end, COUNT)[2];
        (inside + outside + rho * rho) / 2.0
    }
}

impl SplitWeights for First<'_> {
    #[inline(always)]
    fn size(&self) -> usize {
        self.all.counts[self.bins] as usize
    }

    #[inline(always)]
    fn inside(&self) -> f64 {
        f64::from(self.all.sums[self.bins])
    }

    #[inline(always)]
    fn smallest(&self) -> f64 {
        f64::from(self.all.means[self.bins - 1])
    }

    #[inline(always)]
    fn below(&self, d: f64) -> (f64, usize) {
        let [count, sum, _] = self.between(self.kept(d), self.bins);
        ((d * count - sum).max(0.0), count as usize)
    }

    #[inline(always)]
    fn outside(&self, mu: f64) -> (f64, usize) {
        let [count, sum, _] = self.between(self.bins, self.end(mu));
        ((sum - mu * count).max(0.0), count as usize)
    }
}
