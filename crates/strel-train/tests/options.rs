//! What a training may do beside following the gradient of its loss.

#[path = "common/stopping.rs"]
mod stopping;

use std::fs;
use std::path::Path;

use strel_image::BitImage;
use strel_network::{FloatNetwork, NeuronBank};
use strel_theory::{Metric, Neuron, activable_projection};
use strel_train::data::Pair;
use strel_train::run::Run;
use strel_train::{Batch, Config, Trainer};

fn small(settings: &[&str]) -> Config {
    let sizes = [
        "data.noisti.size=20",
        "data.noisti.sticks=3",
        "network.channels=[1, 2, 1]",
        "network.kernel=[3, 3]",
        "training.steps=40",
        "training.free=1.0",
        "training.log-every=2",
        "training.validation=5",
        "polish.budget=0",
    ];
    Config::noisti().with_settings(&sizes).unwrap().with_settings(settings).unwrap()
}

fn trained(config: Config, steps: u64) -> Trainer {
    let mut trainer = Trainer::new(config).unwrap();
    (0..steps).for_each(|_| assert!(trainer.advance().is_ok()));
    trainer
}

fn banks(trainer: &Trainer) -> Vec<NeuronBank> {
    let network = trainer.network().unwrap();
    network
        .bisels()
        .flat_map(|layer| [Some(layer.bise.clone()), layer.lui.clone()])
        .flatten()
        .collect()
}

/// A learning rate with which nothing is learnt.
const STILL: &str = "training.learning-rate=1e-30";

#[test]
fn scales_grow_by_the_sharpening_over_all_steps() {
    let trainer = trained(small(&[STILL, "training.schedule.sharpening=4.0"]), 40);
    let before = banks(&Trainer::new(small(&[])).unwrap());
    for (bank, before) in banks(&trainer).iter().zip(before) {
        assert_eq!(bank.weights, before.weights);
        for (p, start) in bank.scale.iter().zip(before.scale) {
            assert!((p / start - 4.0).abs() < 1e-4, "{start} grew to {p}");
        }
    }
}

#[test]
fn a_carried_channel_is_the_input_whatever_is_learnt() {
    let trainer = trained(small(&["network.carry=true", "training.learning-rate=0.05"]), 20);
    let network = trainer.network().unwrap();
    let first = network.bisels().next().unwrap().clone();
    let first = FloatNetwork::new(network.border(), network.threshold(), vec![first]).unwrap();
    let image = trainer.next_pairs().unwrap().remove(0).input;
    let channels = first.forward_hard(std::slice::from_ref(&image)).unwrap();
    assert_eq!(channels.len(), 2);
    assert_ne!(channels[0], image, "the other one learns");
    assert_eq!(channels[1], image);
}

#[test]
fn each_decay_of_the_learning_rate_leads_elsewhere() {
    let networks = ["constant", "cosine", "steps"].map(|decay| {
        let decay = format!("training.schedule.decay={decay}");
        trained(small(&[&decay, "training.schedule.every=2"]), 6).network().unwrap()
    });
    assert_ne!(networks[0], networks[1]);
    assert_ne!(networks[0], networks[2]);
    assert_ne!(networks[1], networks[2]);
}

/// The greatest distance of a neuron to the (closed) set of activated ones.
fn greatest_distance(banks: &[NeuronBank]) -> f64 {
    let distance = |(weights, &bias): (&[f32], &f32)| {
        let weights: Vec<f64> = weights.iter().copied().map(f64::from).collect();
        let neuron = Neuron::new(&weights, f64::from(bias), 1.0).unwrap();
        activable_projection(&neuron, Metric::Centred).distance
    };
    let of_bank = |bank: &NeuronBank| {
        let inputs = bank.weights.len() / bank.bias.len();
        bank.weights.chunks_exact(inputs).zip(&bank.bias).map(distance).fold(0.0, f64::max)
    };
    banks.iter().map(of_bank).fold(0.0, f64::max)
}

