//! Projection onto the neurons that are operators.

use crate::cone::{Cone, Nearest, Sorted};
use crate::{Neuron, Operation, SetOperator};

/// How the distance between neurons (W, b) and (V, c) is measured.
///
/// Duality maps (W, b) to (W, sum W - b) and swaps dilations and erosions. It is no isometry of the plain Euclidean
/// distance, so with that distance a neuron and its dual may disagree about the nearest operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Metric {
    /// One metric for both operations, of which duality is an isometry: |V - W|^2 plus the squared change of
    /// b - sum W / 2, the bias for inputs counted from 1/2. Of the three it is the one that keeps large supports large
    /// where n is large: weights may shrink without the bias having to follow.
    #[default]
    Centred,
    /// Each operation in its own coordinates: dilations in (W, b), erosions in (W, sum W - b). Duality swaps the
    /// operations at equal distance, but distances to the two are not distances in one space. This is what Aouad &
    /// Talbot 2023 measure.
    Dual,
    /// |V - W|^2 + (c - b)^2 for both operations. Not symmetric under duality.
    Euclidean,
}

impl Metric {
    /// The distance to a dilation in (W, b), or of an erosion in (W, sum W - b), is taken in (W, b - theta sum W).
    pub fn theta(self, operation: Operation) -> f64 {
        match (self, operation) {
            (Self::Dual, _) | (Self::Euclidean, Operation::Dilation) => 0.0,
            (Self::Centred, _) => 0.5,
            (Self::Euclidean, Operation::Erosion) => 1.0,
        }
    }
}

/// The nearest neuron that is, or borders on being, an operator.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivableProjection {
    /// The operator of the projected neuron.
    pub operator: SetOperator,
    /// The operation whose set is nearest; kept where the operator is a constant.
    pub operation: Operation,
    /// The projected weights V >= 0.
    pub weights: Vec<f64>,
    /// The projected bias c.
    pub bias: f64,
    /// The distance, in the metric asked for.
    pub distance: f64,
    /// The gradient in W of the regularizer, half the squared distance.
    pub weight_gradient: Vec<f64>,
    /// The gradient in b of the regularizer.
    pub bias_gradient: f64,
}

/// Projects a neuron onto the (closed) set of positive neurons that are a dilation or an erosion by at least one input.
///
/// For binary inputs these are the (V, c) with V >= 0 and sum of V outside S <= c <= V_k for k in S (dilation by S), and
/// their duals (V, sum V - c). Activated neurons with weights >= 0 are their own projection. A neuron that is constant
/// is projected as well (a regularizer brings it back to life): onto c = 0, where the operator given is still the
/// constant. The nearest set may split equal weights; the first of them go in then. Negative weights are projected to weights >= 0. The scale p plays no part.
///
/// Source: Aouad & Talbot 2023, who solve 2n quadratic programs a neuron. Here the projection for one S has a closed
/// form, found from sums of the sorted weights; see the source of the private module `cone`. Rounding errors are those
/// of sums of all weights, so weights much smaller than the largest times 1e-16 n count as 0.
///
/// # Cost
/// O(n log n) steps to sort; then for each size of S, and each operation that is not ruled out as a whole, O(1) for a bound
/// that rules most sizes out, or else a few iterations of Newton's method (O(log n) each at worst, O(1) usually).
///
/// ```
/// use strel_theory::{Metric, Neuron, SetOperator, activable_projection};
///
/// let neuron = Neuron::new(&[1.0, 1.0, 0.5], 0.25, 1.0)?;
/// let nearest = activable_projection(&neuron, Metric::Dual);
/// assert_eq!(nearest.operator, SetOperator::Dilation(vec![true, true, true]));
/// assert_eq!(nearest.distance, 0.0);
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
pub fn activable_projection(neuron: &Neuron, metric: Metric) -> ActivableProjection {
    let largest = neuron.weights().iter().fold(neuron.bias().abs(), |max, w| max.max(w.abs()));
    if neuron.weights().is_empty() || largest == 0.0 {
        return unmoved(neuron);
    }
    // The sets are cones: in units of a power of two, which rounds nothing, squares do not overflow.
    let unit = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits()).max(f64::MIN_POSITIVE);
    let weights: Vec<f64> = neuron.weights().iter().map(|w| w / unit).collect();
    let sorted = Sorted::new(&weights);
    let bias = neuron.bias() / unit;
    let cone = |operation, bias| Cone::new(&sorted, bias, metric.theta(operation));
    let dilation = cone(Operation::Dilation, bias);
    let erosion = cone(Operation::Erosion, sorted.total() - bias);
    // At equal distance, up to rounding, the side of the bias decides: a choice that duality respects.
    let [near, far] = if bias <= sorted.total() / 2.0 {
        [(Operation::Dilation, &dilation), (Operation::Erosion, &erosion)]
    } else {
        [(Operation::Erosion, &erosion), (Operation::Dilation, &dilation)]
    };
    let first = near.1.nearest(f64::INFINITY).expect("no limit");
    let (found, (operation, cone)) = match far.1.nearest(first.cost * (1.0 - 1e-9)) {
        Some(closer) => (closer, far),
        None => (first, near),
    };
    assemble(&weights, cone, found, operation, unit)
}

impl ActivableProjection {
    /// The regularizer R: half the squared distance.
    pub fn penalty(&self) -> f64 {
        self.distance * self.distance / 2.0
    }
}

fn unmoved(neuron: &Neuron) -> ActivableProjection {
    ActivableProjection {
        operator: SetOperator::Constant(neuron.bias() < 0.0),
        operation: Operation::Dilation,
        weights: neuron.weights().to_vec(),
        bias: neuron.bias(),
        distance: 0.0,
        weight_gradient: vec![0.0; neuron.weights().len()],
        bias_gradient: 0.0,
    }
}

/// The projection in the given order and size of the weights.
fn assemble(
    scaled: &[f64],
    cone: &Cone,
    nearest: Nearest,
    operation: Operation,
    unit: f64,
) -> ActivableProjection {
    let mut support = vec![false; scaled.len()];
    cone.sorted.order[..nearest.size].iter().for_each(|&index| support[index] = true);
    let point = nearest.point;
    let shift = cone.theta * point.rho;
    let projected: Vec<f64> = scaled
        .iter()
        .zip(&support)
        .map(|(w, inside)| match inside {
            true => w.max(point.d) + shift,
            false => (w - point.mu).max(0.0),
        })
        .collect();
    let (through_bias, bias_gradient) = point.gradient_through_bias(cone.theta, operation);
    let residual = scaled.iter().zip(&projected).map(|(w, v)| w - v);
    let square: f64 = residual.clone().map(|r| r * r).sum::<f64>() + point.rho * point.rho;
    let bias = match operation {
        Operation::Dilation => point.c,
        Operation::Erosion => projected.iter().sum::<f64>() - point.c,
    };
    ActivableProjection {
        operator: if point.constant {
            SetOperator::Constant(operation == Operation::Dilation)
        } else {
            SetOperator::new(operation, support)
        },
        operation,
        weight_gradient: residual.map(|r| unit * (r + through_bias)).collect(),
        bias_gradient: unit * bias_gradient,
        bias: unit * bias,
        distance: unit * square.sqrt(),
        weights: projected.into_iter().map(|v| unit * v).collect(),
    }
}
