//! `strel apply`.

use crate::Answer;
use crate::batch::process;
use crate::cli::ApplyArgs;
use crate::error::CliError;
use crate::inputs::binarized_network;
use crate::outputs::{make_folder, result_files};
use crate::planned;

pub fn run(args: ApplyArgs) -> Result<Answer, CliError> {
    let network = binarized_network(&args.network)?.plan();
    let plan = network.one_to_one()?;
    let files = result_files(&args.images, &args.out, args.format.ending())?;
    make_folder(&args.out)?;
    let batch = process(&args.images, &files, args.threads, |image, file| {
        planned::apply(plan, image, file, &args.read)
    })?;
    batch.print_streamed(&files)?;
    batch.print("network")?;
    Ok(Answer::Yes)
}
