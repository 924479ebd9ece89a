//! Files of one or more images, written page by page.

use std::io::{BufWriter, Cursor, Seek, Write};
use std::path::{Path, PathBuf};

use ::tiff::encoder::TiffEncoder;

use super::blocks::{Blocks, Unwritten};
use super::{FileError, FileProblem, Foreground, Format, Resolution, atomic, png, pnm, tiff};
use crate::row_source::ImageRows;
use crate::{BitImage, GreyImage, RowSource};

/// Writes a file page by page, in the format that its extension names: `.tif`, `.tiff`, `.pbm` or `.pgm` for any number
/// of pages, `.png` for one. The file appears whole or not at all. TIFF and PNG files keep resolutions.
///
/// # Errors
/// Those of the function. A [`FileError`] with the path: the name has another extension, or the file cannot be written.
pub fn write_pages<E: From<FileError>>(
    path: impl AsRef<Path>,
    foreground: Foreground,
    write: impl FnOnce(&mut PageWriter) -> Result<(), E>,
) -> Result<(), E> {
    let path = path.as_ref();
    let error = |problem| FileError { path: path.to_owned(), problem };
    let written = Format::of_name(path).map_err(Unwritten::File).and_then(|format| {
        atomic::replace(path, |file| {
            let mut out = BufWriter::new(file);
            let mut pages = PageWriter::new(&mut out, format, foreground, path)?;
            write(&mut pages).map_err(Unwritten::Source)?;
            pages.finish()?;
            Ok(out.flush()?)
        })
    });
    written.map_err(|reason| match reason {
        Unwritten::Source(error) => error,
        Unwritten::File(problem) => error(problem).into(),
    })
}

/// The file that [`write_pages`] writes.
pub struct PageWriter<'a> {
    out: Out<'a>,
    format: Format,
    foreground: Foreground,
    pages: usize,
    path: PathBuf,
}

/// Where bytes go.
trait Place: Write + Seek {}

impl<T: Write + Seek> Place for T {}

