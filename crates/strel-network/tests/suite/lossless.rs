//! Lossless binarization against the float network with hard thresholds, on every input.

use proptest::collection::vec;
use proptest::prelude::*;
use strel_image::{BitImage, Border};
use strel_network::{
    Exactness, FloatBisel, FloatNetwork, Layer, Network, NetworkError, NeuronBank, Operator,
    binarize_lossless,
};
use strel_theory::{LosslessBudget, Threshold};

use crate::random::{self, one_neuron};

fn budget() -> impl Strategy<Value = LosslessBudget> {
    let sets = prop::sample::select(vec![0, 1, 4, 16]);
    let sums = prop::sample::select(vec![0, 1 << 14]);
    (sets, sums).prop_map(|(max_sets, max_sums)| LosslessBudget { max_sets, max_sums })
}

/// Weights with repeats and ties, of any sign and of all sizes.
fn weights(count: usize) -> impl Strategy<Value = Vec<f32>> {
    let weight = prop_oneof![
        4 => prop::sample::select(vec![0.0_f32, 0.1, 0.25, 0.5, 1.0, -0.1, -0.5]),
        4 => -1.0..2.0_f32,
        1 => prop::sample::select(vec![3e5_f32, 1e-5, -1e-5]),
    ];
    vec(weight, count)
}

/// All 512 windows of 3x3 in one image, each between empty columns.
fn all_windows() -> BitImage {
    let pixel = |code: usize, row: usize, col: usize| col < 3 && code >> (3 * row + col) & 1 == 1;
    BitImage::from_fn(3, 4 * 512, |row, col| pixel(col / 4, row, col % 4))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_neuron_agrees_on_all_windows(
        weights in weights(9),
        at in -0.1..1.1_f32,
        tie in proptest::option::of(0..512_usize),
        scale in prop::sample::select(vec![-2.0_f32, -1e-30, 0.0, 1e-30, 2.0, 2.0]),
        border in random::border(),
        budget in budget(),
    ) {
        let sum = |bits: usize| -> f32 { (0..9).filter(|k| bits >> k & 1 == 1).map(|k| weights[k]).sum() };
        let bias = tie.map_or(at * sum(511), sum);
        let float = one_neuron(border, (3, 3), &weights, bias, scale);
        let network = match binarize_lossless(&float, budget) {
            Ok(network) => network,
            // Too wide for a gate without a proof.
            Err(error) => {
                prop_assert!(budget.max_sums == 0, "{}", error);
                prop_assert!(error.to_string().starts_with("layer 1, output 1, input 1: no lossless"));
                return Ok(());
            }
        };
        prop_assert_eq!(network.exactness_counts().exact(), 1);
        let image = all_windows();
        let expected = float.forward_hard(std::slice::from_ref(&image)).unwrap().remove(0);
        prop_assert_eq!(network.apply_one(&image).unwrap(), expected);
    }

    #[test]
    fn a_network_agrees_on_random_images(
        (float, images) in random::float_network().prop_flat_map(|network| {
            let images = random::images(network.inputs());
            (Just(network), images)
        }),
        budget in budget(),
    ) {
        let network = binarize_lossless(&float, budget).unwrap();
        prop_assert_eq!(network.exactness_counts().approximate, 0);
        prop_assert_eq!(network.apply(&images).unwrap(), float.forward_hard(&images).unwrap());
    }
}

fn operator(network: &Network) -> &Operator {
    let Layer::Bisel(bisel) = &network.layers()[0] else { panic!("a BiSEL layer") };
    &bisel.outputs[0].neurons[0].operator
}

#[test]
fn formulas_are_as_short_as_they_can_be() {
    let lossless = |weights: &[f32], bias| {
        let float = one_neuron(Border::Zero, (1, weights.len()), weights, bias, 1.0);
        binarize_lossless(&float, LosslessBudget::default()).unwrap()
    };
    let network = lossless(&[2.0, 1.0, 1.0], 1.5);
    let Operator::UnionOfErosions(elements) = operator(&network) else { panic!("{network}") };
    assert_eq!(elements.len(), 2);
    // The last pixel and one of the others; the element of a dilation is the reflected support.
    let network = lossless(&[1.0, 1.0, 1.0, 3.0], 3.5);
    let Operator::IntersectionOfDilations(elements) = operator(&network) else {
        panic!("{network}")
    };
    let pictures: Vec<String> = elements.iter().map(ToString::to_string).collect();
    assert_eq!(pictures, ["#o..", ".O##"]);
    // A tie that falls on the right side is an erosion, though not an activated one.
    let network = lossless(&[1.0, 1.0], 1.0);
    assert!(matches!(operator(&network), Operator::Erosion(_)));
    assert_eq!(network.exactness_counts().lossless, 1);
    // A negative weight makes a gate.
    let network = lossless(&[1.0, -0.5], 0.6);
    let Operator::Gate(gate) = operator(&network) else { panic!("{network}") };
    assert_eq!((&gate.gate.weights[..], gate.gate.threshold), (&[1, -1][..], 0));
}

#[test]
fn channels_become_gates() {
    let layer = FloatBisel {
        inputs: 3,
        outputs: 1,
        kernel: (1, 1),
        bise: NeuronBank { weights: vec![1.0; 3], bias: vec![0.5; 3], scale: vec![1.0; 3] },
        lui: Some(NeuronBank { weights: vec![0.3, 0.2, 0.4], bias: vec![0.45], scale: vec![-1.0] }),
    };
    let float = FloatNetwork::new(Border::Zero, Threshold::Tanh, vec![layer]).unwrap();
    let network = binarize_lossless(&float, LosslessBudget::default()).unwrap();
    let Layer::Bisel(bisel) = &network.layers()[0] else { panic!("a BiSEL layer") };
    assert_eq!(bisel.outputs[0].combination.exactness, Exactness::Lossless);
    assert!(network.to_string().contains("y1 = ¬(z1 + z2 + z3 > 1), lossless"), "{network}");
}

#[test]
fn a_neuron_too_wide_is_named() {
    let weights: Vec<f32> = (0..40).map(|k| 1.3_f32.powi(k) * 1e-10 * (1.0 + 1e-6)).collect();
    let weights: Vec<f32> = weights.into_iter().chain([1e15, 1e15]).collect();
    let float = one_neuron(Border::Zero, (1, 42), &weights, 1e15, 1.0);
    let error = binarize_lossless(&float, LosslessBudget { max_sets: 0, max_sums: 0 }).unwrap_err();
    assert!(matches!(error, NetworkError::Neuron { .. }));
    assert!(
        error.to_string().starts_with("layer 1, output 1, input 1: no lossless form"),
        "{error}"
    );
}
