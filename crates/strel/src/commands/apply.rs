//! `strel apply`.

use std::path::Path;
use std::time::Instant;

use strel::image::files::{read, write};
use strel::network::Network;

use crate::Answer;
use crate::batch::{Work, process};
use crate::cli::ApplyArgs;
use crate::error::CliError;
use crate::inputs::binarized_network;
use crate::outputs::{make_folder, result_files};

pub fn run(args: ApplyArgs) -> Result<Answer, CliError> {
    let network = binarized_network(&args.network)?;
    let files = result_files(&args.images, &args.out, args.format.ending())?;
    make_folder(&args.out)?;
    let batch = process(&args.images, &files, args.threads, |image, file| {
        apply(&network, image, file, &args)
    })?;
    batch.print("network")?;
    Ok(Answer::Yes)
}

fn apply(network: &Network, image: &Path, file: &Path, args: &ApplyArgs) -> Result<Work, CliError> {
    let image = read(image, &args.read.options())?;
    let start = Instant::now();
    let output = network.apply_one(&image)?;
    let time = start.elapsed();
    write(file, &output, args.read.foreground)?;
    Ok(Work { size: image.size(), time, strips: None })
}
