//! `strel reproduce mnist`.

mod learn;
mod method;
mod others;
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
use learn::{Outcome, classes};
use method::Method;
use others::{Others, Wanted};
use report::{HEAD, Report};
use trained::Trained;

/// Hidden neurons, seeds and epochs.
const FULL: (usize, u64, u64) = (4096, 3, 12);
const QUICK: (usize, u64, u64) = (512, 1, 4);

/// Sets what follows from the number of epochs.
const STEPS: &str = "training.steps=";

/// Where the outcomes of a method come from.
#[expect(clippy::large_enum_variant, reason = "there are few methods")]
enum Source {
    /// From trainings by this configuration.
    Config(Config),
    /// From a journal, one a seed.
    Known(Vec<Outcome>),
}

pub fn run(args: MnistArgs) -> Result<Answer, CliError> {
    let (width, seeds, epochs) = if args.quick { QUICK } else { FULL };
    let (width, seeds) = (args.width.unwrap_or(width), args.seeds.unwrap_or(seeds));
    let epochs = args.epochs.unwrap_or(epochs);
    if let Some(set) = args.set.iter().find(|set| set.starts_with(STEPS)) {
        let wanted = "expected --epochs, by which each method has the steps that suit its batch";
        return Err(CliError::Usage(format!("--set {set}: {wanted}")));
    }
    let mut methods = Method::all();
    methods.retain(|method| args.others.is_some() || !method.is_ordinary());
    let methods = named(methods, "method", &args.only)?;
    let recipe = |method: &Method| {
        let Some(recipe) = method.config(width)? else { return Ok(None) };
        recipe.with_settings(&args.set).map(|recipe| Some(of_folder(recipe, &args)))
    };
    let recipes: Vec<Option<Config>> =
        methods.iter().map(recipe).collect::<Result<_, TrainError>>()?;
    // Images that are not there end here, not after minutes.
    let first = recipes.iter().flatten().next().cloned();
    let first = first.unwrap_or_else(|| of_folder(Config::mnist(), &args));
    let images = classes(&first.data.open()?)?.len(Split::Train) as u64;
    let wanted = Wanted { width, seeds, epochs, images };
    let others = args.others.as_deref().map(Others::read).transpose()?;
    let source = |(method, recipe): (&Method, Option<Config>)| match (recipe, &others) {
        (Some(recipe), _) => Ok(Source::Config(for_epochs(recipe, &wanted)?)),
        (None, Some(others)) => Ok(Source::Known(others.outcomes(&method.name, &wanted)?)),
        (None, None) => unreachable!("ordinary networks go with --others"),
    };
    let sources: Vec<Source> =
        methods.iter().zip(recipes).map(source).collect::<Result<_, CliError>>()?;
    let mut trained = Trained::open(args.journal.as_deref())?;
    let record = Record::new(args.out)?;
    let mut report = Report::new(methods, width, seeds, epochs);
    let mut out = stdout().lock();
    write!(out, "{HEAD}")?;
    out.flush()?;
    // By seed, so that a study that is stopped has something of every method.
    for seed in 0..seeds {
        for (method, source) in sources.iter().enumerate() {
            let row = report.row(method);
            row.outcomes.push(match source {
                Source::Config(recipe) => {
                    trained.outcome(&row.method.name, Config { seed, ..recipe.clone() })?
                }
                Source::Known(outcomes) => outcomes[seed as usize].clone(),
            });
            if row.outcomes.len() as u64 == seeds {
                write!(out, "{row}")?;
                out.flush()?;
            }
            record.write(&report)?;
        }
    }
    Ok(Answer::Yes)
}

/// The same with the images of the folder that is asked for.
fn of_folder(mut recipe: Config, args: &MnistArgs) -> Config {
    if let (Some(folder), DataConfig::Mnist(files)) = (&args.data, &mut recipe.data) {
        files.folder = Some(folder.clone());
    }
    recipe
}

/// The same with as many steps as look at each of the training images so often.
fn for_epochs(recipe: Config, wanted: &Wanted) -> Result<Config, TrainError> {
    let steps = wanted.steps(recipe.training.batch as u64);
    recipe.with_settings(&[format!("{STEPS}{steps}")])
}
