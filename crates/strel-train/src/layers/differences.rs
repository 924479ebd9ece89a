//! The oracle of all gradients: the network from its definition, in double precision, and differences of its loss.
//!
//! A straight-through output, 0 or 1 with the gradient of something smooth, is `hard + (smooth - smooth at the start)`
//! here, where only the middle term moves with the parameters: its differences are the gradients that are meant.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use strel_image::{BitImage, Border};
use strel_network::Shape;
use strel_theory::Threshold;

use super::init::WEIGHT_SUM;
use super::{
    BiMoNN, Biases, BitSamples, Builder, LayerConfig, Parameter, Pass, Start, Target, Update,
    Weights,
};
use crate::data::Pair;
use crate::kernels::AdamStep;
use crate::loss::Loss;
use crate::mask::BorderMask;
use crate::regularizer::{Distance, Kind};

/// The gradients that a probing step left, one parameter after the other.
pub fn gradients_of<'a, N>(
    parameters: impl IntoIterator<Item = (N, &'a mut Parameter)>,
) -> Vec<f32> {
    parameters.into_iter().flat_map(|(_, parameter)| parameter.mean.clone()).collect()
}

/// A network, what it reads and what it should give.
#[derive(Clone)]
struct Task {
    layers: Vec<LayerConfig>,
    /// 0 for images to images.
    classes: usize,
    kernel: (usize, usize),
    border: Border,
    threshold: Threshold,
    pass: Pass,
    start: Start,
    loss: Loss,
    mask: usize,
    regularizer: Option<(Distance, f64)>,
    inputs: Vec<Vec<BitImage>>,
    targets: Vec<BitImage>,
}

type Channels = Vec<Vec<Vec<f64>>>;

/// The network at some parameters.
struct Naive<'a> {
    task: &'a Task,
    parameters: &'a [f64],
    /// For each straight-through value in turn, its value and its smooth value at the start.
    start: Vec<[f64; 2]>,
    is_start: bool,
    next: usize,
    penalty: f64,
}

