//! `strel reproduce`.

mod operators;

use crate::Answer;
use crate::cli::{ReproduceArgs, ReproduceKind};
use crate::error::CliError;

pub fn run(args: ReproduceArgs) -> Result<Answer, CliError> {
    match args.kind {
        ReproduceKind::Operators(args) => operators::run(args),
    }
}
