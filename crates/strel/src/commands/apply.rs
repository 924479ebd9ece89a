//! `strel apply`.

mod classify;

use std::io::Write;

use crate::Answer;
use crate::batch::process;
use crate::cli::ApplyArgs;
use crate::error::CliError;
use crate::inputs::{binarized_network, network_files};
use crate::places::{Images, Results};
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
    let out = args.out.as_ref().ok_or_else(|| {
        CliError::Usage("name a file or the folder for the results with --out".into())
    })?;
    let images = Images::new(&args.images)?;
    let results = Results::new(out, args.format, &images, &network_files(&args.network))?;
    let batch = process(&images, args.threads, |index| {
        planned::apply(plan, &images.files[index], &results.files[index], &args.read)
    })?;
    for (index, work) in batch.done.iter().filter(|(_, work)| work.strips.is_some()) {
        writeln!(results.messages(), "{}: {work}", results.name(*index).display())?;
    }
    batch.print("network", &results)?;
    results.finish()?;
    batch.answer()
}
