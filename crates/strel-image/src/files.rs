//! Binary images in files: PNG, TIFF, PBM and PGM, read and written, and JPEG, read.
//!
//! A file says which pixels are black and which are white; [`Foreground`] says which of them are
//! the set. The format of a file to read is told by its content, that of a file to write by its
//! name.
//!
//! ```no_run
//! use strel_image::files::{self, Foreground, ReadOptions};
//! use strel_image::{Border, StructuringElement, open};
//!
//! let ink = ReadOptions { foreground: Foreground::Black, threshold: None };
//! let page = files::read("page.tif", &ink)?;
//! let opened = open(&page, &StructuringElement::rectangle(2, 2)?, Border::Neutral);
//! files::write("opened.png", &opened, Foreground::Black)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | format | read | written |
//! | --- | --- | --- |
//! | PNG | every kind | 1 bit |
//! | TIFF, the first page | CCITT G4, G3 (1-D), none, PackBits, LZW, deflate; 1, 8 and 16 bits grey, 8 and 16 bits RGB(A) | 1 bit, CCITT G4 |
//! | PBM | P1, P4 | P4 |
//! | PGM | P2, P5 | P5, 0 and 255 |
//! | JPEG | grey and colour | - |
//!
//! An image of 1 bit a pixel, or one whose pixels are all black or white, is binary as it is. Any
//! other needs a threshold: its pixels are brought to levels from 0 (black) to 255 (white), colours
//! by their luma (0.299 R + 0.587 G + 0.114 B) and transparent pixels over white, and those at or
//! above the threshold are white.
//!
//! [`read_grey`] and [`write_grey`] keep grey levels and colours instead.
//!
//! Images too large for the memory are read by a [`RowReader`] and written by [`write_rows`], row by
//! row.

mod atomic;
mod blocks;
mod error;
mod fax;
mod format;
mod grey;
mod jpeg;
mod levels;
mod packed;
mod png;
mod pnm;
mod rows;
mod tiff;
mod write_rows;

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

pub use atomic::{check_writable, write_atomically};
pub use error::{FileError, FileProblem};
pub use format::Format;
pub use grey::{read_grey, write_grey};
pub use rows::RowReader;
pub use write_rows::write_rows;

use crate::{BitImage, ImageError};
use levels::Levels;

/// Which pixels of a file are the set.
///
/// ```
/// use strel_image::files::Foreground;
///
/// assert_eq!("white".parse(), Ok(Foreground::White));
/// assert_eq!(Foreground::default().to_string(), "black");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Foreground {
    /// Black pixels, as the ink of a scanned page.
    #[default]
    Black,
    /// White pixels.
    White,
}

/// How a file becomes a binary image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Which pixels are the set.
    pub foreground: Foreground,
    /// Pixels whose level is this at least are white, the others black. Without a threshold only
    /// images that are black and white are read; for those of 1 bit a pixel it does not count.
    pub threshold: Option<u8>,
}

/// What a decoder finds.
enum Decoded {
    /// The set of white pixels.
    White(BitImage),
    /// The set of black pixels.
    Black(BitImage),
    Levels(Levels),
}

/// Reads an image. Cost: one pass over the file and the pixels.
///
/// # Errors
/// A [`FileError`] with the path and what is wrong with the file: it cannot be read, is of another
/// format, truncated or damaged, has no pixels, claims more pixels than it can hold, or is neither
/// black and white nor accompanied by a threshold.
pub fn read(path: impl AsRef<Path>, options: &ReadOptions) -> Result<BitImage, FileError> {
    let path = path.as_ref();
    let bytes = fs::read(path).map_err(FileProblem::Read);
    bytes
        .and_then(|bytes| decode(&bytes, options))
        .map_err(|problem| FileError { path: path.to_owned(), problem })
}

/// Reads an image from the content of a file.
///
/// ```
/// use strel_image::files::{ReadOptions, decode};
///
/// let image = decode(b"P1 # plain PBM\n 4 2\n 0110 1001", &ReadOptions::default())?;
/// assert_eq!(image.to_string(), ".##.\n#..#");
/// # Ok::<(), strel_image::files::FileProblem>(())
/// ```
///
/// # Errors
/// As [`read`], without the path.
pub fn decode(bytes: &[u8], options: &ReadOptions) -> Result<BitImage, FileProblem> {
    let (mut image, found) = match decode_any(bytes)? {
        Decoded::White(white) => (white, Foreground::White),
        Decoded::Black(black) => (black, Foreground::Black),
        Decoded::Levels(levels) => (levels.white(options.threshold)?, Foreground::White),
    };
    if found != options.foreground {
        image.complement_in_place();
    }
    Ok(image)
}

fn decode_any(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    match Format::of_content(bytes)? {
        Format::Png => png::decode(bytes),
        Format::Tiff => tiff::decode(bytes),
        Format::Pbm | Format::Pgm => pnm::decode(bytes),
        Format::Jpeg => jpeg::decode(bytes),
    }
}

/// Writes an image in the format that the file's extension names: `.png`, `.tif`, `.tiff`, `.pbm`
/// or `.pgm`. The file appears whole or not at all: it is written beside its place, then renamed.
///
/// # Errors
/// A [`FileError`] with the path: the name has another extension, the image has no pixels or is too
/// large for the format, or the file cannot be written.
pub fn write(
    path: impl AsRef<Path>,
    image: &BitImage,
    foreground: Foreground,
) -> Result<(), FileError> {
    let path = path.as_ref();
    let bytes = Format::of_name(path).and_then(|format| encode(image, format, foreground));
    bytes
        .and_then(|bytes| write_atomically(path, &bytes).map_err(FileProblem::Write))
        .map_err(|problem| FileError { path: path.to_owned(), problem })
}

/// The content of a file that holds an image.
///
/// ```
/// use strel_image::BitImage;
/// use strel_image::files::{Foreground, Format, encode};
///
/// let image: BitImage = ".##.".parse()?;
/// assert_eq!(encode(&image, Format::Pbm, Foreground::Black)?, b"P4\n4 1\n\x60");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FileProblem::NoPixels`]; [`FileProblem::Unsupported`] for JPEG and for images that are too
/// large for the format.
pub fn encode(
    image: &BitImage,
    format: Format,
    foreground: Foreground,
) -> Result<Vec<u8>, FileProblem> {
    let shown = |wanted| if foreground == wanted { image.clone() } else { image.complement() };
    match format {
        Format::Tiff | Format::Pbm => write_rows::encode(image, format, foreground),
        _ if image.area() == 0 => {
            let (height, width) = image.size();
            Err(FileProblem::NoPixels { height: height as u64, width: width as u64 })
        }
        Format::Png => png::encode(&shown(Foreground::White)),
        Format::Pgm => Ok(pnm::encode_pgm(&shown(Foreground::White))),
        Format::Jpeg => Err(format.unsupported("it is read, but not written")),
    }
}

impl fmt::Display for Foreground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Foreground::Black => "black",
            Foreground::White => "white",
        })
    }
}

impl FromStr for Foreground {
    type Err = ImageError;

    /// Reads a lower-case name; anything else is an [`ImageError::UnknownForeground`].
    fn from_str(name: &str) -> Result<Self, ImageError> {
        match name {
            "black" => Ok(Foreground::Black),
            "white" => Ok(Foreground::White),
            _ => Err(ImageError::UnknownForeground { found: name.to_owned() }),
        }
    }
}
