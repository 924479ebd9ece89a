//! What `eval` and `reproduce mnist` ask of classifiers.

use std::hint::black_box;
use std::time::{Duration, Instant};

use strel::image::{BitImage, Engine};
use strel::network::{FloatNetwork, Network, binarize, binarize_lossless};
use strel::theory::{ConstantRule, LosslessBudget, Method, Metric};
use strel::train::data::{Classes, Split};

use crate::error::CliError;

/// Samples that are timed together, and how often.
pub const BATCH: usize = 1024;
const ROUNDS: usize = 9;

/// All ways to binarize a float network: to the nearest constant sets, to the nearest activated neurons,
/// and without loss.
pub fn binarizations(float: &FloatNetwork) -> Result<[(&'static str, Network); 3], CliError> {
    Ok([
        ("constant", binarize(float, Method::Constant(ConstantRule::Exact))?),
        ("activable", binarize(float, Method::Activable(Metric::default()))?),
        ("lossless", binarize_lossless(float, LosslessBudget::default())?),
    ])
}

/// The least time of a test sample among [`BATCH`], in microseconds: from its bytes to the class, on one
/// thread.
pub fn microseconds(network: &Network, classes: &Classes) -> Result<f64, CliError> {
    let plan = network.plan();
    let engine = Engine::new(Engine::default().kernel(), 1).expect("the default's kernel is there");
    let mut least = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let indices = (0..classes.len(Split::Test)).cycle().take(BATCH);
        let batch: Vec<Vec<BitImage>> =
            indices.map(|index| classes.sample(Split::Test, index).channels).collect();
        black_box(plan.classify_batch(&engine, &batch)?);
        least = least.min(start.elapsed());
    }
    Ok(1e6 * least.as_secs_f64() / BATCH as f64)
}
