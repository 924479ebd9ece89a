//! `strel reproduce`.

mod attempt;
mod mnist;
mod noisti;
mod operators;
mod pages;

use std::fmt::Display;
use std::path::Path;

use strel::image::files::write_atomically;

use crate::Answer;
use crate::cli::{ReproduceArgs, ReproduceKind};
use crate::commands::bench::cpu;
use crate::error::CliError;

pub fn run(args: ReproduceArgs) -> Result<Answer, CliError> {
    match args.kind {
        ReproduceKind::Mnist(args) => mnist::run(args),
        ReproduceKind::Noisti(args) => noisti::run(args),
        ReproduceKind::Operators(args) => operators::run(args),
        ReproduceKind::Pages(args) => pages::run(args),
    }
}

/// The seed of fresh data, far from the seeds of training.
const TEST_SEED: u64 = 1 << 32;

/// Writes a report, if a file is named for it.
fn record(file: Option<&Path>, report: &impl Display) -> Result<(), CliError> {
    let Some(file) = file else { return Ok(()) };
    write_atomically(file, report.to_string().as_bytes())
        .map_err(|source| CliError::Io { path: file.to_owned(), source })
}

/// How a report's first line goes on: what wrote it, and on which machine.
fn written_by(command: &str) -> String {
    format!(
        "Written by `strel reproduce {command}`, version {}: {}, {} threads",
        env!("CARGO_PKG_VERSION"),
        cpu(),
        rayon::current_num_threads()
    )
}
