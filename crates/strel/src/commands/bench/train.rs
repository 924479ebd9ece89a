//! `strel bench train`.

mod step;

use std::io::{self, Write, stdout};

use serde::Serialize;
use strel::train::kernels::instruction_set;

use crate::Answer;
use crate::cli::BenchCasesArgs;
use crate::error::CliError;

use super::ask::answer;
use super::{cpu, memory};
use crate::commands::stopwatch::{Effort, Stopwatch};
use step::{REGULARIZERS, Step};

pub fn run(args: BenchCasesArgs) -> Result<Answer, CliError> {
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    let start = |regularizer| Step::new(args.seed, args.quick, regularizer);
    if let Some(folder) = &args.values {
        start(REGULARIZERS[0])?.write_values(folder)?;
    }
    let mut out = stdout().lock();
    if args.ask {
        answer(&mut out, |name| match REGULARIZERS.iter().find(|&&known| known == name) {
            Some(known) => Ok(Stopwatch::new(effort.sample, start(known)?.work())),
            None => Err(unknown(name)),
        })?;
        return Ok(Answer::Yes);
    }
    let memory = Memory::of_steps(|| start(REGULARIZERS[0]))?;
    let steps = REGULARIZERS.map(|name| Ok((name, start(name)?)));
    let steps = steps.into_iter().collect::<Result<Vec<_>, CliError>>()?;
    let head = Head::new(&args, &steps[0].1);
    let report = Report { head, memory, rows: time(&effort, steps) };
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).expect("plain values"))?;
    } else {
        report.write_table(&mut out)?;
    }
    Ok(Answer::Yes)
}

/// Times all steps, one sample of each in turn, so that what else the machine does meets all.
fn time(effort: &Effort, steps: Vec<(&'static str, Step)>) -> Vec<Row> {
    let watch = |(name, step): (_, Step)| (name, Stopwatch::new(effort.sample, step.work()));
    let mut timed: Vec<(&'static str, Stopwatch)> = steps.into_iter().map(watch).collect();
    for _ in 0..effort.rounds {
        for (_, watch) in &mut timed {
            watch.sample();
        }
    }
    let plain = timed[0].1.median();
    let row = |(regularizer, watch): &(&'static str, Stopwatch)| Row {
        regularizer,
        least_seconds: watch.least(),
        median_seconds: watch.median(),
        relative: watch.median() / plain,
    };
    timed.iter().map(row).collect()
}

fn unknown(name: &str) -> CliError {
    let names = REGULARIZERS.join(", ");
    CliError::Usage(format!("no regularizer is called {name:?}; expected one of {names}"))
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    head: Head,
    memory: Option<Memory>,
    rows: Vec<Row>,
}

/// What was timed, and on what.
#[derive(Serialize)]
struct Head {
    cpu: String,
    instruction_set: String,
    threads: usize,
    seed: u64,
    quick: bool,
    channels: Vec<usize>,
    kernel: (usize, usize),
    batch: usize,
    /// Rows and columns of an image.
    size: (usize, usize),
}

impl Head {
    fn new(args: &BenchCasesArgs, step: &Step) -> Self {
        let config = step.config();
        Head {
            cpu: cpu(),
            instruction_set: instruction_set(),
            threads: rayon::current_num_threads(),
            seed: args.seed,
            quick: args.quick,
            channels: config.network.channels.clone(),
            kernel: config.network.kernel,
            batch: config.training.batch,
            size: step.size(),
        }
    }
}

/// Bytes that this process held before it made data and network, and at most in a few steps without
/// a regularizer.
#[derive(Serialize)]
struct Memory {
    before: u64,
    peak: u64,
}

impl Memory {
    /// Nothing may have been trained before; none where the system does not tell.
    fn of_steps(start: impl Fn() -> Result<Step, CliError>) -> Result<Option<Self>, CliError> {
        let before = memory::now();
        let mut step = start()?;
        for _ in 0..3 {
            step.advance()?;
        }
        Ok(before.zip(memory::peak()).map(|(before, peak)| Memory { before, peak }))
    }
}

/// The times of a step.
#[derive(Serialize)]
struct Row {
    regularizer: &'static str,
    least_seconds: f64,
    median_seconds: f64,
    /// The median, in those of the step without a regularizer.
    relative: f64,
}

impl Report {
    fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let Head { cpu, instruction_set, threads, seed, channels, kernel, batch, size, .. } =
            &self.head;
        writeln!(out, "{cpu}, {instruction_set}, {threads} threads, seed {seed}")?;
        writeln!(
            out,
            "noisti, channels {channels:?}, windows of {} x {}, batch of {batch} images of {} x {}",
            kernel.0, kernel.1, size.0, size.1
        )?;
        writeln!(
            out,
            "\n{:<12}{:>11}{:>11}{:>14}",
            "regularizer", "ms a step", "least", "of none"
        )?;
        for Row { regularizer, least_seconds, median_seconds, relative } in &self.rows {
            let (least, median) = (1e3 * least_seconds, 1e3 * median_seconds);
            writeln!(
                out,
                "{regularizer:<12}{median:>11.2}{least:>11.2}{:>12.1} %",
                100.0 * relative
            )?;
        }
        if let Some(Memory { before, peak }) = self.memory {
            let megabytes = |bytes: u64| bytes as f64 / 1e6;
            let above = megabytes(peak.saturating_sub(before));
            writeln!(
                out,
                "\nMemory: at most {above:.0} MB above the {:.0} MB before",
                megabytes(before)
            )?;
        }
        writeln!(out, "Medians; a step is forward pass, loss, backward pass and Adam.")
    }
}
