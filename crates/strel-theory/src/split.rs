//! The projection onto the dilations by one given set: a cone.
//!
//! It is { sum of V outside S <= c <= V_k for k in S, V >= 0 }, for neurons (V, c). Distances are measured in (W, u) with
//! u = b - theta sum W; theta = 0 is the plain Euclidean distance in (W, b). The projection (V, c) of (W, b) satisfies,
//! with rho the change of u,
//!
//! - V = max(W, d) + theta rho in S, and c = d + theta rho;
//! - V = max(W - mu, 0) outside S, where mu + theta rho >= 0 is the multiplier of "sum of V outside S <= c";
//! - A(d) + (1 - theta) rho = mu, where A(d) is the sum of max(d - W, 0) in S (stationarity in c).
//!
//! Either the multiplier is 0, then rho = -A(d), or the constraint is tight; in both cases what is left is one
//! increasing piecewise linear equation in d.

use crate::Operation;

/// The weights of a neuron as sums over a set S and over the others: all that a projection reads of them.
pub trait SplitWeights {
    /// The number of weights in S, at least 1.
    fn size(&self) -> usize;
    /// Their sum.
    fn inside(&self) -> f64;
    /// The smallest of them, about: a search starts there.
    fn smallest(&self) -> f64;
    /// The sum of `max(d - W, 0)` in S, and how many weights of S are below d.
    fn below(&self, d: f64) -> (f64, usize);
    /// The sum of `max(W - mu, 0)` outside S, and how many weights outside S are above mu.
    fn outside(&self, mu: f64) -> (f64, usize);
}

/// The projection of a neuron onto the dilations by one set; the names are those of the head of its source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConePoint {
    /// V is `max(W, d) + theta rho` in S.
    pub d: f64,
    /// The change of `b - theta sum W`.
    pub rho: f64,
    /// V is `max(W - mu, 0)` outside S.
    pub mu: f64,
    /// The bias.
    pub c: f64,
    /// The bias was pushed to 0 from below: no input keeps W.x <= b.
    pub constant: bool,
}

impl ConePoint {
    /// The gradient of half the squared distance, as far as it goes through `b - theta sum W`: in each
    /// weight, and in the bias. Of an erosion, b is the bias of the dual neuron, `sum W - b`.
    pub fn gradient_through_bias(&self, theta: f64, operation: Operation) -> (f64, f64) {
        let shift = theta * self.rho;
        match operation {
            Operation::Dilation => (shift, -self.rho),
            Operation::Erosion => (shift - self.rho, self.rho),
        }
    }
}

/// Projects a neuron onto the closed set of dilations by a set S of its inputs.
///
/// `centred` is `b - theta sum W`; `start` is a guess of d. Erosions are the dilations of the dual neuron, of bias
/// `sum W - b`.
///
/// # Cost
/// A few calls of [`below`](SplitWeights::below) and [`outside`](SplitWeights::outside): Newton's method, which is exact
/// once the piece is the right one.
pub fn project_onto_dilations(
    split: &impl SplitWeights,
    centred: f64,
    theta: f64,
    start: f64,
) -> ConePoint {
    let tight = project_tight(split, centred, theta, start);
    if tight.mu + theta * tight.rho >= 0.0 { tight } else { project_slack(split, centred, theta) }
}

/// The projection if the sum outside S were not constrained.
fn project_slack(split: &impl SplitWeights, centred: f64, theta: f64) -> ConePoint {
    let (size, inside) = (split.size(), split.inside());
    let factor = 1.0 - theta + theta * theta * size as f64;
    let equation = |d: f64| {
        let (below, t) = split.below(d);
        let (outside, m) = split.outside(theta * below);
        Local {
            value: d + below * factor - theta * (inside + below + outside) - centred,
            slope: 1.0 + t as f64 * (factor - theta + theta * theta * m as f64),
            piece: (t, m),
        }
    };
    let untouched = centred + theta * (inside + split.outside(0.0).0);
    let d = root(equation, untouched.min(split.smallest()), 1.0);
    let below = split.below(d).0;
    ConePoint { d, rho: -below, mu: theta * below, c: d - theta * below, constant: false }
}

/// The projection with the sum outside S equal to c.
fn project_tight(split: &impl SplitWeights, centred: f64, theta: f64, start: f64) -> ConePoint {
    let (size, inside) = (split.size(), split.inside());
    let factor = 1.0 - theta + theta * theta * (size + 1) as f64;
    let solve = |d: f64| {
        let (below, t) = split.below(d);
        let rho = ((1.0 - theta) * d - theta * (inside + below) - centred) / factor;
        (rho, below + (1.0 - theta) * rho, t)
    };
    let equation = |d: f64| {
        let (rho, mu, t) = solve(d);
        let (outside, m) = split.outside(mu);
        let rho_slope = (1.0 - theta - theta * t as f64) / factor;
        let mu_slope = t as f64 + (1.0 - theta) * rho_slope;
        Local {
            value: d + theta * rho - outside,
            slope: 1.0 + theta * rho_slope + m as f64 * mu_slope,
            piece: (t, m),
        }
    };
    let d = root(equation, start, 1.0 / factor);
    let (rho, mu, _) = solve(d);
    let (c, m) = split.outside(mu);
    ConePoint { d, rho, mu, c, constant: m == 0 }
}

/// An increasing piecewise linear function near a point.
struct Local {
    value: f64,
    slope: f64,
    piece: (usize, usize),
}

/// The root of an increasing piecewise linear function of at least this slope: Newton's steps, which are exact once the
/// piece is the right one, from either end of a bracket, which is halved where they leave it, and at every eighth step.
fn root(function: impl Fn(f64) -> Local, start: f64, min_slope: f64) -> f64 {
    let mut at = start;
    let mut here = function(at);
    let reach = at - here.value / min_slope;
    let (mut low, mut high) = (at.min(reach), at.max(reach));
    // Where the pieces at the ends have their roots, and which pieces they are; each is tried once. From below first:
    // the weights outside of S make the function flatter where it is larger, so that steps from there do not go too far.
    let [mut from_low, mut from_high] = [None, None];
    for step in 1..200 {
        let newton = Some((at - here.value / here.slope, here.piece));
        if here.value == 0.0 {
            break;
        }
        if here.value < 0.0 {
            (low, from_low) = (at, newton);
        } else {
            (high, from_high) = (at, newton);
        }
        let within = |end: &mut Option<_>| {
            end.take_if(|_| step % 8 != 0).filter(|(next, _)| (low..=high).contains(next))
        };
        let newton = within(&mut from_low).or_else(|| within(&mut from_high));
        let next = newton.map_or(low + (high - low) / 2.0, |(next, _)| next);
        let there = function(next);
        let settled = match newton {
            Some((_, piece)) => next == at || there.piece == piece,
            None => next == low || next == high,
        };
        (at, here) = (next, there);
        if settled {
            break;
        }
    }
    at
}
