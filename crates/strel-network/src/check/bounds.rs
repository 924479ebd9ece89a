//! The numbers in a report, computed again: sums of the extremes of each term.

use strel_theory::{Neuron, Threshold};

use super::CheckFailure;
use crate::Place;
use crate::bank::FloatNeuron;
use crate::certificate::{NearestOperator, NeuronReport};

/// What a number may be off by, in units of the neuron's size.
pub(super) const TOLERANCE: f64 = 1e-9;

/// Values that are at most `low`, or at least `high`.
#[derive(Clone, Copy)]
pub(super) struct Interval {
    low: f64,
    high: f64,
}

impl Interval {
    /// 0 and 1 only.
    pub(super) const BINARY: Self = Self { low: 0.0, high: 1.0 };

    /// How far a value can be from 0 or 1, whichever it stands for.
    pub(super) fn distance_from_binary(self) -> f64 {
        self.low.max(1.0 - self.high)
    }
}

/// Checks the numbers of a report, and returns the bounds of the neuron's output.
pub(super) fn check_bounds(
    report: &NeuronReport,
    float: &FloatNeuron,
    inputs: &[Interval],
    threshold: Threshold,
) -> Result<Interval, CheckFailure> {
    let neuron = float.view();
    let size = neuron.weights().iter().map(|w| w.abs()).sum::<f64>() + neuron.bias().abs();
    let numbers = Numbers { place: report.place, tolerance: TOLERANCE * size + f64::MIN_POSITIVE };
    numbers.check("bias", Some(report.bias), neuron.bias(), 0.0)?;
    numbers.check("scale", Some(report.scale), neuron.scale(), 0.0)?;
    let low = inputs.iter().map(|input| input.low).fold(0.0, f64::max);
    let high = inputs.iter().map(|input| input.high).fold(1.0, f64::min);
    numbers.check("lower input bound", Some(report.input_bounds.0), low, 0.0)?;
    numbers.check("upper input bound", Some(report.input_bounds.1), high, 0.0)?;

    let edges = claimed_edges(&neuron, inputs, report.operator, numbers.tolerance)
        .ok_or(CheckFailure::Operator { place: report.place })?;
    let slack = rounding_slack(neuron.weights().len(), size);
    let (lower, upper) = (edges.lower + slack, edges.upper - slack);
    let margin = (edges.margin(neuron.bias()) - slack).max(f64::MIN);
    numbers.check("lower bound", report.lower, lower, numbers.tolerance)?;
    numbers.check("upper bound", report.upper, upper, numbers.tolerance)?;
    numbers.check("margin", report.margin, margin, numbers.tolerance)?;
    let output = exact_output(&neuron, lower, upper, threshold);
    numbers.check_output(report, output, margin, neuron.scale())
}

/// The edges of the operator that is said to be nearest, if none is nearer.
fn claimed_edges(
    neuron: &Neuron,
    inputs: &[Interval],
    claimed: NearestOperator,
    tolerance: f64,
) -> Option<Edges> {
    if neuron.scale() == 0.0 {
        let operator = NearestOperator::Constant(false);
        let edges = Edges { operator, lower: f64::NEG_INFINITY, upper: f64::INFINITY };
        return (claimed == operator).then_some(edges);
    }
    let terms = Terms { weights: neuron.weights(), inputs };
    terms.nearest(claimed, neuron.bias(), tolerance)
}

/// No output lies between xi(p (lower - b)) and xi(p (upper - b)).
fn exact_output(neuron: &Neuron, lower: f64, upper: f64, threshold: Threshold) -> Interval {
    let xi = |edge: f64| threshold.value(neuron.scale() * (edge - neuron.bias()));
    match neuron.scale() {
        // The output is 1/2, which reads as 0.
        0.0 => Interval { low: 0.5, high: 1.0 },
        scale if scale > 0.0 => Interval { low: xi(lower), high: xi(upper) },
        _ => Interval { low: xi(upper), high: xi(lower) },
    }
}

/// Sums of up to this many more terms than weights, each rounded to `f32`, are off by at most this:
/// k u / (1 - k u) times the sum of all sizes, and what underflows; infinite if a sum may overflow.
pub(super) fn rounding_slack(weights: usize, size: f64) -> f64 {
    let unit = 2.0_f64.powi(-24);
    let relative = (weights as f64 + 2.0) * unit;
    if size > f64::from(f32::MAX) / 2.0 || relative >= 1.0 {
        return f64::INFINITY;
    }
    size * relative / (1.0 - relative) + (weights as f64 + 1.0) * f64::from(f32::MIN_POSITIVE)
}

/// W.x is at most `lower` where the operator gives 0, at least `upper` where it gives 1.
#[derive(Clone, Copy)]
struct Edges {
    operator: NearestOperator,
    lower: f64,
    upper: f64,
}

impl Edges {
    fn margin(&self, bias: f64) -> f64 {
        (bias - self.lower).min(self.upper - bias)
    }
}

