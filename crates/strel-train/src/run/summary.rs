//! The final scores of a run.

use serde::Serialize;
use strel_network::{Certificate, FloatNetwork, Network};

use super::Polishing;
use crate::data::Pair;
use crate::forward::apply_float;
use crate::{TrainError, Trainer, kernels};

/// What came out of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The seed of the run.
    pub seed: u64,
    /// Steps of training.
    pub steps: u64,
    /// The step whose network was kept, where the run could stop early; the last one otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_step: Option<u64>,
    /// Seconds of training.
    pub seconds: f64,
    /// Pairs of the scores below; none was trained on, and nothing was decided by them.
    pub test_pairs: usize,
    /// Mean DICE of the inputs themselves.
    pub dice_input: f64,
    /// Mean DICE of the float network.
    pub dice_float: f64,
    /// Mean DICE of the binarized network.
    pub dice_binarized: f64,
    /// What polishing did, where the run polishes: the networks scored above are polished then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polishing: Option<Polishing>,
    /// Pixels of the test outputs on which the float and the binarized network differ.
    pub different_pixels: u64,
    /// Neurons that are operators on binary inputs.
    pub activated: usize,
    /// All neurons.
    pub neurons: usize,
    /// Whether float and binarized network are proved equal on every input.
    pub proved: bool,
    /// The version of this program.
    pub version: &'static str,
    /// The instruction set that training ran on.
    pub instruction_set: String,
    /// Threads of training.
    pub threads: usize,
}

impl Summary {
    pub(super) fn new(
        trainer: &Trainer,
        float: &FloatNetwork,
        network: &Network,
        certificate: &Certificate,
        test: &[Pair],
        seconds: f64,
    ) -> Result<Self, TrainError> {
        let (plan, mask) = (network.plan(), trainer.config().training.border_mask);
        let (mut sums, mut different_pixels) = ([0.0; 3], 0);
        for Pair { input, target } in test {
            let of_float = apply_float(float, input);
            let binarized = plan.apply_one(input)?;
            for (sum, image) in sums.iter_mut().zip([input, &of_float, &binarized]) {
                *sum += mask.dice(image, target);
            }
            let different = of_float.symmetric_difference(&binarized);
            different_pixels += different.expect("outputs keep their size").count_ones();
        }
        let [dice_input, dice_float, dice_binarized] = sums.map(|sum| sum / test.len() as f64);
        let counts = network.exactness_counts();
        Ok(Summary {
            seed: trainer.config().seed,
            steps: trainer.step_count(),
            kept_step: None,
            polishing: None,
            seconds,
            test_pairs: test.len(),
            dice_input,
            dice_float,
            dice_binarized,
            different_pixels,
            activated: counts.activated,
            neurons: counts.activated + counts.lossless + counts.approximate,
            proved: certificate.is_proved(),
            version: env!("CARGO_PKG_VERSION"),
            instruction_set: kernels::instruction_set(),
            threads: rayon::current_num_threads(),
        })
    }

    /// The summary as JSON, for machines.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain values")
    }
}
