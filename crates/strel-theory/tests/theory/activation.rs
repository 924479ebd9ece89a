//! Activation against brute force over all inputs.

use crate::oracles::*;
use proptest::prelude::*;
use strel_theory::*;

/// Whether the thresholded neuron equals the operator (complemented for p < 0) on all binary inputs.
fn equals(neuron: &Neuron, operator: &SetOperator) -> bool {
    binary_inputs(neuron.weights().len()).all(|input| {
        neuron.output(&as_floats(&input)) == (operator.apply(&input) != neuron.complements())
    })
}

/// Every input whose values are the ends of the legal intervals: 0, low, high, 1.
fn corners(bounds: &[AlmostBinary]) -> Vec<Vec<f64>> {
    bounds.iter().fold(vec![vec![]], |inputs, b| {
        let extend = |input: Vec<f64>| {
            [0.0, b.low(), b.high(), 1.0].map(|value| {
                let mut longer = input.clone();
                longer.push(value);
                longer
            })
        };
        inputs.into_iter().flat_map(extend).collect()
    })
}

/// W.x is linear, so an operator holds on all almost binary inputs iff it holds, without ties, on the corners.
fn holds_on_corners(neuron: &Neuron, bounds: &[AlmostBinary], operator: &SetOperator) -> bool {
    corners(bounds).iter().all(|input| {
        let bits: Vec<bool> = input.iter().zip(bounds).map(|(x, b)| *x >= b.high()).collect();
        let sign = neuron.preactivation(input);
        if operator.apply(&bits) { sign > 0.0 } else { sign < 0.0 }
    })
}

