//! Neurons and bounds in [-1, 1] against brute force over all inputs.

use crate::oracles::*;
use proptest::prelude::*;
use strel_theory::*;

/// -1 and 1 for 0 and 1.
fn as_signs(input: &[bool]) -> Vec<f64> {
    input.iter().map(|&bit| if bit { 1.0 } else { -1.0 }).collect()
}

/// W.x - b, as it is written.
fn preactivation(weights: &[f64], bias: f64, input: &[f64]) -> f64 {
    weights.iter().zip(input).map(|(w, x)| w * x).sum::<f64>() - bias
}

/// Lower and upper bounds, in sixteenths.
fn bounds() -> impl Strategy<Value = (f64, f64)> {
    (0..=7, 1..=8)
        .prop_map(|(low, high)| (f64::from(low) / 16.0 - 1.0, f64::from(high) / 16.0 + 0.5))
}

proptest! {
    /// tanh(p (W.x - b)) over {-1, 1} is 2y - 1 of the converted neuron over {0, 1}; sums of eighths are exact, so that
    /// ties are ties.
    #[test]
    fn outputs_are_the_same(
        weights in prop::collection::vec(eighths(-6..=12), 0..=10),
        bias in eighths(-40..=60),
        p in prop::sample::select(vec![2.0, -0.5, 0.0]),
    ) {
        let neuron = Neuron::symmetric(&weights, bias, p).unwrap();
        for input in binary_inputs(weights.len()) {
            let given = p * preactivation(&weights, bias, &as_signs(&input));
            prop_assert_eq!(neuron.output(&as_floats(&input)), given > 0.0);
            let y = Threshold::Tanh.value(neuron.scale() * neuron.preactivation(&as_floats(&input)));
            prop_assert!((2.0 * y - 1.0 - given.tanh()).abs() < 1e-12);
        }
    }

    /// Activated after the conversion means equal before it, for almost binary inputs too, and the bounds of the output
    /// hold for tanh.
    #[test]
    fn activated_means_equal(
        inputs in prop::collection::vec((eighths(-2..=12), bounds()), 1..=5),
        at in -0.1..1.1,
        p in prop::sample::select(vec![2.0, -0.5]),
    ) {
        let (weights, bounds): (Vec<f64>, Vec<(f64, f64)>) = inputs.into_iter().unzip();
        let sum: f64 = weights.iter().sum();
        let bias = (2.0 * at - 1.0) * sum;
        let neuron = Neuron::symmetric(&weights, bias, p).unwrap();
        let converted: Vec<AlmostBinary> =
            bounds.iter().map(|&(low, high)| AlmostBinary::from_symmetric(low, high).unwrap()).collect();
        let Ok(fit) = activation(&neuron, InputBounds::Each(&converted)).unwrap().into_result() else {
            return Ok(());
        };
        let (low, high) = fit.output_bounds(&neuron, Threshold::Tanh).unwrap().to_symmetric();
        prop_assert!(low < 0.0 && 0.0 < high);
        // Two ends for each value of each input: its extreme and its bound.
        for (code, ends) in binary_inputs(weights.len()).flat_map(|c| binary_inputs(weights.len()).map(move |e| (c.clone(), e))) {
            let end = |k: usize| match (code[k], ends[k]) {
                (false, false) => -1.0,
                (false, true) => bounds[k].0,
                (true, false) => bounds[k].1,
                (true, true) => 1.0,
            };
            let input: Vec<f64> = (0..weights.len()).map(end).collect();
            let y = (p * preactivation(&weights, bias, &input)).tanh();
            prop_assert_eq!(y > 0.0, fit.operator.apply(&code) != neuron.complements());
            prop_assert!(y <= low + 1e-12 || y >= high - 1e-12, "{y} between {low} and {high}");
        }
    }

    /// The gap shrinks by rounding at most, there and back again.
    #[test]
    fn bounds_are_rounded_inwards(low in -1.0..0.3, width in 1e-3..0.7) {
        let high = low + width;
        let converted = AlmostBinary::from_symmetric(low, high).unwrap();
        let (back_low, back_high) = converted.to_symmetric();
        prop_assert!(low <= back_low && back_low < back_high && back_high <= high);
        prop_assert!(back_low - low <= 2.0 * f64::EPSILON && high - back_high <= 2.0 * f64::EPSILON);
    }
}

#[test]
fn bounds_outside_of_the_range_are_refused() {
    for (low, high) in
        [(-1.5, 0.5), (0.5, 0.5), (0.0, 1.5), (0.5, -0.5), (f64::NAN, 1.0), (-1.0, f64::NAN)]
    {
        let error = AlmostBinary::from_symmetric(low, high).unwrap_err();
        assert!(error.to_string().ends_with("expected -1 <= low < high <= 1"), "{error}");
    }
    // A tiny value keeps its side.
    let bounds = AlmostBinary::from_symmetric(-1e-30, 0.5).unwrap();
    assert_eq!(bounds.low(), 0.5);
    assert!(AlmostBinary::from_symmetric(1e-30, 0.5).unwrap().low() > 0.5);
}

#[test]
fn errors_name_what_was_wrong() {
    let error = Neuron::symmetric(&[1.0, f64::INFINITY], 0.0, 1.0).unwrap_err();
    assert_eq!(error.to_string(), "weight 1 is inf, expected a finite number");
}
