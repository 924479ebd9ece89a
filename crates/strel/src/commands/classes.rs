//! What `eval` and `reproduce mnist` ask of classifiers.

use std::hint::black_box;
use std::time::{Duration, Instant};

use strel::image::{BitImage, Engine};
use strel::network::{FloatNetwork, Network, NetworkPlan, binarize, binarize_lossless};
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
        black_box(classify_images(&plan, &engine, classes, BATCH)?);
        least = least.min(start.elapsed());
    }
    Ok(1e6 * least.as_secs_f64() / BATCH as f64)
}

/// The classes of the first `count` test images, over again where they are fewer, from their bytes.
pub fn classify_images(
    plan: &NetworkPlan,
    engine: &Engine,
    classes: &Classes,
    count: usize,
) -> Result<Vec<usize>, CliError> {
    let indices = (0..classes.len(Split::Test)).cycle().take(count);
    let batch: Vec<Vec<BitImage>> =
        indices.map(|index| classes.sample(Split::Test, index).channels).collect();
    Ok(plan.classify_batch(engine, &batch)?)
}
