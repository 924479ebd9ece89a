//! When a neuron *is* a morphological operator (Aouad & Talbot 2023).

use crate::{AlmostBinary, InputBounds, Neuron, Operation, SetOperator, TheoryError, Threshold};

/// How well an operator describes a neuron, complementation left aside.
///
/// Over all almost binary inputs, W.x is at most `lower` where the operator gives 0 and at least `upper` where it gives
/// 1. Both are rounded outwards, so that `lower < b < upper` is a proof and not an estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The operator.
    pub operator: SetOperator,
    /// Largest W.x where the operator gives 0; minus infinity if it never does.
    pub lower: f64,
    /// Smallest W.x where the operator gives 1; plus infinity if it never does.
    pub upper: f64,
    /// min(b - lower, upper - b): positive iff the neuron is this operator.
    pub margin: f64,
}

/// Whether a neuron is a morphological operator.
#[derive(Debug, Clone, PartialEq)]
pub enum Activation {
    /// It is this one: for p > 0 the thresholded neuron equals the operator, for p < 0 its complement.
    Activated(Fit),
    /// It is none: the best attempt of either operation, with margins that are zero or negative.
    NotActivated {
        /// The dilation (or the constant 0) with the largest margin.
        dilation: Fit,
        /// The erosion (or the constant 1) with the largest margin.
        erosion: Fit,
    },
}

/// Decides whether a neuron is a dilation, an erosion or a constant for every almost binary input within `inputs`.
///
/// Weights may have any sign; only positive ones can belong to a support. With neg the sum of the negative weights,
///
/// - dilation by S: lower = sum of W+ outside S + sum over S of v1 W, upper = min over S of v2 W + neg;
/// - erosion by S: lower = sum of all W+ - min over S of (1 - v1) W, upper = sum over S of v2 W + neg.
///
/// By the empty set these are the constants, 0 iff b > sum of W+ and 1 iff b < neg. At most one S of each operation
/// fits, and it holds the inputs with the largest v2 W (dilation) or (1 - v1) W (erosion), so n + 1 candidates are
/// enough. Inequalities are strict: a neuron on a boundary, or within rounding error of one (about 1e-16 n times the
/// sums above), is not activated, although its ties may happen to fall on the right side. A neuron with p = 0 is the
/// constant 0 with infinite margin.
///
/// # Errors
/// [`TheoryError::Length`] if `inputs` has bounds for another number of inputs.
///
/// # Cost
/// O(n log n).
///
/// ```
/// use strel_theory::{Activation, InputBounds, Neuron, SetOperator, activation};
///
/// let neuron = Neuron::new(&[0.1, 2.0, 3.0], 1.0, 1.0)?;
/// let Activation::Activated(fit) = activation(&neuron, InputBounds::BINARY)? else { unreachable!() };
/// assert_eq!(fit.operator, SetOperator::Dilation(vec![false, true, true]));
/// assert!((fit.lower - 0.1).abs() < 1e-12 && (fit.upper - 2.0).abs() < 1e-12);
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
pub fn activation(neuron: &Neuron, inputs: InputBounds) -> Result<Activation, TheoryError> {
    inputs.check_len(neuron.weights().len())?;
    if neuron.scale() == 0.0 {
        return Ok(Activation::Activated(Fit {
            operator: SetOperator::Constant(false),
            lower: f64::NEG_INFINITY,
            upper: f64::INFINITY,
            margin: f64::INFINITY,
        }));
    }
    let dilation = best_fit(neuron, inputs, Operation::Dilation);
    let erosion = best_fit(neuron, inputs, Operation::Erosion);
    let best = if erosion.margin > dilation.margin { &erosion } else { &dilation };
    if best.margin > 0.0 {
        Ok(Activation::Activated(best.clone()))
    } else {
        Ok(Activation::NotActivated { dilation, erosion })
    }
}

impl Activation {
    /// The fit of an activated neuron.
    ///
    /// # Errors
    /// [`TheoryError::NotActivated`] with the best attempts.
    pub fn into_result(self) -> Result<Fit, TheoryError> {
        match self {
            Self::Activated(fit) => Ok(fit),
            Self::NotActivated { dilation, erosion } => Err(TheoryError::NotActivated {
                dilation: Box::new(dilation),
                erosion: Box::new(erosion),
            }),
        }
    }
}

impl Fit {
    /// By how much the bias or the weights miss this operator; 0 if they do not.
    pub fn miss(&self) -> f64 {
        (-self.margin).max(0.0)
    }

    /// The chain rule: bounds of the output y of an activated neuron, (xi(p (lower - b)), xi(p (upper - b))), in the
    /// opposite order for p < 0, rounded outwards by a few units in the last place.
    ///
    /// For p = 0 the output is always 1/2, which reads as 0: the bounds are (1/2, 1).
    ///
    /// # Errors
    /// [`TheoryError::NotSeparated`] if the neuron is not activated, or if p is so small that a bound rounds to 1/2.
    pub fn output_bounds(
        &self,
        neuron: &Neuron,
        threshold: Threshold,
    ) -> Result<AlmostBinary, TheoryError> {
        const OUTWARDS: f64 = 8.0 * f64::EPSILON;
        if neuron.scale() == 0.0 {
            return AlmostBinary::new(0.5, 1.0);
        }
        let value = |edge: f64| threshold.value(neuron.scale() * (edge - neuron.bias()));
        let (below, above) = (value(self.lower), value(self.upper));
        let (low, high) = if neuron.complements() { (above, below) } else { (below, above) };
        let (low, high) = (low * (1.0 + OUTWARDS), high * (1.0 - OUTWARDS));
        if low < 0.5 && 0.5 < high {
            AlmostBinary::new(low, high)
        } else {
            Err(TheoryError::NotSeparated { low, high })
        }
    }
}

