//! Samples of classes as tensors, and which class networks tell of them.

use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use strel_image::Engine;
use strel_network::{FloatNetwork, NetworkError, NetworkPlan, Plane};

use crate::data::{Classes, Sample, Split};
use crate::forward::pixels;

/// Shares of samples whose class was told, of a network in training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// By the network as it is.
    pub float: f64,
    /// By the network of thresholded neurons.
    pub hard: f64,
}

/// The channels of samples, `[samples, channels, height, width]`.
///
/// # Panics
/// There is no sample, or they differ in shape.
pub fn inputs(samples: &[Sample], device: &Device) -> Tensor<4> {
    let channels = &samples[0].channels;
    let (height, width) = channels[0].size();
    let shape = [samples.len(), channels.len(), height, width];
    let images = samples.iter().flat_map(|sample| &sample.channels);
    let pixels: Vec<f32> = images.flat_map(pixels).collect();
    Tensor::from_data(TensorData::new(pixels, shape), device)
}

/// 1 for the class of each sample and 0 for others, `[samples, classes, 1, 1]`.
///
/// # Panics
/// There is no such class.
pub fn targets(samples: &[Sample], classes: usize, device: &Device) -> Tensor<4> {
    let mut values = vec![0.0f32; samples.len() * classes];
    for (row, sample) in values.chunks_exact_mut(classes).zip(samples) {
        row[sample.class] = 1.0;
    }
    Tensor::from_data(TensorData::new(values, [samples.len(), classes, 1, 1]), device)
}

/// Samples that go through a network at a time.
const CHUNK: usize = 500;

/// The share of all validation samples whose class has the largest of the scores `[samples, classes,
/// 1, 1]`, the first of them in a tie.
pub fn accuracy(
    classes: &Classes,
    device: &Device,
    scores: impl Fn(Tensor<4>) -> Tensor<4>,
) -> f64 {
    let all = classes.len(Split::Validation);
    let right = |from: usize| {
        let indices = from..(from + CHUNK).min(all);
        let samples: Vec<Sample> =
            indices.map(|index| classes.sample(Split::Validation, index)).collect();
        let found: Vec<f32> = scores(inputs(&samples, device))
            .into_data()
            .try_to_vec()
            .expect("scores are 32-bit floats");
        let rows = found.chunks_exact(found.len() / samples.len());
        rows.zip(&samples).filter(|(row, sample)| best(row) == sample.class).count()
    };
    (0..all).step_by(CHUNK).map(right).sum::<usize>() as f64 / all as f64
}

/// The classes that a float network tells of samples, several at a time, in 64 bits.
///
/// # Errors
/// The network is no classifier of such samples.
pub fn float_classes(
    network: &FloatNetwork,
    samples: &[Sample],
) -> Result<Vec<usize>, NetworkError> {
    let planes = |sample: &Sample| sample.channels.iter().map(Plane::from).collect::<Vec<_>>();
    in_chunks(samples, |chunk| {
        network.classify_batch(&chunk.iter().map(planes).collect::<Vec<_>>())
    })
}

/// The classes that a float network tells where every neuron is thresholded at 1/2.
///
/// # Errors
/// The network is no classifier of such samples.
pub fn hard_classes(
    network: &FloatNetwork,
    samples: &[Sample],
) -> Result<Vec<usize>, NetworkError> {
    in_chunks(samples, |chunk| {
        let channels: Vec<_> = chunk.iter().map(|sample| &sample.channels[..]).collect();
        network.classify_hard_batch(&channels)
    })
}

fn in_chunks(
    samples: &[Sample],
    classes: impl Fn(&[Sample]) -> Result<Vec<usize>, NetworkError> + Send + Sync,
) -> Result<Vec<usize>, NetworkError> {
    let chunks: Vec<Vec<usize>> =
        samples.par_chunks(CHUNK).map(classes).collect::<Result<_, _>>()?;
    Ok(chunks.concat())
}

/// The classes that a binarized network tells.
///
/// # Errors
/// The network is no classifier of such samples.
pub fn binarized_classes(
    plan: &NetworkPlan,
    samples: &[Sample],
) -> Result<Vec<usize>, NetworkError> {
    let channels: Vec<_> = samples.iter().map(|sample| sample.channels.clone()).collect();
    plan.classify_batch(&Engine::default(), &channels)
}

/// The share of samples of which the right class was told.
pub fn share_right(told: &[usize], samples: &[Sample]) -> f64 {
    let right = told.iter().zip(samples).filter(|(told, sample)| **told == sample.class).count();
    right as f64 / samples.len() as f64
}

fn best(scores: &[f32]) -> usize {
    (1..scores.len()).fold(0, |best, class| if scores[class] > scores[best] { class } else { best })
}
