//! The packed engine against the definition, and its errors.

use proptest::prelude::*;
use strel_image::{BitImage, Border, Engine};
use strel_network::{
    Bisel, Combination, CombinationRule, Exactness, Layer, MorphologicalNeuron, Network, Operator,
    OutputChannel, ThresholdGate, WindowGate,
};

use crate::{naive, random};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn packed_equals_naive(
        (network, images) in random::network().prop_flat_map(|network| {
            let images = random::images(network.inputs());
            (Just(network), images)
        })
    ) {
        let expected = naive::apply(&network, &images);
        prop_assert_eq!(&network.apply(&images).unwrap(), &expected);
        let batch = [images.clone(), images];
        let found = network.plan().apply_batch(&Engine::default(), &batch).unwrap();
        prop_assert_eq!(found, [expected.clone(), expected]);
    }
}

fn dilation(picture: &str) -> MorphologicalNeuron {
    MorphologicalNeuron::activated(Operator::Dilation(picture.parse().unwrap()))
}

/// Two inputs to one output.
fn union() -> Network {
    let rule = CombinationRule::Union(vec![true, true]);
    let combination = Combination { rule, complement: true, exactness: Exactness::Activated };
    let channel = OutputChannel { neurons: vec![dilation("O#"), dilation("#O")], combination };
    let layer = Layer::Bisel(Bisel { inputs: 2, outputs: vec![channel] });
    Network::new(Border::Zero, vec![layer]).unwrap()
}

#[test]
fn a_complemented_union_of_dilations() {
    let images: [BitImage; 2] = ["#......".parse().unwrap(), ".....#.".parse().unwrap()];
    let result = union().apply(&images).unwrap();
    assert_eq!(result, ["..##..#".parse().unwrap()]);
}

#[test]
fn channels_that_are_not_needed_do_not_matter() {
    let useless =
        OutputChannel { neurons: vec![dilation("O##")], combination: Combination::identity() };
    let first = Bisel {
        inputs: 1,
        outputs: vec![Bisel::one_to_one(dilation("O#")).outputs.remove(0), useless],
    };
    let rule = CombinationRule::Union(vec![true, false]);
    let combination = Combination { rule, complement: false, exactness: Exactness::Activated };
    let second = OutputChannel { neurons: vec![dilation("O"), dilation("O")], combination };
    let second = Bisel { inputs: 2, outputs: vec![second] };
    let network =
        Network::new(Border::Zero, vec![Layer::Bisel(first), Layer::Bisel(second)]).unwrap();
    let image: BitImage = ".#..".parse().unwrap();
    assert_eq!(network.apply_one(&image).unwrap().to_string(), ".##.");
}

#[test]
fn a_plan_computes_no_more_than_it_must() {
    let mut eroded = dilation("O#");
    eroded.operator = Operator::Erosion("O#".parse().unwrap());
    eroded.complement = true;
    let constant = MorphologicalNeuron::activated(Operator::Constant(false));
    let first = Bisel {
        inputs: 1,
        outputs: [eroded, dilation("#O"), dilation("##O")]
            .map(|neuron| OutputChannel {
                neurons: vec![neuron],
                combination: Combination::identity(),
            })
            .to_vec(),
    };
    let rule = CombinationRule::Union(vec![true, true, false]);
    let combination = Combination { rule, complement: true, exactness: Exactness::Activated };
    let second =
        OutputChannel { neurons: vec![dilation("O"), constant, dilation("O")], combination };
    let second = Bisel { inputs: 3, outputs: vec![second] };
    let layers = vec![Layer::Bisel(first), Layer::Bisel(second)];
    let plan = Network::new(Border::Zero, layers).unwrap().plan();
    let steps = "a0 = input 0, zeros outside\na1 = a0 and a0[0,+1]\noutput a1\n";
    assert!(plan.to_string().starts_with(steps), "{plan}");
    let described = plan.describe(&Engine::default(), (64, 64));
    assert!(described.starts_with(&plan.to_string()) && described.contains("64x64"), "{described}");
}

#[test]
fn wrong_images_are_refused() {
    let network = union();
    let image = BitImage::new(2, 3);
    let error = network.apply(std::slice::from_ref(&image)).unwrap_err();
    assert_eq!(error.to_string(), "1 input images, expected 2: one a channel");
    let error = network.apply(&[image.clone(), BitImage::new(3, 2)]).unwrap_err();
    assert_eq!(error.to_string(), "image 2 is 3x2, expected 2x3 as image 1");
    let error = network.apply_one(&image).unwrap_err();
    assert_eq!(error.to_string(), "the network takes 2 images to 1, expected 1 to 1");
}

#[test]
fn malformed_networks_are_refused() {
    let refused = |border, layers| Network::new(border, layers).unwrap_err().to_string();
    let layer = || Bisel::one_to_one(dilation("O#"));
    assert_eq!(refused(Border::Zero, vec![]), "the network has no layer");
    assert!(refused(Border::Neutral, vec![Layer::Bisel(layer())]).contains("neutral"));

    let nothing = Bisel { inputs: 1, outputs: vec![] };
    assert_eq!(
        refused(Border::Zero, vec![Layer::Bisel(nothing)]),
        "layer 1: number of output channels is 0, expected at least 1"
    );
    let Layer::Bisel(two) = union().layers()[0].clone() else { panic!("a BiSEL layer") };
    assert_eq!(
        refused(Border::Zero, vec![Layer::Bisel(layer()), Layer::Bisel(two.clone())]),
        "layer 2 reads 2 channels, but the layer before it gives 1"
    );
    let mut lacking = two.clone();
    lacking.outputs[0].neurons.pop();
    assert_eq!(
        refused(Border::Zero, vec![Layer::Bisel(lacking)]),
        "layer 1, output 1, LUI: number of neurons is 1, expected 2: one an input"
    );
    let mut identity = two.clone();
    identity.outputs[0].combination = Combination::identity();
    assert!(refused(Border::Zero, vec![Layer::Bisel(identity)]).contains("identity is 1"));
    let mut empty = two.clone();
    empty.outputs[0].combination.rule = CombinationRule::Intersection(vec![false, false]);
    assert!(refused(Border::Zero, vec![Layer::Bisel(empty)]).contains("empty"));
    let mut empty = two;
    let element = strel_image::StructuringElement::empty(2, 2).unwrap();
    empty.outputs[0].neurons[1].operator = Operator::Erosion(element);
    assert_eq!(
        refused(Border::Zero, vec![Layer::Bisel(empty)]),
        "layer 1, output 1, input 2: the set of an operator is empty, expected a constant instead"
    );
    let lacking =
        Bisel::one_to_one(MorphologicalNeuron::activated(Operator::UnionOfErosions(vec![])));
    assert_eq!(
        refused(Border::Zero, vec![Layer::Bisel(lacking)]),
        "layer 1, output 1, input 1: number of structuring elements is 0, expected at least 1"
    );
    let gate = |kernel, weights: &[i64]| {
        let gate = ThresholdGate { weights: weights.to_vec(), threshold: 0 };
        let gate = MorphologicalNeuron::activated(Operator::Gate(WindowGate { kernel, gate }));
        refused(Border::Zero, vec![Layer::Bisel(Bisel::one_to_one(gate))])
    };
    assert!(
        gate((2, 2), &[1; 3])
            .ends_with("number of gate weights is 3, expected 2 * 2, and at least 1")
    );
    assert!(gate((0, 2), &[]).contains("number of gate weights is 0"));
    assert!(
        gate((1, 2), &[i64::MIN, 1]).ends_with("weights sum to 2^63 or more, in absolute value")
    );
}
