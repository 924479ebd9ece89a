//! Arguments of `strel sweep`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub struct SweepArgs {
    /// What to try: a file with `base` (a preset or a configuration file), `trials`, `seed` and a table
    /// `parameters` of ranges.
    ///
    /// A range is { choice = [...] }, { uniform = [low, high] }, { log = [low, high] } or
    /// { integer = [low, high] }; its key is one that --set of `strel train` takes.
    #[arg(value_name = "SWEEP.toml")]
    pub sweep: PathBuf,
    /// The folder of the sweep; one that was stopped goes on.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Trials that are trained at a time, each in a process of its own.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: u16,
    /// No line for each trial, only the result.
    #[arg(long, short)]
    pub quiet: bool,
    /// The result as JSON.
    #[arg(long)]
    pub json: bool,
}
