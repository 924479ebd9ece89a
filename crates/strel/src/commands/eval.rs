//! `strel eval`.

mod classes;
mod grey;

use std::io::{Write, stdout};

use strel::image::BitImage;
use strel::network::{FloatNetwork, Network, NetworkPlan};
use strel::train::data::{ImagePair, Noisti, Pair, Source, Split, load_pairs};
use strel::train::forward::apply_float;
use strel::train::run::Run;
use strel::train::score::dice;

use crate::Answer;
use crate::cli::{EvalArgs, EvalData};
use crate::error::CliError;
use crate::inputs::networks;
use crate::notes::told;

/// The scores of one pair: those of the networks that there are.
struct Scores {
    name: String,
    input: f64,
    float: Option<f64>,
    binarized: Option<f64>,
}

pub fn run(args: EvalArgs) -> Result<Answer, CliError> {
    let networks = networks(&args.network)?;
    if networks.classes().is_some() {
        return classes::run(&args, networks);
    }
    if let Some(float) = &networks.float
        && (float.inputs(), float.outputs(), float.bisels().count()) != (1, 1, float.layers().len())
    {
        return Err(CliError::Usage(format!(
            "{} is no network of BiSEL layers from one image to one, which eval scores",
            args.network.display()
        )));
    }
    if let Some(sets) = args.pairs.read.level_sets()? {
        return grey::run(&args, &networks, sets);
    }
    let pairs = pairs(&args)?;
    let plan = networks.binarized.as_ref().map(Network::plan);
    let (float, plan) = (networks.float.as_ref(), plan.as_ref());
    let scores =
        pairs.iter().map(|pair| score(float, plan, pair)).collect::<Result<Vec<_>, _>>()?;
    let mean = mean(&scores);
    let mut out = stdout().lock();
    if args.json {
        writeln!(out, "{}", json(&scores, &mean))?;
        return Ok(Answer::Yes);
    }
    // A line an image where images have names of their own.
    if args.inputs.is_some() {
        for row in &scores {
            writeln!(out, "{}", line(row))?;
        }
    }
    writeln!(out, "{}", line(&mean))?;
    Ok(Answer::Yes)
}

fn pairs(args: &EvalArgs) -> Result<Vec<ImagePair>, CliError> {
    if let (Some(inputs), Some(targets)) = (&args.inputs, &args.targets) {
        let (input, target) = args.pairs.options();
        return Ok(told(load_pairs(inputs, targets, &input, &target)?));
    }
    if args.data != Some(EvalData::Noisti) {
        if args.data.is_some() {
            return Err(CliError::Usage(format!(
                "{} gives images, no classes; expected --data noisti, or --inputs DIR --targets DIR",
                args.network.display()
            )));
        }
        let run = Run::open(&args.network).is_ok();
        let hint = if run { "; the scores of the run itself are in its summary.json" } else { "" };
        return Err(CliError::Usage(format!(
            "name data to score on: --data noisti, or --inputs DIR --targets DIR{hint}"
        )));
    }
    let source = Source::Noisti(Noisti::default());
    let pairs = source.pairs(args.seed, Split::Test, 0, args.count as usize)?;
    let named = |(index, pair)| ImagePair { name: format!("{index}"), pair };
    Ok(pairs.into_iter().enumerate().map(named).collect())
}

fn score(
    float: Option<&FloatNetwork>,
    plan: Option<&NetworkPlan>,
    image: &ImagePair,
) -> Result<Scores, CliError> {
    let Pair { input, target } = &image.pair;
    let against = |output: &BitImage| dice(output, target);
    let binarized = plan.map(|plan| plan.apply_one(input));
    Ok(Scores {
        name: image.name.clone(),
        input: against(input),
        float: float.map(|network| against(&apply_float(network, input))),
        binarized: binarized.transpose()?.map(|output| against(&output)),
    })
}

fn mean(scores: &[Scores]) -> Scores {
    let count = scores.len() as f64;
    let over = |of: fn(&Scores) -> Option<f64>| {
        scores.iter().map(of).sum::<Option<f64>>().map(|sum| sum / count)
    };
    Scores {
        name: format!("mean of {}", scores.len()),
        input: over(|row| Some(row.input)).unwrap_or_default(),
        float: over(|row| row.float),
        binarized: over(|row| row.binarized),
    }
}

fn line(row: &Scores) -> String {
    let shown = |name: &str, score: Option<f64>| {
        score.map_or(String::new(), |score| format!(", {name} {score:.4}"))
    };
    format!(
        "{}: DICE of the input {:.4}{}{}",
        row.name,
        row.input,
        shown("float", row.float),
        shown("binarized", row.binarized)
    )
}

fn json(scores: &[Scores], mean: &Scores) -> String {
    let row = |row: &Scores| {
        serde_json::json!({
            "name": row.name, "input": row.input, "float": row.float, "binarized": row.binarized,
        })
    };
    let all = serde_json::json!({
        "mean": row(mean), "images": scores.iter().map(row).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&all).expect("plain values")
}
