//! Polishing at the end of a training: a search among the operators themselves.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use strel_network::{Loss, Network, PolishOptions, PolishProgress, Polished, TrainingPair, polish};

use crate::data::{Pair, Split};
use crate::ranges::{MOST, expect};
use crate::{TrainError, Trainer};

/// How the binarized network of a run is polished, see [`strel_network::polish`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PolishConfig {
    /// Candidate networks that may be evaluated; 0 leaves the binarized network as it is.
    pub budget: u64,
    /// Training pairs by which candidates are judged.
    pub pairs: usize,
    /// Rows and columns that a pixel of a structuring element may be away from its origin; those of
    /// the network's window, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reach: Option<usize>,
    /// Whether the border may become another one, too; it stays that of the network otherwise.
    pub free_border: bool,
    /// Candidates of which the best is taken: with 1 each improvement is taken at once, with more than
    /// there are the descent is steepest.
    pub block: usize,
    /// Which candidates come first.
    pub order: Order,
    /// What is made small: `dice` (1 - DICE, the mean over images) or `pixels` (wrong ones).
    pub loss: Loss,
}

/// In which order candidates are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Any.
    Random,
    /// Pixels first of which the trained weights are in doubt, then the others.
    Doubt,
}

impl Default for PolishConfig {
    fn default() -> Self {
        PolishConfig {
            budget: 0,
            pairs: 200,
            reach: None,
            free_border: false,
            block: 64,
            order: Order::Random,
            loss: Loss::Dice,
        }
    }
}

impl PolishConfig {
    /// What is wrong with the values, if anything is.
    pub fn check(&self) -> Result<(), String> {
        let range = format!("1 to {MOST}");
        expect((1..=MOST).contains(&self.block), "block", self.block, &range)?;
        expect((1..=MOST).contains(&self.pairs), "pairs", self.pairs, &range)
    }
}

/// The first training pair that polishing sees: beyond those of training and of settling.
const FIRST_PAIR: u64 = 1 << 49;

impl Trainer {
    /// Polishes a binarized network of this training, as its configuration says. `observer` hears of
    /// progress, and may end the search, which then returns the best network so far.
    ///
    /// # Errors
    /// A training pair cannot be read; those of [`polish`].
    pub fn polish(
        &self,
        network: &Network,
        observer: impl FnMut(&PolishProgress) -> ControlFlow<()>,
    ) -> Result<Polished, TrainError> {
        let config = self.config();
        let PolishConfig { budget, pairs, reach, free_border, block, order, loss } = config.polish;
        let (rows, cols) = config.network.kernel;
        let options = PolishOptions {
            loss,
            seed: config.seed,
            budget,
            block,
            free_border,
            doubts: (order == Order::Doubt).then(|| self.network()).transpose()?,
            reach: Some(reach.map_or((rows / 2, cols / 2), |reach| (reach, reach))),
            ..PolishOptions::default()
        };
        let pairs = self.pairs(Split::Train, FIRST_PAIR, pairs)?;
        let pairs: Vec<TrainingPair> = pairs.into_iter().map(training_pair).collect();
        Ok(polish(network, &pairs, &options, observer)?)
    }
}

fn training_pair(Pair { input, target }: Pair) -> TrainingPair {
    TrainingPair { inputs: vec![input], targets: vec![target] }
}
