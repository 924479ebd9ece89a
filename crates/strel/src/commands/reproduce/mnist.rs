//! `strel reproduce mnist`.

mod learn;
mod method;
mod report;
mod trained;

use std::io::{Write, stdout};

use strel::train::config::DataConfig;
use strel::train::data::Split;
use strel::train::{Config, TrainError};

use super::{Record, named};
use crate::Answer;
use crate::cli::MnistArgs;
use crate::error::CliError;
use learn::classes;
use method::Method;
use report::{HEAD, Report};
use trained::Trained;

/// Hidden neurons, seeds and epochs.
const FULL: (usize, u64, u64) = (4096, 3, 12);
const QUICK: (usize, u64, u64) = (512, 1, 4);

/// Sets what follows from the number of epochs.
const STEPS: &str = "training.steps=";

pub fn run(args: MnistArgs) -> Result<Answer, CliError> {
    let (width, seeds, epochs) = if args.quick { QUICK } else { FULL };
    let (width, seeds) = (args.width.unwrap_or(width), args.seeds.unwrap_or(seeds));
    let epochs = args.epochs.unwrap_or(epochs);
    if let Some(set) = args.set.iter().find(|set| set.starts_with(STEPS)) {
        let wanted = "expected --epochs, by which each method has the steps that suit its batch";
        return Err(CliError::Usage(format!("--set {set}: {wanted}")));
    }
    let methods = named(Method::all(), "method", &args.only)?;
    let recipe = |method: &Method| {
        let mut recipe = method.config(width)?.with_settings(&args.set)?;
        if let (Some(folder), DataConfig::Mnist(files)) = (&args.data, &mut recipe.data) {
            files.folder = Some(folder.clone());
        }
        Ok(recipe)
    };
    let recipes: Vec<Config> = methods.iter().map(recipe).collect::<Result<_, TrainError>>()?;
    // Images that are not there end here, not after minutes.
    let images = classes(&recipes[0].data.open()?)?.len(Split::Train) as u64;
    let recipes = recipes.into_iter().map(|recipe| for_epochs(recipe, epochs, images));
    let recipes: Vec<Config> = recipes.collect::<Result<_, TrainError>>()?;
    let mut trained = Trained::open(args.journal.as_deref())?;
    let record = Record::new(args.out)?;
    let mut report = Report::new(methods, width, seeds, epochs);
    let mut out = stdout().lock();
    write!(out, "{HEAD}")?;
    out.flush()?;
    // By seed, so that a study that is stopped has something of every method.
    for seed in 0..seeds {
        for (method, recipe) in recipes.iter().enumerate() {
            let row = report.row(method);
            let config = Config { seed, ..recipe.clone() };
            row.outcomes.push(trained.outcome(&row.method.name, config)?);
            if row.outcomes.len() as u64 == seeds {
                write!(out, "{row}")?;
                out.flush()?;
            }
            record.write(&report)?;
        }
    }
    Ok(Answer::Yes)
}

/// The same with as many steps as look at each of the training images so often.
fn for_epochs(recipe: Config, epochs: u64, images: u64) -> Result<Config, TrainError> {
    let steps = epochs.saturating_mul(images).div_ceil(recipe.training.batch as u64);
    recipe.with_settings(&[format!("{STEPS}{steps}")])
}
