//! `strel apply`.

use std::io::{Write, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use strel::image::files::{read, write};
use strel::image::kernel_name;
use strel::network::NetworkPlan;

use crate::Answer;
use crate::cli::{ApplyArgs, OutputFormat};
use crate::error::CliError;
use crate::inputs::binarized_network;
use crate::outputs::{make_folder, result_files};

/// What one image took.
struct Work {
    pixels: usize,
    time: Duration,
}

pub fn run(args: ApplyArgs) -> Result<Answer, CliError> {
    let plan = binarized_network(&args.network)?.plan();
    let files = result_files(&args.images, &args.out, ending(args.format))?;
    make_folder(&args.out)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.map_or(0, usize::from))
        .build()
        .map_err(|error| CliError::Usage(format!("cannot start threads: {error}")))?;
    let start = Instant::now();
    let work = pool.install(|| {
        let images = args.images.par_iter().zip(&files);
        images.map(|(image, file)| apply(&plan, image, file, &args)).collect::<Vec<_>>()
    });
    let elapsed = start.elapsed();
    let work = work.into_iter().collect::<Result<Vec<_>, _>>()?;
    let pixels: usize = work.iter().map(|work| work.pixels).sum();
    let busy: Duration = work.iter().map(|work| work.time).sum();
    let rate = |time: Duration| pixels as f64 / time.as_secs_f64().max(1e-9) / 1e6;
    writeln!(
        stdout(),
        "{} images, {pixels} pixels: {:.0} million pixels a second in the network, {:.0} with files \
         ({} threads, kernel {})",
        work.len(),
        rate(busy),
        rate(elapsed),
        pool.current_num_threads(),
        kernel_name()
    )?;
    Ok(Answer::Yes)
}

fn apply(
    plan: &NetworkPlan,
    image: &Path,
    file: &Path,
    args: &ApplyArgs,
) -> Result<Work, CliError> {
    let image = read(image, &args.read.options())?;
    let start = Instant::now();
    let output = plan.apply_one(&image)?;
    let time = start.elapsed();
    write(file, &output, args.read.foreground)?;
    Ok(Work { pixels: image.area(), time })
}

fn ending(format: OutputFormat) -> &'static str {
    match format {
        OutputFormat::Png => "png",
        OutputFormat::Tif => "tif",
        OutputFormat::Pbm => "pbm",
    }
}
