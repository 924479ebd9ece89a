//! Random images and networks, and small ones to begin with.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use strel_image::{BitImage, Border, StructuringElement};
use strel_network::{
    Bisel, Combination, CombinationRule, Exactness, FloatBisel, FloatNetwork, Layer,
    MorphologicalNeuron, Network, NeuronBank, Operator, OutputChannel, ThresholdGate, WindowGate,
};
use strel_theory::Threshold;

pub fn border() -> impl Strategy<Value = Border> {
    prop::sample::select(vec![Border::Replicate, Border::Reflect, Border::Zero, Border::One])
}

/// Images of one size, sparse or dense, at most 3 rows and a little more than two words wide.
pub fn images(channels: usize) -> impl Strategy<Value = Vec<BitImage>> {
    let width =
        prop_oneof![prop::sample::select(vec![0, 1, 2, 63, 64, 65, 127, 128, 129]), 0..12_usize,];
    (0..5_usize, width, prop::sample::select(vec![0.1, 0.5, 0.9])).prop_flat_map(
        move |(height, width, density)| {
            let image =
                vec(prop::bool::weighted(density), height * width).prop_map(move |pixels| {
                    BitImage::from_fn(height, width, |row, col| pixels[row * width + col])
                });
            vec(image, channels)
        },
    )
}

fn element() -> impl Strategy<Value = StructuringElement> {
    (1..5_usize, 1..6_usize).prop_flat_map(|(rows, cols)| {
        let mask = vec(any::<bool>(), rows * cols).prop_filter("empty", |m| m.contains(&true));
        (mask, option::of((0..rows, 0..cols))).prop_map(move |(mask, origin)| {
            StructuringElement::from_mask(rows, cols, origin, &mask).unwrap()
        })
    })
}

fn exactness() -> impl Strategy<Value = Exactness> {
    prop::sample::select(vec![Exactness::Activated, Exactness::Lossless, Exactness::Approximate])
}

/// Gates of few and many digits, with ties.
fn gate(inputs: usize) -> impl Strategy<Value = ThresholdGate> {
    let weight = prop_oneof![
        4 => -3..6_i64,
        1 => prop::sample::select(vec![1 << 33, -(1 << 33), (1 << 33) + 1, 1 << 58]),
    ];
    let threshold = prop_oneof![
        4 => -4..8_i64,
        1 => prop::sample::select(vec![1 << 33, (1 << 58) + 1, i64::MAX, i64::MIN]),
    ];
    (vec(weight, inputs), threshold)
        .prop_map(|(weights, threshold)| ThresholdGate { weights, threshold })
}

fn window_gate() -> impl Strategy<Value = WindowGate> {
    (1..4_usize, 1..5_usize).prop_flat_map(|kernel| {
        gate(kernel.0 * kernel.1).prop_map(move |gate| WindowGate { kernel, gate })
    })
}

fn neuron() -> impl Strategy<Value = MorphologicalNeuron> {
    let operator = prop_oneof![
        4 => element().prop_map(Operator::Dilation),
        4 => element().prop_map(Operator::Erosion),
        1 => any::<bool>().prop_map(Operator::Constant),
        1 => vec(element(), 1..6).prop_map(Operator::UnionOfErosions),
        1 => vec(element(), 1..6).prop_map(Operator::IntersectionOfDilations),
        2 => window_gate().prop_map(Operator::Gate),
    ];
    (operator, any::<bool>(), exactness()).prop_map(|(operator, complement, exactness)| {
        MorphologicalNeuron { operator, complement, exactness }
    })
}

pub fn combination(inputs: usize) -> impl Strategy<Value = Combination> {
    let members = || vec(any::<bool>(), inputs).prop_filter("empty", |m| m.contains(&true));
    let several = prop_oneof![
        4 => members().prop_map(CombinationRule::Union),
        4 => members().prop_map(CombinationRule::Intersection),
        1 => any::<bool>().prop_map(CombinationRule::Constant),
        2 => gate(inputs).prop_map(CombinationRule::Gate),
    ];
    let rule = (several, any::<bool>()).prop_map(move |(rule, identity)| {
        if inputs == 1 && identity { CombinationRule::Identity } else { rule }
    });
    (rule, any::<bool>(), exactness()).prop_map(|(rule, complement, exactness)| Combination {
        rule,
        complement,
        exactness,
    })
}

pub fn layer(inputs: usize, outputs: usize) -> impl Strategy<Value = Layer> {
    let channel = (vec(neuron(), inputs), combination(inputs))
        .prop_map(|(neurons, combination)| OutputChannel { neurons, combination });
    vec(channel, outputs).prop_map(move |outputs| Layer::Bisel(Bisel { inputs, outputs }))
}

/// Networks of one to three layers.
pub fn network() -> impl Strategy<Value = Network> {
    (border(), vec(1..4_usize, 2..5)).prop_flat_map(|(border, channels)| {
        let layers: Vec<_> = channels.windows(2).map(|pair| layer(pair[0], pair[1])).collect();
        layers.prop_map(move |layers| Network::new(border, layers).unwrap())
    })
}

/// Neurons with few different weights, so that ties, repeated weights and p = 0 are common.
pub fn bank(neurons: usize, size: usize) -> impl Strategy<Value = NeuronBank> {
    let weight = prop_oneof![
        3 => prop::sample::select(vec![0.0_f32, 0.1, 0.5, 1.0, 2.0, -0.1]),
        1 => 0.0..2.0_f32,
    ];
    let bias = prop_oneof![prop::sample::select(vec![0.05_f32, 0.3, 0.5, 1.0]), -0.5..4.0_f32];
    let scale = prop::sample::select(vec![-3.0_f32, -1.0, 0.0, 1.0, 4.0, 4.0]);
    (vec(weight, neurons * size), vec(bias, neurons), vec(scale, neurons))
        .prop_map(|(weights, bias, scale)| NeuronBank { weights, bias, scale })
}

pub fn float_layer(inputs: usize, outputs: usize) -> impl Strategy<Value = FloatBisel> {
    (1..4_usize, 1..4_usize).prop_flat_map(move |kernel| {
        let bise = bank(inputs * outputs, kernel.0 * kernel.1);
        (bise, bank(outputs, inputs)).prop_map(move |(bise, lui)| FloatBisel {
            inputs,
            outputs,
            kernel,
            bise,
            lui: (inputs > 1).then_some(lui),
        })
    })
}

/// Float networks of one or two layers.
pub fn float_network() -> impl Strategy<Value = FloatNetwork> {
    let threshold = prop::sample::select(Threshold::ALL.to_vec());
    (border(), threshold, vec(1..4_usize, 2..4)).prop_flat_map(|(border, threshold, channels)| {
        let layers: Vec<_> =
            channels.windows(2).map(|pair| float_layer(pair[0], pair[1])).collect();
        layers.prop_map(move |layers| FloatNetwork::new(border, threshold, layers).unwrap())
    })
}

/// The float network of one neuron.
pub fn one_neuron(
    border: Border,
    kernel: (usize, usize),
    weights: &[f32],
    bias: f32,
    scale: f32,
) -> FloatNetwork {
    let bise = NeuronBank { weights: weights.to_vec(), bias: vec![bias], scale: vec![scale] };
    let layer = FloatBisel { inputs: 1, outputs: 1, kernel, bise, lui: None };
    FloatNetwork::new(border, Threshold::Tanh, vec![layer]).unwrap()
}
