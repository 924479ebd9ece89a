//! `strel bench dense`.

mod classifier;
mod trained;

use std::io::{self, Write, stdout};

use serde::Serialize;

use crate::Answer;
use crate::cli::BenchDenseArgs;
use crate::error::CliError;

use super::ask::answer;
use super::cpu;
use crate::commands::stopwatch::{Effort, Stopwatch};
use classifier::{Classifier, SAMPLES, Shape, one_thread};

/// Samples that are classified at once.
const BATCHES: [usize; 2] = [1, SAMPLES];

/// The sets of a random layer: their name, the least and the most members.
const SETS: [(&str, usize, usize); 2] = [("few", 8, 12), ("many", 90, 110)];

pub fn run(args: BenchDenseArgs) -> Result<Answer, CliError> {
    let BenchDenseArgs { cases: args, run } = args;
    let (effort, neurons) = if args.quick { (Effort::QUICK, 256) } else { (Effort::FULL, 4096) };
    let drawn =
        SETS.map(|(name, least, most)| Classifier::draw(name, args.seed, neurons, least, most));
    let trained = run.map(|run| Classifier::of_run("trained", &run)).transpose()?;
    let classifiers: Vec<Classifier> = drawn.into_iter().chain(trained).collect();
    for classifier in &classifiers {
        BATCHES.into_iter().try_for_each(|batch| classifier.check(batch))?;
        if let Some(folder) = &args.values {
            classifier.write_values(&folder.join(classifier.name))?;
        }
    }
    let mut out = stdout().lock();
    if args.ask {
        answer(&mut out, |name| {
            let (classifier, batch) = find(&classifiers, name)?;
            Ok(Stopwatch::new(effort.sample, classifier.work(batch)))
        })?;
        return Ok(Answer::Yes);
    }
    let cases = classifiers.iter().flat_map(|one| BATCHES.map(|batch| (one, batch)));
    let mut timed: Vec<_> = cases
        .map(|(one, batch)| (one, batch, Stopwatch::new(effort.sample, one.work(batch))))
        .collect();
    for _ in 0..effort.rounds {
        for (_, _, watch) in &mut timed {
            watch.sample();
        }
    }
    let rows = timed.iter().map(|(one, batch, watch)| Row::new(one, *batch, watch));
    let report = Report {
        cpu: cpu(),
        kernel: one_thread().kernel().to_string(),
        seed: args.seed,
        quick: args.quick,
        rows: rows.collect(),
    };
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).expect("plain values"))?;
    } else {
        report.write_table(&mut out)?;
    }
    Ok(Answer::Yes)
}

fn find<'a>(
    classifiers: &'a [Classifier],
    name: &str,
) -> Result<(&'a Classifier, usize), CliError> {
    let cases = classifiers.iter().flat_map(|one| BATCHES.map(|batch| (one, batch)));
    let called = |(one, batch): &(&Classifier, usize)| format!("{} {batch}", one.name) == name;
    cases.clone().find(called).ok_or_else(|| {
        let names: Vec<String> =
            cases.map(|(one, batch)| format!("{} {batch}", one.name)).collect();
        CliError::Usage(format!("no case is called {name:?}; expected one of {}", names.join(", ")))
    })
}

#[derive(Serialize)]
struct Report {
    cpu: String,
    kernel: String,
    seed: u64,
    quick: bool,
    rows: Vec<Row>,
}

/// Times of a sample.
#[derive(Serialize)]
struct Row {
    sets: &'static str,
    shape: Shape,
    /// Of a set, in the mean.
    members: f64,
    /// What samples are before.
    source: &'static str,
    batch: usize,
    set_form: String,
    score_form: String,
    /// Samples of the batch whose class took the float scores.
    scored_again: usize,
    least_microseconds: f64,
    median_microseconds: f64,
}

impl Row {
    fn new(classifier: &Classifier, batch: usize, watch: &Stopwatch) -> Self {
        let (engine, Classifier { hidden, last, .. }) = (one_thread(), classifier);
        let between = hidden.apply(&classifier.samples(batch));
        let scored_again = last.classify_into(&engine, &between, &mut Vec::new());
        let each = |seconds: f64| 1e6 * seconds / batch as f64;
        Row {
            sets: classifier.name,
            shape: classifier.shape(),
            members: classifier.mean_members(),
            source: classifier.source(),
            batch,
            set_form: hidden.form(&engine, batch).to_string(),
            score_form: last.form(&engine, batch).to_string(),
            scored_again: scored_again.expect("the widths agree"),
            least_microseconds: each(watch.least()),
            median_microseconds: each(watch.median()),
        }
    }
}

impl Report {
    fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let Report { cpu, kernel, seed, rows, .. } = self;
        writeln!(out, "{cpu}, kernel {kernel}, 1 thread, seed {seed}")?;
        writeln!(
            out,
            "\n{:>7}{:>9}{:>7}{:>13}{:>18}{:>14}  forms",
            "sets", "members", "batch", "us a sample", "samples a second", "scored again"
        )?;
        for row in rows {
            let median = row.median_microseconds;
            writeln!(
                out,
                "{:>7}{:>9.1}{:>7}{median:>13.3}{:>18.0}{:>14}  {}; {}",
                row.sets,
                row.members,
                row.batch,
                1e6 / median,
                row.scored_again,
                row.set_form,
                row.score_form
            )?;
        }
        writeln!(out)?;
        for row in rows.iter().filter(|row| row.batch == BATCHES[0]) {
            let Shape([inputs, neurons, classes]) = row.shape;
            let (name, source) = (row.sets, row.source);
            writeln!(out, "{name}: {inputs} -> {neurons} -> {classes}, from {source}")?;
        }
        writeln!(out, "Medians; results were compared with the definitions before.")
    }
}
