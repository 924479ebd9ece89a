//! What `strel bench train` prints.

use std::io::{self, Write};

use serde::Serialize;
use strel::train::instruction_set;

use super::step::{Step, Task};
use crate::cli::BenchCasesArgs;
use crate::commands::bench::cpu;

#[derive(Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub machine: Machine,
    pub tasks: Vec<Timed>,
    /// Tasks whose data is not there, and why.
    pub left_out: Vec<String>,
}

#[derive(Serialize)]
pub struct Machine {
    cpu: String,
    instruction_set: String,
    threads: usize,
    seed: u64,
    quick: bool,
}

impl Machine {
    pub fn new(args: &BenchCasesArgs) -> Self {
        Machine {
            cpu: cpu(),
            instruction_set: instruction_set(),
            threads: rayon::current_num_threads(),
            seed: args.seed,
            quick: args.quick,
        }
    }
}

/// The steps of a task.
#[derive(Serialize)]
pub struct Timed {
    pub task: Task,
    pub network: String,
    pub batch: usize,
    /// Rows and columns of an image.
    pub size: (usize, usize),
    pub memory: Option<Memory>,
    pub rows: Vec<Row>,
}

impl Timed {
    pub fn new(task: Task, step: &Step, memory: Option<Memory>, rows: Vec<Row>) -> Self {
        let (network, batch) = (step.network_text(), step.config().training.batch);
        Timed { task, network, batch, size: step.size(), memory, rows }
    }
}

/// Bytes that this process held before it made data and network, and at most in a few steps without
/// a regularizer.
#[derive(Clone, Copy, Serialize)]
pub struct Memory {
    pub before: u64,
    pub peak: u64,
}

/// The times of a step.
#[derive(Serialize)]
pub struct Row {
    pub regularizer: &'static str,
    /// It counts at one of so many steps, of which the times are means.
    pub every: u32,
    pub least_seconds: f64,
    pub median_seconds: f64,
    /// The median, in those of the step without a regularizer.
    pub relative: f64,
}

impl Report {
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let Machine { cpu, instruction_set, threads, seed, .. } = &self.machine;
        writeln!(out, "{cpu}, {instruction_set}, {threads} threads, seed {seed}")?;
        self.tasks.iter().try_for_each(|task| task.write_table(out))?;
        for why in &self.left_out {
            writeln!(out, "\nleft out: {why}")?;
        }
        writeln!(out, "\nMedians; a step is forward pass, loss, backward pass and Adam.")
    }
}

impl Timed {
    fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let Timed { task, network, batch, size: (height, width), .. } = self;
        writeln!(
            out,
            "\n{}: {network}, batch of {batch} images of {height} x {width}",
            task.name()
        )?;
        writeln!(
            out,
            "{:<12}{:>6}{:>11}{:>11}{:>14}",
            "regularizer", "every", "ms a step", "least", "of none"
        )?;
        for Row { regularizer, every, least_seconds, median_seconds, relative } in &self.rows {
            let (least, median) = (1e3 * least_seconds, 1e3 * median_seconds);
            writeln!(
                out,
                "{regularizer:<12}{every:>6}{median:>11.2}{least:>11.2}{:>12.1} %",
                100.0 * relative
            )?;
        }
        let Some(Memory { before, peak }) = self.memory else { return Ok(()) };
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let above = megabytes(peak.saturating_sub(before));
        writeln!(out, "memory: at most {above:.0} MB above the {:.0} MB before", megabytes(before))
    }
}
