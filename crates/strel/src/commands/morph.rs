//! `strel morph`.

use std::io::{Write, stdout};
use std::path::PathBuf;

use strel::image::files::Format;

use crate::Answer;
use crate::batch::process;
use crate::cli::{MorphArgs, OutputFormat};
use crate::error::CliError;
use crate::outputs::{make_folder, result_file, result_files};
use crate::planned;

pub fn run(args: MorphArgs) -> Result<Answer, CliError> {
    let plan = args.sequence.plan(args.border);
    let files = places(&args)?;
    let batch = process(&args.images, &files, args.threads, |image, file| {
        planned::apply(&plan, image, file, &args.read)
    })?;
    for (work, file) in batch.work.iter().zip(&files) {
        writeln!(stdout(), "{}: {work}", file.display())?;
    }
    batch.print("sequence")?;
    Ok(Answer::Yes)
}

/// Where the results go: the file that `--out` names, or files in the folder.
fn places(args: &MorphArgs) -> Result<Vec<PathBuf>, CliError> {
    let is_file = Format::of_name(&args.out).is_ok() && !args.out.is_dir();
    match (args.images.as_slice(), args.format) {
        ([image], None) if is_file => Ok(vec![result_file(image, &args.out)?]),
        ([_], Some(_)) if is_file => Err(CliError::Usage(format!(
            "the name {} says the format; expected no --format, or a folder",
            args.out.display()
        ))),
        (images, _) if is_file => Err(CliError::Usage(format!(
            "{} is the name of one image; expected a folder for the results of {}",
            args.out.display(),
            images.len()
        ))),
        (images, format) => {
            let ending = format.unwrap_or(OutputFormat::Png).ending();
            let files = result_files(images, &args.out, ending)?;
            make_folder(&args.out)?;
            Ok(files)
        }
    }
}
