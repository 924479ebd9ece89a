//! Every parametrization of weights and biases: set and read back, and its gradients.

use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use strel_image::Border;
use strel_network::{FloatBisel, FloatNetwork, NeuronBank, Plane};
use strel_theory::Threshold;
use strel_train::layers::{BiMoNN, Biases, Neurons, PlainNeuron, Start, Weights};

const WEIGHTS: [Weights; 3] = [Weights::Softplus, Weights::Normalised, Weights::Raw];
const BIASES: [Biases; 5] =
    [Biases::Softplus, Biases::Raw, Biases::Projected, Biases::Reparametrized, Biases::Symmetric];

fn start(weights: Weights, biases: Biases) -> Start {
    Start { threshold: Threshold::Tanh, weights, biases, spread: 1.0, input_mean: 0.4, scale: 2.0 }
}

fn neurons(weights: Weights, biases: Biases, count: usize, inputs: usize) -> Neurons {
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    Neurons::new(count, inputs, &start(weights, biases), rng, &Device::flex().autodiff())
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
                bank.replace(vec![(2, PlainNeuron { weights: new, bias, scale })]);
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
    bank.replace(vec![(0, given)]);
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
            bank.replace(vec![(0, PlainNeuron { weights, bias, scale: 1.0 })]);
            let found = bank.bank().bias[0];
            assert!((found - expected).abs() < 1e-6, "{biases:?}: {bias} became {found}");
        }
        let mut bank = neurons(Weights::Softplus, biases, 1, 1);
        bank.replace(vec![(0, PlainNeuron { weights: vec![0.8], bias: 3.0, scale: 1.0 })]);
        assert!((bank.bank().bias[0] - 0.4).abs() < 1e-6);
    }
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

/// A sum of weights and biases with different slopes.
fn probe(weights: Weights, biases: Biases, w: Tensor<2>, beta: Tensor<1>) -> Tensor<1> {
    let device = w.device();
    let of_weights = weights.tensor(w);
    let of_biases = biases.tensor(beta, || of_weights.clone());
    let slopes = tensor(&[0.7, -0.3, 1.1, 0.2, 0.9, -0.8], [2, 3], &device);
    (of_weights * slopes).sum() + (of_biases * tensor(&[1.3, -0.6], [2], &device)).sum()
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let device = Device::flex().autodiff();
    let w = [0.3f32, -0.4, 0.9, 1.2, 0.1, -0.2];
    for weights in WEIGHTS {
        for biases in BIASES {
            // Within the bounds, below and above them.
            for beta in [[0.5f32, 0.6], [-3.0, 4.0]] {
                let plain = |w: &[f32], beta: &[f32]| -> f64 {
                    let device = Device::flex();
                    let (w, beta) = (tensor(w, [2, 3], &device), tensor(beta, [2], &device));
                    f64::from(probe(weights, biases, w, beta).into_scalar::<f32>())
                };
                let wt = tensor(&w, [2, 3], &device).require_grad();
                let bt = tensor(&beta, [2], &device).require_grad();
                let grads = probe(weights, biases, wt.clone(), bt.clone()).backward();
                let of = |data: TensorData| data.try_to_vec::<f32>().unwrap();
                let of_w = of(wt.grad(&grads).unwrap().into_data());
                let of_beta = bt.grad(&grads).map_or(vec![0.0; 2], |grad| of(grad.into_data()));
                let clamped = biases.are_clamped() && beta[1] > 1.0;
                for index in 0..8 {
                    // A projected bias has its own gradient, by intention: see below.
                    if clamped && biases == Biases::Projected {
                        continue;
                    }
                    let moved = |by: f32| {
                        let (mut w, mut beta) = (w, beta);
                        if index < 6 {
                            w[index] += by
                        } else {
                            beta[index - 6] += by
                        }
                        plain(&w, &beta)
                    };
                    let difference = (moved(0.01) - moved(-0.01)) / 0.02;
                    let found = f64::from(if index < 6 { of_w[index] } else { of_beta[index - 6] });
                    let error = (found - difference).abs();
                    assert!(error < 2e-3, "{weights:?} {biases:?} {beta:?} {index}: {error}");
                }
            }
        }
    }
}

#[test]
fn a_projected_bias_that_left_its_bounds_feels_its_gradient_and_the_bounds_do_not() {
    let device = Device::flex().autodiff();
    let w = tensor(&[0.2, 0.5, 0.9], [1, 3], &device).require_grad();
    let beta = tensor(&[-4.0], [1], &device).require_grad();
    let bias = Biases::Projected.tensor(beta.clone(), || Weights::Softplus.tensor(w.clone()));
    let grads = bias.sum().backward();
    let slope: f32 = beta.grad(&grads).unwrap().into_scalar();
    assert!((slope - 1.0 / (1.0 + 4f32.exp())).abs() < 1e-6, "that of the softplus: {slope}");
    assert!(w.grad(&grads).is_none_or(|grad| grad.abs().sum().into_scalar::<f32>() == 0.0));
}

/// A network whose biases are parametrized as those of symmetric neurons is the network of such
/// neurons with half the scales, on `[-1, 1]`.
#[test]
fn symmetric_biases_are_those_of_symmetric_neurons() {
    let (rng, device) = (&mut ChaCha8Rng::seed_from_u64(2), Device::flex());
    let start = start(Weights::Raw, Biases::Symmetric);
    let model = BiMoNN::new(&[1, 2, 1], (3, 2), Border::Zero, &start, rng, &device);
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
