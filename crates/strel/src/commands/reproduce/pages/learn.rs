//! Learning a task.

use std::path::Path;
use std::time::Instant;

use strel::image::BitImage;
use strel::image::files::{Foreground, write};
use strel::network::{CertifyBudget, Network, Verdict, certify};
use strel::train::Config;
use strel::train::data::Pair;
use strel::train::forward::apply_float;

use super::super::attempt::Attempt;
use super::report::Row;
use super::row;
use super::task::Task;
use crate::error::CliError;

/// A network that is less trained, and less polished.
const QUICK: [&str; 3] = ["training.steps=300", "polish.budget=10000", "polish.pairs=100"];

pub struct Learnt {
    pub rows: Vec<Row>,
    /// Of the polished operators and the float network made of them.
    pub verdict: Verdict,
    /// Seconds of training and polishing.
    pub seconds: f64,
}

pub fn learn(
    task: Task,
    train: &[Pair],
    test: &[Pair],
    quick: bool,
    settings: &[String],
) -> Result<Learnt, CliError> {
    let start = Instant::now();
    let folder = tempfile::tempdir()
        .map_err(|source| CliError::Io { path: std::env::temp_dir(), source })?;
    let found = Attempt::new(config(task, folder.path(), train, quick, settings)?)?;
    let seconds = start.elapsed().as_secs_f64();
    let polished = &found.polished.network;
    let rows = vec![
        row("learnt, float", test, |input| apply_float(&found.float, input)),
        of_network("learnt, binarized", &found.binarized, test)?,
        of_network("learnt, polished", polished, test)?,
    ];
    let float = found.polished_float()?;
    let verdict = certify(&float, polished, CertifyBudget::default())?.verdict;
    Ok(Learnt { rows, verdict, seconds })
}

fn of_network(name: &str, network: &Network, test: &[Pair]) -> Result<Row, CliError> {
    let plan = network.plan();
    let plan = plan.one_to_one()?;
    Ok(row(name, test, |input| plan.apply(input)))
}

/// The preset for pairs, on pages that are written into a folder.
fn config(
    task: Task,
    folder: &Path,
    train: &[Pair],
    quick: bool,
    settings: &[String],
) -> Result<Config, CliError> {
    let (inputs, targets) = (folder.join("inputs"), folder.join("targets"));
    for (folder, image) in [(&inputs, input as fn(&Pair) -> &BitImage), (&targets, target)] {
        std::fs::create_dir(folder)
            .map_err(|source| CliError::Io { path: folder.clone(), source })?;
        for (index, pair) in train.iter().enumerate() {
            write(folder.join(format!("{index}.png")), image(pair), Foreground::Black)?;
        }
    }
    let quick: &[&str] = if quick { &QUICK } else { &[] };
    let config = Config::pairs(&inputs, &targets)?.with_settings(task.settings())?;
    Ok(config.with_settings(quick)?.with_settings(settings)?)
}

fn input(pair: &Pair) -> &BitImage {
    &pair.input
}

fn target(pair: &Pair) -> &BitImage {
    &pair.target
}
