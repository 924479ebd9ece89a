//! The DenseLUI layer.

use rand::rngs::ChaCha8Rng;
use rayon::prelude::*;
use strel_network::{FloatDense, Shape};
use strel_theory::Threshold;

use super::neurons::NeuronPart;
use super::{DenseLayer, How, Neurons, Pass, Start, Update};
use crate::kernels::{
    BLOCK, Features, Ones, arch, feature_gradient, multiply_by_slopes, sums_in_blocks,
    weight_gradient, write_values,
};

/// A DenseLUI layer: neurons that each read all pixels of all channels.
#[derive(Clone)]
pub struct Dense {
    /// The neurons, one an output.
    pub neurons: Neurons,
    inputs: Shape,
}

impl Dense {
    /// An undecided layer of `outputs` neurons.
    pub fn new(inputs: Shape, outputs: usize, start: &Start, rng: &mut ChaCha8Rng) -> Self {
        Dense { neurons: Neurons::new(outputs, inputs.pixels(), start, rng), inputs }
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatDense {
        let Dense { neurons, inputs } = self;
        FloatDense { inputs: *inputs, outputs: neurons.count(), neurons: neurons.bank() }
    }
}

impl DenseLayer for Dense {
    /// Keeps `W.x - b` in blocks of neurons, `[blocks, samples]` rows.
    fn forward(&self, x: &Features, how: How) -> (Features, Vec<f32>) {
        let (samples, neurons) = (x.samples(), self.neurons.count());
        let weights = self.neurons.weights();
        let mut excess = sums_in_blocks::<BLOCK>(x, &weights);
        let (biases, scales) = (self.neurons.biases(&weights), self.neurons.scales());
        let blocks = excess.par_chunks_exact_mut(samples).zip(biases.par_chunks(BLOCK));
        blocks.for_each(|(rows, biases)| {
            rows.iter_mut().for_each(|row| row.iter_mut().zip(biases).for_each(|(e, b)| *e -= b));
        });
        let y = match how.pass {
            Pass::Smooth => {
                let mut values = vec![0.0; samples * neurons];
                values.par_chunks_exact_mut(neurons).enumerate().for_each(|(sample, y)| {
                    let blocks = y.chunks_mut(BLOCK).zip(scales.chunks(BLOCK)).enumerate();
                    blocks.for_each(|(block, (y, scales))| {
                        let u = scaled(&excess[block * samples + sample], scales);
                        write_values(arch(), how.threshold, &u[..y.len()], y);
                    });
                });
                Features::Numbers { samples, values }
            }
            Pass::Hard => {
                let is_one = |neuron: usize, sample: usize| {
                    scales[neuron] * excess[neuron / BLOCK * samples + sample][neuron % BLOCK] > 0.0
                };
                let list = |neuron: usize| {
                    (0..samples).filter(|&s| is_one(neuron, s)).map(|s| s as u32).collect()
                };
                let lists: Vec<Vec<u32>> = (0..neurons).into_par_iter().map(list).collect();
                Features::Bits(Ones::of_lists(samples, lists))
            }
        };
        (y, excess.into_flattened())
    }

    fn backward(
        &mut self,
        x: &Features,
        mut kept: Vec<f32>,
        dy: &[f32],
        wants_dx: bool,
        how: How,
        update: &mut Update,
    ) -> Option<Vec<f32>> {
        let (samples, features, neurons) = (x.samples(), x.count(), self.neurons.count());
        let (rows, _) = kept.as_chunks_mut::<BLOCK>();
        let blocks =
            rows.par_chunks_exact_mut(samples).zip(self.neurons.scales().par_chunks(BLOCK));
        let of_parameters: Vec<[Row; 2]> = blocks
            .enumerate()
            .map(|(block, (rows, scales))| {
                let dy = dy.chunks_exact(neurons).map(|dy| &dy[block * BLOCK..][..scales.len()]);
                slopes(how.threshold, scales, rows.iter_mut().zip(dy))
            })
            .collect();
        let dx =
            wants_dx.then(|| feature_gradient(rows, &self.neurons.weights(), [samples, features]));
        let (step, penalties) = (update.step, self.neurons.penalties(update));
        let mut parts: Vec<NeuronPart> = self.neurons.parts().collect();
        let blocks = parts.par_chunks_mut(BLOCK).zip(rows.par_chunks_exact(samples));
        blocks.zip(of_parameters).for_each_init(
            || vec![0.0; BLOCK * features],
            |gradient, ((parts, slopes), [of_bias, of_scale])| {
                let gradient = &mut gradient[..parts.len() * features];
                weight_gradient(x, slopes, gradient);
                let rows = gradient.chunks_exact_mut(features).zip(of_bias).zip(of_scale);
                for (part, ((of_weights, of_bias), of_scale)) in parts.iter_mut().zip(rows) {
                    part.learn(step, penalties.as_ref(), of_weights, of_bias, of_scale);
                }
            },
        );
        dx
    }
}

type Row = [f32; BLOCK];

/// `u = p e` of each neuron of a block.
fn scaled(excess: &Row, scales: &[f32]) -> Row {
    let mut u = [0.0; BLOCK];
    u.iter_mut().zip(excess.iter().zip(scales)).for_each(|(u, (e, p))| *u = e * p);
    u
}

/// Turns `e = W.x - b` of the neurons of a block into the gradient for `W.x`, sample by sample, given that for their
/// outputs; and returns the gradients for biases and scales.
///
/// ```text
/// du = dy xi'(p e),   d(W.x) = p du,   db = -sum p du,   dp = sum du e.
/// ```
fn slopes<'a>(
    threshold: Threshold,
    scales: &[f32],
    samples: impl Iterator<Item = (&'a mut Row, &'a [f32])>,
) -> [Row; 2] {
    let [mut of_bias, mut of_scale] = [[0.0; BLOCK]; 2];
    for (row, dy) in samples {
        let mut du = [0.0; BLOCK];
        du[..dy.len()].copy_from_slice(dy);
        multiply_by_slopes(arch(), threshold, &scaled(row, scales), &mut du);
        for (n, p) in scales.iter().enumerate() {
            of_scale[n] += du[n] * row[n];
            row[n] = p * du[n];
            of_bias[n] -= row[n];
        }
    }
    [of_bias, of_scale]
}
