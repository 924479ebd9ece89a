//! The final scores of a run.

use serde::Serialize;
use strel_network::{Certificate, Network};

use super::{Polishing, TestScores};
use crate::{Trainer, kernels};

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
    /// The scores on test data.
    #[serde(flatten)]
    pub test: TestScores,
    /// What polishing did, where the run polishes: the networks scored above are polished then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polishing: Option<Polishing>,
    /// What became of the neurons.
    #[serde(flatten)]
    pub counts: NeuronCounts,
    /// What of the data is probably not meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The version of this program.
    pub version: &'static str,
    /// The instruction set that training ran on.
    pub instruction_set: String,
    /// Threads of training.
    pub threads: usize,
}

/// What became of the neurons of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NeuronCounts {
    /// Neurons that are operators on binary inputs.
    pub activated: usize,
    /// Neurons that are no operators, and became formulas or gates that equal them.
    pub lossless: usize,
    /// All neurons.
    pub neurons: usize,
    /// Whether float and binarized network are proved equal on every input.
    pub proved: bool,
}

impl NeuronCounts {
    pub(super) fn new(network: &Network, certificate: &Certificate) -> Self {
        let counts = network.exactness_counts();
        NeuronCounts {
            activated: counts.activated,
            lossless: counts.lossless,
            neurons: counts.activated + counts.lossless + counts.approximate,
            proved: certificate.is_proved(),
        }
    }
}

impl Summary {
    pub(super) fn new(
        trainer: &Trainer,
        counts: NeuronCounts,
        test: TestScores,
        seconds: f64,
    ) -> Self {
        Summary {
            seed: trainer.config().seed,
            steps: trainer.step_count(),
            kept_step: None,
            polishing: None,
            seconds,
            test,
            counts,
            notes: trainer.data().notes().to_vec(),
            version: env!("CARGO_PKG_VERSION"),
            instruction_set: kernels::instruction_set(),
            threads: rayon::current_num_threads(),
        }
    }

    /// The summary as JSON, for machines.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain values")
    }
}