/// The encoder of TIFF keeps the place of the directory before.
enum Out<'a> {
    Tiff(Box<TiffEncoder<&'a mut dyn Place>>),
    Other(&'a mut dyn Place),
}

impl<'a> PageWriter<'a> {
    fn new(
        out: &'a mut dyn Place,
        format: Format,
        foreground: Foreground,
        path: &Path,
    ) -> Result<Self, FileProblem> {
        let out = match format {
            Format::Tiff => Out::Tiff(Box::new(TiffEncoder::new(out).map_err(tiff::unwritten)?)),
            Format::Jpeg => return Err(format.unsupported("it is read, but not written")),
            _ => Out::Other(out),
        };
        Ok(PageWriter { out, format, foreground, pages: 0, path: path.to_owned() })
    }

    /// The format of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Where the file will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds an image.
    ///
    /// # Errors
    /// A [`FileError`] with the path: the image has no pixels or is too large for the format, the format holds one
    /// image and has one already, or the file cannot be written.
    pub fn write(
        &mut self,
        image: &BitImage,
        resolution: Option<Resolution>,
    ) -> Result<(), FileError> {
        self.add(&mut ImageRows::new(image), resolution, Some(image)).map_err(|reason| match reason
        {
            Unwritten::File(problem) => self.error(problem),
            Unwritten::Source(never) => match never {},
        })
    }

    /// Adds the rows of a source, to a TIFF or PBM file.
    ///
    /// Memory: rows that take 2 MiB, one at least, and their code.
    ///
    /// # Errors
    /// Those of the source. A [`FileError`] with the path: [`FileProblem::NotByRows`] for other formats, and otherwise
    /// as for [`write`](Self::write).
    pub fn write_rows<S: RowSource>(
        &mut self,
        source: &mut S,
        resolution: Option<Resolution>,
    ) -> Result<(), S::Error>
    where
        S::Error: From<FileError>,
    {
        self.add(source, resolution, None).map_err(|reason| match reason {
            Unwritten::Source(error) => error,
            Unwritten::File(problem) => self.error(problem).into(),
        })
    }

    /// Adds one plane as a grey image, or three as the red, green and blue of a coloured one, of 8 bits a sample: to a
    /// PNG file, or a PGM one if it is grey.
    ///
    /// # Errors
    /// As for [`write`](Self::write); [`FileProblem::Unsupported`] for other formats.
    ///
    /// # Panics
    /// There are neither one nor three planes, or they differ in size.
    pub fn write_grey(
        &mut self,
        planes: &[GreyImage],
        resolution: Option<Resolution>,
    ) -> Result<(), FileError> {
        assert!(matches!(planes.len(), 1 | 3), "one plane or three, not {}", planes.len());
        assert!(planes.iter().all(|plane| plane.size() == planes[0].size()), "planes of one size");
        let written =
            self.next_page(planes[0].size()).and_then(|()| match (&mut self.out, self.format) {
                (Out::Other(out), Format::Png) => {
                    put(out, &png::encode_planes(planes, resolution)?)
                }
                (Out::Other(out), Format::Pgm) if planes.len() == 1 => {
                    put(out, &pnm::encode_levels(&planes[0]))
                }
                (_, Format::Pgm) => {
                    Err(self.format.unsupported("an image with colours goes to PNG"))
                }
                _ => Err(self.format.unsupported("grey levels are written to PNG and PGM")),
            });
        written.map_err(|problem| self.error(problem))
    }

    /// The rows of a source, which are those of an image if it is there as a whole.
    fn add<S: RowSource>(
        &mut self,
        source: &mut S,
        resolution: Option<Resolution>,
        whole: Option<&BitImage>,
    ) -> Result<(), Unwritten<S::Error>> {
        self.next_page(source.size())?;
        let (format, foreground) = (self.format, self.foreground);
        let out = match &mut self.out {
            Out::Tiff(encoder) => {
                return tiff::write_page(encoder, Blocks::new(source, foreground), resolution);
            }
            Out::Other(out) if format == Format::Pbm => {
                return pnm::write_pbm(out, Blocks::new(source, foreground));
            }
            Out::Other(out) => out,
        };
        let image = whole.ok_or_else(|| {
            let reason = format!("{format} is written as a whole");
            FileProblem::NotByRows { reason }
        })?;
        let complement;
        let white = match foreground {
            Foreground::White => image,
            Foreground::Black => {
                complement = image.complement();
                &complement
            }
        };
        let bytes = match format {
            Format::Png => png::encode(white, resolution)?,
            _ => pnm::encode_pgm(white),
        };
        Ok(put(out, &bytes)?)
    }

    /// Refuses an image without pixels, or one more than the format holds.
    fn next_page(&mut self, (height, width): (usize, usize)) -> Result<(), FileProblem> {
        if height == 0 || width == 0 {
            return Err(FileProblem::NoPixels { height: height as u64, width: width as u64 });
        }
        self.pages += 1;
        if self.pages > self.format.most_pages() {
            return Err(self.format.unsupported("a file holds one image"));
        }
        Ok(())
    }

    /// Refuses a file without pages.
    fn finish(self) -> Result<(), FileProblem> {
        match self.pages {
            0 => Err(FileProblem::NoPixels { height: 0, width: 0 }),
            _ => Ok(()),
        }
    }

    fn error(&self, problem: FileProblem) -> FileError {
        FileError { path: self.path.clone(), problem }
    }
}

fn put(out: &mut dyn Place, bytes: &[u8]) -> Result<(), FileProblem> {
    out.write_all(bytes).map_err(FileProblem::Write)
}

/// The content of a file that holds an image.
pub(super) fn encode(
    image: &BitImage,
    format: Format,
    foreground: Foreground,
) -> Result<Vec<u8>, FileProblem> {
    let mut out = Cursor::new(Vec::new());
    let mut pages = PageWriter::new(&mut out, format, foreground, Path::new(""))?;
    pages.write(image, None).map_err(|error| error.problem)?;
    Ok(out.into_inner())
}
