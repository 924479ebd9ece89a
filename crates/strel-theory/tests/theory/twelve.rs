//! Activation, lossless forms, counterexamples and the neuron itself over all inputs of up to twelve: 4096, in exact
//! arithmetic.

use crate::exact::truth_table;
use crate::oracles::*;
use proptest::prelude::*;
use strel_theory::*;

/// Weights and a bias: few values that repeat, and ordinary, huge and tiny ones, zeros and negative ones, alone or
/// together. The bias is of the size of some sum, often a sum itself: a tie.
fn neurons(most: usize) -> impl Strategy<Value = (Vec<f64>, f64)> {
    let repeated = || eighths(-3..=6);
    let ordinary = || prop_oneof![4 => 0.0..2.0, 1 => -1.0..0.0, 1 => Just(0.0)];
    let scaled = |unit: f64| (-0.5..2.0).prop_map(move |w| w * unit);
    let any_size = prop_oneof![
        2 => repeated(), 2 => ordinary(), 1 => scaled(1e30), 1 => scaled(1e-30),
        1 => prop::sample::select(vec![1e30, 1e-30, -1e30, -1e-30, 1.0]),
    ];
    let weights = prop_oneof![
        prop::collection::vec(repeated(), 0..=most),
        prop::collection::vec(ordinary(), 0..=most),
        prop::collection::vec(scaled(1e30), 0..=most),
        prop::collection::vec(scaled(1e-30), 0..=most),
        prop::collection::vec(any_size, 0..=most),
    ];
    (weights, prop::collection::vec(any::<bool>(), most), nudges()).prop_map(
        |(weights, chosen, nudge)| {
            let sum: f64 = weights.iter().zip(&chosen).filter(|(_, c)| **c).map(|(w, _)| w).sum();
            let positive: f64 = weights.iter().filter(|w| **w > 0.0).sum();
            (weights, sum + nudge * positive)
        },
    )
}

/// How far the bias lies from the sum of some weights, in units of the sum of the positive ones.
fn nudges() -> impl Strategy<Value = f64> {
    prop_oneof![2 => Just(0.0), 2 => -0.1..0.1, 1 => -1.2..1.2, 1 => -1e-3..1e-3]
}

fn scales() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![2.0, -0.5, 1e-300, -1e30, 0.0])
}

fn operator_table(operator: &SetOperator, inputs: usize) -> Vec<bool> {
    binary_inputs(inputs).map(|input| operator.apply(&input)).collect()
}

/// Whether the table is that of the operator, complemented for p < 0.
fn equals(table: &[bool], operator: &SetOperator, neuron: &Neuron) -> bool {
    let outputs = operator_table(operator, neuron.weights().len());
    outputs.iter().zip(table).all(|(output, entry)| (*output != neuron.complements()) == *entry)
}

/// Every operator that has the given table, by trying all supports of both operations as sets of bits.
fn operators_of(table: &[bool], complemented: bool) -> Vec<(Operation, usize)> {
    let holds = |operation, support: usize| {
        table.iter().enumerate().all(|(code, entry)| {
            let output = match operation {
                Operation::Dilation => code & support != 0,
                Operation::Erosion => code & support == support,
            };
            (output != complemented) == *entry
        })
    };
    let supports = || 0..table.len();
    let dilations = supports().map(|support| (Operation::Dilation, support));
    let erosions = supports().map(|support| (Operation::Erosion, support));
    dilations.chain(erosions).filter(|&(operation, support)| holds(operation, support)).collect()
}

/// Whether 53 digits from the smallest weight on, and those up to the sum, can be as many as this.
fn is_wide(neuron: &Neuron, digits: u32) -> bool {
    let sizes = || neuron.weights().iter().map(|w| w.abs()).filter(|w| *w > 0.0);
    let smallest = sizes().fold(f64::INFINITY, f64::min);
    sizes().sum::<f64>().log2() - smallest.log2() + 55.0 >= f64::from(digits)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn outputs_are_exact((weights, bias) in neurons(12), scale in scales()) {
        let neuron = Neuron::new(&weights, bias, scale).unwrap();
        for (input, expected) in binary_inputs(weights.len()).zip(truth_table(&neuron)) {
            prop_assert_eq!(neuron.output(&as_floats(&input)), expected, "{:?} {:?}", neuron, input);
        }
    }

    /// An activated neuron is the operator found; one that is not activated is none at all, or is within the stated
    /// rounding of a boundary.
    #[test]
    fn activation_is_exact((weights, bias) in neurons(12), scale in scales()) {
        let neuron = Neuron::new(&weights, bias, scale).unwrap();
        let table = truth_table(&neuron);
        match activation(&neuron, InputBounds::BINARY).unwrap() {
            Activation::Activated(fit) => {
                prop_assert!(equals(&table, &fit.operator, &neuron), "{neuron:?} {fit:?}");
                prop_assert_eq!(counterexample(&neuron, InputBounds::BINARY, &fit.operator), Ok(None));
            }
            Activation::NotActivated { dilation, erosion } => {
                let size: f64 = weights.iter().map(|w| w.abs()).sum::<f64>() + bias.abs();
                let rounding = 1e-15 * (weights.len() + 4) as f64 * size + 1e-300;
                for (operation, support) in operators_of(&table, neuron.complements()) {
                    let miss = dilation.miss().min(erosion.miss());
                    prop_assert!(miss <= rounding, "{neuron:?} is a {operation} by {support:b}");
                }
            }
        }
    }

    #[test]
    fn lossless_forms_are_exact(
        (weights, bias) in neurons(12),
        scale in scales(),
        max_sets in prop::sample::select(vec![0, 1, 16, 1000]),
        max_sums in prop::sample::select(vec![0, 64, 1 << 14]),
    ) {
        let neuron = Neuron::new(&weights, bias, scale).unwrap();
        match lossless(&neuron, LosslessBudget { max_sets, max_sums }) {
            Ok(exact) => {
                for (input, expected) in binary_inputs(weights.len()).zip(truth_table(&neuron)) {
                    prop_assert_eq!(exact.apply(&input), expected, "{:?} {:?} {:?}", neuron, exact, input);
                }
            }
            // Only sizes too far apart have no form.
            Err(TheoryError::TooWide { bits, available }) => {
                prop_assert!(bits > available && is_wide(&neuron, available), "{neuron:?} {bits}");
            }
            Err(other) => prop_assert!(false, "{neuron:?} {other}"),
        }
    }

    /// None is found only if there is none.
    #[test]
    fn counterexamples_are_complete_and_true(
        (weights, bias) in neurons(12),
        scale in scales(),
        support in prop::collection::vec(any::<bool>(), 12),
        erosion in any::<bool>(),
    ) {
        let neuron = Neuron::new(&weights, bias, scale).unwrap();
        let table = truth_table(&neuron);
        let operation = if erosion { Operation::Erosion } else { Operation::Dilation };
        let random = SetOperator::new(operation, support[..weights.len()].to_vec());
        let nearest = activable_projection(&neuron, Metric::default()).operator;
        for operator in [random, nearest] {
            match counterexample(&neuron, InputBounds::BINARY, &operator).unwrap() {
                None => prop_assert!(equals(&table, &operator, &neuron), "{neuron:?} {operator:?}"),
                Some(input) => {
                    let bits: Vec<bool> = input.iter().map(|&x| x == 1.0).collect();
                    prop_assert_eq!(&as_floats(&bits), &input);
                    let code = bits.iter().rev().fold(0, |code, &bit| code << 1 | usize::from(bit));
                    prop_assert_ne!(table[code], operator.apply(&bits) != neuron.complements());
                }
            }
        }
    }
}
