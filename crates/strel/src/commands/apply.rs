//! `strel apply`.

use std::io::{Write, stdout};

use strel::image::Engine;
use strel::image::files::read;
use strel::network::Network;

use crate::Answer;
use crate::batch::process;
use crate::cli::ApplyArgs;
use crate::error::CliError;
use crate::inputs::{binarized_network, refuse_levels};
use crate::outputs::{make_folder, result_files};
use crate::planned;

pub fn run(args: ApplyArgs) -> Result<Answer, CliError> {
    let network = binarized_network(&args.network)?;
    if network.classes().is_some() {
        return classify(&network, &args);
    }
    let network = network.plan();
    let plan = network.one_to_one()?;
    let out = args
        .out
        .ok_or_else(|| CliError::Usage("name the folder for the results with --out".into()))?;
    let files = result_files(&args.images, &out, args.format.ending())?;
    make_folder(&out)?;
    let batch = process(&args.images, &files, args.threads, |image, file| {
        planned::apply(plan, image, file, &args.read)
    })?;
    batch.print_streamed(&files)?;
    batch.print("network")?;
    Ok(Answer::Yes)
}

/// Prints the class of each image.
fn classify(network: &Network, args: &ApplyArgs) -> Result<Answer, CliError> {
    refuse_levels(&args.network, &args.read)?;
    if network.inputs() != 1 {
        return Err(CliError::Usage(format!(
            "{} reads {} channels; apply gives a classifier one black and white image",
            args.network.display(),
            network.inputs()
        )));
    }
    let plan = network.plan();
    for image in &args.images {
        let batch = [vec![read(image, &args.read.options())?]];
        let class = plan.classify_batch(&Engine::default(), &batch)?[0];
        writeln!(stdout(), "{}: class {class}", image.display())?;
    }
    Ok(Answer::Yes)
}
