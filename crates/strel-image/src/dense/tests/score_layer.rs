//! Score layers.

use std::slice::from_ref;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{DenseError, ScoreForm, ScoreLayer};
use super::{batch, batch_sizes, engines, sizes};
use crate::{BitImage, Engine};

/// The forms that an engine has.
fn forms(engine: &Engine) -> Vec<ScoreForm> {
    let tables = engine.kernel().has_look_ups().then_some(ScoreForm::Tables);
    [ScoreForm::Sums].into_iter().chain(tables).collect()
}

/// Weights of a few values, so that classes tie; nearly equal ones, which rounding confuses; and
/// any finite ones, of very different sizes.
fn weights() -> impl Strategy<Value = f32> {
    prop_oneof![
        (-2..=2i8).prop_map(f32::from),
        (0..4u8).prop_map(|ulps| 1.0 + f32::from(ulps) * f32::EPSILON),
        -1.0..1.0f32,
        prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO,
    ]
}

/// Classes whose weights are all of one kind, or mixed.
fn layers(inputs: usize) -> impl Strategy<Value = ScoreLayer> {
    let ties = || (-2..=2i8).prop_map(f32::from);
    let near = || (0..4u8).prop_map(|ulps| 1.0 + f32::from(ulps) * f32::EPSILON);
    let classes = prop::sample::select(vec![1, 2, 10, 16, 17, 33]);
    (classes, 0..4usize).prop_flat_map(move |(classes, kind)| {
        let weight = match kind {
            0 => ties().boxed(),
            1 => near().boxed(),
            2 => (-1.0..1.0f32).boxed(),
            _ => weights().boxed(),
        };
        let classes = vec((vec(weight, inputs), (-2..=2i8).prop_map(f32::from)), classes);
        classes.prop_map(move |classes| {
            let (weights, biases): (Vec<_>, Vec<_>) = classes.into_iter().unzip();
            ScoreLayer::new(inputs, &weights, &biases).unwrap()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_form_finds_the_class_of_the_float_scores(
        (layer, batch) in (sizes(), batch_sizes()).prop_flat_map(|(inputs, samples)| {
            (layers(inputs), batch(samples, inputs))
        }),
    ) {
        let expected = layer.classify_naive(&batch);
        for engine in engines() {
            for form in forms(&engine) {
                let mut found = vec![99; 3];
                let again = layer.classify_in(form, &engine, &batch, &mut found).unwrap();
                prop_assert_eq!(&found, &expected, "{}, {:?}", form, engine);
                prop_assert!(again <= batch.height());
            }
        }
        prop_assert_eq!(layer.classify(&batch), expected);
    }
}

/// Two classes that differ in the last bit of one weight: rounded, they are the same.
#[test]
fn near_ties_are_scored_again() {
    let inputs = 200;
    let weights: Vec<f32> = (0..inputs).map(|input| (input as f32).sin()).collect();
    let mut larger = weights.clone();
    larger[77] = larger[77].next_up();
    let batch = BitImage::from_fn(300, inputs, |sample, input| (sample * input) % 7 < 3);
    let expected: Vec<usize> = (0..300).map(|sample| usize::from(batch.get(sample, 77))).collect();
    let layer = ScoreLayer::new(inputs, &[weights, larger], &[0.0, 0.0]).unwrap();
    for engine in engines() {
        for form in forms(&engine) {
            let mut found = Vec::new();
            let again = layer.classify_in(form, &engine, &batch, &mut found).unwrap();
            assert_eq!((again, &found), (300, &expected), "{form}, {engine:?}");
        }
    }
}

/// Weights just below half of a unit of rounding, in many inputs, against one of a few units:
/// rounded weights alone would give the wrong class.
#[test]
fn rounding_cannot_flip_a_class() {
    let inputs = 256;
    let unit = 1.0 / 32_767.0;
    let mut many = vec![0.49 * unit; inputs];
    let mut one = vec![0.0; inputs];
    (many[0], one[0]) = (1.0, 1.0);
    one[1] = 20.0 * unit;
    let batch = BitImage::from_fn(300, inputs, |sample, input| input > 0 && input <= sample);
    let layer = ScoreLayer::new(inputs, &[one, many], &[0.0, 0.0]).unwrap();
    let expected = layer.classify_naive(&batch);
    assert!(expected.contains(&0) && expected.contains(&1));
    for engine in engines() {
        for form in forms(&engine) {
            let mut found = Vec::new();
            let again = layer.classify_in(form, &engine, &batch, &mut found).unwrap();
            assert_eq!(found, expected, "{form}, {engine:?}");
            assert!(again > 0, "{form}, {engine:?}");
        }
    }
}

/// Classes far apart need no float score.
#[test]
fn clear_classes_are_not_scored_again() {
    let inputs = 64;
    let weight = |class: usize, input: usize| f32::from(u8::from(input % 10 == class));
    let weights = |class| (0..inputs).map(|input| weight(class, input)).collect();
    let weights: Vec<Vec<f32>> = (0..10).map(weights).collect();
    let batch = BitImage::from_fn(257, inputs, |sample, input| sample % 10 == input % 10);
    let layer = ScoreLayer::new(inputs, &weights, &[0.0; 10]).unwrap();
    let expected: Vec<usize> = (0..257).map(|sample| sample % 10).collect();
    for engine in engines() {
        for form in forms(&engine) {
            let mut found = Vec::new();
            let again = layer.classify_in(form, &engine, &batch, &mut found).unwrap();
            assert_eq!((again, &found), (0, &expected), "{form}, {engine:?}");
        }
    }
}

/// Every look-up gives the largest value of its table.
#[test]
fn sums_of_many_inputs_do_not_overflow() {
    for inputs in [2048, 2049, 5000] {
        let weights = [1.0, 1.001, -1.0].map(|weight| vec![weight; inputs]);
        let layer = ScoreLayer::new(inputs, &weights, &[0.0; 3]).unwrap();
        let batch = BitImage::filled(65, inputs, true);
        for engine in engines() {
            for form in forms(&engine) {
                let mut found = Vec::new();
                let again = layer.classify_in(form, &engine, &batch, &mut found).unwrap();
                assert_eq!((again, found), (0, vec![1; 65]), "{form}, {engine:?}, {inputs}");
            }
        }
    }
}

#[test]
fn ties_go_to_the_first_class() {
    let layer = ScoreLayer::new(70, &vec![vec![0.3; 70]; 12], &[0.0; 12]).unwrap();
    let batch = BitImage::from_fn(300, 70, |sample, input| sample % 70 == input);
    for engine in engines() {
        for form in forms(&engine) {
            let mut found = Vec::new();
            layer.classify_in(form, &engine, &batch, &mut found).unwrap();
            assert_eq!(found, [0; 300], "{form}, {engine:?}");
        }
    }
}

#[test]
fn mistakes_are_named() {
    let new = |weights: &[Vec<f32>], biases: &[f32]| {
        ScoreLayer::new(2, weights, biases).map(|_| ()).unwrap_err().to_string()
    };
    let fine = vec![1.0, 2.0];
    assert_eq!(
        new(&[fine.clone(), vec![0.0, f32::NAN]], &[0.0, 0.0]),
        "the weight of class 1 for input 1 is NaN, not a finite number"
    );
    assert_eq!(
        new(&[vec![f32::INFINITY, 0.0]], &[0.0]),
        "the weight of class 0 for input 0 is inf, not a finite number"
    );
    assert_eq!(
        new(from_ref(&fine), &[f32::NEG_INFINITY]),
        "the bias of class 0 is -inf, not a finite number"
    );
    assert_eq!(
        new(&[fine.clone(), vec![0.0]], &[0.0; 2]),
        "class 1 has 1 weights, but the layer has 2 inputs"
    );
    assert_eq!(new(from_ref(&fine), &[]), "1 classes take as many biases, not 0");
    assert_eq!(new(&[], &[]), "a score layer has one class at least");
    let layer = ScoreLayer::new(2, &[fine], &[0.0]).unwrap();
    let wide = layer.classify_into(&Engine::default(), &BitImage::new(1, 3), &mut Vec::new());
    assert_eq!(wide, Err(DenseError::BatchWidth { inputs: 2, found: 3 }));
}
