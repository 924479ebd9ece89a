//! `strel reproduce noisti`.

mod hand_made;
mod learn;
mod report;
mod run_lengths;

use std::io::{Write, stdout};

use strel::train::Config;
use strel::train::data::{Data, Pair, Source, Split};

use super::attempt::mean_dice;
use super::{Record, TEST_SEED};
use crate::Answer;
use crate::cli::NoistiArgs;
use crate::error::CliError;
use report::{Known, Report};
use run_lengths::RunLengths;

/// Seeds, and fresh pairs.
const FULL: (u64, usize) = (5, 10_000);
const QUICK: (u64, usize) = (1, 1_000);

/// Pairs that runs are counted on, for each fresh one.
const COUNTED: usize = 10;

pub fn run(args: NoistiArgs) -> Result<Answer, CliError> {
    let (seeds, pairs) = if args.quick { QUICK } else { FULL };
    let (seeds, pairs) = (args.seeds.unwrap_or(seeds), args.test.unwrap_or(pairs));
    let recipe = Config::noisti().with_settings(&args.set)?;
    let Data::Pairs(source) = recipe.data.open()? else {
        let wanted = "`data` tells classes; expected pairs of images, as the preset noisti has";
        return Err(CliError::Usage(wanted.into()));
    };
    let test = source.pairs(TEST_SEED, Split::Test, 0, pairs)?;
    let mut out = stdout().lock();
    let record = Record::new(args.out)?;
    let mut report = Report::new(pairs);
    report.known = known(&source, &test)?;
    write!(out, "{}\n{}", report.known_table(), report::HEAD)?;
    out.flush()?;
    for seed in 0..seeds {
        let row = learn::learn(Config { seed, ..recipe.clone() }, &test)?;
        write!(out, "{row}")?;
        out.flush()?;
        report.rows.push(row);
        record.write(&report)?;
    }
    write!(out, "\n{}", report.totals())?;
    Ok(Answer::Yes)
}

/// The scores of what is not learnt by a network.
fn known(source: &Source, test: &[Pair]) -> Result<Vec<Known>, CliError> {
    let mut rows = hand_made::scores(test)?;
    let counted = COUNTED * test.len();
    let runs = RunLengths::count(source, counted as u64)?;
    let dice = mean_dice(test, |input| runs.apply(input));
    rows.push(Known::new(format!("the best by lengths of runs, counted on {counted} pairs"), dice));
    Ok(rows)
}
