//! `strel polish`.

use std::io::{Write, stdout};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use strel::network::{
    FloatNetwork, Loss, Network, PolishOptions, PolishProgress, Polished, TrainingPair, polish,
};
use strel::theory::Threshold;
use strel::train::data::{GreyPair, Pair, PairFiles, find_pairs, read_pairs};
use strel::train::score::dice;

use crate::Answer;
use crate::cli::{PolishArgs, PolishLoss};
use crate::error::CliError;
use crate::inputs::{binarized_network, network_files};
use crate::notes::told;
use crate::outputs::check_outputs;

/// The time between two lines of progress.
const LINE: Duration = Duration::from_secs(2);

/// Mean DICE scores of the network before and after.
struct Scores {
    before: f64,
    after: f64,
}

pub fn run(args: PolishArgs) -> Result<Answer, CliError> {
    let network = binarized_network(&args.network)?;
    let training = told(find_pairs(&args.inputs, &args.targets)?);
    let validation = match (&args.valid_inputs, &args.valid_targets) {
        (Some(inputs), Some(targets)) => Some(told(find_pairs(inputs, targets)?)),
        _ => None,
    };
    check_outputs(
        &read_files(&args, training.iter().chain(validation.iter().flatten())),
        [&args.out].into_iter().chain(&args.float),
    )?;
    let training = pairs(&args, training)?;
    let validation = validation.map(|files| pairs(&args, files)).transpose()?;
    let start = Instant::now();
    let polished = polish(&network, &training, &options(&args)?, observer(&args, start))?;
    let seconds = start.elapsed().as_secs_f64();
    polished.network.save(&args.out)?;
    if let Some(file) = &args.float {
        polished.network.to_float(Threshold::default())?.save(file)?;
    }
    let scores = |pairs: &[TrainingPair]| -> Result<Scores, CliError> {
        let (before, after) = (score(&network, pairs)?, score(&polished.network, pairs)?);
        Ok(Scores { before, after })
    };
    let (training, validation) =
        (scores(&training)?, validation.as_deref().map(scores).transpose()?);
    let mut out = stdout().lock();
    if args.json {
        writeln!(out, "{}", json(&polished, &training, validation.as_ref(), seconds))?;
        return Ok(Answer::Yes);
    }
    let report = polished.report;
    writeln!(
        out,
        "{}: {} of {} moves accepted, {seconds:.1} s",
        args.out.display(),
        report.accepted,
        report.evaluations
    )?;
    for (name, scores) in [("training", Some(&training)), ("validation", validation.as_ref())] {
        if let Some(Scores { before, after }) = scores {
            writeln!(out, "{name} DICE: before {before:.4}, after {after:.4}")?;
        }
    }
    Ok(Answer::Yes)
}

/// All files that the command reads.
fn read_files<'a>(args: &PolishArgs, pairs: impl Iterator<Item = &'a PairFiles>) -> Vec<PathBuf> {
    let networks = [&args.network].into_iter().chain(&args.doubts);
    let networks = networks.flat_map(|network| network_files(network));
    networks.chain(pairs.flat_map(|files| [files.input.clone(), files.target.clone()])).collect()
}

fn pairs(args: &PolishArgs, files: Vec<PairFiles>) -> Result<Vec<TrainingPair>, CliError> {
    let pairs: Vec<Pair> = match args.pairs.read.level_sets()? {
        None => {
            let (input, target) = args.pairs.options();
            let pairs = told(read_pairs(files, &input, &target)?);
            pairs.into_iter().map(|image| image.pair).collect()
        }
        Some(sets) => {
            let level_sets = |files| Ok(GreyPair::read(files)?.level_sets(sets));
            let pairs = files.iter().map(level_sets).collect::<Result<Vec<_>, CliError>>()?;
            pairs.into_iter().flatten().collect()
        }
    };
    let pair = |Pair { input, target }| TrainingPair { inputs: vec![input], targets: vec![target] };
    Ok(pairs.into_iter().map(pair).collect())
}

fn options(args: &PolishArgs) -> Result<PolishOptions, CliError> {
    Ok(PolishOptions {
        loss: match args.loss {
            PolishLoss::Pixels => Loss::Pixels,
            PolishLoss::Dice => Loss::Dice,
        },
        seed: args.seed,
        budget: args.budget,
        block: args.block,
        reach: args.reach.map(|reach| (reach, reach)),
        free_border: args.free_border,
        doubts: args.doubts.as_deref().map(FloatNetwork::load).transpose()?,
        ..PolishOptions::default()
    })
}

/// Prints a line now and then, and stops when the time is over.
fn observer(args: &PolishArgs, start: Instant) -> impl FnMut(&PolishProgress) -> ControlFlow<()> {
    let limit = args.seconds.map(Duration::from_secs);
    let (quiet, mut next) = (args.quiet, start);
    move |progress| {
        if !quiet && next <= Instant::now() {
            let PolishProgress { evaluations, accepted, loss } = progress;
            eprintln!("{evaluations} moves tried, {accepted} accepted: loss {loss:.5}");
            next = Instant::now() + LINE;
        }
        match limit {
            Some(limit) if start.elapsed() >= limit => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

fn score(network: &Network, pairs: &[TrainingPair]) -> Result<f64, CliError> {
    let plan = network.plan();
    let scores = pairs.iter().map(|pair| {
        let output = plan.apply_one(&pair.inputs[0])?;
        Ok(dice(&output, &pair.targets[0]))
    });
    Ok(scores.sum::<Result<f64, CliError>>()? / pairs.len() as f64)
}

fn json(
    polished: &Polished,
    training: &Scores,
    validation: Option<&Scores>,
    seconds: f64,
) -> String {
    let report = polished.report;
    let scores =
        |Scores { before, after }: &Scores| serde_json::json!({ "before": before, "after": after });
    let all = serde_json::json!({
        "loss": { "before": report.before, "after": report.after },
        "training_dice": scores(training),
        "validation_dice": validation.map(scores),
        "accepted": report.accepted,
        "evaluations": report.evaluations,
        "seconds": seconds,
    });
    serde_json::to_string_pretty(&all).expect("plain values")
}
