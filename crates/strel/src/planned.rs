//! A plan on an image file, whatever its size.

use std::path::Path;
use std::time::Instant;

use strel::image::files::{FileError, FileProblem, Format, RowReader, read, write, write_rows};
use strel::image::{Engine, Plan, PlannedRows};

use crate::batch::Work;
use crate::cli::ReadArgs;
use crate::error::CliError;
use crate::grey;

/// Images of more pixels are not held in memory, where their files allow it.
const LARGE: usize = 1 << 28;

/// Bytes that the strips of an image may take.
const MEMORY: usize = 64 << 20;

/// Applies a plan to an image and writes the result.
pub fn apply(plan: &Plan, image: &Path, file: &Path, args: &ReadArgs) -> Result<Work, CliError> {
    if let Some(sets) = args.level_sets()? {
        return grey::apply(plan, image, file, sets);
    }
    match open_rows(image, file, args) {
        Ok(rows) if rows.height() * rows.width() > LARGE => streamed(plan, rows, file, args),
        Ok(_) => whole(plan, image, file, args, None),
        // Whatever else is wrong, reading the image as a whole tells.
        Err(error) => whole(plan, image, file, args, Some(error)),
    }
}

/// The rows of an image whose result can be written by rows, too.
fn open_rows(image: &Path, file: &Path, args: &ReadArgs) -> Result<RowReader, FileError> {
    let rows = RowReader::open(image, args.binary.foreground)?;
    match Format::of_name(file) {
        Ok(Format::Tiff | Format::Pbm) => Ok(rows),
        _ => {
            let reason = "only TIFF and PBM files are written by rows".to_owned();
            Err(FileError { path: file.to_owned(), problem: FileProblem::NotByRows { reason } })
        }
    }
}

fn streamed(plan: &Plan, rows: RowReader, file: &Path, args: &ReadArgs) -> Result<Work, CliError> {
    let (height, width) = (rows.height(), rows.width());
    let strip_rows = plan.strip_rows(width, MEMORY);
    let mut result = PlannedRows::new(plan, Engine::default(), rows, strip_rows)?;
    write_rows(file, &mut result, args.binary.foreground)?;
    let (time, strips) = (result.plan_time(), Some(result.strips()));
    Ok(Work { size: (height, width), time, strips })
}

/// Holds the image in memory, and says why if it is large.
fn whole(
    plan: &Plan,
    image: &Path,
    file: &Path,
    args: &ReadArgs,
    why: Option<FileError>,
) -> Result<Work, CliError> {
    let image = read(image, &args.options())?;
    if let Some(why) = why.filter(|_| image.area() > LARGE) {
        eprintln!("note: all {} pixels are held in memory: {why}", image.area());
    }
    let start = Instant::now();
    let outputs = plan.run(&Engine::default(), &[&image])?;
    let time = start.elapsed();
    write(file, &outputs[0], args.binary.foreground)?;
    Ok(Work { size: image.size(), time, strips: None })
}