impl Naive<'_> {
    fn take(&mut self, count: usize) -> Vec<f64> {
        let (taken, rest) = self.parameters.split_at(count);
        self.parameters = rest;
        taken.to_vec()
    }

    fn straight(&mut self, hard: f64, smooth: f64) -> f64 {
        if self.is_start {
            self.start.push([hard, smooth]);
            return hard;
        }
        self.next += 1;
        let [hard, before] = self.start[self.next - 1];
        hard + smooth - before
    }

    /// W, b and p of some neurons, and their penalty.
    fn neurons(&mut self, count: usize, inputs: usize) -> Vec<(Vec<f64>, f64, f64)> {
        let softplus = |v: f64| v.exp().ln_1p();
        let (w, beta, p) = (self.take(count * inputs), self.take(count), self.take(count));
        let mut neurons = Vec::new();
        for n in 0..count {
            let row = &w[n * inputs..][..inputs];
            let mut weights: Vec<f64> = match self.task.start.weights {
                Weights::Raw => row.to_vec(),
                _ => row.iter().map(|&v| softplus(v)).collect(),
            };
            if self.task.start.weights == Weights::Normalised {
                let sum: f64 = weights.iter().sum();
                weights.iter_mut().for_each(|weight| *weight *= WEIGHT_SUM / sum);
            }
            let sum: f64 = weights.iter().sum();
            let mut sorted = weights.clone();
            sorted.sort_by(f64::total_cmp);
            let second = sorted.get(1).copied().unwrap_or(0.0);
            let low = (sorted[0] + second) / 2.0;
            let high = if inputs == 1 { low } else { sum - sorted[0] / 2.0 };
            let bias = match self.task.start.biases {
                Biases::Softplus => softplus(beta[n]),
                Biases::Raw => beta[n],
                Biases::Symmetric => (beta[n] + sum) / 2.0,
                Biases::Reparametrized => softplus(beta[n]).max(low).min(high),
                Biases::Projected => {
                    let free = softplus(beta[n]);
                    self.straight(free.max(low).min(high), free)
                }
            };
            if let Some((distance, coefficient)) = self.task.regularizer {
                self.penalty += coefficient * distance.penalty(&weights, bias).value;
            }
            neurons.push((weights, bias, p[n]));
        }
        neurons
    }

    fn output(&mut self, (weights, bias, p): &(Vec<f64>, f64, f64), x: &[f64]) -> f64 {
        let sum: f64 = weights.iter().zip(x).map(|(w, x)| w * x).sum();
        let smooth = self.task.threshold.value(p * (sum - bias));
        match self.task.pass {
            Pass::Smooth => smooth,
            Pass::Hard => self.straight(f64::from(u8::from(smooth > 0.5)), smooth),
        }
    }

    fn set_output(&mut self, members: &[f64], x: &[f64], is_dilation: bool) -> f64 {
        let hits: f64 = members.iter().zip(x).map(|(m, x)| m * x).sum();
        let count = if is_dilation { hits } else { members.iter().sum::<f64>() - hits };
        let any = 1.0 - (-count).exp();
        let smooth = if is_dilation { any } else { 1.0 - any };
        self.straight(f64::from(u8::from(smooth > 0.5)), smooth)
    }

    /// Of equal values, the first one stays the largest.
    fn first_of_largest(&mut self, values: [f64; 4]) -> f64 {
        if self.is_start {
            let later = |best: usize, i: usize| if values[i] > values[best] { i } else { best };
            self.start.push([(1..4).fold(0, later) as f64; 2]);
            return values[self.start[self.start.len() - 1][0] as usize];
        }
        self.next += 1;
        values[self.start[self.next - 1][0] as usize]
    }

    fn sets(&mut self, count: usize, inputs: usize) -> Vec<Vec<f64>> {
        let memberships = self.take(count * inputs);
        let member = |m: &f64| self.straight(f64::from(u8::from(*m > 0.0)), *m);
        let members: Vec<f64> = memberships.iter().map(member).collect();
        members.chunks(inputs).map(<[f64]>::to_vec).collect()
    }

    fn window(&self, image: &[Vec<f64>], row: usize, col: usize) -> Vec<f64> {
        let (rows, cols) = self.task.kernel;
        let mut values = Vec::new();
        for (i, j) in (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))) {
            let place = |at: usize, tap: usize, kernel: usize, size: usize| {
                let at = at as isize + tap as isize - (kernel / 2) as isize;
                let inside = (0..size as isize).contains(&at).then_some(at as usize);
                inside.or(self.task.border.source(at, size))
            };
            let (y, x) = (place(row, i, rows, image.len()), place(col, j, cols, image[0].len()));
            let outside = f64::from(u8::from(self.task.border == Border::One));
            values.push(y.zip(x).map_or(outside, |(y, x)| image[y][x]));
        }
        values
    }

    fn layer(&mut self, layer: LayerConfig, samples: Vec<Channels>) -> Vec<Channels> {
        let (channels, height, width) =
            (samples[0].len(), samples[0][0].len(), samples[0][0][0].len());
        let taps = self.task.kernel.0 * self.task.kernel.1;
        let flat = |sample: &Channels| sample.concat().concat();
        let pixels = || (0..height).flat_map(|i| (0..width).map(move |j| (i, j)));
        match layer {
            LayerConfig::Bisel(outputs) => {
                let bise = self.neurons(outputs * channels, taps);
                let lui = if channels > 1 { self.neurons(outputs, channels) } else { Vec::new() };
                let give = |naive: &mut Self, sample: Channels| -> Channels {
                    let mut given = vec![vec![vec![0.0; width]; height]; outputs];
                    for (o, (i, j)) in (0..outputs).flat_map(|o| pixels().map(move |p| (o, p))) {
                        let x: Vec<f64> = (0..channels)
                            .map(|c| {
                                let x = naive.window(&sample[c], i, j);
                                naive.output(&bise[o * channels + c], &x)
                            })
                            .collect();
                        given[o][i][j] = lui.get(o).map_or(x[0], |lui| naive.output(lui, &x));
                    }
                    given
                };
                samples.into_iter().map(|sample| give(self, sample)).collect()
            }
            LayerConfig::WindowSets(outputs) => {
                let sets = self.sets(outputs, channels * taps);
                let give = |naive: &mut Self, sample: Channels| -> Channels {
                    let mut given = vec![vec![vec![0.0; width]; height]; outputs];
                    for (o, (i, j)) in (0..outputs).flat_map(|o| pixels().map(move |p| (o, p))) {
                        let x: Vec<f64> =
                            sample.iter().flat_map(|c| naive.window(c, i, j)).collect();
                        let is_dilation = o < outputs.div_ceil(2);
                        given[o][i][j] = naive.set_output(&sets[o], &x, is_dilation);
                    }
                    given
                };
                samples.into_iter().map(|sample| give(self, sample)).collect()
            }
            LayerConfig::MaxPool => {
                let pool = |naive: &mut Self, image: &Vec<Vec<f64>>| -> Vec<Vec<f64>> {
                    let mut given = vec![vec![0.0; width / 2]; height / 2];
                    for (i, j) in pixels().filter(|p| p.0 < height / 2 && p.1 < width / 2) {
                        let four = [(0, 0), (0, 1), (1, 0), (1, 1)];
                        given[i][j] =
                            naive.first_of_largest(four.map(|(y, x)| image[2 * i + y][2 * j + x]));
                    }
                    given
                };
                let pool_all = |naive: &mut Self, sample: &Channels| -> Channels {
                    sample.iter().map(|image| pool(naive, image)).collect()
                };
                samples.iter().map(|sample| pool_all(self, sample)).collect()
            }
            LayerConfig::Dense(outputs) => {
                let neurons = self.neurons(outputs, channels * height * width);
                let give = |naive: &mut Self, sample: &Channels| -> Channels {
                    let x = flat(sample);
                    neurons.iter().map(|neuron| vec![vec![naive.output(neuron, &x)]]).collect()
                };
                samples.iter().map(|sample| give(self, sample)).collect()
            }
            LayerConfig::Sets(outputs) => {
                let sets = self.sets(outputs, channels * height * width);
                let give = |naive: &mut Self, sample: &Channels| -> Channels {
                    let (x, dilations) = (flat(sample), outputs.div_ceil(2));
                    let give =
                        |(n, set): (usize, &Vec<f64>)| naive.set_output(set, &x, n < dilations);
                    sets.iter().enumerate().map(give).map(|y| vec![vec![y]]).collect()
                };
                samples.iter().map(|sample| give(self, sample)).collect()
            }
        }
    }

    fn loss(&mut self) -> f64 {
        let image = |image: &BitImage| -> Vec<Vec<f64>> {
            let pixel = |i, j| f64::from(u8::from(image.get(i, j)));
            (0..image.height()).map(|i| (0..image.width()).map(|j| pixel(i, j)).collect()).collect()
        };
        let task = self.task;
        let mut samples: Vec<Channels> =
            task.inputs.iter().map(|channels| channels.iter().map(image).collect()).collect();
        for &layer in &task.layers {
            samples = self.layer(layer, samples);
        }
        let mut sum = 0.0;
        if task.classes > 0 {
            let inputs = samples[0].concat().concat().len();
            let (w, b) = (self.take(task.classes * inputs), self.take(task.classes));
            for (index, sample) in samples.iter().enumerate() {
                let x = sample.concat().concat();
                let dot = |w: &[f64]| -> f64 { w.iter().zip(&x).map(|(w, x)| w * x).sum() };
                let scores: Vec<f64> = w.chunks(inputs).zip(&b).map(|(w, b)| dot(w) - b).collect();
                let total: f64 = scores.iter().map(|score| score.exp()).sum();
                sum += total.ln() - scores[index % task.classes];
            }
        } else {
            for (sample, target) in samples.iter().zip(&task.targets) {
                sum += self.image_loss(&sample[0], &image(target));
            }
        }
        sum / samples.len() as f64 + self.penalty
    }

    fn image_loss(&self, y: &[Vec<f64>], t: &[Vec<f64>]) -> f64 {
        let inner = |image: &[Vec<f64>]| -> Vec<f64> {
            let (mask, height) = (self.task.mask, image.len());
            let rows = image[mask..height - mask].iter();
            rows.flat_map(|row| row[mask..row.len() - mask].to_vec()).collect()
        };
        let (y, t) = (inner(y), inner(t));
        let mean = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
            y.iter().zip(&t).map(|(&y, &t)| term(y, t)).sum::<f64>() / y.len() as f64
        };
        match self.task.loss {
            Loss::Mse => mean(&|y, t| (y - t) * (y - t)),
            Loss::Bce => mean(&|y, t| -t * y.ln() - (1.0 - t) * (1.0 - y).ln()),
            Loss::Dice => 1.0 - (2.0 * mean(&|y, t| y * t)) / mean(&|y, t| y + t),
            Loss::SquaredHinge => {
                mean(&|y, t| (0.5 - (2.0 * t - 1.0) * (2.0 * y - 1.0)).max(0.0).powi(2))
            }
            Loss::CrossEntropy => unreachable!("of classes"),
        }
    }
}

