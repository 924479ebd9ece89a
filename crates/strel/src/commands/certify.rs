//! `strel certify`.

use std::io::{Write, stdout};

use strel::network::{Certificate, CertifyBudget, certify, check};

use crate::Answer;
use crate::cli::CertifyArgs;
use crate::error::CliError;
use crate::inputs::{binarized_network, float_network, network_files};
use crate::outputs::check_outputs;

pub fn run(args: CertifyArgs) -> Result<Answer, CliError> {
    let float = float_network(&args.float)?;
    if args.binarized.is_none() && !args.float.is_dir() {
        return Err(CliError::Usage(format!(
            "{} is one network; name the binarized one after it, or a run, which has both",
            args.float.display()
        )));
    }
    let binarized_path = args.binarized.as_ref().unwrap_or(&args.float);
    let binarized = binarized_network(binarized_path)?;
    let inputs = [network_files(&args.float), network_files(binarized_path)].concat();
    check_outputs(&inputs, &args.out)?;
    let certificate = match &args.replay {
        Some(file) => {
            let certificate = Certificate::load(file)?;
            check(&certificate, &float, &binarized).map_err(|failure| {
                CliError::Usage(format!("certificate {} is wrong: {failure}", file.display()))
            })?;
            certificate
        }
        None => {
            let budget = CertifyBudget { patches: args.budget, ..CertifyBudget::default() };
            certify(&float, &binarized, budget)?
        }
    };
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
