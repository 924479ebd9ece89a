//! Regularizers: gradients against differences, and what training on them leads to.

mod common;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::NeuronBank;
use strel_theory::{Metric, Neuron, Threshold, activable_projection};
use strel_train::layers::{BiMoNN, Biases, Neurons, Start, Weights};
use strel_train::ops;
use strel_train::regularizer::{Distance, Kind, Regularizer};
use strel_train::{Config, Trainer};

const KINDS: [Kind; 4] = [Kind::Constant, Kind::Uniform, Kind::Normal, Kind::Activable];

fn start(weights: Weights) -> Start {
    let threshold = Threshold::Tanh;
    Start { threshold, weights, biases: Biases::Softplus, spread: 1.0, input_mean: 0.4, scale: 2.0 }
}

/// The neurons of a bank, as the theory reads them.
fn each_neuron(bank: &NeuronBank) -> impl Iterator<Item = (Vec<f64>, f64)> {
    let inputs = bank.weights.len() / bank.bias.len();
    let weights = bank.weights.chunks_exact(inputs);
    weights
        .zip(&bank.bias)
        .map(|(weights, &bias)| (weights.iter().map(|&w| f64::from(w)).collect(), f64::from(bias)))
}

/// The sum of R, from the definition.
fn penalty(neurons: &Neurons, distance: Distance) -> f64 {
    each_neuron(&neurons.bank()).map(|(w, b)| distance.penalty(&w, b).value).sum()
}

/// All gradients of a module's parameters, in order.
struct Gradients<'a>(&'a GradientsParams, Vec<f32>);

impl ModuleVisitor for Gradients<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = match self.0.get::<D>(param.id) {
            Some(gradient) => gradient.into_data().try_to_vec().unwrap(),
            None => vec![0.0; param.val().dims().iter().product()],
        };
        self.1.extend(gradient);
    }
}

/// Adds a number to one of a module's parameters: counts down to it.
struct Nudge(isize, f32);

impl ModuleMapper for Nudge {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (tensor, device) = (param.val(), Device::flex().autodiff());
        let shape = tensor.dims();
        let mut values: Vec<f32> = tensor.into_data().try_to_vec().unwrap();
        let at = self.0;
        self.0 -= values.len() as isize;
        if let Some(value) = usize::try_from(at).ok().and_then(|at| values.get_mut(at)) {
            *value += self.1;
        }
        let tensor = Tensor::from_data(TensorData::new(values, shape), &device).require_grad();
        Param::initialized(param.id, tensor)
    }
}

#[test]
fn gradients_agree_with_differences_through_the_parametrizations() {
    const STEP: f32 = 1e-3;
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for weights in [Weights::Softplus, Weights::Normalised] {
        let neurons = Neurons::new(3, 9, &start(weights), &mut rng, &Device::flex().autodiff());
        for kind in KINDS {
            let distance = kind.distance().unwrap();
            let sum = neurons.penalty(distance, 1.0);
            let value: f32 = sum.clone().into_scalar();
            assert!((f64::from(value) - penalty(&neurons, distance)).abs() < 1e-6, "{kind:?}");
            let gradients = GradientsParams::from_grads(sum.backward(), &neurons);
            let mut found = Gradients(&gradients, Vec::new());
            neurons.visit(&mut found);
            assert_eq!(found.1.len(), 3 * 9 + 3 + 3);
            for (at, &gradient) in found.1.iter().enumerate() {
                let nudged =
                    |step| penalty(&neurons.clone().map(&mut Nudge(at as isize, step)), distance);
                let slope = (nudged(STEP) - nudged(-STEP)) / f64::from(2.0 * STEP);
                let difference = (f64::from(gradient) - slope).abs();
                assert!(difference < 1e-3, "{weights:?} {kind:?} {at}: {gradient}, {slope}");
            }
            assert!(found.1.iter().any(|gradient| gradient.abs() > 1e-2), "{weights:?} {kind:?}");
        }
    }
}

#[test]
fn neurons_that_do_not_count_have_no_value_and_no_gradient() {
    let device = Device::flex().autodiff();
    let w = Tensor::<2>::from_data([[0.9, 0.5, 0.2], [0.7, 0.6, 0.1]], &device).require_grad();
    let b = Tensor::<1>::from_data([0.4, 0.6], &device).require_grad();
    let distance = Distance::ActivableSet(Metric::Centred);
    let value = ops::penalty(w.clone(), b.clone(), vec![false, true], distance, 1.0);
    let expected = distance.penalty(&[0.7, 0.6, 0.1].map(|v: f32| f64::from(v)), f64::from(0.6f32));
    assert_eq!(value.clone().into_scalar::<f32>(), expected.value as f32);
    let gradients = (value * 2.0).backward();
    let values = |data: TensorData| data.try_to_vec::<f32>().unwrap();
    let of_weights = values(w.grad(&gradients).unwrap().into_data());
    let twice = |gradient: f64| 2.0 * gradient as f32;
    assert_eq!(of_weights[..3], [0.0; 3]);
    assert_eq!(of_weights[3..], expected.weights.iter().copied().map(twice).collect::<Vec<_>>());
    let of_biases = values(b.grad(&gradients).unwrap().into_data());
    assert_eq!(of_biases, [0.0, twice(expected.bias)]);
}

