//! Files of 1 bit a pixel, read row by row.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::caught::caught;
use super::pages::Pages;
use super::{FileError, FileProblem, Foreground, Format, Pixels, Resolution};
use crate::{BitImage, RowSource, Symmetry};

/// Bytes that a reader may hold of a file, decoded.
const MAX_HELD: usize = 32 << 20;

/// Why other formats do not come by rows.
pub(super) const NEITHER: &str = "it is neither raw PBM nor TIFF";

/// A decoder that gives one row after the other.
pub(super) trait Rows {
    /// Decodes the next rows to `to` of an image: the pixels that the file stores as 1.
    fn decode(&mut self, ones: &mut BitImage, to: Range<usize>) -> Result<(), FileProblem>;
}

/// An image of 1 bit a pixel whose header is read.
pub(super) struct Bits {
    pub height: usize,
    pub width: usize,
    /// What a 1 of the file stands for.
    pub ones: Foreground,
    pub rows: Box<dyn Rows>,
    /// Bytes of decoded rows that the decoder holds at most.
    pub held: usize,
    /// What brings the rows to the image that is to be seen.
    pub turn: Symmetry,
    pub resolution: Option<Resolution>,
}

impl Bits {
    /// Refuses rows that cannot be given one after the other without holding much of the file.
    pub(super) fn by_rows(self) -> Result<Self, FileProblem> {
        let reason = if self.held > MAX_HELD {
            format!("a strip takes {} bytes, more than {MAX_HELD}", self.held)
        } else if self.turn.transposed || self.turn.upside_down {
            "its first row is to be seen elsewhere than at the top".to_owned()
        } else {
            return Ok(self);
        };
        Err(FileProblem::NotByRows { reason })
    }

    /// Decodes all rows, as they are stored.
    pub(super) fn decode(mut self) -> Result<Pixels, FileProblem> {
        let mut image = BitImage::new(self.height, self.width);
        self.rows.decode(&mut image, 0..self.height)?;
        Ok(match self.ones {
            Foreground::Black => Pixels::Black(image),
            Foreground::White => Pixels::White(image),
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
    pub(super) path: PathBuf,
    /// The number of the page among several.
    pub(super) page: Option<usize>,
    pub(super) format: Format,
    pub(super) foreground: Foreground,
    pub(super) bits: Bits,
}

impl RowReader {
    /// Opens a file of one page and reads its header.
    ///
    /// # Errors
    /// A [`FileError`] with the path: as for [`read`](super::read), and [`FileProblem::NotByRows`]
    /// for files that [`read`](super::read) alone can read.
    pub fn open(path: impl AsRef<Path>, foreground: Foreground) -> Result<Self, FileError> {
        let pages = Pages::open(path)?;
        pages.check_one()?;
        pages.rows(0, foreground)
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.bits.height
    }

    /// Number of pixels a row.
    pub fn width(&self) -> usize {
        self.bits.width
    }

    /// How large the pixels are, if the file tells.
    pub fn resolution(&self) -> Option<Resolution> {
        self.bits.resolution
    }
}

impl RowSource for RowReader {
    type Error = FileError;

    fn size(&self) -> (usize, usize) {
        (self.bits.height, self.bits.width)
    }

    fn read_rows(&mut self, image: &mut BitImage, to: Range<usize>) -> Result<(), FileError> {
        let decoded = caught(self.format, || self.bits.rows.decode(image, to.clone()));
        decoded.map_err(|problem| FileError {
            path: self.path.clone(),
            problem: problem.on_page(self.page),
        })?;
        if self.bits.ones != self.foreground {
            image.complement_rows(to.clone());
        }
        if self.bits.turn.mirrored {
            to.for_each(|row| image.mirror_row(row));
        }
        Ok(())
    }
}
