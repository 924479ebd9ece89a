//! What `eval` and `reproduce mnist` ask of classifiers.

use std::time::Duration;

use strel::image::{BitImage, Engine};
use strel::network::{FloatNetwork, Network, binarize, binarize_lossless};
use strel::theory::{ConstantRule, LosslessBudget, Method, Metric};
use strel::train::data::Sample;

use super::stopwatch::Stopwatch;
use crate::error::CliError;

/// Samples that are timed together.
pub const BATCH: usize = 1024;

/// All ways to binarize a float network: to the nearest constant sets, to the nearest activated neurons,
/// and without loss.
pub fn binarizations(float: &FloatNetwork) -> Result<[(&'static str, Network); 3], CliError> {
    Ok([
        ("constant", binarize(float, Method::Constant(ConstantRule::Exact))?),
        ("activable", binarize(float, Method::Activable(Metric::default()))?),
        ("lossless", binarize_lossless(float, LosslessBudget::default())?),
    ])
}

/// The least time of a sample of [`BATCH`], from packed pixels to the class, on one thread. Gates take a
/// thousand times as long as sets: few times are taken.
pub fn microseconds(network: &Network, samples: &[Sample]) -> f64 {
    let plan = network.plan();
    let engine = Engine::new(Engine::default().kernel(), 1).expect("the default's kernel is there");
    let batch: Vec<Vec<BitImage>> =
        samples.iter().cycle().take(BATCH).map(|sample| sample.channels.clone()).collect();
    let work = move || {
        let classes = plan.classify_batch(&engine, &batch).expect("it has classified them before");
        std::hint::black_box(classes);
    };
    let mut watch = Stopwatch::new(Duration::from_millis(4), Box::new(work));
    (0..3).for_each(|_| {
        watch.sample();
    });
    1e6 * watch.least() / BATCH as f64
}
