//! Training steps to time.

use std::time::Duration;

use serde::Serialize;
use strel::train::regularizer::{Kind, Regularizer};
use strel::train::{Batch, Config, Trainer};

use crate::commands::stopwatch::Stopwatch;
use crate::error::CliError;

/// The regularizers of a step; the first is none.
pub const REGULARIZERS: [&str; 5] = ["none", "constant", "uniform", "normal", "activable"];

/// What is learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// The preset of noised sticks, with a batch of 256.
    Noisti,
    /// The preset of digits, with 4096 neurons and a batch of 64.
    Mnist,
}

/// All tasks.
pub const TASKS: [Task; 2] = [Task::Noisti, Task::Mnist];

impl Task {
    pub fn name(self) -> &'static str {
        match self {
            Task::Noisti => "noisti",
            Task::Mnist => "mnist",
        }
    }

    /// Whether its data is not generated.
    pub fn reads_files(self) -> bool {
        self == Task::Mnist
    }

    fn config(self, quick: bool) -> Result<Config, CliError> {
        let (preset, settings) = match self {
            Task::Noisti => (Config::noisti(), vec![batch(quick, 256)]),
            Task::Mnist => {
                let neurons = if quick { 64 } else { 4096 };
                let layers = format!("network.layers=[{{ dense = {neurons} }}]");
                let smooth = "training.smooth=1.0".to_owned();
                (Config::mnist_gates(), vec![layers, smooth, batch(quick, 64)])
            }
        };
        Ok(preset.with_settings(&settings)?)
    }
}

fn batch(quick: bool, full: usize) -> String {
    format!("training.batch={}", if quick { 4 } else { full })
}

/// A network at its first step, and a batch to learn from again and again.
pub struct Step {
    pub trainer: Trainer,
    batch: Batch,
}

impl Step {
    pub fn new(task: Task, seed: u64, quick: bool, regularizer: &str) -> Result<Self, CliError> {
        let settings = [format!("seed={seed}"), format!("training.regularizer.kind={regularizer}")];
        let trainer = Trainer::new(task.config(quick)?.with_settings(&settings)?)?;
        let batch = trainer.next_batch()?;
        Ok(Step { trainer, batch })
    }

    pub fn config(&self) -> &Config {
        self.trainer.config()
    }

    /// The layers in words.
    pub fn network_text(&self) -> String {
        let network = &self.config().network;
        match network.channels.as_slice() {
            [] => format!("layers {:?}", network.layers),
            channels => {
                let (rows, columns) = network.kernel;
                format!("channels {channels:?}, windows of {rows} x {columns}")
            }
        }
    }

    /// Rows and columns of an image.
    pub fn size(&self) -> (usize, usize) {
        match &self.batch {
            Batch::Pairs(pairs) => pairs[0].input.size(),
            Batch::Classes(samples, _) => samples.size(),
        }
    }

    /// Forward pass, loss, backward pass and Adam.
    pub fn advance(&mut self) -> Result<(), CliError> {
        self.trainer.learn(&self.batch)?;
        Ok(())
    }

    /// The regularizer counts at one of so many steps; 1 without one.
    pub fn every(&self) -> u32 {
        let Regularizer { kind, every, .. } = self.config().training.regularizer;
        if kind == Kind::None { 1 } else { every as u32 }
    }

    /// The same, to be timed: as many steps at a time as the regularizer counts at one of.
    pub fn watch(mut self, sample: Duration) -> Stopwatch {
        let steps = self.every();
        let mut advance = move || self.advance().expect("a few steps of the preset stay finite");
        Stopwatch::of_pieces(steps, sample, Box::new(move || (0..steps).for_each(|_| advance())))
    }
}
