//! Ordinary networks to compare with: their numbers, their straight-through gradients, small runs.

#[path = "common/shapes.rs"]
mod shapes;
#[path = "common/stopping.rs"]
mod stopping;

use std::fs;
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_train::layers::{Baseline, Bits, Linear, Pass, Reads};
use strel_train::run::{BaselineScores, Finished, Run, TestScores};
use strel_train::{Config, TrainError};

use stopping::{StopAfter, train};

const DOREFA: Baseline = Baseline::Dorefa(Bits { weights: 2, activations: 3 });

fn leaf<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    let device = Device::flex().autodiff();
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &device).require_grad()
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

const WEIGHTS: [f32; 6] = [-1.5, -0.3, 0.0, 0.2, 0.9, 1.2];
const SLOPES: [f32; 6] = [0.5, -1.0, 2.0, 0.25, -0.75, 1.5];

/// The weights that a network computes with, and the gradient of `SLOPES . weights` for the float
/// ones, in two neurons of three inputs.
fn weights(baseline: Baseline) -> (Vec<f32>, Vec<f32>) {
    let w = leaf(&WEIGHTS, [2, 3]);
    let found = baseline.weights(w.clone(), Pass::Hard);
    let gradients = (found.clone() * leaf(&SLOPES, [2, 3]).detach()).sum().backward();
    (numbers(found), numbers(w.grad(&gradients).unwrap()))
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32]) {
    let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-5;
    let all = found.len() == expected.len() && found.iter().zip(expected).all(close);
    assert!(all, "{found:?}, expected {expected:?}");
}

