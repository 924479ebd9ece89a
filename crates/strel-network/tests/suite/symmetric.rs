//! Symmetric neurons against their definition on [-1, 1].

use proptest::collection::vec;
use proptest::prelude::*;
use strel_image::Border;
use strel_network::{
    FloatBisel, FloatDense, FloatLayer, FloatNetwork, NetworkError, NeuronBank, Plane, Scores,
    Shape,
};

const SIZE: (usize, usize) = (4, 5);

/// tanh(p (W.s - b)) of neuron `index` of a bank.
fn neuron(bank: &NeuronBank, index: usize, inputs: &[f64]) -> f64 {
    let weights = &bank.weights[index * inputs.len()..];
    let sum: f64 = weights.iter().zip(inputs).map(|(w, s)| f64::from(*w) * s).sum();
    (f64::from(bank.scale[index]) * (sum - f64::from(bank.bias[index]))).tanh()
}

/// Rows of values in [-1, 1], as the definition of a BiSEL layer of one input and 2x3 windows says.
fn bisel(bank: &NeuronBank, index: usize, s: &[Vec<f64>], border: Border) -> Vec<Vec<f64>> {
    let (height, width) = (s.len(), s[0].len());
    let read =
        |row: isize, col: isize| match (border.source(row, height), border.source(col, width)) {
            (Some(row), Some(col)) => s[row][col],
            _ => {
                if border == Border::One {
                    1.0
                } else {
                    -1.0
                }
            }
        };
    let value = |row: usize, col: usize| {
        let (row, col) = (row as isize, col as isize);
        let window = (0..6).map(|k| read(row + k / 3 - 1, col + k % 3 - 1));
        neuron(bank, index, &window.collect::<Vec<f64>>())
    };
    (0..height).map(|row| (0..width).map(|col| value(row, col)).collect()).collect()
}

fn max_pool(s: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let value = |row: usize, col: usize| {
        let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(i, j)| s[2 * row + i][2 * col + j]);
        four.into_iter().fold(-1.0, f64::max)
    };
    let (height, width) = (s.len() / 2, s[0].len() / 2);
    (0..height).map(|row| (0..width).map(|col| value(row, col)).collect()).collect()
}

/// Numbers whose sums are exact in `f32`, so that nothing is rounded.
fn bank(neurons: usize, size: usize) -> impl Strategy<Value = NeuronBank> {
    let number = || (-16..17_i8).prop_map(|k| f32::from(k) / 8.0);
    (vec(number(), neurons * size), vec(number(), neurons), vec(number(), neurons))
        .prop_map(|(weights, bias, scale)| NeuronBank { weights, bias, scale })
}

proptest! {
    #[test]
    fn the_same_function(
        (windows, dense, last) in (bank(2, 6), bank(3, 8), bank(2, 3)),
        border in prop::sample::select(vec![Border::Replicate, Border::Reflect, Border::Zero, Border::One]),
        s in vec(vec(-1.0..1.0_f64, SIZE.1), SIZE.0),
    ) {
        let inputs = Shape { channels: 2, height: 2, width: 2 };
        let scores = Scores {
            inputs: Shape::flat(3),
            classes: 2,
            weights: last.weights.clone(),
            bias: last.bias.clone(),
        };
        let first =
            FloatBisel { inputs: 1, outputs: 2, kernel: (2, 3), bise: windows.clone(), lui: None };
        let network = FloatNetwork::symmetric(border, [
            FloatLayer::Bisel(first),
            FloatLayer::MaxPool { channels: 2 },
            FloatLayer::Dense(FloatDense { inputs, outputs: 3, neurons: dense.clone() }),
            FloatLayer::Scores(scores),
        ]).unwrap();

        let pooled = (0..2).flat_map(|index| max_pool(&bisel(&windows, index, &s, border)));
        let flat: Vec<f64> = pooled.flatten().collect();
        let hidden: Vec<f64> = (0..3).map(|index| neuron(&dense, index, &flat)).collect();
        let x = Plane::from_fn(SIZE.0, SIZE.1, |row, col| (s[row][col] + 1.0) / 2.0);
        let found = network.scores(&[x]).unwrap();
        for (class, score) in found.into_iter().enumerate() {
            let weights = &last.weights[3 * class..];
            let sum: f64 = weights.iter().zip(&hidden).map(|(w, t)| f64::from(*w) * t).sum();
            let expected = sum - f64::from(last.bias[class]);
            prop_assert!((score - expected).abs() < 1e-11, "{} {}", score, expected);
        }
    }
}

#[test]
fn results_of_several_channels() {
    let bank = |weights: &[f32], bias: &[f32], scale: &[f32]| NeuronBank {
        weights: weights.to_vec(),
        bias: bias.to_vec(),
        scale: scale.to_vec(),
    };
    let bise = bank(&[2.0, -1.0], &[0.5, 0.25], &[1.0, -2.0]);
    let lui = bank(&[1.0, 0.5], &[-0.25], &[1.5]);
    let layer = FloatBisel {
        inputs: 2,
        outputs: 1,
        kernel: (1, 1),
        bise: bise.clone(),
        lui: Some(lui.clone()),
    };
    let network = FloatNetwork::symmetric(Border::Zero, [layer]).unwrap();
    let s = [0.3, -0.7];
    let results = [
        neuron(&NeuronBank { weights: vec![2.0], ..bise.clone() }, 0, &s[..1]),
        (-2.0 * (0.7 - 0.25_f64)).tanh(),
    ];
    let x = s.map(|s| Plane::new(1, 1, vec![(s + 1.0) / 2.0]).unwrap());
    let y = network.forward(&x).unwrap()[0].get(0, 0);
    assert!((2.0 * y - 1.0 - neuron(&lui, 0, &results)).abs() < 1e-12);
}

#[test]
fn what_overflows_is_named() {
    let dense = |weights: Vec<f32>, scale: f32| {
        let inputs = Shape { channels: 1, height: 1, width: 2 };
        let neurons = NeuronBank { weights, bias: vec![0.0], scale: vec![scale] };
        let layer = FloatLayer::Dense(FloatDense { inputs, outputs: 1, neurons });
        FloatNetwork::symmetric(Border::Zero, [layer])
    };
    assert!(dense(vec![f32::MAX, f32::MAX], 1.0).is_ok());
    let error = dense(vec![1.0, f32::NAN], 1.0).unwrap_err();
    assert_eq!(error.to_string(), "layer 1, neuron 1: the weight is NaN, expected a finite number");
    let error = dense(vec![1.0, 1.0], f32::MAX).unwrap_err();
    assert!(matches!(error, NetworkError::NotFinite { what: "scale", .. }), "{error}");
}
