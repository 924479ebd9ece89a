//! What bounds of a neuron's inputs say of its output, rounding included.

use strel_theory::{Activation, AlmostBinary, Fit, InputBounds, Neuron, Threshold, activation};

/// The unit roundoff of `f32`.
const UNIT_ROUNDOFF: f64 = f32::EPSILON as f64 / 2.0;

/// More than the error of a program's xi(u) in `f32`, its argument's rounding included.
const THRESHOLD_ERROR: f64 = 16.0 * UNIT_ROUNDOFF;

/// The operator that a neuron is, or comes nearest to.
pub(super) fn nearest(neuron: &Neuron, inputs: &[AlmostBinary]) -> Fit {
    match activation(neuron, InputBounds::Each(inputs)).expect("one pair of bounds a weight") {
        Activation::Activated(fit) => fit,
        Activation::NotActivated { dilation, erosion } if dilation.margin >= erosion.margin => {
            dilation
        }
        Activation::NotActivated { erosion, .. } => erosion,
    }
}

/// The fit for W.x computed in `f32`.
pub(super) fn rounded(neuron: &Neuron, fit: Fit) -> Fit {
    let error = summation_error(neuron);
    Fit {
        lower: fit.lower + error,
        upper: fit.upper - error,
        // NaN, an infinite margin less an infinite error, counts as the worst margin there is.
        margin: (fit.margin - error).max(f64::MIN),
        ..fit
    }
}

/// A bound on the error of W.x - b in `f32`; infinite if it could overflow.
pub(super) fn summation_error(neuron: &Neuron) -> f64 {
    let weights = neuron.weights();
    let largest = weights.iter().map(|weight| weight.abs()).sum::<f64>() + neuron.bias().abs();
    if largest > f64::from(f32::MAX) / 2.0 {
        return f64::INFINITY;
    }
    // Each product may underflow.
    let underflow = (weights.len() + 1) as f64 * f64::from(f32::MIN_POSITIVE);
    neuron.evaluation_error(UNIT_ROUNDOFF) + underflow
}

/// The chain rule, with room for the rounding of xi.
pub(super) fn output_bounds(
    neuron: &Neuron,
    fit: &Fit,
    threshold: Threshold,
) -> Option<AlmostBinary> {
    if fit.margin <= 0.0 {
        return None;
    }
    let exact = fit.output_bounds(neuron, threshold).ok()?;
    if neuron.scale() == 0.0 {
        // xi(0) = 1/2 is exact in any arithmetic.
        return Some(exact);
    }
    let bounds = exact.widen(THRESHOLD_ERROR).ok()?;
    (bounds.low() < 0.5 && 0.5 < bounds.high()).then_some(bounds)
}

/// The bounds that hold for all inputs.
pub(super) fn loosest(inputs: &[AlmostBinary]) -> (f64, f64) {
    inputs.iter().fold((0.0, 1.0), |(low, high), bounds| {
        (f64::max(low, bounds.low()), f64::min(high, bounds.high()))
    })
}
