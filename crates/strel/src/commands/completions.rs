//! `strel completions`.

use std::io::{Write, stdout};

use clap::CommandFactory;
use clap_complete::generate;

use crate::Answer;
use crate::cli::{Cli, CompletionsArgs};
use crate::error::CliError;

pub fn run(args: CompletionsArgs) -> Result<Answer, CliError> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "strel", &mut script);
    stdout().write_all(&script)?;
    Ok(Answer::Yes)
}
