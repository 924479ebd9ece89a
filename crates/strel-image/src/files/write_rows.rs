//! Images written row by row.

use std::io::{BufWriter, Cursor, Seek, Write};
use std::path::Path;

use super::blocks::{Blocks, Unwritten};
use super::{FileError, FileProblem, Foreground, Format, atomic, pnm, tiff};
use crate::row_source::ImageRows;
use crate::{BitImage, RowSource};

/// Writes the rows of a source in the format that the file's extension names: `.tif`, `.tiff` or
/// `.pbm`. The file appears whole or not at all, as by [`write`](super::write).
///
/// Memory: rows that take 2 MiB, one at least, and their code.
///
/// # Errors
/// Those of the source. A [`FileError`] with the path: [`FileProblem::NotByRows`] for a name with
/// another extension, and otherwise as for [`write`](super::write).
pub fn write_rows<S: RowSource>(
    path: impl AsRef<Path>,
    source: &mut S,
    foreground: Foreground,
) -> Result<(), S::Error>
where
    S::Error: From<FileError>,
{
    let path = path.as_ref();
    let written = Format::of_name(path).map_err(Unwritten::File).and_then(|format| {
        atomic::replace(path, |file| {
            let mut out = BufWriter::new(file);
            encode_rows(&mut out, source, format, foreground)?;
            Ok(out.flush()?)
        })
    });
    written.map_err(|reason| match reason {
        Unwritten::Source(error) => error,
        Unwritten::File(problem) => FileError { path: path.to_owned(), problem }.into(),
    })
}

/// The content of a TIFF or PBM file that holds an image.
pub(super) fn encode(
    image: &BitImage,
    format: Format,
    foreground: Foreground,
) -> Result<Vec<u8>, FileProblem> {
    let mut out = Cursor::new(Vec::new());
    match encode_rows(&mut out, &mut ImageRows::new(image), format, foreground) {
        Ok(()) => Ok(out.into_inner()),
        Err(Unwritten::File(problem)) => Err(problem),
        Err(Unwritten::Source(never)) => match never {},
    }
}

fn encode_rows<S: RowSource>(
    out: impl Write + Seek,
    source: &mut S,
    format: Format,
    foreground: Foreground,
) -> Result<(), Unwritten<S::Error>> {
    let blocks = Blocks::new(source, foreground)?;
    match format {
        Format::Tiff => tiff::write(out, blocks),
        Format::Pbm => pnm::write_pbm(out, blocks),
        _ => {
            let reason = format!("{format} is written as a whole");
            Err(Unwritten::File(FileProblem::NotByRows { reason }))
        }
    }
}
