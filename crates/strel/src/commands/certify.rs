//! `strel certify`.

use std::io::{Write, stdout};

use strel::network::certify;

use crate::Answer;
use crate::cli::CertifyArgs;
use crate::error::CliError;
use crate::inputs::float_network;

pub fn run(args: CertifyArgs) -> Result<Answer, CliError> {
    let certificate = certify(&float_network(&args.network)?);
    if let Some(file) = &args.out {
        certificate.save(file)?;
    }
    let mut out = stdout().lock();
    if args.json {
        let json = serde_json::to_string_pretty(&certificate).expect("plain values");
        writeln!(out, "{json}")?;
    } else {
        writeln!(out, "{certificate}")?;
    }
    Ok(if certificate.is_proved() { Answer::Yes } else { Answer::No })
}
