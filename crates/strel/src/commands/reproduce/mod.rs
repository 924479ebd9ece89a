//! `strel reproduce`.

mod attempt;
mod mnist;
mod noisti;
mod operators;
mod pages;

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use strel::image::files::{check_writable, write_atomically};

use crate::Answer;
use crate::allocator::keep_freed_memory;
use crate::cli::{ReproduceArgs, ReproduceKind};
use crate::commands::bench::cpu;
use crate::error::CliError;

pub fn run(args: ReproduceArgs) -> Result<Answer, CliError> {
    keep_freed_memory();
    match args.kind {
        ReproduceKind::Mnist(args) => mnist::run(args),
        ReproduceKind::Noisti(args) => noisti::run(args),
        ReproduceKind::Operators(args) => operators::run(args),
        ReproduceKind::Pages(args) => pages::run(args),
    }
}

/// The seed of fresh data, far from the seeds of training.
const TEST_SEED: u64 = 1 << 32;

/// The file that a report is recorded in, if one is named.
struct Record(Option<PathBuf>);

impl Record {
    /// A record in a file that can be written: else this ends here, not after the first result.
    fn new(file: Option<PathBuf>) -> Result<Self, CliError> {
        let record = Record(file);
        record.attempt(|file| check_writable(file))?;
        Ok(record)
    }

    /// Writes the report, as far as it is.
    fn write(&self, report: &impl Display) -> Result<(), CliError> {
        self.attempt(|file| write_atomically(file, report.to_string().as_bytes()))
    }

    fn attempt(&self, what: impl Fn(&Path) -> io::Result<()>) -> Result<(), CliError> {
        let Some(file) = &self.0 else { return Ok(()) };
        what(file).map_err(|source| CliError::Io { path: file.clone(), source })
    }
}

/// Those whose names contain a text; there must be one.
fn named<T: Display>(all: Vec<T>, what: &str, text: &str) -> Result<Vec<T>, CliError> {
    let first = all[0].to_string();
    let chosen: Vec<T> = all.into_iter().filter(|one| one.to_string().contains(text)).collect();
    match chosen.is_empty() {
        true => Err(CliError::Usage(format!(
            "no {what}'s name contains {text:?}; the first of them is {first:?}"
        ))),
        false => Ok(chosen),
    }
}

/// A number of things, such as `1 seed` or `3 seeds`.
fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
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
