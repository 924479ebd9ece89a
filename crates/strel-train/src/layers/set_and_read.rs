//! Parametrizations of weights and biases, set and read back.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use strel_image::Border;
use strel_network::{FloatBisel, FloatNetwork, NeuronBank, Plane};
use strel_theory::Threshold;

use super::{Biases, Builder, Neurons, PlainNeuron, Start, Weights};

const WEIGHTS: [Weights; 3] = [Weights::Softplus, Weights::Normalised, Weights::Raw];
const BIASES: [Biases; 5] =
    [Biases::Softplus, Biases::Raw, Biases::Projected, Biases::Reparametrized, Biases::Symmetric];

fn start(weights: Weights, biases: Biases) -> Start {
    Start { weights, biases, spread: 1.0, input_mean: 0.4, scale: 2.0 }
}

fn neurons(weights: Weights, biases: Biases, count: usize, inputs: usize) -> Neurons {
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    Neurons::new(count, inputs, &start(weights, biases), rng)
}

/// p W and p b of the neuron with this index: the function, whatever the numbers.
fn products(bank: &NeuronBank, index: usize) -> Vec<f64> {
    let inputs = bank.weights.len() / bank.bias.len();
    let weights = &bank.weights[index * inputs..][..inputs];
    let p = f64::from(bank.scale[index]);
    weights.iter().chain([&bank.bias[index]]).map(|&value| p * f64::from(value)).collect()
}

#[test]
fn neurons_are_set_and_read_back() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    for weights in WEIGHTS {
        // The bounds of clamped biases are those of positive weights.
        let fits = |biases: &Biases| weights.are_positive() || !biases.are_clamped();
        for biases in BIASES.into_iter().filter(fits) {
            let mut bank = neurons(weights, biases, 3, 6);
            let untouched = products(&bank.bank(), 0);
            for _ in 0..20 {
                let low = if weights.are_positive() { 1e-3 } else { -1.0 };
                let new: Vec<f64> = (0..6).map(|_| rng.random_range(low..2.0)).collect();
                let sum: f64 = new.iter().sum();
                let bias = rng.random_range(0.4..0.6) * sum.abs();
                let scale = rng.random_range(-3.0..3.0);
                let wanted: Vec<f64> = new.iter().chain([&bias]).map(|v| scale * v).collect();
                bank.replace(2, &PlainNeuron { weights: new, bias, scale });
                for (found, wanted) in products(&bank.bank(), 2).iter().zip(wanted) {
                    let error = (found - wanted).abs();
                    assert!(error < 4e-6 * (1.0 + wanted.abs()), "{weights:?} {biases:?}: {error}");
                }
                assert_eq!(products(&bank.bank(), 0), untouched);
            }
        }
    }
}

#[test]
fn raw_parameters_come_back_bit_by_bit() {
    let mut bank = neurons(Weights::Raw, Biases::Raw, 1, 4);
    let given = PlainNeuron { weights: vec![0.1, -0.7, 1e-7, 3.0], bias: -0.2, scale: 0.3 };
    bank.replace(0, &given);
    assert_eq!(
        bank.bank(),
        NeuronBank { weights: vec![0.1, -0.7, 1e-7, 3.0], bias: vec![-0.2], scale: vec![0.3] }
    );
}

#[test]
fn neurons_start_at_the_mean_of_their_inputs_each_with_its_jitter() {
    for weights in WEIGHTS {
        for biases in BIASES {
            let bank = neurons(weights, biases, 50, 9).bank();
            let shares: Vec<f32> = bank
                .weights
                .chunks_exact(9)
                .zip(&bank.bias)
                .map(|(weights, bias)| bias / weights.iter().sum::<f32>())
                .collect();
            let (least, most) =
                shares.iter().fold((1f32, 0f32), |(a, b), &share| (a.min(share), b.max(share)));
            assert!(least > 0.4 * 0.9899 && most < 0.4 * 1.0101, "{weights:?} {biases:?}");
            assert!(most - least > 0.005, "{weights:?} {biases:?}: {least} to {most}");
        }
    }
}

#[test]
fn clamped_biases_stay_within_their_bounds() {
    for biases in [Biases::Projected, Biases::Reparametrized] {
        for (bias, expected) in [(0.05, 0.3), (9.0, 1.9), (1.0, 1.0)] {
            let mut bank = neurons(Weights::Softplus, biases, 1, 4);
            let weights = vec![0.8, 0.2, 0.4, 0.6];
            bank.replace(0, &PlainNeuron { weights, bias, scale: 1.0 });
            let found = bank.bank().bias[0];
            assert!((found - expected).abs() < 1e-6, "{biases:?}: {bias} became {found}");
        }
        let mut bank = neurons(Weights::Softplus, biases, 1, 1);
        bank.replace(0, &PlainNeuron { weights: vec![0.8], bias: 3.0, scale: 1.0 });
        assert!((bank.bank().bias[0] - 0.4).abs() < 1e-6);
    }
}

/// A network whose biases are parametrized as those of symmetric neurons is the network of such
/// neurons with half the scales, on `[-1, 1]`.
#[test]
fn symmetric_biases_are_those_of_symmetric_neurons() {
    let rng = &mut ChaCha8Rng::seed_from_u64(2);
    let start = start(Weights::Raw, Biases::Symmetric);
    let (kernel, border, threshold) = ((3, 2), Border::Zero, Threshold::Tanh);
    let model = Builder { kernel, border, threshold, start, rng }.images(&[1, 2, 1]);
    let float = model.to_float().unwrap();
    let back = |bank: &NeuronBank| {
        let size = bank.weights.len() / bank.bias.len();
        let sums = bank.weights.chunks_exact(size).map(|weights| weights.iter().sum::<f32>());
        NeuronBank {
            weights: bank.weights.clone(),
            bias: bank.bias.iter().zip(sums).map(|(bias, sum)| 2.0 * bias - sum).collect(),
            scale: bank.scale.iter().map(|scale| scale / 2.0).collect(),
        }
    };
    let layers = float.bisels().map(|layer| FloatBisel {
        bise: back(&layer.bise),
        lui: layer.lui.as_ref().map(back),
        ..layer.clone()
    });
    let symmetric = FloatNetwork::symmetric(Border::Zero, layers).unwrap();
    let plane = Plane::from_fn(5, 6, |row, col| ((row * 5 + col * 3) % 7) as f64 / 6.0);
    let [found, expected] =
        [&float, &symmetric].map(|net| net.forward(std::slice::from_ref(&plane)).unwrap());
    for (found, expected) in found[0].values().iter().zip(expected[0].values()) {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    }
}
