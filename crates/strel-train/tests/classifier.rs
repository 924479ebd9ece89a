//! Classifiers: their layers, their data, whole small runs.

#[path = "common/shapes.rs"]
mod shapes;
#[path = "common/stopping.rs"]
mod stopping;

use std::fs;
use std::path::Path;

use strel_network::{Shape, Verdict};
use strel_train::classify;
use strel_train::config::DataConfig;
use strel_train::data::{Classes, Data, Draw, Sample, Split};
use strel_train::run::{ClassScores, Finished, Run, TestScores};
use strel_train::{Config, Trainer};

fn small(folder: &Path, settings: &[&str]) -> Config {
    shapes::write_shapes(folder);
    let data = format!("data.mnist.folder={}", folder.display());
    let sizes = [
        data.as_str(),
        "network.layers=[{ dense = 24 }]",
        "network.weights=normalised",
        "network.biases=softplus",
        "network.bias=0.1",
        "training.steps=300",
        "training.batch=16",
        "training.learning-rate=0.03",
        "training.log-every=50",
        "training.checkpoint-every=50",
    ];
    Config::mnist_gates().with_settings(&sizes).unwrap().with_settings(settings).unwrap()
}

fn classes(config: &Config) -> Classes {
    let Data::Classes(classes) = config.data.open().unwrap() else { panic!("labelled images") };
    classes
}

fn train(folder: &Path, config: &Config, stops: &[u64]) -> Finished {
    let finished = stopping::train(folder, config, stops);
    let metrics = Run::open(folder).unwrap().metrics().unwrap();
    assert!(!metrics.is_empty());
    assert!(metrics.iter().all(|metric| metric.score.name() == "accuracy"));
    finished
}

fn scores(finished: &Finished) -> &ClassScores {
    let TestScores::Classes(scores) = &finished.summary.test else { panic!("of classes") };
    scores
}

#[test]
fn a_classifier_is_learnt_and_loses_nothing_by_binarization() {
    let (data, run) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let finished = train(run.path(), &small(data.path(), &[]), &[]);
    let found = scores(&finished);
    assert_eq!(found.test_samples, 60);
    assert!(found.accuracy_binarized > 0.95, "{found:?}");
    assert_eq!(found.accuracy_hard, found.accuracy_binarized);
    assert_eq!(found.different_samples, 0);
    let summary = &finished.summary;
    let counts = summary.counts;
    assert_eq!(counts.activated + counts.lossless, 24);
    let verdict = &finished.certificate.verdict;
    assert!(!matches!(verdict, Verdict::Proved), "its neurons are smooth: {verdict}");

    let json = fs::read_to_string(run.path().join("summary.json")).unwrap();
    for key in ["accuracy_float", "accuracy_hard", "accuracy_binarized", "test_samples"] {
        assert!(json.contains(&format!("\n  \"{key}\": ")), "no {key} in {json}");
    }
    let log = fs::read_to_string(run.path().join("metrics.jsonl")).unwrap();
    assert!(log.lines().count() == 6 && log.contains("\"accuracy\":{\"float\":"), "{log}");
    let page = fs::read_to_string(run.path().join("report.html")).unwrap();
    assert!(page.contains("Accuracy, binarized") && page.contains("class 2, told"));
    let confusion = &scores(&finished).confusion;
    assert_eq!(confusion.iter().map(|told| told.iter().sum()).collect::<Vec<usize>>(), [20; 3]);
    let right: usize = (0..3).map(|class| confusion[class][class]).sum();
    assert_eq!(right as f64 / 60.0, scores(&finished).accuracy_binarized);
}

#[test]
fn sets_are_proved_as_they_were_learnt() {
    let (data, run) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let layers = "network.layers=[{ bisel = 2 }, \"max-pool\", { sets = 48 }, { sets = 24 }]";
    let windows = "network.layers=[{ window-sets = 6 }, \"max-pool\", { window-sets = 8 }]";
    let cases =
        [("network.layers=[{ sets = 96 }]", 0.8, true), (windows, 0.6, true), (layers, 0.6, false)];
    for (case, (layers, least, fully)) in cases.into_iter().enumerate() {
        let folder = run.path().join(case.to_string());
        let finished =
            train(&folder, &small(data.path(), &[layers, "training.learning-rate=0.01"]), &[]);
        let found = scores(&finished);
        assert!(found.accuracy_binarized > least, "{layers}: {found:?}");
        assert_eq!(found.accuracy_hard, found.accuracy_binarized);
        let counts = finished.summary.counts;
        assert!(counts.activated >= 24, "{layers}: {counts:?}");
        if fully {
            assert_eq!(found.accuracy_float, found.accuracy_binarized);
            let verdict = &finished.certificate.verdict;
            assert!(matches!(verdict, Verdict::Proved), "{verdict}");
        }
    }
}

#[test]
fn a_stopped_classifier_goes_on_to_the_same_bits() {
    let data = tempfile::tempdir().unwrap();
    let config = small(data.path(), &["training.steps=60"]);
    let [straight, stopped] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    train(straight.path(), &config, &[]);
    train(stopped.path(), &config, &[7, 33]);
    for file in ["float.safetensors", "network.safetensors"] {
        let bytes = |folder: &Path| fs::read(folder.join(file)).unwrap();
        assert!(bytes(straight.path()) == bytes(stopped.path()), "{file} differs");
    }
}

#[test]
fn thresholded_training_starts_at_its_share_of_the_steps() {
    let data = tempfile::tempdir().unwrap();
    let network = |steps: u64, smooth: &str| {
        let smooth = format!("training.smooth={smooth}");
        let settings = [smooth.as_str(), "training.steps=10"];
        let mut trainer = Trainer::new(small(data.path(), &settings)).unwrap();
        (0..steps).for_each(|_| assert!(trainer.advance().is_ok()));
        trainer.network().unwrap()
    };
    assert_eq!(network(4, "0.4"), network(4, "1.0"));
    assert_ne!(network(5, "0.4"), network(5, "1.0"));
}

