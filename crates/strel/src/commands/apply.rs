//! `strel apply`.

mod classify;

use crate::Answer;
use crate::batch::process;
use crate::cli::ApplyArgs;
use crate::error::CliError;
use crate::inputs::binarized_network;
use crate::outputs::{make_folder, result_files};
use crate::planned;
use classify::classify;

pub fn run(args: ApplyArgs) -> Result<Answer, CliError> {
    let network = binarized_network(&args.network)?;
    if network.classes().is_some() {
        return classify(&network, &args);
    }
    if !args.thresholds.is_empty() {
        let wanted = "is no classifier; --thresholds tells the level sets that one reads";
        return Err(CliError::Usage(format!("{} {wanted}", args.network.display())));
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
