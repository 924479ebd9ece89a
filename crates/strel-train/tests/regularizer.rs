//! Regularizers in training.

mod common;

use strel_train::{Config, Trainer};

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