#[test]
fn every_so_many_steps_all_neurons_become_their_projections() {
    for weights in ["network.weights=normalised", "network.weights=softplus"] {
        let settings = [weights, "training.project-every=3"];
        for step in 0..7 {
            let distance = greatest_distance(&banks(&trained(small(&settings), step)));
            let projected = step > 0 && step % 3 == 0;
            assert_eq!(distance < 1e-4, projected, "{weights}, step {step}: {distance}");
        }
    }
}

#[test]
fn a_projected_neuron_computes_what_its_projection_does() {
    let before = &banks(&Trainer::new(small(&[])).unwrap())[0];
    let after = &banks(&trained(small(&[STILL, "training.project-every=1"]), 1))[0];
    let weights: Vec<f64> = before.weights[..9].iter().copied().map(f64::from).collect();
    let neuron = Neuron::new(&weights, f64::from(before.bias[0]), 1.0).unwrap();
    let nearest = activable_projection(&neuron, Metric::Centred);
    let products = |p: f32, w: &[f64], b: f64| -> Vec<f64> {
        w.iter().chain([&b]).map(|value| f64::from(p) * value).collect()
    };
    let wanted = products(before.scale[0], &nearest.weights, nearest.bias);
    let stored: Vec<f64> = after.weights[..9].iter().copied().map(f64::from).collect();
    let found = products(after.scale[0], &stored, f64::from(after.bias[0]));
    for (wanted, found) in wanted.iter().zip(&found) {
        assert!((wanted - found).abs() < 1e-5, "{wanted} became {found}");
    }
}

#[test]
fn masked_pixels_change_neither_loss_nor_score() {
    let config = small(&["training.border-mask=3"]);
    let pairs = Trainer::new(config.clone()).unwrap().next_pairs().unwrap();
    let inner = |place: usize| (3..17).contains(&place);
    let framed = |image: &BitImage| {
        BitImage::from_fn(20, 20, |row, col| image.get(row, col) || !(inner(row) && inner(col)))
    };
    let changed: Vec<Pair> = pairs
        .iter()
        .map(|pair| Pair { input: pair.input.clone(), target: framed(&pair.target) })
        .collect();
    let loss = |config: &Config, pairs: &[Pair]| {
        let mut trainer = Trainer::new(config.clone()).unwrap();
        let batch = Batch::Pairs(pairs.to_vec());
        (trainer.learn(&batch).unwrap(), trainer.network().unwrap())
    };
    for kind in ["mse", "bce", "dice", "squared-hinge"] {
        let config = config.with_settings(&[format!("training.loss={kind}")]).unwrap();
        assert!(loss(&config, &pairs) == loss(&config, &changed), "{kind}");
        let whole = config.with_settings(&["training.border-mask=0"]).unwrap();
        assert!(loss(&whole, &pairs).0 != loss(&whole, &changed).0, "{kind}");
    }
    for (pair, changed) in pairs.iter().zip(&changed) {
        assert_eq!(config.training.border_mask.dice(&pair.target, &changed.target), 1.0);
    }
    let error = Trainer::new(small(&["training.border-mask=10"])).err().expect("too large");
    assert!(error.to_string().contains("`border-mask` is 10 pixels"), "{error}");
}

#[test]
fn a_run_without_patience_left_keeps_its_best_network() {
    let config =
        small(&["training.patience=3", "training.steps=1000", "training.learning-rate=0.1"]);
    let [straight, stopped] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let finished = stopping::train(straight.path(), &config, &[]);
    let kept = finished.summary.kept_step.expect("patience keeps one");
    assert_eq!(finished.summary.steps, kept + 3 * 2);
    assert!(finished.summary.steps < 1000);
    let float = Run::open(straight.path()).unwrap().float_network().unwrap();
    assert_eq!(float, trained(config.clone(), kept).network().unwrap());

    stopping::train(stopped.path(), &config, &[1, kept + 1]);
    let bytes = |folder: &Path| fs::read(folder.join("float.safetensors")).unwrap();
    assert!(bytes(straight.path()) == bytes(stopped.path()));
    let run = Run::open(stopped.path()).unwrap();
    let again = run.replace_network(run.network().unwrap()).unwrap();
    assert_eq!(again.summary.kept_step, Some(kept));
}
