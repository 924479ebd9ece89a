//! Learning the operator of a cell.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use strel::network::{
    CertifyBudget, Equivalence, FloatNetwork, Network, Polished, binarize, certify, equivalence,
};
use strel::theory::{ConstantRule, Method};
use strel::train::data::{Pair, Split};
use strel::train::forward::apply_float;
use strel::train::mask::BorderMask;
use strel::train::score::mean_dice;
use strel::train::{Config, TrainError, Trainer};

use super::cell::Cell;
use crate::error::CliError;

/// Trainings of a cell at most, each from a start of its own, until one fits its training pairs; the
/// one that fits them best is kept.
const ATTEMPTS: u64 = 3;

/// Fresh pairs that networks are scored on.
const TEST_PAIRS: usize = 1000;

/// Far from the seeds of training.
const TEST_SEED: u64 = 1 << 32;

/// What came out.
pub struct Outcome {
    pub scores: Scores,
    /// Trainings that it took.
    pub attempts: u64,
    /// Seconds of all of them.
    pub seconds: f64,
}

/// How good the networks of an attempt are. Numbers are mean DICE on fresh pairs.
pub struct Scores {
    pub float: f64,
    pub binarized: f64,
    pub polished: f64,
    /// How the polished network compares with the operator to find.
    pub equivalence: Equivalence,
    /// Whether the polished network and the float network of its operators are proved equal.
    pub proved: bool,
}

/// A training, and what became of it.
struct Attempt {
    float: FloatNetwork,
    binarized: Network,
    polished: Polished,
}

pub fn learn(cell: &Cell, seed: u64, mnist: Option<&Path>) -> Result<Outcome, CliError> {
    let start = Instant::now();
    let mut best = attempt(cell.config(seed, mnist))?;
    let mut attempts = 1;
    while best.loss() > 0.0 && attempts < ATTEMPTS {
        // Seeds far from those of other rows.
        let other = attempt(cell.config(seed + (attempts << 16), mnist))?;
        attempts += 1;
        if other.loss() < best.loss() {
            best = other;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    Ok(Outcome { scores: score(cell, seed, mnist, &best)?, attempts, seconds })
}

impl Attempt {
    fn loss(&self) -> f64 {
        self.polished.report.after
    }
}

/// Trains, binarizes and polishes.
fn attempt(config: Config) -> Result<Attempt, TrainError> {
    let mut trainer = Trainer::new(config)?;
    while !trainer.is_finished() {
        trainer.advance()?;
    }
    let float = trainer.network()?;
    let binarized = binarize(&float, Method::Constant(ConstantRule::Exact))?;
    let polished = trainer.polish(&binarized, |_| ControlFlow::Continue(()))?;
    Ok(Attempt { float, binarized, polished })
}

fn score(
    cell: &Cell,
    seed: u64,
    mnist: Option<&Path>,
    found: &Attempt,
) -> Result<Scores, CliError> {
    let config = cell.config(seed, mnist);
    let border = config.network.border;
    let tester = Trainer::new(Config { seed: TEST_SEED + seed, ..config })?;
    let test = tester.held_out(Split::Test, TEST_PAIRS)?;
    let polished = &found.polished.network;
    let float = polished.to_float(found.float.threshold())?;
    let target = cell.target().plan(border);
    Ok(Scores {
        float: mean_dice(&test, BorderMask(0), |input| apply_float(&found.float, input)),
        binarized: dice(&found.binarized, &test)?,
        polished: dice(polished, &test)?,
        equivalence: equivalence(polished.plan().one_to_one()?, &target, seed),
        proved: certify(&float, polished, CertifyBudget::default())?.is_proved(),
    })
}

fn dice(network: &Network, test: &[Pair]) -> Result<f64, CliError> {
    let plan = network.plan();
    let plan = plan.one_to_one()?;
    Ok(mean_dice(test, BorderMask(0), |input| plan.apply(input)))
}
