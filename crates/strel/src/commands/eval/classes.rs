//! `strel eval` of classifiers.

use std::io::{Write, stdout};

use serde::Serialize;
use strel::network::{ExactnessCounts, FloatNetwork, Network};
use strel::train::classify::{binarized_classes, float_classes, hard_classes, share_right};
use strel::train::config::DataConfig;
use strel::train::data::{Classes, ClassesConfig, Levels, Sample, Split};
use strel::train::run::Run;

use crate::Answer;
use crate::cli::{EvalArgs, EvalData};
use crate::commands::classes::{BATCH, binarizations, microseconds};
use crate::error::CliError;
use crate::inputs::{Networks, refuse_levels};

pub fn run(args: &EvalArgs, networks: Networks) -> Result<Answer, CliError> {
    refuse_levels(&args.network, &args.pairs.read)?;
    let classes = classes(args)?;
    let rows = rows(&networks, &classes)?;
    let samples = classes.len(Split::Test);
    let mut out = stdout().lock();
    if args.json {
        let report = serde_json::json!({ "test_samples": samples, "networks": rows });
        writeln!(out, "{}", serde_json::to_string_pretty(&report).expect("plain values"))?;
        return Ok(Answer::Yes);
    }
    writeln!(
        out,
        "{:<12}{:>9}{:>8}{:>9}{:>8}{:>11}{:>12}{:>10}",
        "network", "accuracy", "active", "lossless", "approx", "bytes", "terms", "us"
    )?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", row.line()))?;
    writeln!(
        out,
        "{samples} test samples; terms a sample; microseconds a sample of {BATCH}, from its bytes to the \
         class, on one thread"
    )?;
    Ok(Answer::Yes)
}

/// The data that was asked for, or that of the run.
fn classes(args: &EvalArgs) -> Result<Classes, CliError> {
    let run = || Run::open(&args.network).and_then(|run| run.config());
    let levels = || match run() {
        Ok(config) => config.data.levels().cloned(),
        Err(_) => None,
    };
    let files = ClassesConfig {
        folder: args.folder.clone(),
        levels: levels().unwrap_or(Levels::Given(args.thresholds.clone())),
        ..ClassesConfig::default()
    };
    let config = match args.data {
        Some(EvalData::Mnist) => DataConfig::Mnist(files),
        Some(EvalData::FashionMnist) => DataConfig::FashionMnist(files),
        None if args.inputs.is_none() && args.network.is_dir() => run()?.data,
        _ => {
            let wanted = "tells classes; expected --data mnist or --data fashion-mnist";
            return Err(CliError::Usage(format!("{} {wanted}", args.network.display())));
        }
    };
    config.check().map_err(CliError::Usage)?;
    config.open_classes()?.ok_or_else(|| {
        CliError::Usage(format!("{}: the data of the run has no classes", args.network.display()))
    })
}

/// A network and how well it does.
#[derive(Serialize)]
struct Row {
    network: &'static str,
    accuracy: f64,
    /// Neurons that are operators, that became gates or formulas, and that were approximated.
    neurons: Option<[usize; 3]>,
    bytes: usize,
    /// Weights, members and gate terms that are read for a sample.
    terms: usize,
    microseconds: Option<f64>,
}

/// All that can be made of what there is.
fn rows(networks: &Networks, classes: &Classes) -> Result<Vec<Row>, CliError> {
    let samples = &classes.samples(Split::Test);
    let mut rows = Vec::new();
    if let Some(float) = &networks.float {
        rows.push(of_float("float", float, samples, float_classes(float, samples)?));
        rows.push(of_float("thresholded", float, samples, hard_classes(float, samples)?));
        for (name, network) in binarizations(float)? {
            rows.push(of_binarized(name, &network, classes, samples)?);
        }
    }
    if let Some(network) = &networks.binarized {
        rows.push(of_binarized("binarized", network, classes, samples)?);
    }
    Ok(rows)
}

fn of_float(
    network: &'static str,
    float: &FloatNetwork,
    samples: &[Sample],
    told: Vec<usize>,
) -> Row {
    Row {
        network,
        accuracy: share_right(&told, samples),
        neurons: None,
        bytes: float.file_size(),
        terms: float.terms(samples[0].channels[0].size()),
        microseconds: None,
    }
}

fn of_binarized(
    name: &'static str,
    network: &Network,
    classes: &Classes,
    samples: &[Sample],
) -> Result<Row, CliError> {
    let plan = network.plan();
    let told = binarized_classes(&plan, samples)?;
    let ExactnessCounts { activated, lossless, approximate } = network.exactness_counts();
    Ok(Row {
        network: name,
        accuracy: share_right(&told, samples),
        neurons: Some([activated, lossless, approximate]),
        bytes: network.file_size(),
        terms: network.terms(samples[0].channels[0].size()),
        microseconds: Some(microseconds(network, classes)?),
    })
}

impl Row {
    fn line(&self) -> String {
        let Row { network, accuracy, neurons, bytes, terms, microseconds } = self;
        let [activated, lossless, approximate] =
            neurons.map_or([const { String::new() }; 3], |counts| counts.map(|n| n.to_string()));
        let time = microseconds.map_or(String::new(), |us| format!("{us:.2}"));
        let accuracy = format!("{:.2} %", 100.0 * accuracy);
        format!(
            "{network:<12}{accuracy:>9}{activated:>8}{lossless:>9}{approximate:>8}{bytes:>11}\
             {terms:>12}{time:>10}"
        )
    }
}
