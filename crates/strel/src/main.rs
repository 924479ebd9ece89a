//! The command line.

mod allocator;
mod batch;
mod cli;
mod commands;
mod error;
mod grey;
mod inputs;
mod notes;
mod outputs;
mod paint;
mod places;
mod planned;
mod progress;

use std::process::ExitCode;

use clap::Parser;
use strel::image::Engine;

use cli::{Cli, Command};
use error::CliError;

/// What a command that asks a question found.
pub enum Answer {
    /// Exit code 0.
    Yes,
    /// Exit code 1.
    No,
}

fn main() -> ExitCode {
    match run() {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        // Whoever reads the output has heard enough, as in `strel show run | head`.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{} {error}", paint::error());
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<Answer, CliError> {
    // A kernel that was asked for and does not exist is an error of every command; options have
    // defaults that depend on it.
    Engine::from_environment()?;
    match Cli::parse().command {
        Command::Train(args) => commands::train::run(args),
        Command::Binarize(args) => commands::binarize::run(args),
        Command::Polish(args) => commands::polish::run(args),
        Command::Certify(args) => commands::certify::run(args),
        Command::Eval(args) => commands::eval::run(args),
        Command::Apply(args) => commands::apply::run(args),
        Command::Morph(args) => commands::morph::run(args),
        Command::Show(args) => commands::show::run(args),
        Command::Export(args) => commands::export::run(args),
        Command::Data(args) => commands::data::run(args),
        Command::Sweep(args) => commands::sweep::run(args),
        Command::Reproduce(args) => commands::reproduce::run(args),
        Command::Bench(args) => commands::bench::run(args),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man(args) => commands::man::run(args),
    }
}
