//! Learning with a seed.

use std::time::Instant;

use strel::network::{CertifyBudget, Verdict, certify};
use strel::train::Config;
use strel::train::data::Pair;
use strel::train::forward::apply_float;

use super::super::attempt::{Attempt, mean_dice, network_dice};
use crate::error::CliError;

/// What came out with a seed. Scores are mean DICE on fresh pairs.
pub struct Row {
    pub seed: u64,
    /// The float network that training ended with.
    pub trained: f64,
    /// Its operators.
    pub binarized: f64,
    /// The polished operators.
    pub polished: f64,
    /// The float network of those.
    pub float: f64,
    /// Of this float network and the polished operators.
    pub verdict: Verdict,
    /// Seconds of training and polishing.
    pub seconds: f64,
}

pub fn learn(config: Config, test: &[Pair]) -> Result<Row, CliError> {
    let (start, seed) = (Instant::now(), config.seed);
    let found = Attempt::new(config)?;
    let seconds = start.elapsed().as_secs_f64();
    let (float, polished) = (found.polished_float()?, &found.polished.network);
    Ok(Row {
        seed,
        trained: mean_dice(test, |input| apply_float(&found.float, input)),
        binarized: network_dice(&found.binarized, test)?,
        polished: network_dice(polished, test)?,
        float: mean_dice(test, |input| apply_float(&float, input)),
        verdict: certify(&float, polished, CertifyBudget::default())?.verdict,
        seconds,
    })
}
