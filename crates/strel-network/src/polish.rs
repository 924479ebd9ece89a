//! Discrete descent on a binarized network.

mod draft;
mod loss;
mod moves;
mod search;
mod trace;

use std::ops::ControlFlow;

use strel_image::{BitImage, Engine};

pub use loss::Loss;

use crate::{Network, NetworkError};
use draft::Draft;
use search::Search;

/// Images to learn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingPair {
    /// One an input channel of the network, all of one size.
    pub inputs: Vec<BitImage>,
    /// What the output channels should be, of the size of the inputs.
    pub targets: Vec<BitImage>,
}

/// How to search.
#[derive(Clone, Debug)]
pub struct PolishOptions {
    pub loss: Loss,
    pub seed: u64,
    pub budget: u64,
    pub batch: usize,
    pub block: usize,
    pub reach: (isize, isize),
    pub engine: Engine,
}

impl Default for PolishOptions {
    fn default() -> Self {
        Self { loss: Loss::default(), seed: 0, budget: 100_000, batch: 32, block: 64, reach: (7, 7), engine: Engine::default() }
    }
}

/// Where a search is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub evaluations: u64,
    pub accepted: u64,
    pub loss: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PolishReport {
    pub before: f64,
    pub after: f64,
    pub accepted: u64,
    pub evaluations: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Polished {
    pub network: Network,
    pub report: PolishReport,
}

pub fn polish(
    network: &Network,
    pairs: &[TrainingPair],
    options: &PolishOptions,
    observer: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Polished, NetworkError> {
    let draft = Draft::new(network);
    let mut search = Search::new(pairs, options, observer);
    let before = search.trace(draft.clone()).loss();
    let best = search.run(draft);
    let count = pairs.len() as f64;
    let report = PolishReport { before: before / count, after: best.loss() / count, accepted: search.accepted, evaluations: search.evaluations };
    Ok(Polished { network: best.draft.network()?, report })
}
