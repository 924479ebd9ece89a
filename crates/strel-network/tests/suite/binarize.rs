//! Binarized networks against the thresholded float networks that they come from.

use proptest::prelude::*;
use strel_image::{BitImage, Border};
use strel_network::{Exactness, Layer, NetworkError, Operator, Plane, binarize};
use strel_theory::{ConstantRule, Method};

use crate::random::{self, one_neuron};

const CONSTANT: Method = Method::Constant(ConstantRule::Exact);

/// The image of 3x3 whose pixels are the bits of a number.
fn patch(bits: usize) -> BitImage {
    BitImage::from_fn(3, 3, |row, col| bits >> (3 * row + col) & 1 == 1)
}

/// The neuron of 3x3 that is a dilation, or an erosion, by a set of window pixels.
fn activated_weights(support: usize, inside: &[f32], erosion: bool) -> (Vec<f32>, f32) {
    let chosen = |index: usize| support >> index & 1 == 1;
    let weights: Vec<f32> = (0..9).map(|k| if chosen(k) { inside[k] } else { 0.02 }).collect();
    let sum: f32 = weights.iter().sum();
    (weights, if erosion { sum - 0.5 } else { 0.5 })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn an_activated_neuron_agrees_on_all_inputs(
        support in 1..512_usize,
        inside in proptest::collection::vec(0.6..3.0_f32, 9),
        erosion in any::<bool>(),
        scale in prop::sample::select(vec![-2.0_f32, 2.0]),
        border in random::border(),
    ) {
        let (weights, bias) = activated_weights(support, &inside, erosion);
        let float = one_neuron(border, (3, 3), &weights, bias, scale);
        let network = binarize(&float, Method::Exact).unwrap();
        prop_assert_eq!(network.exactness_counts().activated, 1);
        for image in (0..512).map(patch) {
            let y = float.forward(&[Plane::from(&image)]).unwrap();
            prop_assert_eq!(network.apply_one(&image).unwrap(), y[0].threshold());
        }
    }

    #[test]
    fn exact_binarization_is_the_network_with_hard_thresholds(
        (float, images) in random::float_network().prop_flat_map(|network| {
            let images = random::images(network.inputs());
            (Just(network), images)
        })
    ) {
        let nearest = binarize(&float, CONSTANT).unwrap();
        match binarize(&float, Method::Exact) {
            Ok(network) => {
                prop_assert_eq!(&network, &nearest);
                let hard = float.forward_hard(&images).unwrap();
                prop_assert_eq!(network.apply(&images).unwrap(), hard);
            }
            Err(NetworkError::Neuron { .. }) => prop_assert!(nearest.exactness_counts().approximate > 0),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }
}

#[test]
fn the_element_of_a_dilation_is_the_reflected_support() {
    // The support is the window's upper right pixel, at (-1, 1) of a 2x3 window.
    let weights = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
    let weights = [&weights[..], &[0.0, 0.0, 0.0]].concat();
    let operator = |bias: f32, weights: &[f32], kernel| {
        let float = one_neuron(Border::Zero, kernel, weights, bias, 1.0);
        let network = binarize(&float, Method::Exact).unwrap();
        let Layer::Bisel(bisel) = &network.layers()[0] else { panic!("a BiSEL layer") };
        (network.clone(), bisel.outputs[0].neurons[0].operator.clone())
    };
    let (network, dilation) = operator(0.5, &weights, (3, 3));
    let Operator::Dilation(element) = dilation else { panic!("{dilation:?}") };
    assert_eq!(element.to_string(), "...\n.o.\n#..");
    let image: BitImage = "...\n.#.\n...".parse().unwrap();
    assert_eq!(network.apply_one(&image).unwrap().to_string(), "...\n...\n#..");

    // Two pixels and a bias between them and their sum: an erosion, with the support as it is.
    let (_, erosion) = operator(1.5, &[0.0, 1.0, 0.0, 1.0], (2, 2));
    let Operator::Erosion(element) = erosion else { panic!("{erosion:?}") };
    assert_eq!(element.to_string(), ".#\n.O");
    let (_, dilation) = operator(0.5, &[0.0, 1.0, 0.0, 1.0], (2, 2));
    let Operator::Dilation(element) = dilation else { panic!("{dilation:?}") };
    assert_eq!(element.to_string(), "O.\n#.");
}

#[test]
fn constants_and_silent_neurons() {
    for (bias, scale, value) in
        [(-1.0, 1.0, true), (9.0, 1.0, false), (-1.0, -1.0, false), (0.5, 0.0, false)]
    {
        let float = one_neuron(Border::Replicate, (1, 2), &[1.0, 1.0], bias, scale);
        let network = binarize(&float, Method::Exact).unwrap();
        let image: BitImage = ".##.".parse().unwrap();
        assert_eq!(network.apply_one(&image).unwrap(), BitImage::filled(1, 4, value));
    }
}

#[test]
fn a_neuron_that_is_no_operator_is_named() {
    use strel_network::{FloatBisel, FloatNetwork, NeuronBank};
    let mut weights = vec![1.0; 6];
    weights.extend([1.0, 1.0, 1.0]);
    let bise = NeuronBank { weights, bias: vec![0.5, 0.5, 1.25], scale: vec![1.0; 3] };
    let lui = NeuronBank { weights: vec![1.0; 3], bias: vec![0.5], scale: vec![1.0] };
    let layer = FloatBisel { inputs: 3, outputs: 1, kernel: (1, 3), bise, lui: Some(lui) };
    let float =
        FloatNetwork::new(Border::Zero, strel_theory::Threshold::Tanh, vec![layer]).unwrap();
    let error = binarize(&float, Method::Exact).unwrap_err().to_string();
    assert!(error.starts_with("layer 1, output 1, input 3: not activated"), "{error}");
    assert!(error.contains("dilation misses by 0.25"), "{error}");

    let network = binarize(&float, CONSTANT).unwrap();
    let counts = network.exactness_counts();
    assert_eq!((counts.activated, counts.approximate), (3, 1));
    let Layer::Bisel(bisel) = &network.layers()[0] else { panic!("a BiSEL layer") };
    let marks = bisel.outputs[0].neurons.iter().map(|neuron| neuron.exactness);
    assert_eq!(
        marks.collect::<Vec<_>>(),
        [Exactness::Activated, Exactness::Activated, Exactness::Approximate]
    );
}
