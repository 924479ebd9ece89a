//! Lossless forms against brute force over all inputs, in exact arithmetic.

use crate::oracles::*;
use proptest::prelude::*;
use strel_theory::*;

fn budgets() -> impl Strategy<Value = LosslessBudget> {
    let (sets, sums) =
        (prop::sample::select(vec![0, 1, 3, 16, 1000]), prop::sample::select(vec![0, 64, 1 << 16]));
    (sets, sums).prop_map(|(max_sets, max_sums)| LosslessBudget { max_sets, max_sums })
}

fn assert_equal(neuron: &Neuron, exact: &LosslessNeuron) -> Result<(), TestCaseError> {
    for input in binary_inputs(neuron.weights().len()) {
        prop_assert_eq!(
            exact.apply(&input),
            neuron.output(&as_floats(&input)),
            "{:?} {:?}",
            exact,
            input
        );
    }
    Ok(())
}

fn is_subset(a: &[bool], b: &[bool]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Multiples of 1/8 with ties, repeats, zeros and negative weights; `f64` sums are exact.
    #[test]
    fn equals_the_neuron_at_ties_too(
        weights in prop::collection::vec(eighths(-6..=9), 0..11),
        bias in eighths(-30..=60),
        scale in prop::sample::select(vec![1.0, -2.0, 0.0]),
        budget in budgets(),
    ) {
        let neuron = Neuron::new(&weights, bias, scale).unwrap();
        assert_equal(&neuron, &lossless(&neuron, budget).unwrap())?;
    }

    /// Generic weights: no ties, and sums of a few floats of ordinary size are safe in `f64`.
    #[test]
    fn equals_generic_neurons(
        weights in prop::collection::vec(-1.0..2.0, 1..11),
        at in -0.1..1.1,
        scale in prop::sample::select(vec![1.0, -2.0]),
        budget in budgets(),
    ) {
        let total: f64 = weights.iter().sum();
        let neuron = Neuron::new(&weights, at * total, scale).unwrap();
        match lossless(&neuron, budget) {
            Ok(exact) => assert_equal(&neuron, &exact)?,
            // Without a proof, 53 digits and the spread of the sizes may exceed an `i64`.
            Err(error) => prop_assert!(budget.max_sums == 0, "{error}"),
        }
    }

    /// Minimal true sets are true and pairwise incomparable; with the brute-force test they are all there.
    #[test]
    fn sets_are_minimal(weights in prop::collection::vec(eighths(0..=9), 1..10), bias in eighths(0..=60)) {
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        let exact = lossless(&neuron, LosslessBudget { max_sets: 1000, max_sums: 0 }).unwrap();
        let (Lossless::UnionOfErosions(sets) | Lossless::IntersectionOfDilations(sets)) = exact.form else {
            return Ok(());
        };
        for (i, a) in sets.iter().enumerate() {
            for (j, b) in sets.iter().enumerate() {
                prop_assert!(i == j || !is_subset(a, b));
            }
        }
    }

    /// An activated neuron is one operator, the same.
    #[test]
    fn activated_neurons_are_one_operator(
        weights in prop::collection::vec(eighths(0..=12), 1..9),
        bias in 0..60_i32,
    ) {
        let neuron = Neuron::new(&weights, f64::from(bias) / 8.0 + 1.0 / 16.0, 1.0).unwrap();
        let found = activation(&neuron, InputBounds::BINARY).unwrap().into_result();
        let exact = lossless(&neuron, LosslessBudget::default()).unwrap();
        match (found, exact.form) {
            (Ok(fit), Lossless::Operator(operator)) => {
                let points = fit.operator.support().map_or(0, |s| s.iter().filter(|x| **x).count());
                prop_assert!(fit.operator == operator || (points == 1 && operator == fit.operator.dual()));
            }
            (Err(_), form) => prop_assert!(!matches!(form, Lossless::Operator(_))),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// A gate for a 5x5 window, compared on random inputs with exact integer weights.
    #[test]
    fn windows_become_small_gates(
        weights in prop::collection::vec(1..1_000_000_i32, 25),
        inputs in prop::collection::vec(prop::collection::vec(any::<bool>(), 25), 200),
    ) {
        let floats: Vec<f64> = weights.iter().map(|&w| f64::from(w)).collect();
        let bias = floats.iter().sum::<f64>() * 0.4 + 0.5;
        let neuron = Neuron::new(&floats, bias.floor() + 0.5, 1.0).unwrap();
        let exact = lossless(&neuron, LosslessBudget::default()).unwrap();
        let is_gate = matches!(exact.form, Lossless::Gate { .. });
        prop_assert!(is_gate);
        for input in inputs {
            prop_assert_eq!(exact.apply(&input), neuron.output(&as_floats(&input)));
        }
    }
}

fn gate(weights: &[f64], bias: f64) -> Lossless {
    let neuron = Neuron::new(weights, bias, 1.0).unwrap();
    lossless(&neuron, LosslessBudget { max_sets: 2, ..Default::default() }).unwrap().form
}

#[test]
fn gates_are_as_small_as_the_function_allows() {
    // A majority of noisy weights is a majority.
    let weights: Vec<f64> = (0..25).map(|k| 1.0 + f64::from(k) * 1e-3).collect();
    assert_eq!(gate(&weights, 12.4), Lossless::Gate { weights: vec![1; 25], threshold: 12 });
    // 784 inputs with two distinct weights: the distinct weights count, not the inputs.
    let weights: Vec<f64> = (0..784).map(|k| if k < 400 { 0.3 } else { 0.1 }).collect();
    let Lossless::Gate { weights, .. } = gate(&weights, 50.05) else { panic!("a gate") };
    assert_eq!((weights[0], weights[783]), (3, 1));
}

#[test]
fn large_windows_keep_exact_weights() {
    // 60 distinct weights: no proof by listing sums, but 6 and 7 bits in units of 1/64 are exact.
    let floats: Vec<f64> = (0..60).map(|k| f64::from(k + 40) / 64.0).collect();
    let expected: Vec<i64> = (0..60).map(|k| k + 40).collect();
    assert_eq!(gate(&floats, 30.0), Lossless::Gate { weights: expected, threshold: 1920 });
}

#[test]
fn signs_of_gates_stay_with_their_inputs() {
    let neuron = Neuron::new(&[2.0, -1.0, 1.0, 1.0, -1.0], 0.5, 1.0).unwrap();
    let exact = lossless(&neuron, LosslessBudget { max_sets: 0, ..Default::default() }).unwrap();
    assert_eq!(exact.form, Lossless::Gate { weights: vec![2, -1, 1, 1, -1], threshold: 0 });
    assert!(!exact.inverted.contains(&true));
}

#[test]
fn weights_too_far_apart_are_an_error() {
    let neuron = Neuron::new(&[1e100, 1.0, 1e-100], 1.0, 1.0).unwrap();
    let error = lossless(&neuron, LosslessBudget::default()).unwrap_err();
    assert!(matches!(error, TheoryError::TooWide { available: 126, .. }), "{error}");
    // A bias of another size is no obstacle.
    for (bias, value) in [(1e300, false), (-1e300, true), (-1e-300, true)] {
        let neuron = Neuron::new(&[1.0, 3.0], bias, 1.0).unwrap();
        let exact = lossless(&neuron, LosslessBudget::default()).unwrap();
        assert_eq!(exact.form, Lossless::Operator(SetOperator::Constant(value)));
    }
    let neuron = Neuron::new(&[1.0, 3.0], 1e-300, 1.0).unwrap();
    let exact = lossless(&neuron, LosslessBudget::default()).unwrap();
    assert_eq!(exact.form, Lossless::Operator(SetOperator::Dilation(vec![true; 2])));
}

/// Sums that `f64` cannot tell from the bias are told apart.
#[test]
fn comparisons_are_exact() {
    let neuron = Neuron::new(&[1.0, 1e-20], 1.0, 1.0).unwrap();
    let exact = lossless(&neuron, LosslessBudget::default()).unwrap();
    assert!(exact.apply(&[true, true]) && !exact.apply(&[true, false]));
}
