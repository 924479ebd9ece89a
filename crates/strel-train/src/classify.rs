//! Which classes networks tell of samples.

use rayon::prelude::*;
use strel_image::Engine;
use strel_network::{FloatNetwork, NetworkError, NetworkPlan, Plane};

use crate::data::{Classes, Sample, Split};
use crate::layers::BitSamples;

/// The channels of samples.
///
/// # Panics
/// There is no sample, or they differ in shape.
pub fn inputs(samples: &[Sample]) -> BitSamples {
    BitSamples::new(samples.iter().map(|sample| &sample.channels[..]))
}

/// Samples that go through a network at a time.
const CHUNK: usize = 500;

/// The share of all samples of a split whose class has the largest of the scores `[samples, classes]`, the first of them
/// in a tie. 500 samples at a time are scored.
pub fn accuracy(classes: &Classes, split: Split, scores: impl Fn(&BitSamples) -> Vec<f32>) -> f64 {
    let all = classes.len(split);
    let right = |from: usize| {
        let indices = from..(from + CHUNK).min(all);
        let samples: Vec<Sample> = indices.map(|index| classes.sample(split, index)).collect();
        let told = told(&samples, &scores);
        told.iter().zip(&samples).filter(|(told, sample)| **told == sample.class).count()
    };
    (0..all).step_by(CHUNK).map(right).sum::<usize>() as f64 / all as f64
}

/// The classes of the largest of the scores `[samples, classes]`, the first of them in a tie.
fn told(samples: &[Sample], scores: impl Fn(&BitSamples) -> Vec<f32>) -> Vec<usize> {
    let scores = scores(&inputs(samples));
    scores.chunks_exact(scores.len() / samples.len()).map(best).collect()
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
