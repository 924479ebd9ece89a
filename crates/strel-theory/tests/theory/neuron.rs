//! Validation, ties, thresholds and bounds.

use proptest::prelude::*;
use strel_theory::*;

#[test]
fn errors_name_what_was_wrong() {
    let message =
        |weights: &[f64], bias, scale| Neuron::new(weights, bias, scale).unwrap_err().to_string();
    assert_eq!(message(&[1.0, f64::NAN], 0.0, 1.0), "weight 1 is NaN, expected a finite number");
    assert_eq!(message(&[1.0], f64::INFINITY, 1.0), "the bias is inf, expected a finite number");
    assert_eq!(message(&[1.0], 0.0, f64::NAN), "the scale is NaN, expected a finite number");
    assert!(message(&[1e308, -1e308], 0.0, 1.0).contains("overflows"));
    assert!(constant_projection(&[f64::NEG_INFINITY], ConstantRule::Uniform).is_err());
    assert!("relu".parse::<Threshold>().unwrap_err().to_string().contains("relu"));
    let neuron = Neuron::new(&[1.0, 1.0, 1.0], 1.5, 1.0).unwrap();
    let error = binarize(&neuron, InputBounds::BINARY, Method::Exact).unwrap_err().to_string();
    assert!(
        error.contains("dilation misses by 0.5") && error.contains("erosion by 0.5"),
        "{error}"
    );
}

#[test]
fn ties_give_zero_for_either_sign() {
    for scale in [1.0, -1.0, 1e-300, 0.0] {
        assert!(!Neuron::new(&[1.0, 1.0], 1.0, scale).unwrap().output(&[1.0, 0.0]));
    }
    // Off a tie the sign decides, even where p (W.x - b) underflows.
    assert!(Neuron::new(&[1e-200], 0.0, 1e-200).unwrap().output(&[1.0]));
    assert!(!Neuron::new(&[1e-200], 0.0, -1e-200).unwrap().output(&[1.0]));
}

#[test]
fn sums_are_compared_exactly() {
    // Rounded sums are off by more than the bias.
    let (huge, tiny) = (2.0_f64.powi(60), 2.0_f64.powi(-60));
    for order in [[huge, 1.0, -huge, -1.0], [-1.0, huge, 1.0, -huge], [huge, -huge, -1.0, 1.0]] {
        let output = |bias, scale| Neuron::new(&order, bias, scale).unwrap().output(&[1.0; 4]);
        assert!(!output(0.0, 1.0) && !output(0.0, -1.0));
        assert!(output(-tiny, 1.0) && !output(-tiny, -1.0));
        assert!(output(tiny, -1.0) && !output(tiny, 1.0));
    }
}

#[test]
fn bounds_are_validated() {
    for (low, high) in [(0.5, 0.5), (-0.1, 0.5), (0.2, 1.1), (f64::NAN, 1.0), (0.8, 0.2)] {
        assert!(AlmostBinary::new(low, high).is_err());
    }
    let bounds = AlmostBinary::new(0.25, 0.875).unwrap();
    assert_eq!(bounds.complement(), AlmostBinary::new(0.125, 0.75));
    assert_eq!(bounds.merge(AlmostBinary::BINARY), Ok(bounds));
    assert_eq!(bounds.widen(0.125), AlmostBinary::new(0.375, 0.75));
    assert!(bounds.widen(0.5).is_err());
    assert!(bounds.merge(AlmostBinary::new(0.9, 1.0).unwrap()).is_err());
}

#[test]
fn binarize_keeps_activated_neurons() {
    // The nearest constant set alone would drop the third weight.
    let neuron = Neuron::new(&[5.0, 5.0, 1.0], 0.5, 1.0).unwrap();
    let method = Method::Constant(ConstantRule::Exact);
    let binarized = binarize(&neuron, InputBounds::BINARY, method).unwrap();
    assert_eq!(binarized.operator, SetOperator::Dilation(vec![true; 3]));
}

#[test]
fn thresholds_have_known_values() {
    assert!((Threshold::Tanh.value(0.7) - (0.7_f64.tanh() / 2.0 + 0.5)).abs() < 1e-15);
    assert!((Threshold::Logistic.value(-1.0) - 0.268_941_421_369_995_1).abs() < 1e-15);
    assert!((Threshold::Arctan.value(-1.0) - 0.25).abs() < 1e-15);
    assert!((Threshold::Erf.value(0.5) - 0.760_249_938_906_523_7).abs() < 1e-15);
    for threshold in Threshold::ALL {
        assert_eq!(threshold.value(f64::NEG_INFINITY), 0.0);
        assert_eq!(threshold.value(f64::INFINITY), 1.0);
        assert_eq!(threshold.value(0.0), 0.5);
        assert_eq!(threshold.inverse(0.0), f64::NEG_INFINITY);
        assert_eq!(threshold.inverse(1.0), f64::INFINITY);
        assert!(threshold.inverse(-0.1).is_nan() && threshold.inverse(f64::NAN).is_nan());
        assert_eq!(threshold.to_string().parse(), Ok(threshold));
    }
}

#[test]
fn tails_keep_relative_precision() {
    for threshold in Threshold::ALL {
        for y in [1e-3, 1e-20, 1e-100, 1e-300] {
            let u = threshold.inverse(y);
            // Rounding u moves y by u xi'(u)/y, relatively.
            let condition = (u * threshold.derivative(u) / y).abs();
            let error = (threshold.value(u) / y - 1.0).abs();
            assert!(error < 1e-15 * (4.0 + 2.0 * condition), "{threshold} {y}: {error}");
        }
    }
}

proptest! {
    #[test]
    fn thresholds_are_consistent(u in -4.0..4.0, threshold in prop::sample::select(&Threshold::ALL[..])) {
        let y = threshold.value(u);
        prop_assert!((threshold.value(-u) - (1.0 - y)).abs() < 1e-15);
        prop_assert!((threshold.inverse(y) - u).abs() < 1e-14 / threshold.derivative(u));
        let slope = (threshold.value(u + 1e-5) - threshold.value(u - 1e-5)) / 2e-5;
        prop_assert!((slope - threshold.derivative(u)).abs() < 1e-9);
    }

    /// Sums in `f32` stay within the stated error of those in `f64`.
    #[test]
    fn evaluation_error_bounds_f32(weights in prop::collection::vec(-1.0_f32..2.0, 1..40), bias in -2.0_f32..2.0) {
        let wide: Vec<f64> = weights.iter().map(|&w| f64::from(w)).collect();
        let neuron = Neuron::new(&wide, f64::from(bias), 1.0).unwrap();
        let narrow = f64::from(weights.iter().sum::<f32>() - bias);
        let error = (narrow - neuron.preactivation(&vec![1.0; weights.len()])).abs();
        prop_assert!(error <= neuron.evaluation_error(f64::from(f32::EPSILON) / 2.0));
    }
}
