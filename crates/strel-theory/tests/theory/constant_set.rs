//! The projection onto constant sets against all subsets.

use crate::oracles::*;
use proptest::prelude::*;
use strel_theory::*;

/// min over all S and t >= 0 of |W - t 1_S|.
fn nearest_distance(weights: &[f64]) -> f64 {
    let distance = |support: Vec<bool>| {
        let chosen: Vec<f64> =
            weights.iter().zip(&support).filter(|(_, s)| **s).map(|(w, _)| *w).collect();
        let level = (chosen.iter().sum::<f64>() / chosen.len().max(1) as f64).max(0.0);
        let square = |(w, s): (&f64, &bool)| if *s { (w - level).powi(2) } else { w * w };
        weights.iter().zip(&support).map(square).sum::<f64>().sqrt()
    };
    binary_inputs(weights.len()).map(distance).fold(f64::INFINITY, f64::min)
}

fn rules() -> impl Strategy<Value = ConstantRule> {
    prop::sample::select(vec![ConstantRule::Exact, ConstantRule::Uniform, ConstantRule::Normal])
}

proptest! {
    /// Mistake 1 of the reference implementation: wrong when weights repeat.
    #[test]
    fn exact_is_nearest_with_repeats(weights in prop::collection::vec(eighths(-2..=4), 1..=12)) {
        let found = constant_projection(&weights, ConstantRule::Exact).unwrap();
        prop_assert!((found.distance - nearest_distance(&weights)).abs() < 1e-12);
    }

    #[test]
    fn exact_is_nearest(weights in prop::collection::vec(any_weight(), 0..=12)) {
        let found = constant_projection(&weights, ConstantRule::Exact).unwrap();
        let nearest = nearest_distance(&weights);
        prop_assert!((found.distance - nearest).abs() <= 1e-9 * (1.0 + nearest));
    }

    #[test]
    fn equal_weights_stay_together(
        weights in prop::collection::vec(eighths(-2..=4), 1..30),
        rule in rules(),
    ) {
        let support = constant_projection(&weights, rule).unwrap().support;
        for (w, s) in weights.iter().zip(&support) {
            for (v, r) in weights.iter().zip(&support) {
                prop_assert!(w != v || s == r);
                prop_assert!(w <= v || s >= r);
            }
        }
    }

    #[test]
    fn gradient_is_that_of_finite_differences(
        weights in prop_oneof![
            prop::collection::vec(-1.0..3.0, 1..=12),
            prop::collection::vec(eighths(-2..=4), 1..=12),
        ],
        rule in rules(),
        unit in prop::sample::select(vec![1.0, 1e30, 1e-30]),
    ) {
        let project = |w: &[f64]| {
            constant_projection(&w.iter().map(|w| w * unit).collect::<Vec<_>>(), rule).unwrap()
        };
        let penalty = |projection: &ConstantProjection| (projection.distance / unit).powi(2);
        let (here, step) = (project(&weights), 1e-6);
        for (k, gradient) in here.gradient().into_iter().enumerate() {
            let moved = |by: f64| {
                let mut w = weights.clone();
                w[k] += by;
                project(&w)
            };
            let (up, down) = (moved(step), moved(-step));
            // The penalty has a kink, or a jump for the approximate rules, where the set changes.
            if up.support == here.support && down.support == here.support {
                let slope = (penalty(&up) - penalty(&down)) / (2.0 * step);
                prop_assert!((slope - gradient / unit).abs() < 1e-6, "{rule:?}: {slope} {gradient}");
            }
        }
    }

    /// Centre and range of the inputs map to each other, so duality swaps the operations and keeps S.
    #[test]
    fn duality(weights in prop::collection::vec(eighths(0..=9), 1..12), bias in -4..60_i32) {
        let bias = f64::from(bias) / 8.0 + 1.0 / 32.0;
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        let dual = Neuron::new(&weights, neuron.weight_sum() - bias, 1.0).unwrap();
        let found = constant_projection(&weights, ConstantRule::Exact).unwrap();
        prop_assert_eq!(found.operator(&neuron).dual(), found.operator(&dual));
    }
}

#[test]
fn approximate_rules_threshold_the_mean() {
    let weights = [0.9, 0.7, 0.69, 0.1];
    let support = |rule| constant_projection(&weights, rule).unwrap().support;
    assert_eq!(support(ConstantRule::Uniform), [true, true, true, false]);
    assert_eq!(support(ConstantRule::Normal), [true, true, true, false]);
    assert_eq!(
        constant_projection(&[1.0, 0.72, 1.28], ConstantRule::Normal).unwrap().support,
        [true, false, true]
    );
}

#[test]
fn without_positive_weights_the_set_is_empty() {
    for weights in [&[][..], &[0.0, 0.0], &[-1.0, -3.0]] {
        let found = constant_projection(weights, ConstantRule::Exact).unwrap();
        assert_eq!(found.level, 0.0);
        assert!(!found.support.contains(&true));
        for bias in [-5.0, 5.0] {
            let neuron = Neuron::new(weights, bias, 1.0).unwrap();
            assert_eq!(found.operator(&neuron), SetOperator::Constant(bias < 0.0));
        }
    }
}

#[test]
fn extreme_weights_neither_overflow_nor_vanish() {
    let huge = constant_projection(&[1e300, 1e300, 1e290], ConstantRule::Exact).unwrap();
    assert_eq!(huge.support, [true, true, false]);
    assert!((huge.distance / 1e290 - 1.0).abs() < 1e-12);
    let tiny = constant_projection(&[1e-300, 3e-300], ConstantRule::Exact).unwrap();
    assert!(tiny.distance > 0.0 && tiny.distance <= 1.5e-300);
    assert_eq!(
        constant_projection(&[1e308, 1e308], ConstantRule::Exact),
        Err(TheoryError::Overflow)
    );
}