impl Task {
    fn network(&self, seed: u64) -> BiMoNN {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let Task { kernel, border, threshold, start, .. } = *self;
        let mut builder = Builder { kernel, border, threshold, start, rng };
        if self.classes > 0 {
            let (height, width) = self.inputs[0][0].size();
            let shape = Shape { channels: self.inputs[0].len(), height, width };
            return builder.classifier(&self.layers, shape, self.classes).unwrap();
        }
        let outputs = self.layers.iter().filter_map(|layer| layer.outputs());
        builder.images(&[1].into_iter().chain(outputs).collect::<Vec<_>>())
    }

    /// The loss and all gradients of the network in training.
    fn found(&self, network: &mut BiMoNN) -> (f64, Vec<f32>) {
        let mut update = Update { regularizer: self.regularizer, ..Update::new(AdamStep::probe()) };
        let loss = (self.loss, BorderMask(self.mask));
        let pairs: Vec<Pair> = self
            .inputs
            .iter()
            .zip(&self.targets)
            .map(|(input, target)| Pair { input: input[0].clone(), target: target.clone() })
            .collect();
        let samples = BitSamples::new(self.inputs.iter().map(Vec::as_slice));
        let classes: Vec<usize> =
            (0..self.inputs.len()).map(|index| index % self.classes.max(1)).collect();
        let target = match self.classes {
            0 => Target::Pairs(&pairs),
            _ => Target::Classes(&samples, &classes),
        };
        let value = network.learn(&target, self.pass, loss, &mut update);
        (value, gradients_of(network.parameters_mut()))
    }