#[test]
fn signs_copy_the_gradient_of_weights_up_to_1() {
    for baseline in [Baseline::BinaryConnect, Baseline::Bnn] {
        let (signs, gradient) = weights(baseline);
        assert_eq!(signs, [-1.0, -1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(gradient, [0.0, -1.0, 2.0, 0.25, -0.75, 0.0]);
    }
    assert_eq!(weights(Baseline::Float), (WEIGHTS.to_vec(), SLOPES.to_vec()));
}

#[test]
fn scales_of_xnor_neurons_are_differentiated() {
    let (found, gradient) = weights(Baseline::XnorNet);
    let (mut scaled, mut expected) = (Vec::new(), Vec::new());
    for (w, g) in WEIGHTS.chunks_exact(3).zip(SLOPES.chunks_exact(3)) {
        let scale = w.iter().map(|w| w.abs()).sum::<f32>() / 3.0;
        let sign = |w: f32| if w >= 0.0 { 1.0 } else { -1.0 };
        let of_scale: f32 = w.iter().zip(g).map(|(&w, g)| sign(w) * g / 3.0).sum();
        scaled.extend(w.iter().map(|&w| scale * sign(w)));
        // The absolute value has the slope 0 at 0.
        let of_absolute = |w: f32| if w == 0.0 { 0.0 } else { sign(w) };
        let inside = |w: f32| if w.abs() <= 1.0 { scale } else { 0.0 };
        expected.extend(w.iter().zip(g).map(|(&w, g)| g * inside(w) + of_scale * of_absolute(w)));
    }
    assert_close(&found, &scaled);
    assert_close(&gradient, &expected);
}

#[test]
fn dorefa_weights_of_one_bit_copy_the_gradient_whole() {
    let (found, gradient) = weights(Baseline::Dorefa(Bits { weights: 1, activations: 1 }));
    let scale = WEIGHTS.iter().map(|w| w.abs()).sum::<f32>() / 6.0;
    assert_close(&found, &[-scale, -scale, scale, scale, scale, scale]);
    assert_eq!(gradient, SLOPES);
}

/// The gradient of a quantized function is that of the function before it is rounded.
#[test]
fn gradients_of_rounded_numbers_are_differences_of_unrounded_ones() {
    let (found, gradient) = weights(DOREFA);
    assert_close(&found.iter().map(|w| (w * 1.5 + 1.5).fract()).collect::<Vec<_>>(), &[0.0; 6]);
    let smooth = |w: &[f32]| -> f64 {
        let found = numbers(DOREFA.weights(leaf(w, [2, 3]), Pass::Smooth));
        found.iter().zip(SLOPES).map(|(w, g)| f64::from(w * g)).sum()
    };
    assert_slopes(&WEIGHTS, &gradient, smooth);

    let x = [-0.6, -0.2, 0.3, 0.55, 0.8, 1.4];
    let baselines = [DOREFA, Baseline::Bnn, Baseline::XnorNet, Baseline::BinaryConnect];
    for baseline in baselines {
        let activations = |x: Tensor<4>, pass| baseline.activations(x, pass);
        let input = leaf(&x, [1, 6, 1, 1]);
        let weighed = activations(input.clone(), Pass::Hard) * leaf(&SLOPES, [1, 6, 1, 1]).detach();
        let gradient = numbers(input.grad(&weighed.sum().backward()).unwrap());
        let smooth = |x: &[f32]| -> f64 {
            let found = numbers(activations(leaf(x, [1, 6, 1, 1]), Pass::Smooth));
            found.iter().zip(SLOPES).map(|(y, g)| f64::from(y * g)).sum()
        };
        assert_slopes(&x, &gradient, smooth);
    }
}

#[track_caller]
fn assert_slopes(at: &[f32], gradient: &[f32], of: impl Fn(&[f32]) -> f64) {
    const STEP: f32 = 1.0 / 128.0;
    for (index, found) in gradient.iter().enumerate() {
        let moved = |by: f32| {
            let mut moved = at.to_vec();
            moved[index] += by;
            of(&moved)
        };
        let slope = (moved(STEP) - moved(-STEP)) / f64::from(2.0 * STEP);
        assert!((f64::from(*found) - slope).abs() < 2e-3, "{index}: {found}, {slope}");
    }
}

#[test]
fn activations_are_of_as_many_values_as_bits_say() {
    let x: Vec<f32> = (-20..=20).map(|i| i as f32 / 10.0).collect();
    let of = |baseline: Baseline| {
        let y = baseline.activations(leaf(&x, [1, 41, 1, 1]), Pass::Hard);
        let mut y = numbers(y);
        y.sort_by(f32::total_cmp);
        y.dedup();
        y
    };
    assert_eq!(of(Baseline::Bnn), [-1.0, 1.0]);
    assert_eq!(of(DOREFA).len(), 8);
    assert_eq!(of(Baseline::Dorefa(Bits { weights: 1, activations: 1 })), [0.0, 1.0]);
    assert_eq!(of(Baseline::BinaryConnect).len(), 21);
}

/// Sums of signs are counts of equal signs, as a machine without multiplications finds them; at every
/// border, for even windows, too.
#[test]
fn convolutions_of_signs_count_equal_signs() {
    let (channels, height, width, outputs) = (2, 4, 5, 3);
    let device = Device::flex();
    let x: Vec<f32> =
        (0..channels * height * width).map(|i| if i * 7 % 11 < 5 { 1.0 } else { -1.0 }).collect();
    for (kernel, border) in [((3, 3), Border::Replicate), ((2, 4), Border::Reflect)] {
        let reads = Reads::Windows { channels, kernel, border };
        let rng = &mut ChaCha8Rng::seed_from_u64(5);
        let linear = Linear::new(reads, outputs, Baseline::Bnn, rng, &device);
        let signs = numbers(linear.float_weights().greater_equal_elem(0.0).float() * 2.0 - 1.0);
        let shape = [1, channels, height, width];
        let input = Tensor::<4>::from_data(TensorData::new(x.clone(), shape), &device);
        let found = numbers(linear.forward(input, Pass::Hard));
        for (at, found) in found.iter().enumerate() {
            let (output, row, col) = (at / (height * width), at / width % height, at % width);
            let (mut equal, mut all) = (0, 0);
            for channel in 0..channels {
                for tap in 0..kernel.0 * kernel.1 {
                    let place = |at: usize, tap: usize, kernel: usize, side: usize| {
                        let at = (at + tap) as isize - (kernel / 2) as isize;
                        border.source(at, side).expect("a pixel stands for each outside")
                    };
                    let y = place(row, tap / kernel.1, kernel.0, height);
                    let z = place(col, tap % kernel.1, kernel.1, width);
                    let weight = signs[(output * channels + channel) * kernel.0 * kernel.1 + tap];
                    equal += i32::from(x[(channel * height + y) * width + z] == weight);
                    all += 1;
                }
            }
            assert_eq!(*found, (2 * equal - all) as f32);
        }
    }
}

fn small(folder: &Path, settings: &[&str]) -> Config {
    shapes::write_shapes(folder);
    let data = format!("data.mnist.folder={}", folder.display());
    let sizes = [
        data.as_str(),
        "network.layers=[{ dense = 24 }]",
        "training.steps=300",
        "training.batch=16",
        "training.learning-rate=0.01",
        "training.log-every=50",
        "training.checkpoint-every=50",
    ];
    Config::mnist_baseline().with_settings(&sizes).unwrap().with_settings(settings).unwrap()
}

fn scores(finished: &Finished) -> &BaselineScores {
    let TestScores::Baseline(scores) = &finished.summary.test else { panic!("of a baseline") };
    scores
}

#[test]
fn every_baseline_is_learnt_dense_and_convolutional() {
    let data = tempfile::tempdir().unwrap();
    let dense = "network.layers=[{ dense = 48 }, { dense = 32 }]";
    let windows = "network.layers=[{ conv = 8 }, 'max-pool', { conv = 8 }, { dense = 24 }]";
    for (baseline, bits) in [
        ("float", [32, 32]),
        ("binary-connect", [1, 32]),
        ("bnn", [1, 1]),
        ("xnor-net", [1, 1]),
        ("{ dorefa = { weights = 1, activations = 2 } }", [1, 2]),
        ("{ dorefa = { weights = 3, activations = 32 } }", [3, 32]),
    ] {
        for (layers, weights) in [(dense, 64 * 48 + 48 * 32), (windows, 200 + 1600 + 128 * 24)] {
            let baseline = format!("network.baseline={baseline}");
            let config = small(data.path(), &[&baseline, layers]);
            let run = tempfile::tempdir().unwrap();
            let found = train(run.path(), &config, &[]);
            let scores = scores(&found);
            // Signs of windows that are nearly all empty hang on the mean of a small batch.
            let least = if layers == windows && bits[1] == 1 { 0.4 } else { 0.9 };
            assert!(scores.accuracy_deployed > least, "{baseline}, {layers}: {scores:?}");
            assert_eq!([scores.weight_bits, scores.activation_bits], bits);
            let (channels, last) = if layers == dense { (48 + 32, 32) } else { (8 + 8 + 24, 24) };
            let packed = weights * bits[0] as usize / 8;
            let floats = 4 * (2 * channels + 3 * last + 3);
            assert!(scores.deployed_bytes.abs_diff(packed + floats) <= 3, "{scores:?}");
            if bits == [32, 32] {
                assert_eq!(scores.accuracy_float, scores.accuracy_deployed);
            }
        }
    }
}

#[test]
fn a_run_tells_scores_and_leaves_no_networks() {
    let [data, run] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let finished = train(run.path(), &small(data.path(), &["network.baseline=xnor-net"]), &[]);
    assert!(finished.binarized.is_none() && finished.summary.counts.is_none());
    let files = fs::read_dir(run.path()).unwrap();
    let mut files: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(
        files,
        ["checkpoint", "config.toml", "metrics.jsonl", "report.html", "summary.json"]
    );
    let json = fs::read_to_string(run.path().join("summary.json")).unwrap();
    for key in ["accuracy_float", "accuracy_deployed", "weight_bits", "deployed_bytes"] {
        assert!(json.contains(&format!("\n  \"{key}\": ")), "no {key} in {json}");
    }
    assert!(!json.contains("activated") && !json.contains("proved"), "{json}");
    let page = fs::read_to_string(run.path().join("report.html")).unwrap();
    assert!(page.contains("Accuracy, as deployed") && page.contains("class 2, told"));
    let opened = Run::open(run.path()).unwrap();
    assert!(matches!(opened.float_network(), Err(TrainError::Baseline)));
    assert!(matches!(opened.network(), Err(TrainError::Baseline)));
    assert!(opened.train(&mut StopAfter(u64::MAX, 0)).unwrap().is_some(), "scored again");
}

/// The log of a run without its times: losses and scores, whose digits are all there.
fn log(folder: &Path) -> Vec<String> {
    let log = fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    log.lines().map(|line| line.split(",\"seconds\"").next().unwrap().to_owned()).collect()
}

#[test]
fn a_stopped_run_goes_on_to_the_same_bits() {
    let data = tempfile::tempdir().unwrap();
    let settings = [
        "network.baseline=bnn",
        "network.layers=[{ conv = 4 }, 'max-pool', { dense = 12 }]",
        "training.steps=30",
        "training.log-every=1",
    ];
    let config = small(data.path(), &settings);
    let [straight, stopped] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [first, second] =
        [train(straight.path(), &config, &[]), train(stopped.path(), &config, &[7, 8, 20])];
    assert_eq!(log(straight.path()), log(stopped.path()));
    assert_eq!(scores(&first), scores(&second));
}

#[test]
fn what_does_not_apply_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = small(folder.path(), &["network.baseline=bnn"]);
    for (setting, name, expected) in [
        ("network.baseline=bmn", "bmn", "did you mean `bnn`"),
        ("network.baseline={ dorefa = { weights = 9, activations = 2 } }", "dorefa", "1 to 8"),
        ("network.baseline={ dorefa = { weights = 1 } }", "activations", "missing"),
        ("network.weights=raw", "weights", "normalised with `baseline`"),
        ("network.biases=raw", "biases", "softplus with `baseline`"),
        ("network.scale=9.0", "scale", "2 with `baseline`"),
        ("network.bias=0.2", "bias", "0.5 with `baseline`"),
        ("network.threshold=erf", "threshold", "tanh with `baseline`"),
        ("network.spread=0.5", "spread", "1 with `baseline`"),
        ("training.smooth=0.5", "smooth", "1 with `baseline`"),
        ("training.patience=2", "patience", "0 with `baseline`"),
        ("training.project-every=5", "project-every", "0 with `baseline`"),
        ("training.regularizer.kind=constant", "regularizer", "none with `baseline`"),
        ("training.schedule.sharpening=2.0", "sharpening", "1 with `baseline`"),
        ("training.loss=mse", "loss", "cross-entropy"),
    ] {
        let error = config.with_settings(&[setting]).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(expected), "{setting}: {error}");
    }
    let error = Config::noisti().with_settings(&["network.baseline=bnn"]).unwrap_err();
    assert!(error.to_string().contains("only classifiers have one"), "{error}");

    let run = tempfile::tempdir().unwrap();
    let complaint = |config: Config| Run::create(run.path(), &config).unwrap_err().to_string();
    let bisel = config.with_settings(&["network.layers=[{ bisel = 4 }]"]).unwrap();
    assert!(complaint(bisel).contains("layer 1: with `baseline`, it is { conv = 4 }"));
    let conv = Config::mnist().with_settings(&["network.layers=[{ conv = 4 }]"]).unwrap();
    let data = format!("data.mnist.folder={}", folder.path().display());
    let conv = conv.with_settings(&[data]).unwrap();
    assert!(complaint(conv).contains("layer 1: a convolution takes `baseline`"));
    assert!(fs::read_dir(run.path()).unwrap().next().is_none(), "nothing was written");
}
