//! `strel binarize`.

use std::io::{Write, stdout};

use strel::network::{binarize, binarize_lossless};
use strel::theory::{self, LosslessBudget};
use strel::train::run::Run;

use crate::Answer;
use crate::cli::{BinarizeArgs, Method};
use crate::error::CliError;
use crate::inputs::float_network;

pub fn run(args: BinarizeArgs) -> Result<Answer, CliError> {
    let float = float_network(&args.network)?;
    let network = match args.method {
        Method::Exact => binarize(&float, theory::Method::Exact),
        Method::Constant => binarize(&float, theory::Method::Constant(theory::ConstantRule::Exact)),
        Method::Activable => binarize(&float, theory::Method::Activable(theory::Metric::default())),
        Method::Lossless => binarize_lossless(&float, LosslessBudget::default()),
    }?;
    let file = match args.out {
        Some(file) => file,
        None if args.network.is_dir() => Run::open(&args.network)?.network_path(),
        None => return Err(CliError::Usage("name the file to write with --out".into())),
    };
    network.save(&file)?;
    let counts = network.exactness_counts();
    writeln!(
        stdout(),
        "{}: {} neurons activated, {} lossless, {} approximated",
        file.display(),
        counts.activated,
        counts.lossless,
        counts.approximate
    )?;
    Ok(Answer::Yes)
}
