//! `strel morph`.

use std::io::Write;

use crate::Answer;
use crate::batch::process;
use crate::cli::MorphArgs;
use crate::error::CliError;
use crate::places::{Images, Results};
use crate::planned;

pub fn run(args: MorphArgs) -> Result<Answer, CliError> {
    let plan = args.sequence.plan(args.border);
    let images = Images::new(&args.images)?;
    let results = Results::new(&args.out, args.format, &images, &[])?;
    let batch = process(&images, args.threads, |index| {
        planned::apply(&plan, &images.files[index], &results.files[index], &args.read)
    })?;
    for (index, work) in &batch.done {
        writeln!(results.messages(), "{}: {work}", results.name(*index).display())?;
    }
    batch.print("sequence", &results)?;
    results.finish()?;
    batch.answer()
}
