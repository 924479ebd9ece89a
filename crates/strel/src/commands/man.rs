//! `strel man`.

use clap::CommandFactory;
use clap_mangen::generate_to;

use crate::Answer;
use crate::cli::{Cli, ManArgs};
use crate::error::CliError;
use crate::outputs::make_folder;

pub fn run(args: ManArgs) -> Result<Answer, CliError> {
    make_folder(&args.out)?;
    generate_to(Cli::command(), &args.out)
        .map_err(|source| CliError::Io { path: args.out, source })?;
    Ok(Answer::Yes)
}