#[test]
fn the_portable_penalty_is_the_same() {
    let device = Device::flex().autodiff();
    let numbers: Vec<f32> = (0..40).map(|i| (i as f32 * 0.37).fract()).collect();
    let w = Tensor::<2>::from_data(TensorData::new(numbers, [4, 10]), &device).require_grad();
    let b = Tensor::<1>::from_data([0.4, 2.6, 0.1, 1.7], &device).require_grad();
    let counts = vec![true, true, false, true];
    for kind in KINDS {
        let distance = kind.distance().unwrap();
        let fused = ops::penalty(w.clone(), b.clone(), counts.clone(), distance, 0.3);
        let portable = ops::portable::penalty(w.clone(), b.clone(), &counts, distance, 0.3);
        let [found, expected] = [fused, portable].map(|value| {
            let gradients = value.backward();
            let of_weights = w.grad(&gradients).unwrap().into_data();
            (value.into_scalar::<f32>(), of_weights, b.grad(&gradients).unwrap().into_data())
        });
        assert_eq!(found, expected, "{kind:?}");
    }
}

/// The distances of all neurons to the (closed) set of activated ones.
fn distances(network: &BiMoNN) -> Vec<f64> {
    let distance = |(weights, bias): (Vec<f64>, f64)| {
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        activable_projection(&neuron, Metric::Centred).distance
    };
    let banks = network.banks();
    banks
        .flat_map(|neurons| each_neuron(&neurons.bank()).map(distance).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_network_that_learns_nothing_else_reaches_the_activable_set() {
    let (mut rng, device) = (ChaCha8Rng::seed_from_u64(1), Device::flex().autodiff());
    let start = start(Weights::Normalised);
    let mut network = BiMoNN::new(&[1, 3, 1], (3, 3), Border::Replicate, &start, &mut rng, &device);
    assert!(distances(&network).iter().all(|&distance| distance > 0.1));
    let regularizer = Regularizer { kind: Kind::Activable, coefficient: 1.0, delay: 0, every: 1 };
    let mut optimizer = AdamConfig::new().init();
    for step in 0..1000 {
        let term = regularizer.term(&network, step).unwrap();
        let gradients = GradientsParams::from_grads(term.backward(), &network);
        network = optimizer.step(0.01, network, gradients);
    }
    let left = distances(&network);
    assert!(left.iter().all(|&distance| distance < 1e-6), "{left:?}");
    assert!(regularizer.term(&network, 1000).unwrap().into_scalar::<f32>() < 1e-12);
}

fn small(settings: &[&str]) -> Trainer {
    let sizes = [
        "data.noisti.size=20",
        "network.channels=[1, 2, 1]",
        "network.kernel=[3, 3]",
        "training.steps=40",
        "training.judges=4",
        "polish.budget=0",
    ];
    let config = Config::noisti().with_settings(&sizes).unwrap();
    Trainer::new(config.with_settings(settings).unwrap()).unwrap()
}

#[test]
fn settled_neurons_are_left_alone() {
    let settings = ["training.regularizer.kind=activable", "training.regularizer.coefficient=10"];
    common::assert_settled_neurons_stay(small(&settings));
}

#[test]
fn the_same_seed_gives_the_same_bits_and_the_delay_is_a_step() {
    let train = |steps: u64, settings: &[&str]| {
        let mut trainer = small(settings);
        (0..steps).for_each(|_| assert!(trainer.advance().is_ok()));
        trainer.network().unwrap()
    };
    for kind in ["constant", "uniform", "normal", "activable"] {
        let kind = format!("training.regularizer.kind={kind}");
        let settings = [kind.as_str(), "training.regularizer.delay=3"];
        let found = train(6, &settings);
        assert_eq!(found, train(6, &settings), "{kind}");
        assert_ne!(found, train(6, &[]), "{kind}");
        assert_eq!(train(3, &settings), train(3, &[]), "{kind}");
    }
}

#[test]
fn a_regularizer_counts_at_one_of_several_steps_as_much_as_at_all_of_them() {
    let (mut rng, device) = (ChaCha8Rng::seed_from_u64(2), Device::flex());
    let start = start(Weights::Normalised);
    let network = BiMoNN::new(&[1, 3, 1], (3, 3), Border::Replicate, &start, &mut rng, &device);
    let at = |every, step| {
        let regularizer = Regularizer { kind: Kind::Uniform, coefficient: 0.5, delay: 2, every };
        regularizer.term(&network, step).map(|term| term.into_scalar::<f32>())
    };
    let of_all: f32 = (2..14).map(|step| at(1, step).unwrap()).sum();
    let of_some: f32 = (0..14).filter_map(|step| at(4, step)).sum();
    assert!(of_all > 0.0 && (of_all - of_some).abs() < 1e-5 * of_all, "{of_all} {of_some}");
    let steps: Vec<u64> = (0..14).filter(|&step| at(4, step).is_some()).collect();
    assert_eq!(steps, [2, 6, 10]);
}
