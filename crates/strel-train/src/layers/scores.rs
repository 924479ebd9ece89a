//! The last layer of a classifier.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_network::{self as network, Shape};

use super::parameter::Parameter;
use super::{DenseLayer, How, Update};
use crate::kernels::{Features, feature_gradient, sums_in_blocks, wide_weight_gradient};

/// A linear layer that gives each class a score `W.x - b`. It keeps its float weights where the
/// layers before it are binarized, and no regularizer acts on it.
#[derive(Clone)]
pub struct Scores {
    weight: Parameter,
    bias: Parameter,
    inputs: Shape,
}

/// Classes that are computed side by side.
const BLOCK: usize = 16;

impl Scores {
    /// Small random weights, uniform on `[-1 / sqrt(n), 1 / sqrt(n)]` for `n` inputs, and no bias.
    pub fn new(inputs: Shape, classes: usize, rng: &mut ChaCha8Rng) -> Self {
        let count = inputs.pixels();
        let bound = 1.0 / (count as f64).sqrt();
        let draw = |_| rng.random_range(-bound..=bound) as f32;
        Scores {
            weight: Parameter::new((0..classes * count).map(draw).collect()),
            bias: Parameter::new(vec![0.0; classes]),
            inputs,
        }
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> network::Scores {
        network::Scores {
            inputs: self.inputs,
            classes: self.bias.values.len(),
            weights: self.weight.values.clone(),
            bias: self.bias.values.clone(),
        }
    }

    /// All parameters, with their names, to be changed.
    pub fn parameters_mut(&mut self) -> [(&'static str, &mut Parameter); 2] {
        [("weight", &mut self.weight), ("bias", &mut self.bias)]
    }
}

impl DenseLayer for Scores {
    fn forward(&self, x: &Features, _: How) -> (Features, Vec<f32>) {
        let (samples, biases) = (x.samples(), &self.bias.values);
        let sums = sums_in_blocks::<BLOCK>(x, &self.weight.values);
        let score = |(sample, class): (usize, usize)| {
            sums[class / BLOCK * samples + sample][class % BLOCK] - biases[class]
        };
        let all = (0..samples).flat_map(|sample| (0..biases.len()).map(move |c| (sample, c)));
        (Features::Numbers { samples, values: all.map(score).collect() }, Vec::new())
    }

    fn backward(
        &mut self,
        x: &Features,
        _: Vec<f32>,
        dy: &[f32],
        wants_dx: bool,
        _: How,
        update: &mut Update,
    ) -> Option<Vec<f32>> {
        let (samples, features, classes) = (x.samples(), x.count(), self.bias.values.len());
        let mut slopes = vec![[0.0; BLOCK]; classes.div_ceil(BLOCK) * samples];
        let mut of_bias = vec![0.0; classes];
        for (sample, dy) in dy.chunks_exact(classes).enumerate() {
            for (class, &dy) in dy.iter().enumerate() {
                slopes[class / BLOCK * samples + sample][class % BLOCK] = dy;
                of_bias[class] -= dy;
            }
        }
        let dx =
            wants_dx.then(|| feature_gradient(&slopes, &self.weight.values, [samples, features]));
        let blocks = slopes.chunks_exact(samples).enumerate();
        let gradients = blocks.map(|(block, slopes)| {
            wide_weight_gradient(x, slopes, BLOCK.min(classes - block * BLOCK))
        });
        let gradient: Vec<f32> = gradients.flatten().collect();
        self.weight.whole().learn(update.step, &gradient);
        self.bias.whole().learn(update.step, &of_bias);
        dx
    }
}
