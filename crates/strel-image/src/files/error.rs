//! What can be wrong with an image file.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::Format;

/// A file that could not be read or written, and why.
#[derive(Debug, Error)]
#[error("{}: {problem}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: FileProblem,
}

/// Why an image could not be read or written. Sizes are written height x width.
#[derive(Debug, Error)]
pub enum FileProblem {
    /// The operating system does not give the file's content.
    #[error("the file cannot be read: {0}")]
    Read(io::Error),
    /// The operating system does not take the file.
    #[error("the file cannot be written: {0}")]
    Write(io::Error),
    /// A content that begins like no known format.
    #[error("expected a PNG, TIFF, PBM, PGM or JPEG image, found {found}")]
    UnknownContent {
        /// How the file begins.
        found: String,
    },
    /// A file that can only be read, or written, as a whole image.
    #[error("the image does not come row by row: {reason}")]
    NotByRows {
        /// Why not.
        reason: String,
    },
    /// A name that does not say which format to write.
    #[error("expected a name that ends with .png, .tif, .tiff, .pbm or .pgm")]
    UnknownExtension,
    /// An image of more than two grey levels, or of one that is neither black nor white, and no threshold to compare
    /// them with.
    #[error(
        "the image is grey ({darkest} to {lightest}); expected two levels, or a `threshold` such as {}",
        middle(*darkest, *lightest)
    )]
    Grey {
        /// The lowest level, of 0 to 255.
        darkest: u8,
        /// The highest level.
        lightest: u8,
    },
    /// An image of more than two colours, and no threshold to compare their luma with.
    #[error(
        "the image has colours (luma {darkest} to {lightest}); expected two of them, or a `threshold` such as {}",
        middle(*darkest, *lightest)
    )]
    Coloured {
        /// The lowest luma, of 0 to 255.
        darkest: u8,
        /// The highest luma.
        lightest: u8,
    },
    /// A threshold that all pixels of an image of several levels are on one side of.
    #[error(
        "the threshold {threshold} would make all pixels {}, for the image's levels are {darkest} to {lightest}; \
         expected {} to {lightest}, or none",
        if threshold > lightest { "black" } else { "white" },
        u16::from(*darkest) + 1
    )]
    Threshold {
        /// The threshold.
        threshold: u8,
        /// The lowest level, of 0 to 255.
        darkest: u8,
        /// The highest level.
        lightest: u8,
    },
    /// What is wrong with one of several pages.
    #[error("page {page}: {problem}")]
    OnPage {
        /// Which it is; the first is page 1.
        page: usize,
        /// What is wrong with it.
        problem: Box<FileProblem>,
    },
    /// A file of several pages, where one image is expected.
    #[error("the file has {pages} pages; expected one image")]
    Pages {
        /// How many there are.
        pages: usize,
    },
    /// An image without pixels; no format but this crate's own pictures holds one.
    #[error("an image of {height}x{width} has no pixels")]
    NoPixels {
        /// Rows of the image.
        height: u64,
        /// Columns of the image.
        width: u64,
    },
    /// A header that cannot be true.
    #[error("the {format} header claims {height}x{width} pixels, but the file has {bytes} bytes")]
    TooLarge {
        /// The file's format.
        format: Format,
        /// Rows that the header claims.
        height: u64,
        /// Columns that the header claims.
        width: u64,
        /// Bytes of the file.
        bytes: u64,
    },
    /// A file that breaks the rules of its format, or ends too early.
    #[error("damaged or incomplete {format}: {reason}")]
    Damaged {
        /// The file's format.
        format: Format,
        /// What was found, and where if that is known.
        reason: String,
    },
    /// A file that uses a part of its format that is not implemented.
    #[error("{format} of a kind that is not supported: {reason}")]
    Unsupported {
        /// The file's format.
        format: Format,
        /// Which part it is.
        reason: String,
    },
}

impl FileProblem {
    /// The problem of a page, if it has a number.
    pub(super) fn on_page(self, page: Option<usize>) -> Self {
        match page {
            Some(page) => FileProblem::OnPage { page, problem: Box::new(self) },
            None => self,
        }
    }
}

/// The level in the middle of others, above the lowest.
fn middle(darkest: u8, lightest: u8) -> u8 {
    lightest - (lightest - darkest) / 2
}