#[test]
fn level_sets_are_channels_and_splits_share_no_sample() {
    let folder = tempfile::tempdir().unwrap();
    let with = |settings: &[&str]| classes(&small(folder.path(), settings));
    let given = with(&["data.mnist.levels=[50, 150]"]);
    assert_eq!(given.shape(), Shape { channels: 2, height: 8, width: 8 });
    assert_eq!(given.count(), 3);
    let lengths = [Split::Train, Split::Validation, Split::Test].map(|split| given.len(split));
    assert_eq!(lengths, [270, 30, 60]);
    let sample = given.sample(Split::Train, 2);
    assert_eq!(sample.class, 2);
    assert!(sample.channels[1].is_subset(&sample.channels[0]).unwrap());
    assert_eq!(sample.channels[1].count_ones(), 4);

    let mut passed: Vec<_> = (0..270)
        .map(|index| given.drawn(Draw { seed: 3, split: Split::Train, index }))
        .map(|sample| (sample.channels[0].to_string(), sample.class))
        .collect();
    let mut all: Vec<_> = given
        .samples(Split::Train)
        .iter()
        .map(|sample| (sample.channels[0].to_string(), sample.class))
        .collect();
    passed.sort();
    all.sort();
    assert_eq!(passed, all, "each once a pass");

    // Only images to train on are moved, each pass in another way, and the same way again from the same seed.
    let moved = with(&["data.mnist.levels=[50, 150]", "data.mnist.augment={ shift = 2 }"]);
    let draw = |index, split| Draw { seed: 3, split, index };
    let drawn = |index| moved.drawn(draw(index, Split::Train));
    assert!((0..270).any(|index| drawn(index) != given.drawn(draw(index, Split::Train))));
    assert!((0..270).all(|index| drawn(index) == drawn(index)));
    assert!((0..30).all(|index| {
        moved.drawn(draw(index, Split::Validation)) == given.drawn(draw(index, Split::Validation))
    }));
    assert_eq!(moved.samples(Split::Test), given.samples(Split::Test));
    let nested = |sample: Sample| sample.channels[1].is_subset(&sample.channels[0]).unwrap();
    assert!((0..270).map(drawn).all(nested));

    // Three levels at equal ranks leave a quarter of the pixels below the first.
    let ranked = with(&["data.mnist.levels=3"]);
    assert!(ranked.levels().is_sorted() && ranked.levels().len() == 3);
    let samples = ranked.samples(Split::Train);
    let ones = |channel: usize| -> f64 {
        samples.iter().map(|sample| sample.channels[channel].count_ones() as f64).sum()
    };
    assert!((ones(0) / ones(1) - 1.5).abs() < 0.1 && (ones(1) / ones(2) - 2.0).abs() < 0.2);
}

#[test]
fn accuracies_count_samples() {
    let folder = tempfile::tempdir().unwrap();
    let classes = classes(&small(folder.path(), &[]));
    let samples = classes.samples(Split::Validation);
    let told: Vec<usize> = samples.iter().map(|sample| sample.class).collect();
    assert_eq!(classify::share_right(&told, &samples), 1.0);
    assert!((classify::share_right(&vec![0; 30], &samples) - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn what_does_not_fit_a_classifier_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = small(folder.path(), &[]);
    let complaint = |config: &Config, settings: &[&str]| {
        config.with_settings(settings).unwrap_err().to_string()
    };
    for (setting, name, expected) in [
        ("network.channels=[1, 1]", "channels", "a classifier takes `layers`"),
        ("network.layers=[]", "layers", "at least one"),
        ("network.layers=[{ dense = 0 }]", "layers", "1 to 65536"),
        ("network.layers=[{ dence = 3 }]", "dence", "dense"),
        ("network.threshold=step", "step", "tanh"),
        ("training.loss=mse", "loss", "cross-entropy"),
        ("training.free=0.5", "free", "1 for a classifier"),
        ("training.smooth=2.0", "smooth", "0 to 1"),
        ("training.border-mask=1", "border-mask", "0 for a classifier"),
        ("data.mnist.levels=[]", "levels", "increasing levels"),
        ("data.mnist.levels=[9, 3]", "levels", "increasing levels"),
        ("data.mnist.levels=0", "levels", "1 to 64"),
        ("data.mnist.validation=1.0", "validation", "below 1"),
        ("data.mnist.augment={ shift = 17 }", "augment.shift", "0 to 16 pixels"),
        ("data.mnist.augment={ shift = -1 }", "shift", "invalid value"),
        ("data.mnist.augment={ rotate = nan }", "augment.rotate", "0 to 180 degrees"),
        ("data.mnist.augment={ scale = 0.6 }", "augment.scale", "0 to 0.5"),
        ("data.mnist.augment={ turn = 3 }", "turn", "rotate"),
    ] {
        let error = complaint(&config, &[setting]);
        assert!(error.contains(name) && error.contains(expected), "{setting}: {error}");
    }
    let images = Config::noisti();
    assert!(complaint(&images, &["training.loss=cross-entropy"]).contains("for images"));
    assert!(complaint(&images, &["network.layers=[{ dense = 3 }]"]).contains("only classifiers"));
    let error = complaint(&images, &["network.threshold=erf"]);
    assert!(error.contains("threshold") && error.contains("`free` of 1"), "{error}");
    assert!(matches!(config.data, DataConfig::Mnist(_)));
    assert_eq!(Config::from_toml(&config.to_toml(), "test").unwrap(), config);
}