fn almost_binary() -> impl Strategy<Value = AlmostBinary> {
    (0..3_u8, 1..3_u8).prop_map(|(low, high)| {
        AlmostBinary::new(f64::from(low) / 8.0, 1.0 - f64::from(high) / 8.0).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Binary inputs, no ties: activated iff some operator equals the neuron, and then it is the one found.
    #[test]
    fn binary_activation_is_exact(
        weights in prop::collection::vec(eighths(-4..=12), 0..7),
        bias in -40..60_i32,
        scale in prop_oneof![Just(3.0), Just(-0.5)],
    ) {
        let neuron = Neuron::new(&weights, f64::from(bias) / 8.0 + 1.0 / 16.0, scale).unwrap();
        match activation(&neuron, InputBounds::BINARY).unwrap() {
            Activation::Activated(fit) => {
                prop_assert!(fit.lower < neuron.bias() && neuron.bias() < fit.upper);
                prop_assert!(equals(&neuron, &fit.operator));
                prop_assert_eq!(counterexample(&neuron, InputBounds::BINARY, &fit.operator), Ok(None));
            }
            Activation::NotActivated { dilation, erosion } => {
                prop_assert!(dilation.margin <= 0.0 && erosion.margin <= 0.0);
                prop_assert!(!all_operators(weights.len()).any(|operator| equals(&neuron, &operator)));
            }
        }
    }

    /// Each input with its own bounds: the same, over the corners of the legal inputs.
    #[test]
    fn almost_binary_activation_is_exact(
        inputs in prop::collection::vec((eighths(-3..=12), almost_binary()), 1..5),
        bias in -40..60_i32,
    ) {
        let (weights, bounds): (Vec<f64>, Vec<AlmostBinary>) = inputs.into_iter().unzip();
        // Products of two multiples of 1/8 are multiples of 1/64: no ties at odd multiples of 1/128.
        let neuron = Neuron::new(&weights, f64::from(bias) / 8.0 + 1.0 / 128.0, 1.0).unwrap();
        match activation(&neuron, InputBounds::Each(&bounds)).unwrap() {
            Activation::Activated(fit) => prop_assert!(holds_on_corners(&neuron, &bounds, &fit.operator)),
            Activation::NotActivated { .. } => prop_assert!(
                !all_operators(weights.len()).any(|operator| holds_on_corners(&neuron, &bounds, &operator))
            ),
        }
    }

    /// The bounds of a fit are the extreme sums over the corners, for attempts as well.
    #[test]
    fn fits_have_tight_bounds(
        inputs in prop::collection::vec((eighths(-3..=12), almost_binary()), 1..5),
        bias in -2.0..6.0,
    ) {
        let (weights, bounds): (Vec<f64>, Vec<AlmostBinary>) = inputs.into_iter().unzip();
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        let fits = match activation(&neuron, InputBounds::Each(&bounds)).unwrap() {
            Activation::Activated(fit) => vec![fit],
            Activation::NotActivated { dilation, erosion } => vec![dilation, erosion],
        };
        for fit in fits {
            let (mut lower, mut upper) = (f64::NEG_INFINITY, f64::INFINITY);
            for input in corners(&bounds) {
                let bits: Vec<bool> = input.iter().zip(&bounds).map(|(x, b)| *x >= b.high()).collect();
                let sum = neuron.preactivation(&input) + bias;
                if fit.operator.apply(&bits) { upper = upper.min(sum) } else { lower = lower.max(sum) }
            }
            prop_assert!(fit.lower >= lower - 1e-12 && fit.upper <= upper + 1e-12);
            prop_assert!(fit.lower == lower || (fit.lower - lower).abs() < 1e-9, "{fit:?} {lower}");
            prop_assert!(fit.upper == upper || (fit.upper - upper).abs() < 1e-9, "{fit:?} {upper}");
        }
    }

    /// A counterexample is found whenever one exists, ties included, and it is a legal input on which they differ.
    #[test]
    fn counterexamples_are_complete(
        weights in prop::collection::vec(eighths(-4..=12), 1..7),
        bias in eighths(-40..=60),
        scale in prop_oneof![Just(3.0), Just(-0.5), Just(0.0)],
        support in prop::collection::vec(any::<bool>(), 7),
        erosion in any::<bool>(),
    ) {
        let neuron = Neuron::new(&weights, bias, scale).unwrap();
        let operation = if erosion { Operation::Erosion } else { Operation::Dilation };
        let operator = SetOperator::new(operation, support[..weights.len()].to_vec());
        match counterexample(&neuron, InputBounds::BINARY, &operator).unwrap() {
            None => prop_assert!(equals(&neuron, &operator)),
            Some(input) => {
                let bits: Vec<bool> = input.iter().map(|&x| x == 1.0).collect();
                prop_assert_eq!(&as_floats(&bits), &input);
                let operator_output = operator.apply(&bits) != neuron.complements();
                prop_assert_ne!(neuron.output(&input), operator_output);
            }
        }
    }

    /// (W, b) is an erosion by S iff (W, sum W - b) is a dilation by S, with the bounds of complemented inputs.
    #[test]
    fn duality(weights in prop::collection::vec(eighths(-4..=12), 1..9), bias in eighths(-40..=60)) {
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        let dual = Neuron::new(&weights, neuron.weight_sum() - bias, 1.0).unwrap();
        let bounds = AlmostBinary::new(0.125, 0.75).unwrap();
        let found = activation(&neuron, bounds.into()).unwrap();
        let found_dual = activation(&dual, bounds.complement().unwrap().into()).unwrap();
        match (found.into_result(), found_dual.into_result()) {
            (Ok(fit), Ok(dual_fit)) => {
                let once = fit.operator.support().is_some_and(|s| s.iter().filter(|x| **x).count() == 1);
                // A dilation by one point is an erosion by it.
                prop_assert!(once || fit.operator.dual() == dual_fit.operator);
                prop_assert!((fit.margin - dual_fit.margin).abs() < 1e-12);
            }
            (Err(TheoryError::NotActivated { dilation, .. }),
             Err(TheoryError::NotActivated { erosion: dual_erosion, .. })) => {
                prop_assert!((dilation.margin - dual_erosion.margin).abs() < 1e-12);
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    /// Weights of any size: what counts as activated is the operator, on every input and in `f64` arithmetic.
    #[test]
    fn activated_means_equal(weights in prop::collection::vec(any_weight(), 1..9), at in -0.1..1.1, p in -2.0..2.0) {
        let total: f64 = weights.iter().sum();
        let neuron = Neuron::new(&weights, at * total, p).unwrap();
        if let Activation::Activated(fit) = activation(&neuron, InputBounds::BINARY).unwrap() {
            prop_assert!(equals(&neuron, &fit.operator));
        }
    }

    /// The output of an activated neuron lies outside of the bounds that the chain rule gives.
    #[test]
    fn chain_rule(
        inputs in prop::collection::vec((eighths(-3..=12), almost_binary()), 1..5),
        bias in -2.0..6.0,
        p in -3.0..3.0,
        threshold in prop::sample::select(&Threshold::ALL[..]),
    ) {
        let (weights, bounds): (Vec<f64>, Vec<AlmostBinary>) = inputs.into_iter().unzip();
        let neuron = Neuron::new(&weights, bias, p).unwrap();
        let Activation::Activated(fit) = activation(&neuron, InputBounds::Each(&bounds)).unwrap() else {
            return Ok(());
        };
        let output = fit.output_bounds(&neuron, threshold).unwrap();
        prop_assert!(output.low() < 0.5 && 0.5 < output.high());
        for input in corners(&bounds) {
            let y = threshold.value(p * neuron.preactivation(&input));
            prop_assert!(y <= output.low() || y >= output.high(), "{y} in {output:?}");
        }
    }
}

fn activated(weights: &[f64], bias: f64, scale: f64) -> Option<SetOperator> {
    let neuron = Neuron::new(weights, bias, scale).unwrap();
    activation(&neuron, InputBounds::BINARY).unwrap().into_result().ok().map(|fit| fit.operator)
}

#[test]
fn boundaries_are_not_activated() {
    assert_eq!(activated(&[1.0, 1.0], 0.0, 1.0), None);
    assert_eq!(activated(&[1.0, 1.0], 1.0, -1.0), None);
    assert_eq!(activated(&[1.0, 1.0], 2.0, 1.0), None);
    assert_eq!(activated(&[], 0.0, 1.0), None);
}

#[test]
fn constants_are_activated() {
    assert_eq!(activated(&[1.0, 2.0], -0.1, 1.0), Some(SetOperator::Constant(true)));
    assert_eq!(activated(&[1.0, 2.0], 3.1, -1.0), Some(SetOperator::Constant(false)));
    assert_eq!(activated(&[1.0, -2.0], -2.1, 1.0), Some(SetOperator::Constant(true)));
    assert_eq!(activated(&[], 1.0, 1.0), Some(SetOperator::Constant(false)));
}

#[test]
fn outputs_of_constants_stay_on_one_side() {
    let neuron = Neuron::new(&[1.0, 2.0], 4.0, 1.0).unwrap();
    let fit = activation(&neuron, InputBounds::BINARY).unwrap().into_result().unwrap();
    let output = fit.output_bounds(&neuron, Threshold::Logistic).unwrap();
    assert!((output.low() - Threshold::Logistic.value(-1.0)).abs() < 1e-12);
    assert!(output.high() > 0.999_999);
}

/// Mistake 10 of the reference implementation: p = 0 is a constant neuron.
#[test]
fn zero_scale_is_the_constant_zero() {
    for bias in [-1.0, 0.5, 9.0] {
        let neuron = Neuron::new(&[1.0, 1.0], bias, 0.0).unwrap();
        let fit = activation(&neuron, InputBounds::BINARY).unwrap().into_result().unwrap();
        assert_eq!(fit.operator, SetOperator::Constant(false));
        assert_eq!(fit.output_bounds(&neuron, Threshold::Tanh), AlmostBinary::new(0.5, 1.0));
        assert!(equals(&neuron, &fit.operator));
    }
}

/// Mistakes 11 and 14: activated for binary inputs is not enough in depth, where inputs are almost binary.
#[test]
fn vague_inputs_can_undo_an_activation() {
    let neuron = Neuron::new(&[1.0, 1.0, 1.0], 0.5, 1.0).unwrap();
    assert!(activation(&neuron, InputBounds::BINARY).unwrap().into_result().is_ok());
    let vague = AlmostBinary::new(0.2, 0.8).unwrap();
    let Activation::NotActivated { dilation, .. } = activation(&neuron, vague.into()).unwrap()
    else {
        panic!("three inputs of 0.2 exceed the bias");
    };
    assert!((dilation.miss() - 0.1).abs() < 1e-12);
    let input = counterexample(&neuron, vague.into(), &dilation.operator).unwrap().unwrap();
    assert_eq!(input, [0.2, 0.2, 0.2]);
}

#[test]
fn bounds_must_fit_the_weights() {
    let neuron = Neuron::new(&[1.0, 1.0], 0.5, 1.0).unwrap();
    let error = activation(&neuron, InputBounds::Each(&[AlmostBinary::BINARY])).unwrap_err();
    assert_eq!(error.to_string(), "input bounds: 1 values for 2 weights");
    let short = SetOperator::Dilation(vec![true]);
    assert!(counterexample(&neuron, InputBounds::BINARY, &short).is_err());
}

/// A tiny p leaves no gap around 1/2 in floating point: an error, not a false certificate.
#[test]
fn tiny_scales_do_not_separate() {
    let neuron = Neuron::new(&[1.0], 0.5, 1e-300).unwrap();
    let fit = activation(&neuron, InputBounds::BINARY).unwrap().into_result().unwrap();
    assert!(matches!(
        fit.output_bounds(&neuron, Threshold::Tanh),
        Err(TheoryError::NotSeparated { .. })
    ));
}