/// The terms W_k x_k of a neuron's sum.
struct Terms<'a> {
    weights: &'a [f64],
    inputs: &'a [Interval],
}

impl Terms<'_> {
    /// The claimed operator's edges, if no other operator has a larger margin.
    fn nearest(&self, claimed: NearestOperator, bias: f64, tolerance: f64) -> Option<Edges> {
        let all = [self.dilations(), self.erosions()].concat();
        let edges = *all.iter().find(|edges| edges.operator == claimed)?;
        let best = all.iter().map(|edges| edges.margin(bias)).fold(f64::NEG_INFINITY, f64::max);
        (edges.margin(bias) + tolerance >= best).then_some(edges)
    }

    /// Dilations by the inputs that reach furthest, of every number of them.
    fn dilations(&self) -> Vec<Edges> {
        let one = |k: usize| self.weights[k] * self.inputs[k].high;
        let rest = self.sum(|k| self.weights[k].min(0.0));
        let (mut lower, mut least) = (self.sum(|k| self.weights[k].max(0.0)), f64::INFINITY);
        let none = Edges { operator: NearestOperator::Constant(false), lower, upper: least };
        let mut all = vec![none];
        for (k, count) in self.positive_by(one).into_iter().zip(1..) {
            lower -= self.weights[k] * (1.0 - self.inputs[k].low);
            least = least.min(one(k));
            let operator = NearestOperator::Dilation(count);
            all.push(Edges { operator, lower, upper: least + rest });
        }
        all
    }

    /// Erosions by the inputs that reach furthest, of every number of them.
    fn erosions(&self) -> Vec<Edges> {
        let step = |k: usize| self.weights[k] * (1.0 - self.inputs[k].low);
        let most = self.sum(|k| self.weights[k].max(0.0));
        let (mut lower, mut upper) = (f64::NEG_INFINITY, self.sum(|k| self.weights[k].min(0.0)));
        let none = Edges { operator: NearestOperator::Constant(true), lower, upper };
        let mut all = vec![none];
        for (k, count) in self.positive_by(step).into_iter().zip(1..) {
            lower = lower.max(most - step(k));
            upper += self.weights[k] * self.inputs[k].high;
            all.push(Edges { operator: NearestOperator::Erosion(count), lower, upper });
        }
        all
    }

    /// The inputs of positive weight, the largest value first.
    fn positive_by(&self, value: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut order: Vec<usize> =
            (0..self.weights.len()).filter(|&k| self.weights[k] > 0.0).collect();
        order.sort_by(|&i, &j| value(j).total_cmp(&value(i)));
        order
    }

    fn sum(&self, term: impl Fn(usize) -> f64) -> f64 {
        (0..self.weights.len()).map(term).sum()
    }
}

/// The numbers of one report.
pub(super) struct Numbers {
    pub(super) place: Place,
    pub(super) tolerance: f64,
}

impl Numbers {
    /// Checks a number, where `None` stands for one that is not finite.
    pub(super) fn check(
        &self,
        what: &'static str,
        claimed: Option<f64>,
        found: f64,
        tolerance: f64,
    ) -> Result<(), CheckFailure> {
        let holds = match claimed {
            Some(claimed) => (claimed - found).abs() <= tolerance,
            None => !found.is_finite(),
        };
        if holds { Ok(()) } else { Err(self.wrong(what, claimed, found)) }
    }

    fn wrong(&self, what: &'static str, claimed: Option<f64>, found: f64) -> CheckFailure {
        let claimed = claimed.map_or("infinite".to_owned(), |number| number.to_string());
        CheckFailure::Number { place: self.place, what, claimed, found: found.to_string() }
    }

    /// Checks the output bounds against the exact ones, to be widened by 2^-20, an error of xi.
    fn check_output(
        &self,
        report: &NeuronReport,
        exact: Interval,
        margin: f64,
        scale: f64,
    ) -> Result<Interval, CheckFailure> {
        let wide = if scale == 0.0 { 0.0 } else { 2.0_f64.powi(-20) };
        let found = Interval { low: exact.low + wide, high: (exact.high - wide).min(1.0) };
        let Some((low, high)) = report.output_bounds else {
            let fails = margin <= self.tolerance
                || found.low >= 0.5 - TOLERANCE
                || found.high <= 0.5 + TOLERANCE;
            return if fails {
                Ok(Interval::BINARY)
            } else {
                Err(self.wrong("output bound", None, found.low))
            };
        };
        self.check("lower output bound", Some(low), found.low, TOLERANCE)?;
        self.check("upper output bound", Some(high), found.high, TOLERANCE)?;
        let separated =
            scale == 0.0 || (low < 0.5 && 0.5 < high && report.margin.is_none_or(|m| m > 0.0));
        if separated {
            Ok(Interval { low, high })
        } else {
            Err(self.wrong("margin", report.margin, margin))
        }
    }
}
