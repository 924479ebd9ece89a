//! Whole runs, small ones.

mod common;
#[path = "common/stopping.rs"]
mod stopping;

use std::fs;
use std::path::Path;

use strel_network::binarize_lossless;
use strel_theory::LosslessBudget;
use strel_train::run::{Run, TestScores};
use strel_train::{Config, TrainError, Trainer};

use stopping::{StopAfter, train};

/// A run of a second: sticks of a few pixels, neurons that settle early.
fn small() -> Config {
    let settings = [
        "data.noisti.size=24",
        "data.noisti.sticks=4",
        "network.channels=[1, 2, 1]",
        "network.kernel=[3, 3]",
        "training.steps=60",
        "training.free=0.4",
        "training.log-every=10",
        "training.checkpoint-every=20",
        "training.validation=5",
        "training.judges=4",
        "polish.budget=0",
    ];
    Config::noisti().with_settings(&settings).unwrap()
}

#[test]
fn a_run_leaves_what_its_documentation_says() {
    let folder = tempfile::tempdir().unwrap();
    let finished = train(folder.path(), &small(), &[]);
    let mut files: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let expected = [
        "certificate.json",
        "checkpoint",
        "config.toml",
        "float.safetensors",
        "metrics.jsonl",
        "network.safetensors",
        "report.html",
        "summary.json",
    ];
    assert_eq!(files, expected);
    let run = Run::open(folder.path()).unwrap();
    assert_eq!(run.config().unwrap(), small());
    assert_eq!(run.network().unwrap(), finished.network);
    assert!(run.is_finished());
    assert_eq!(run.summary().unwrap()["steps"], finished.summary.steps);
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(
        !page.contains("http://")
            || page.matches("http").count() == page.matches("http://www.w3.org").count()
    );
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
}

#[test]
fn all_neurons_settle_and_the_network_is_proved() {
    let folder = tempfile::tempdir().unwrap();
    let finished = train(folder.path(), &small(), &[]);
    let counts = finished.summary.counts;
    assert_eq!(counts.activated, counts.neurons);
    let TestScores::Images(test) = &finished.summary.test else { panic!("pairs of images") };
    assert_eq!(test.different_pixels, 0);
    assert!(finished.certificate.is_proved(), "{}", finished.certificate);
}

#[test]
fn a_run_polishes_what_it_binarized() {
    let (plain, polished) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = train(plain.path(), &small(), &[]);
    let polish = ["polish.budget=400", "polish.pairs=10", "polish.reach=2"];
    let finished = train(polished.path(), &small().with_settings(&polish).unwrap(), &[]);
    let polishing = finished.summary.polishing.as_ref().expect("it polishes");
    assert!(polishing.accepted > 0 && polishing.evaluations >= 400, "{polishing:?}");
    assert_ne!(finished.network, before.network);
    assert!(finished.certificate.is_proved(), "{}", finished.certificate);
    // What training ended with is what a run that does not polish ends with.
    let read = |folder: &Path, name| fs::read(folder.join(name)).unwrap();
    let trained = read(polished.path(), "trained.safetensors");
    assert_eq!(trained, read(plain.path(), "float.safetensors"));
    assert!(before.summary.polishing.is_none());
}

#[test]
fn the_same_configuration_gives_the_same_bits() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for folder in &folders {
        train(folder.path(), &small(), &[]);
    }
    let bytes = |folder: &Path| fs::read(folder.join("float.safetensors")).unwrap();
    assert_eq!(bytes(folders[0].path()), bytes(folders[1].path()));
    let other = tempfile::tempdir().unwrap();
    train(other.path(), &Config { seed: 1, ..small() }, &[]);
    assert_ne!(bytes(folders[0].path()), bytes(other.path()));
}

#[test]
fn settled_neurons_stay_as_they_are() {
    common::assert_settled_neurons_stay(Trainer::new(small()).unwrap());
}

#[test]
fn another_binarization_takes_the_certificate_and_the_summary_along() {
    let folder = tempfile::tempdir().unwrap();
    let finished = train(folder.path(), &small(), &[]);
    let run = Run::open(folder.path()).unwrap();
    let before = fs::read(folder.path().join("summary.json")).unwrap();
    let network = binarize_lossless(&run.float_network().unwrap(), LosslessBudget::default());
    let replaced = run.replace_network(network.unwrap()).unwrap();
    assert_eq!(replaced.certificate.binarized_digest, run.network().unwrap().digest());
    // Every neuron is activated, so that lossless operators are the same ones.
    assert_eq!(replaced.certificate, finished.certificate);
    assert_eq!(fs::read(folder.path().join("summary.json")).unwrap(), before);

    fs::remove_dir_all(folder.path().join("checkpoint")).unwrap();
    let error =
        run.replace_network(replaced.network.clone()).err().expect("unfinished").to_string();
    assert!(error.contains("is not finished"), "{error}");
}

#[test]
fn a_stopped_run_goes_on_to_the_same_bits() {
    let [straight, stopped] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    train(straight.path(), &small(), &[]);
    let run = Run::create(stopped.path(), &small()).unwrap();
    for step in [7, 33, 45] {
        assert!(run.train(&mut StopAfter(step, 0)).unwrap().is_none(), "stopped at {step}");
    }
    assert!(!run.is_finished());
    assert!(run.summary().unwrap_err().to_string().contains("is not finished; go on with"));
    run.train(&mut StopAfter(u64::MAX, 0)).unwrap().expect("goes on to the end");
    for file in ["float.safetensors", "network.safetensors", "certificate.json"] {
        let bytes = |folder: &Path| fs::read(folder.join(file)).unwrap();
        assert!(bytes(straight.path()) == bytes(stopped.path()), "{file} differs");
    }
}

#[test]
fn a_damaged_checkpoint_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::create(folder.path(), &small()).unwrap();
    run.train(&mut StopAfter(20, 0)).unwrap();
    let path = folder.path().join("checkpoint/step-20.safetensors");
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() - 5] ^= 1;
    for (damaged, problem) in [(&whole[..whole.len() / 2], "invalid"), (&flipped, "sha256")] {
        fs::write(&path, damaged).unwrap();
        let error = run.train(&mut StopAfter(u64::MAX, 0)).err().expect("damaged");
        assert!(matches!(error, TrainError::Checkpoint { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("step-20.safetensors") && text.contains(problem), "{error}");
    }
    fs::write(&path, whole).unwrap();
    assert!(run.train(&mut StopAfter(u64::MAX, 0)).unwrap().is_some(), "whole again");
}

#[test]
fn a_run_does_not_start_in_a_folder_with_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("precious"), "1").unwrap();
    let error = Run::create(folder.path(), &small()).unwrap_err();
    assert!(error.to_string().contains("is not empty"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn a_run_that_diverges_says_what_to_try_and_keeps_its_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::create(folder.path(), &small()).unwrap();
    run.train(&mut StopAfter(20, 0)).unwrap();
    let config = folder.path().join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("learning-rate = 0.01", "learning-rate = 1e38")).unwrap();
    let error = run.train(&mut StopAfter(u64::MAX, 0)).err().expect("diverges").to_string();
    assert!(error.contains("learning-rate") || error.contains("layer"), "{error}");
    assert!(folder.path().join("checkpoint/step-20.safetensors").is_file());
    assert!(!folder.path().join("float.safetensors").exists());
}
