//! A plan on an image file, whatever its size.

use std::path::{Path, PathBuf};
use std::time::Instant;

use strel::image::files::{FileError, FileProblem, Format, Page, PageWriter, Pages, RowReader};
use strel::image::{Engine, Plan, PlannedRows};

use crate::batch::Work;
use crate::cli::ReadArgs;
use crate::error::CliError;
use crate::grey;
use crate::notes::note_line;
use crate::places::each_page;

/// Images of more pixels are not held in memory, where their files allow it.
const LARGE: usize = 1 << 28;

/// Bytes that the strips of an image may take.
const MEMORY: usize = 64 << 20;

/// Applies a plan to the pages of an image file and writes the results: all to one file, or each to its own.
pub fn apply(
    plan: &Plan,
    image: &Path,
    files: &[PathBuf],
    args: &ReadArgs,
) -> Result<Work, CliError> {
    let (mut work, sets) = (Work::default(), args.level_sets()?);
    each_page(image, files, args.binary.foreground, |pages, page, out| {
        if let Some(sets) = sets {
            return grey::apply(plan, pages.read_grey(page)?, image, out, sets, &mut work);
        }
        match open_rows(pages, page, out, args) {
            Ok(rows) if rows.height() * rows.width() > LARGE => {
                streamed(plan, rows, out, &mut work)
            }
            Ok(_) => whole(plan, pages, page, out, args, None, &mut work),
            // Whatever else is wrong, reading the image as a whole tells.
            Err(error) => whole(plan, pages, page, out, args, Some(error), &mut work),
        }
    })?;
    Ok(work)
}

/// The rows of a page whose result can be written by rows, too.
fn open_rows(
    pages: &Pages,
    page: usize,
    out: &PageWriter,
    args: &ReadArgs,
) -> Result<RowReader, FileError> {
    let rows = pages.rows(page, args.binary.foreground)?;
    match out.format() {
        Format::Tiff | Format::Pbm => Ok(rows),
        _ => {
            let reason = "only TIFF and PBM files are written by rows".to_owned();
            let problem = FileProblem::NotByRows { reason };
            Err(FileError { path: out.path().to_owned(), problem })
        }
    }
}

fn streamed(
    plan: &Plan,
    rows: RowReader,
    out: &mut PageWriter,
    work: &mut Work,
) -> Result<(), CliError> {
    let (size, resolution) = ((rows.height(), rows.width()), rows.resolution());
    let strip_rows = plan.strip_rows(size.1, MEMORY);
    let mut result = PlannedRows::new(plan, Engine::default(), rows, strip_rows)?;
    out.write_rows(&mut result, resolution)?;
    work.sizes.push(size);
    work.time += result.plan_time();
    *work.strips.get_or_insert(0) += result.strips();
    Ok(())
}

/// Holds the page in memory, and says why if it is large.
fn whole(
    plan: &Plan,
    pages: &Pages,
    page: usize,
    out: &mut PageWriter,
    args: &ReadArgs,
    why: Option<FileError>,
    work: &mut Work,
) -> Result<(), CliError> {
    let Page { image, resolution } = pages.read(page, &args.options())?;
    if let Some(why) = why.filter(|_| image.area() > LARGE) {
        note_line(&format!("all {} pixels are held in memory: {why}", image.area()));
    }
    let start = Instant::now();
    let outputs = plan.run(&Engine::default(), &[&image])?;
    work.time += start.elapsed();
    work.sizes.push(image.size());
    Ok(out.write(&outputs[0], resolution)?)
}
