//! Arguments of the commands for shells and manuals.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

#[derive(Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

#[derive(Args)]
pub struct ManArgs {
    /// The folder for the pages.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
