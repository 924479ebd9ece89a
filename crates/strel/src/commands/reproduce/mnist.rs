//! `strel reproduce mnist`.

mod learn;
mod method;
mod report;

use std::io::{Write, stdout};

use strel::train::config::DataConfig;
use strel::train::{Config, TrainError};

use super::{Record, named};
use crate::Answer;
use crate::cli::MnistArgs;
use crate::error::CliError;
use learn::learn;
use method::Method;
use report::{HEAD, Report, Row};

/// Hidden neurons, seeds and steps.
const FULL: (usize, u64, u64) = (4096, 3, 2500);
const QUICK: (usize, u64, u64) = (512, 1, 1000);

pub fn run(args: MnistArgs) -> Result<Answer, CliError> {
    let (width, seeds, steps) = if args.quick { QUICK } else { FULL };
    let (width, seeds) = (args.width.unwrap_or(width), args.seeds.unwrap_or(seeds));
    let steps = args.steps.unwrap_or(steps);
    let methods = named(Method::all(), "method", &args.only)?;
    let common = [&[format!("training.steps={steps}")][..], &args.set].concat();
    let recipe = |method: Method| {
        let mut recipe = method.config(width)?.with_settings(&common)?;
        if let (Some(folder), DataConfig::Mnist(files)) = (&args.data, &mut recipe.data) {
            files.folder = Some(folder.clone());
        }
        Ok((method, recipe))
    };
    let recipes: Vec<(Method, Config)> =
        methods.into_iter().map(recipe).collect::<Result<_, TrainError>>()?;
    // Images that are not there end here, not after minutes.
    recipes[0].1.data.open()?;
    let record = Record::new(args.out)?;
    let mut report = Report::new(width, seeds, steps);
    let mut out = stdout().lock();
    write!(out, "{HEAD}")?;
    for (method, recipe) in recipes {
        let outcomes = (0..seeds)
            .map(|seed| learn(Config { seed, ..recipe.clone() }))
            .collect::<Result<_, _>>()?;
        let row = Row { method, outcomes };
        write!(out, "{row}")?;
        out.flush()?;
        report.rows.push(row);
        record.write(&report)?;
    }
    Ok(Answer::Yes)
}
