//! The times as a table or as JSON.

use std::io::{self, Write};

use serde::Serialize;
use strel::image::kernel_name;

use super::cases::{Case, Program};
use crate::commands::bench::cpu;
use crate::commands::stopwatch::Stopwatch;

/// All times, and what they were taken on.
#[derive(Serialize)]
pub struct Report {
    cpu: String,
    kernel: String,
    seed: u64,
    quick: bool,
    rows: Vec<Row>,
}

/// The time of one program on one case.
#[derive(Serialize)]
pub struct Row {
    size: usize,
    operation: &'static str,
    threads: usize,
    program: &'static str,
    least_microseconds: f64,
    median_microseconds: f64,
}

impl Row {
    pub fn new(case: &Case, program: Program, watch: &Stopwatch) -> Self {
        Row {
            size: case.size,
            operation: case.operation(),
            threads: case.threads,
            program: match program {
                Program::Strel => "strel",
                Program::Naive => "naive packed",
                Program::Copy => "copy",
            },
            least_microseconds: 1e6 * watch.least(),
            median_microseconds: 1e6 * watch.median(),
        }
    }
}

impl Report {
    pub fn new(seed: u64, quick: bool, rows: Vec<Row>) -> Self {
        Report { cpu: cpu(), kernel: kernel_name(), seed, quick, rows }
    }

    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", serde_json::to_string_pretty(self).expect("plain values"))
    }

    /// A line a case: medians in microseconds, and how many times as long the others take.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}, kernel {}, seed {}; medians", self.cpu, self.kernel, self.seed)?;
        writeln!(
            out,
            "\n{:>6}  {:26}{:>8}{:>12}{:>14}{:>12}",
            "size", "operation", "threads", "strel us", "naive/strel", "strel/copy"
        )?;
        for row in self.rows.iter().filter(|row| row.program == "strel") {
            let ours = row.median_microseconds;
            let ratio =
                |ratio: Option<f64>| ratio.map_or("-".into(), |ratio| format!("{ratio:.1}"));
            writeln!(
                out,
                "{:>6}  {:26}{:>8}{ours:>12.2}{:>14}{:>12}",
                row.size,
                row.operation,
                row.threads,
                ratio(self.other(row, "naive packed").map(|naive| naive / ours)),
                ratio(self.other(row, "copy").and(self.copy(row.size)).map(|copy| ours / copy)),
            )?;
        }
        writeln!(out, "\nResults were compared with those of naive code, bit for bit, before.")
    }

    /// The median of another program on the same case.
    fn other(&self, ours: &Row, program: &str) -> Option<f64> {
        let same = |row: &&Row| {
            (row.size, row.operation, row.threads, row.program)
                == (ours.size, ours.operation, ours.threads, program)
        };
        self.rows.iter().find(same).map(|row| row.median_microseconds)
    }

    /// The fastest of the copies of images of a size: where memory lies decides much here.
    fn copy(&self, size: usize) -> Option<f64> {
        let copies = self.rows.iter().filter(|row| (row.size, row.program) == (size, "copy"));
        copies.map(|row| row.median_microseconds).min_by(f64::total_cmp)
    }
}
