//! `strel binarize`.

use std::io::{Write, stdout};

use strel::network::{binarize, binarize_lossless};
use strel::theory::{self, LosslessBudget};
use strel::train::run::{Finished, Run};

use crate::Answer;
use crate::cli::{BinarizeArgs, Method};
use crate::commands::train::told_scores;
use crate::error::CliError;
use crate::inputs::{float_network, network_files};
use crate::outputs::check_outputs;

pub fn run(args: BinarizeArgs) -> Result<Answer, CliError> {
    let float = float_network(&args.network)?;
    check_outputs(&network_files(&args.network), &args.out)?;
    let network = match args.method {
        Method::Exact => binarize(&float, theory::Method::Exact),
        Method::Constant => binarize(&float, theory::Method::Constant(theory::ConstantRule::Exact)),
        Method::Activable => binarize(&float, theory::Method::Activable(theory::Metric::default())),
        Method::Lossless => binarize_lossless(&float, LosslessBudget::default()),
    }?;
    let counts = network.exactness_counts();
    let (target, scores) = match args.out {
        Some(file) => {
            network.save(&file)?;
            (file, None)
        }
        None if args.network.is_dir() => {
            let finished = Run::open(&args.network)?.replace_network(network)?;
            (args.network, Some(finished))
        }
        None => return Err(CliError::Usage("name the file to write with --out".into())),
    };
    let mut out = stdout().lock();
    writeln!(
        out,
        "{}: {} neurons activated, {} lossless, {} approximated",
        target.display(),
        counts.activated,
        counts.lossless,
        counts.approximate
    )?;
    if let Some(Finished { summary, certificate, .. }) = scores {
        writeln!(out, "{}; certificate {}", told_scores(&summary.test), certificate.verdict)?;
    }
    Ok(Answer::Yes)
}
