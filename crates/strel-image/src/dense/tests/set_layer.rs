//! Set layers.

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::super::{DenseError, SetForm, SetLayer, SetNeuron};
use super::{batch, batch_sizes, engines, sizes};
use crate::{BitImage, Engine, Kernel};

/// Sets of one member, of a few, of about half, of all but a few, and of all.
fn sets(inputs: usize) -> impl Strategy<Value = Vec<usize>> {
    let few = || btree_set(0..inputs, 1..=inputs.min(12));
    prop_oneof![
        (0..inputs).prop_map(|member| vec![member]),
        few().prop_map(|set| set.into_iter().collect()),
        vec(any::<bool>(), inputs).prop_map(|mask| (0..mask.len()).filter(|&i| mask[i]).collect()),
        few().prop_map(move |set| (0..inputs).filter(|member| !set.contains(member)).collect()),
        Just((0..inputs).collect()),
    ]
}

/// Gates with weights of one size and of any; the limit lies between the least and the largest sum,
/// or anywhere.
fn gates(inputs: usize) -> impl Strategy<Value = SetNeuron> {
    let small = || vec((0..inputs, -3..=9i64), 0..40);
    let huge = || vec((0..inputs, (i64::MIN / 64)..=(i64::MAX / 64)), 0..40);
    let terms = prop_oneof![vec((0..inputs, Just(1)), 0..40), small(), huge()];
    (terms, 0.0..1.0f64, any::<Option<i64>>()).prop_map(|(terms, quantile, anywhere)| {
        let sum = |sign: i64| terms.iter().map(|&(_, weight)| (sign * weight).max(0)).sum::<i64>();
        let least = -(sum(-1) as f64);
        let between = least + quantile * (sum(1) as f64 - least);
        SetNeuron::gate(terms, anywhere.filter(|value| value % 4 == 0).unwrap_or(between as i64))
    })
}

fn neurons(inputs: usize) -> impl Strategy<Value = SetNeuron> {
    let neuron = prop_oneof![
        4 => sets(inputs).prop_map(SetNeuron::union),
        4 => sets(inputs).prop_map(SetNeuron::intersection),
        1 => any::<bool>().prop_map(SetNeuron::constant),
        2 => gates(inputs),
    ];
    (neuron, any::<bool>())
        .prop_map(|(neuron, complement)| if complement { neuron.complemented() } else { neuron })
}

/// Unions and then intersections, as many of each as fill whole words.
fn whole_words(inputs: usize) -> impl Strategy<Value = Vec<SetNeuron>> {
    (1..3usize, 1..3usize).prop_flat_map(move |(unions, intersections)| {
        let words = |words: usize| vec(sets(inputs), 64 * words);
        (words(unions), words(intersections)).prop_map(|(unions, intersections)| {
            let unions = unions.into_iter().map(SetNeuron::union);
            unions.chain(intersections.into_iter().map(SetNeuron::intersection)).collect()
        })
    })
}

/// Layers with all kinds of neurons, with sets of one kind only, and with one kind after the other.
fn layers(inputs: usize) -> impl Strategy<Value = Vec<SetNeuron>> {
    prop_oneof![
        vec(neurons(inputs), 0..90),
        vec(sets(inputs).prop_map(SetNeuron::union), 60..140),
        vec(sets(inputs).prop_map(SetNeuron::intersection), 60..140),
        whole_words(inputs),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_form_computes_the_definition(
        (inputs, neurons, batch) in (sizes(), batch_sizes()).prop_flat_map(|(inputs, samples)| {
            (Just(inputs), layers(inputs), batch(samples, inputs))
        }),
    ) {
        let layer = SetLayer::new(inputs, neurons).unwrap();
        let expected = layer.apply_naive(&batch);
        for engine in engines() {
            for form in [SetForm::Columns, SetForm::Planes] {
                // What was there before does not matter.
                let mut found = BitImage::filled(batch.height(), layer.outputs(), true);
                layer.run_in(form, &engine, &batch, &mut found).unwrap();
                prop_assert!(found == expected, "{form}, {engine:?}, {layer}");
                prop_assert_eq!(found.count_ones(), expected.count_ones(), "guards");
            }
        }
        prop_assert_eq!(layer.apply(&batch), expected);
    }
}

/// Sums around 31 bits and of 63 bits, and limits at both ends of them.
#[test]
fn gates_take_63_bits() {
    for half in [1 << 29, i64::from(i32::MAX) / 2, 1 << 30, 1 << 31, i64::MAX / 2] {
        let terms = [(0, half), (1, -half), (2, 1), (3, 0), (1, 0)];
        let limits = [-half, -half + 1, 0, 1, half, half + 1, half + 2, i64::MIN, i64::MAX];
        let neurons = limits.map(|at_least| SetNeuron::gate(terms, at_least));
        let layer = SetLayer::new(4, neurons.to_vec()).unwrap();
        let batch = BitImage::from_fn(16, 4, |sample, input| sample >> input & 1 == 1);
        for engine in engines() {
            for form in [SetForm::Columns, SetForm::Planes] {
                let mut found = BitImage::new(0, 0);
                layer.run_in(form, &engine, &batch, &mut found).unwrap();
                assert_eq!(found, layer.apply_naive(&batch), "{half}, {form}, {engine:?}");
            }
        }
    }
    let heavy = SetNeuron::gate([(0, i64::MIN)], 0);
    let error = SetLayer::new(4, vec![SetNeuron::constant(true), heavy]).unwrap_err();
    assert_eq!(error, DenseError::GateTooHeavy { neuron: 1, total: 1 << 63 });
}

#[test]
fn mistakes_are_named() {
    let error = SetLayer::new(3, vec![SetNeuron::union([0]), SetNeuron::union([1, 3])]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "neuron 1 reads input 3, but the layer has 3 inputs"
    );
    let layer = SetLayer::new(3, vec![SetNeuron::union([0])]).unwrap();
    let run = layer.run(&Engine::default(), &BitImage::new(2, 4));
    assert_eq!(run, Err(DenseError::BatchWidth { inputs: 3, found: 4 }));
}

#[test]
fn a_layer_may_have_no_inputs_or_no_neurons() {
    let constants = vec![SetNeuron::constant(true), SetNeuron::constant(false)];
    let layer = SetLayer::new(0, constants).unwrap();
    assert_eq!(layer.apply(&BitImage::new(2, 0)).to_string(), "#.\n#.");
    let none = SetLayer::new(5, Vec::new()).unwrap();
    assert_eq!(none.apply(&BitImage::new(300, 5)).size(), (300, 0));
}

#[test]
fn the_form_follows_the_batch() {
    let neurons = (0..512).map(|n| SetNeuron::union([n % 100, n % 77, n % 13])).collect();
    let layer = SetLayer::new(100, neurons).unwrap();
    for engine in engines() {
        assert_eq!(layer.form(&engine, 1), SetForm::Columns);
        assert_eq!(layer.form(&engine, 4096), SetForm::Planes);
    }
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let neurons = (0..700).map(|n| SetNeuron::union([n % 100, n % 77, n % 13])).collect();
    let layer = SetLayer::new(100, neurons).unwrap();
    let batch = BitImage::from_fn(3000, 100, |row, col| (row * 7 + col * col / 5) % 11 < 2);
    for form in [SetForm::Columns, SetForm::Planes] {
        let run = |threads| {
            let mut result = BitImage::new(0, 0);
            let engine = Engine::new(Kernel::best(), threads).unwrap();
            layer.run_in(form, &engine, &batch, &mut result).unwrap();
            result
        };
        assert_eq!(run(1), run(3), "{form}");
    }
}
