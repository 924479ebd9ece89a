//! `strel show`.

use std::io::{Write, stdout};

use strel::image::Engine;
use strel::image::files::write_atomically;
use strel::network::draw;

use crate::Answer;
use crate::cli::ShowArgs;
use crate::error::CliError;
use crate::inputs::{Networks, binarized_network, networks};

pub fn run(args: ShowArgs) -> Result<Answer, CliError> {
    if let Some(file) = args.svg {
        let drawing = draw(&binarized_network(&args.network)?);
        write_atomically(&file, drawing.as_bytes())
            .map_err(|source| CliError::Io { path: file, source })?;
        return Ok(Answer::Yes);
    }
    let mut out = stdout().lock();
    if let Some(size) = args.plan {
        let plan = binarized_network(&args.network)?.plan();
        writeln!(out, "{}", plan.describe(&Engine::default(), size))?;
        return Ok(Answer::Yes);
    }
    match networks(&args.network)? {
        Networks { binarized: Some(network), .. } => writeln!(out, "{network}")?,
        Networks { float, .. } => float.map_or(Ok(()), |network| writeln!(out, "{network}"))?,
    }
    Ok(Answer::Yes)
}
