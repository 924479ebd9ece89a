//! `strel binarize`.

use std::io::{Write, stdout};

use strel::network::binarize;
use strel::theory;
use strel::train::run::Run;

use crate::Answer;
use crate::cli::{BinarizeArgs, Method};
use crate::error::CliError;
use crate::inputs::float_network;

pub fn run(args: BinarizeArgs) -> Result<Answer, CliError> {
    let network = binarize(&float_network(&args.network)?, method(args.method))?;
    let file = match args.out {
        Some(file) => file,
        None if args.network.is_dir() => Run::open(&args.network)?.network_path(),
        None => return Err(CliError::Usage("name the file to write with --out".into())),
    };
    network.save(&file)?;
    let (activated, approximate) = network.exactness_counts();
    writeln!(
        stdout(),
        "{}: {activated} neurons activated, {approximate} approximated",
        file.display()
    )?;
    Ok(Answer::Yes)
}

fn method(method: Method) -> theory::Method {
    match method {
        Method::Exact => theory::Method::Exact,
        Method::Constant => theory::Method::Constant(theory::ConstantRule::Exact),
        Method::Activable => theory::Method::Activable(theory::Metric::default()),
    }
}