/// The operator of one operation with the largest margin, the empty set included.
fn best_fit(neuron: &Neuron, inputs: InputBounds, operation: Operation) -> Fit {
    let sums = Sums::new(neuron, inputs, operation);
    let order = sums.order();
    let outside = sums.outside(&order);
    let (mut best, mut best_size) = (sums.edges(None, outside[0], 0.0), 0);
    let mut inside = 0.0;
    for (place, &index) in order.iter().enumerate() {
        inside += sums.inside_term(index);
        let edges = sums.edges(Some(index), outside[place + 1], inside);
        // Among equal weights the whole group has the largest margin: later wins.
        if edges.margin(neuron.bias()) >= best.margin(neuron.bias()) {
            (best, best_size) = (edges, place + 1);
        }
    }
    let mut support = vec![false; neuron.weights().len()];
    order[..best_size].iter().for_each(|&index| support[index] = true);
    Fit {
        operator: SetOperator::new(operation, support),
        lower: best.lower,
        upper: best.upper,
        margin: best.margin(neuron.bias()),
    }
}

#[derive(Clone, Copy)]
struct Edges {
    lower: f64,
    upper: f64,
}

impl Edges {
    fn margin(self, bias: f64) -> f64 {
        (bias - self.lower).min(self.upper - bias)
    }
}

/// Sums of weights that bound W.x.
struct Sums<'a> {
    weights: &'a [f64],
    inputs: InputBounds<'a>,
    operation: Operation,
    negative: f64,
    positive: f64,
}

impl<'a> Sums<'a> {
    fn new(neuron: &Neuron<'a>, inputs: InputBounds<'a>, operation: Operation) -> Self {
        let weights = neuron.weights();
        let negative = weights.iter().filter(|w| **w < 0.0).sum();
        let positive = weights.iter().filter(|w| **w > 0.0).sum();
        Self { weights, inputs, operation, negative, positive }
    }

    /// The inputs of positive weight, from the first to enter a support to the last.
    fn order(&self) -> Vec<usize> {
        let positive = |&index: &usize| self.weights[index] > 0.0;
        let mut order: Vec<usize> = (0..self.weights.len()).filter(positive).collect();
        order.sort_by(|&i, &j| self.step(j).total_cmp(&self.step(i)));
        order
    }

    /// What input `index` alone moves W.x by, at least: from 0 to 1 (dilation) or from 1 to 0 (erosion).
    fn step(&self, index: usize) -> f64 {
        let bounds = self.inputs.get(index);
        match self.operation {
            Operation::Dilation => bounds.high() * self.weights[index],
            Operation::Erosion => (1.0 - bounds.low()) * self.weights[index],
        }
    }

    /// The extreme contribution of input `index` when the whole support is 0 (dilation) or 1 (erosion).
    fn inside_term(&self, index: usize) -> f64 {
        let bounds = self.inputs.get(index);
        match self.operation {
            Operation::Dilation => bounds.low() * self.weights[index],
            Operation::Erosion => bounds.high() * self.weights[index],
        }
    }

    /// Entry k: the sum of all positive weights but the first k. Summed from the end, so that nothing cancels.
    fn outside(&self, order: &[usize]) -> Vec<f64> {
        let mut sums = vec![0.0; order.len() + 1];
        for (place, &index) in order.iter().enumerate().rev() {
            sums[place] = sums[place + 1] + self.weights[index];
        }
        sums
    }

    /// The bounds of W.x for a support with this last entry (none if empty) and these sums outside and inside.
    fn edges(&self, last: Option<usize>, outside: f64, inside: f64) -> Edges {
        let step = last.map(|index| self.step(index));
        match self.operation {
            Operation::Dilation => {
                let lower = outside + inside;
                Edges {
                    lower: lower + self.rounding(lower),
                    upper: step.map_or(f64::INFINITY, |step| {
                        step + self.negative - self.rounding(step - self.negative)
                    }),
                }
            }
            Operation::Erosion => Edges {
                lower: step.map_or(f64::NEG_INFINITY, |step| {
                    self.positive - step + self.rounding(self.positive + step)
                }),
                upper: inside + self.negative - self.rounding(inside - self.negative),
            },
        }
    }

    /// More than the error of a sum of n products whose absolute values add up to `magnitude`.
    fn rounding(&self, magnitude: f64) -> f64 {
        if magnitude == 0.0 {
            return 0.0;
        }
        // The smallest normal number stands for products that underflow.
        (self.weights.len() + 4) as f64 * f64::EPSILON * magnitude + f64::MIN_POSITIVE
    }
}
