//! Files of 1 bit a pixel, read row by row.

use std::fs::{self, File};
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Decoded, FileError, FileProblem, Foreground, Format, pnm, tiff};
use crate::{BitImage, RowSource};

/// Bytes that a reader may hold of a file, decoded.
const MAX_HELD: usize = 32 << 20;

/// Bytes of a file among which its format is told, and a PBM header ends.
const HEADER: usize = 1 << 16;

/// A file's content. Clones may share the place at which they read.
pub(super) trait Source: Read + Seek + Clone {
    /// Fills a buffer from a place of the file on.
    fn read_at(&mut self, place: u64, buffer: &mut [u8]) -> Result<(), FileProblem> {
        let read = self.seek(SeekFrom::Start(place)).and_then(|_| self.read_exact(buffer));
        read.map_err(FileProblem::Read)
    }
}

impl Source for Arc<File> {}
impl Source for Cursor<&[u8]> {}

/// A decoder that gives one row after the other.
pub(super) trait Rows {
    /// Decodes the next rows to `to` of an image: the pixels that the file stores as 1.
    fn decode(&mut self, ones: &mut BitImage, to: Range<usize>) -> Result<(), FileProblem>;
}

/// An image of 1 bit a pixel whose header is read.
pub(super) struct Bits<'a> {
    pub height: usize,
    pub width: usize,
    /// What a 1 of the file stands for.
    pub ones: Foreground,
    pub rows: Box<dyn Rows + 'a>,
    /// Bytes of decoded rows that the decoder holds at most.
    pub held: usize,
}

impl Bits<'_> {
    /// Decodes all rows.
    pub(super) fn decode(mut self) -> Result<Decoded, FileProblem> {
        let mut image = BitImage::new(self.height, self.width);
        self.rows.decode(&mut image, 0..self.height)?;
        Ok(match self.ones {
            Foreground::Black => Decoded::Black(image),
            Foreground::White => Decoded::White(image),
        })
    }
}

/// The rows of an image file, read one after the other: raw PBM (P4), and TIFF of 1 bit a pixel in
/// strips.
///
/// Memory: a block of the file, and where strips are compressed by PackBits, LZW or deflate, one
/// strip.
///
/// ```no_run
/// use strel_image::files::{Foreground, RowReader, write_rows};
/// use strel_image::{Border, Engine, PlannedRows, Sequence};
///
/// let plan = "o3.3 + c5.5".parse::<Sequence>()?.plan(Border::Neutral);
/// let page = RowReader::open("huge.tif", Foreground::Black)?;
/// let rows = plan.strip_rows(page.width(), 64 << 20);
/// let mut cleaned = PlannedRows::new(&plan, Engine::default(), page, rows)?;
/// write_rows("cleaned.tif", &mut cleaned, Foreground::Black)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RowReader {
    path: PathBuf,
    foreground: Foreground,
    bits: Bits<'static>,
}

impl RowReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// A [`FileError`] with the path: as for [`read`](super::read), and [`FileProblem::NotByRows`]
    /// for files that [`read`](super::read) alone can read.
    pub fn open(path: impl AsRef<Path>, foreground: Foreground) -> Result<Self, FileError> {
        let path = path.as_ref().to_owned();
        match open(&path) {
            Ok(bits) => Ok(RowReader { path, foreground, bits }),
            Err(problem) => Err(FileError { path, problem }),
        }
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.bits.height
    }

    /// Number of pixels a row.
    pub fn width(&self) -> usize {
        self.bits.width
    }
}

fn open(path: &Path) -> Result<Bits<'static>, FileProblem> {
    let metadata = fs::metadata(path).map_err(FileProblem::Read)?;
    if !metadata.is_file() {
        // A pipe can be opened and read only once.
        return Err(FileProblem::NotByRows { reason: "it is no regular file".to_owned() });
    }
    let (mut file, length) = (File::open(path).map_err(FileProblem::Read)?, metadata.len());
    let mut start = Vec::new();
    (&mut file).take(HEADER as u64).read_to_end(&mut start).map_err(FileProblem::Read)?;
    let file = Arc::new(file);
    let bits = match Format::of_content(&start)? {
        Format::Tiff => tiff::bits(file, length)?,
        Format::Pbm if start.starts_with(b"P4") => pnm::raw_bits(file, &start, length)?,
        _ => {
            let reason = "it is neither raw PBM nor TIFF".to_owned();
            return Err(FileProblem::NotByRows { reason });
        }
    };
    if bits.held > MAX_HELD {
        let reason = format!("a strip takes {} bytes, more than {MAX_HELD}", bits.held);
        return Err(FileProblem::NotByRows { reason });
    }
    Ok(bits)
}

impl RowSource for RowReader {
    type Error = FileError;

    fn size(&self) -> (usize, usize) {
        (self.bits.height, self.bits.width)
    }

    fn read_rows(&mut self, image: &mut BitImage, to: Range<usize>) -> Result<(), FileError> {
        let decoded = self.bits.rows.decode(image, to.clone());
        decoded.map_err(|problem| FileError { path: self.path.clone(), problem })?;
        if self.bits.ones != self.foreground {
            image.complement_rows(to);
        }
        Ok(())
    }
}