    /// Compares them with differences of the naive loss.
    #[track_caller]
    fn check(&self, seed: u64) {
        let mut network = self.network(seed);
        let mut rng = ChaCha8Rng::seed_from_u64(seed + 1);
        // Neurons start alike; here each is another one.
        for (name, parameter) in network.parameters_mut() {
            let most = if name.ends_with("membership") { 0.1 } else { 0.4 };
            for value in &mut parameter.values {
                *value += rng.random_range(-most..most);
            }
            if name.ends_with("membership") {
                // No membership changes sides by a small step, and none leaves its range.
                for value in &mut parameter.values {
                    *value = value.clamp(-0.25, 0.25) + 0.01f32.copysign(*value);
                }
            }
        }
        network.refresh();
        let parameters: Vec<f64> = network
            .parameters_mut()
            .flat_map(|(_, parameter)| parameter.values.clone())
            .map(f64::from)
            .collect();
        let naive = |parameters: &[f64], start: Option<&Vec<[f64; 2]>>| {
            let (is_start, start) = (start.is_none(), start.cloned().unwrap_or_default());
            let mut naive =
                Naive { task: self, parameters, start, is_start, next: 0, penalty: 0.0 };
            let loss = naive.loss();
            assert!(naive.parameters.is_empty(), "all parameters are read");
            (loss, naive.start)
        };
        let (expected, start) = naive(&parameters, None);
        let (loss, gradients) = self.found(&mut network);
        assert!((loss - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{loss}, not {expected}");
        assert_eq!(gradients.len(), parameters.len());
        let slope = |index: usize| {
            const STEP: f64 = 1e-5;
            let value = |step: f64| {
                let mut moved = parameters.clone();
                moved[index] += step;
                naive(&moved, Some(&start)).0
            };
            (value(STEP) - value(-STEP)) / (2.0 * STEP)
        };
        let slopes: Vec<f64> = (0..parameters.len()).map(slope).collect();
        let largest = slopes.iter().fold(0.0f64, |most, slope| most.max(slope.abs()));
        assert!(largest > 1e-6, "something is to be learnt");
        for (index, (&found, slope)) in gradients.iter().zip(slopes).enumerate() {
            let error = (f64::from(found) - slope).abs();
            assert!(error < 1e-4 * largest + 1e-7, "parameter {index}: {found}, not {slope}");
        }
    }
}

fn images(seed: u64, count: usize, channels: usize, size: (usize, usize)) -> Vec<Vec<BitImage>> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut image = || BitImage::from_fn(size.0, size.1, |_, _| rng.random_bool(0.45));
    (0..count).map(|_| (0..channels).map(|_| image()).collect()).collect()
}

fn start(weights: Weights, biases: Biases) -> Start {
    Start { weights, biases, spread: 1.0, input_mean: 0.4, scale: 1.5 }
}

fn of_images(layers: &[usize], kernel: (usize, usize), size: (usize, usize)) -> Task {
    Task {
        layers: layers.iter().map(|&outputs| LayerConfig::Bisel(outputs)).collect(),
        classes: 0,
        kernel,
        border: Border::Replicate,
        threshold: Threshold::Tanh,
        pass: Pass::Smooth,
        start: start(Weights::Normalised, Biases::Softplus),
        loss: Loss::Mse,
        mask: 0,
        regularizer: None,
        inputs: images(3, 3, 1, size),
        targets: images(4, 3, 1, size).concat(),
    }
}

fn of_classes(layers: &[LayerConfig], channels: usize, size: (usize, usize)) -> Task {
    Task {
        layers: layers.to_vec(),
        classes: 3,
        loss: Loss::CrossEntropy,
        inputs: images(5, 5, channels, size),
        targets: Vec::new(),
        ..of_images(&[], (3, 2), size)
    }
}

const PASSES: [Pass; 2] = [Pass::Smooth, Pass::Hard];

#[test]
fn images_of_every_size_kernel_border_and_threshold() {
    let borders = [Border::Replicate, Border::Reflect, Border::Zero, Border::One];
    let cases = [
        (&[1][..], (3, 3), (5, 6)),
        (&[2, 1], (2, 4), (4, 7)),
        (&[3, 2, 1], (3, 1), (6, 3)),
        (&[1, 2, 1], (1, 5), (3, 17)),
    ];
    for (index, ((layers, kernel, size), border)) in cases.into_iter().zip(borders).enumerate() {
        for (threshold, pass) in Threshold::ALL.into_iter().flat_map(|t| PASSES.map(|p| (t, p))) {
            let task = of_images(layers, kernel, size);
            Task { border, threshold, pass, ..task }.check(index as u64);
        }
    }
}

#[test]
fn losses_and_masks() {
    for loss in [Loss::Mse, Loss::Bce, Loss::Dice, Loss::SquaredHinge] {
        for mask in [0, 2] {
            Task { loss, mask, ..of_images(&[2, 1], (3, 3), (6, 7)) }.check(7);
        }
    }
}

#[test]
fn parametrizations() {
    for weights in [Weights::Softplus, Weights::Normalised, Weights::Raw] {
        for biases in [Biases::Softplus, Biases::Raw, Biases::Symmetric] {
            let start = start(weights, biases);
            Task { start, ..of_images(&[2, 1], (3, 2), (5, 5)) }.check(11);
            let layers = [LayerConfig::Dense(70), LayerConfig::Dense(4)];
            Task { start, ..of_classes(&layers, 2, (3, 4)) }.check(12);
        }
    }
    for weights in [Weights::Softplus, Weights::Normalised] {
        for biases in [Biases::Projected, Biases::Reparametrized] {
            // Within the bounds, and beyond them.
            for input_mean in [0.05, 0.4, 0.97] {
                let start = Start { input_mean, ..start(weights, biases) };
                Task { start, ..of_images(&[2, 1], (3, 1), (5, 5)) }.check(13);
            }
        }
    }
}

#[test]
fn classifiers_of_every_layer() {
    use LayerConfig::{Bisel, Dense, MaxPool, Sets, WindowSets};
    let cases = [
        vec![Dense(3)],
        vec![Sets(5)],
        vec![Sets(70), Sets(3)],
        vec![Dense(66), Sets(4), Dense(2)],
        vec![WindowSets(5), MaxPool],
        vec![WindowSets(3), MaxPool, WindowSets(4), Sets(3)],
        vec![Bisel(2), MaxPool, Dense(4)],
        vec![Bisel(3), WindowSets(2), Dense(2)],
        vec![MaxPool, Bisel(2)],
    ];
    for (index, layers) in cases.iter().enumerate() {
        for pass in PASSES {
            for (channels, size) in [(1, (4, 5)), (2, (5, 6))] {
                Task { pass, ..of_classes(layers, channels, size) }.check(20 + index as u64);
            }
        }
    }
}

#[test]
fn many_classes_and_many_samples() {
    let layers = [LayerConfig::Sets(9)];
    let inputs = images(9, 70, 1, (3, 3));
    Task { classes: 18, inputs, ..of_classes(&layers, 1, (3, 3)) }.check(30);
}

#[test]
fn regularizers() {
    for kind in [Kind::Constant, Kind::Uniform, Kind::Normal, Kind::Activable] {
        let regularizer = Some((kind.distance().unwrap(), 0.3));
        for weights in [Weights::Softplus, Weights::Normalised, Weights::Raw] {
            let start = start(weights, Biases::Softplus);
            Task { regularizer, start, ..of_images(&[2, 1], (3, 3), (5, 5)) }.check(41);
            let layers = [LayerConfig::Dense(4)];
            Task { regularizer, start, ..of_classes(&layers, 1, (3, 3)) }.check(42);
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    use LayerConfig::{Bisel, Dense, MaxPool, Sets, WindowSets};
    let layers = [Bisel(3), WindowSets(2), MaxPool, Dense(70), Sets(5)];
    let classifier = Task { inputs: images(2, 90, 1, (6, 7)), ..of_classes(&layers, 1, (6, 7)) };
    let pairs = of_images(&[3, 2, 1], (5, 5), (20, 21));
    for task in [classifier, pairs] {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (loss, gradients) = pool.install(|| task.found(&mut task.network(3)));
            (loss.to_bits(), gradients.into_iter().map(f32::to_bits).collect::<Vec<_>>())
        };
        assert_eq!(run(1), run(3));
    }
}
