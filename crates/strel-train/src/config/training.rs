//! How it learns.

use serde::{Deserialize, Serialize};

use crate::loss::Loss;
use crate::mask::BorderMask;
use crate::ranges::{MOST, expect};
use crate::regularizer::Regularizer;
use crate::schedule::Schedule;

/// How a network learns: first freely, then while its neurons become operators one by one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct TrainingConfig {
    /// Steps of the optimizer.
    pub steps: u64,
    /// Pairs a step.
    pub batch: usize,
    /// The learning rate of Adam.
    pub learning_rate: f64,
    /// What is minimized.
    pub loss: Loss,
    /// The share of the steps before the first neuron settles; 1 leaves all of them free.
    pub free: f64,
    /// The share of the steps before all neurons are thresholded in training, too, with the gradients
    /// of smooth ones; 1 never thresholds.
    pub smooth: f64,
    /// Pairs by which a neuron's operator is chosen.
    pub judges: usize,
    /// Steps from one line of the log to the next.
    pub log_every: u64,
    /// Steps from one checkpoint to the next.
    pub checkpoint_every: u64,
    /// Pairs of the validation score.
    pub validation: usize,
    /// Lines of the log without a better validation score after which a run ends, with the network of
    /// the best one; 0 trains to the end. With neurons that settle there is nothing to wait for: it
    /// takes `free = 1`.
    pub patience: u64,
    /// Steps from one projection of all neurons onto the activable set to the next; 0 never projects.
    pub project_every: u64,
    /// Pixels at the edge of images that count neither for the loss nor for the scores.
    pub border_mask: BorderMask,
    /// What is added to the loss.
    pub regularizer: Regularizer,
    /// What changes over the steps.
    pub schedule: Schedule,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        TrainingConfig {
            steps: 6000,
            batch: 8,
            learning_rate: 0.01,
            loss: Loss::Mse,
            free: 0.5,
            smooth: 1.0,
            judges: 32,
            log_every: 100,
            checkpoint_every: 500,
            validation: 100,
            patience: 0,
            project_every: 0,
            border_mask: BorderMask(0),
            regularizer: Regularizer::default(),
            schedule: Schedule::default(),
        }
    }
}

impl TrainingConfig {
    pub(super) fn check(&self) -> Result<(), String> {
        let rate = self.learning_rate;
        for (key, count) in
            [("batch", self.batch), ("judges", self.judges), ("validation", self.validation)]
        {
            expect((1..=MOST).contains(&count), key, count, &format!("1 to {MOST}"))?;
        }
        expect(rate.is_finite() && rate > 0.0, "learning-rate", rate, "a number above 0")?;
        expect(
            (0.0..=1.0).contains(&self.free),
            "free",
            self.free,
            "a share of the steps, 0 to 1",
        )?;
        let range = "a share of the steps, 0 to 1";
        expect((0.0..=1.0).contains(&self.smooth), "smooth", self.smooth, range)?;
        expect(self.log_every > 0, "log-every", self.log_every, "at least 1")?;
        expect(self.checkpoint_every > 0, "checkpoint-every", self.checkpoint_every, "at least 1")?;
        let waits = self.patience == 0 || self.free >= 1.0;
        expect(waits, "patience", self.patience, "0, or `free` of 1: no neuron may settle")?;
        self.regularizer.check()?;
        self.schedule.check()
    }
}
