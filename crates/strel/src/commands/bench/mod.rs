//! `strel bench`.

mod ask;
mod binarize;
mod dense;
mod engine;
mod memory;
mod train;
mod uniform;

use std::fs;

use crate::Answer;
use crate::cli::{BenchArgs, BenchKind};
use crate::error::CliError;

pub fn run(args: BenchArgs) -> Result<Answer, CliError> {
    match args.kind {
        BenchKind::Binarize(args) => binarize::run(args),
        BenchKind::Dense(args) => dense::run(args),
        BenchKind::Engine(args) => engine::run(args),
        BenchKind::Train(args) => train::run(args),
    }
}

/// The name of the processor, where the system tells.
fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or("unknown", |(_, name)| name.trim()).to_owned()
}
