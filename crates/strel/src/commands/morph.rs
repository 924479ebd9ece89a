//! `strel morph`.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::time::Instant;

use strel::image::files::{Format, read, write};
use strel::image::{Engine, Plan};

use crate::Answer;
use crate::batch::{Work, process};
use crate::cli::{MorphArgs, OutputFormat};
use crate::error::CliError;
use crate::outputs::{make_folder, result_file, result_files};

pub fn run(args: MorphArgs) -> Result<Answer, CliError> {
    let plan = args.sequence.plan(args.border);
    let files = places(&args)?;
    let batch = process(&args.images, &files, args.threads, |image, file| {
        apply(&plan, image, file, &args)
    })?;
    for (work, file) in batch.work.iter().zip(&files) {
        let (height, width) = work.size;
        let seconds = work.time.as_secs_f64();
        writeln!(stdout(), "{}: {height} x {width}, {seconds:.4} s", file.display())?;
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
        (images, format) => {
            let ending = format.unwrap_or(OutputFormat::Png).ending();
            let files = result_files(images, &args.out, ending)?;
            make_folder(&args.out)?;
            Ok(files)
        }
    }
}

fn apply(plan: &Plan, image: &Path, file: &Path, args: &MorphArgs) -> Result<Work, CliError> {
    let image = read(image, &args.read.options())?;
    let start = Instant::now();
    let outputs = plan.run(&Engine::default(), &[&image])?;
    let time = start.elapsed();
    write(file, &outputs[0], args.read.foreground)?;
    Ok(Work { size: image.size(), time })
}
