//! Learning the operator of a cell.

use std::path::Path;
use std::time::Instant;

use strel::network::{CertifyBudget, Equivalence, Verdict, certify, equivalence};
use strel::train::data::Split;
use strel::train::forward::apply_float;
use strel::train::{Config, Trainer};

use super::super::TEST_SEED;
use super::super::attempt::{Attempt, mean_dice, network_dice};
use super::cell::Cell;
use crate::error::CliError;

/// Trainings of a cell at most, each from a start of its own, until one fits its training pairs; the
/// one that fits them best is kept.
const ATTEMPTS: u64 = 3;

/// Fresh pairs that networks are scored on.
const TEST_PAIRS: usize = 1000;

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
    /// Of the polished network and the float network of its operators.
    pub verdict: Verdict,
}

pub fn learn(cell: &Cell, seed: u64, mnist: Option<&Path>) -> Result<Outcome, CliError> {
    let start = Instant::now();
    let mut best = Attempt::new(cell.config(seed, mnist))?;
    let mut attempts = 1;
    while loss(&best) > 0.0 && attempts < ATTEMPTS {
        // Seeds far from those of other rows.
        let other = Attempt::new(cell.config(seed + (attempts << 16), mnist))?;
        attempts += 1;
        if loss(&other) < loss(&best) {
            best = other;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    Ok(Outcome { scores: score(cell, seed, mnist, &best)?, attempts, seconds })
}

/// The mean training loss of the polished network.
fn loss(attempt: &Attempt) -> f64 {
    attempt.polished.report.after
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
    let float = found.polished_float()?;
    let target = cell.target().plan(border);
    Ok(Scores {
        float: mean_dice(&test, |input| apply_float(&found.float, input)),
        binarized: network_dice(&found.binarized, &test)?,
        polished: network_dice(polished, &test)?,
        equivalence: equivalence(polished.plan().one_to_one()?, &target, seed),
        verdict: certify(&float, polished, CertifyBudget::default())?.verdict,
    })
}
