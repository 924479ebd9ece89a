//! `strel man`.

use std::fs;

use clap::CommandFactory;
use clap_mangen::generate_to;

use crate::Answer;
use crate::cli::{Cli, ManArgs};
use crate::error::CliError;
use crate::outputs::{make_folder, write_file};

pub fn run(args: ManArgs) -> Result<Answer, CliError> {
    let failed = |source| CliError::Io { path: std::env::temp_dir(), source };
    let made = tempfile::tempdir().map_err(failed)?;
    generate_to(Cli::command(), &made).map_err(failed)?;
    make_folder(&args.out)?;
    for page in fs::read_dir(&made).map_err(failed)? {
        let page = page.map_err(failed)?;
        write_file(&args.out.join(page.file_name()), &fs::read(page.path()).map_err(failed)?)?;
    }
    Ok(Answer::Yes)
}
