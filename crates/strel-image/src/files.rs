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
//! | PNG | every kind but animations | 1 bit; 8 bits of grey levels and colours |
//! | TIFF, any number of pages | CCITT G4, G3 (1-D), none, PackBits, LZW, deflate; 1 to 8 and 16 bits, grey, palette, RGB, with extra samples, in strips, tiles and planes | 1 bit, CCITT G4 |
//! | PBM, any number of images | P1, P4 | P4 |
//! | PGM, any number of images | P2, P5 | P5, 0 and 255; grey levels |
//! | JPEG | grey and colour, but arithmetic codes | - |
//!
//! Images are upright: the orientation that TIFF and EXIF tell is applied when they are read. Their resolution comes
//! along with a [`Page`], and goes to TIFF and PNG files.
//!
//! An image of 1 bit a pixel, or one of two values, is binary as it is: the darker one is black. Any
//! other needs a threshold: its pixels are brought to levels from 0 (black) to 255 (white), colours
//! by their luma (0.299 R + 0.587 G + 0.114 B) and transparent pixels over white, and those at or
//! above the threshold are white. The threshold must lie among the levels, some below it.
//!
//! [`read_grey`] and [`write_grey`] keep grey levels and colours instead. Files of several pages are read by [`Pages`]
//! and written by [`write_pages`].
//!
//! Images too large for the memory are read by a [`RowReader`] and written by [`write_rows`], row by
//! row.

mod atomic;
mod blocks;
mod caught;
mod content;
mod directory;
mod error;
mod fax;
mod format;
mod grey;
mod jpeg;
mod levels;
mod packed;
mod pages;
mod png;
mod pnm;
mod resolution;
mod rows;
mod tiff;
mod write_pages;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

pub use atomic::{check_writable, write_atomically};
pub use error::{FileError, FileProblem};
pub use format::Format;
pub use grey::{read_grey, write_grey};
pub use pages::{Page, Pages};
pub use resolution::{LengthUnit, Resolution};
pub use rows::RowReader;
pub use write_pages::{PageWriter, write_pages};

use crate::{BitImage, ImageError, RowSource, Symmetry};
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
    /// Pixels whose level is this at least are white, the others black: a level of the image above its lowest. Without
    /// a threshold only images of two values are read, the darker one as black; for those of 1 bit a pixel it does not
    /// count.
    pub threshold: Option<u8>,
}

/// What a decoder finds.
struct Decoded {
    pixels: Pixels,
    /// What brings them to the image that is to be seen.
    turn: Symmetry,
    resolution: Option<Resolution>,
}

impl Decoded {
    /// The resolution of the image that is to be seen.
    fn upright_resolution(&self) -> Option<Resolution> {
        let turned = |resolution: Resolution| resolution.transposed();
        if self.turn.transposed { self.resolution.map(turned) } else { self.resolution }
    }
}

enum Pixels {
    /// The set of white pixels.
    White(BitImage),
    /// The set of black pixels.
    Black(BitImage),
    Levels(Levels),
}

/// Reads the image of a file that has one. Cost: one pass over the file and the pixels.
///
/// # Errors
/// A [`FileError`] with the path and what is wrong with the file: it cannot be read, is of another
/// format, truncated or damaged, has several pages or no pixels, claims more pixels than it can hold, or is neither
/// of two values nor accompanied by a threshold.
pub fn read(path: impl AsRef<Path>, options: &ReadOptions) -> Result<BitImage, FileError> {
    let pages = Pages::open(path)?;
    pages.check_one()?;
    Ok(pages.read(0, options)?.image)
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
    let pages = Pages::of_bytes("", bytes);
    let read = pages.and_then(|pages| pages.check_one().and_then(|()| pages.read(0, options)));
    Ok(read.map_err(|error| error.problem)?.image)
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
    write_pages(path, foreground, |pages| pages.write(image, None))
}

/// Writes the rows of a source in the format that the file's extension names: `.tif`, `.tiff` or
/// `.pbm`. The file appears whole or not at all, as by [`write()`].
///
/// Memory: rows that take 2 MiB, one at least, and their code.
///
/// # Errors
/// Those of the source. A [`FileError`] with the path: [`FileProblem::NotByRows`] for a name with
/// another extension, and otherwise as for [`write()`].
pub fn write_rows<S: RowSource>(
    path: impl AsRef<Path>,
    source: &mut S,
    foreground: Foreground,
) -> Result<(), S::Error>
where
    S::Error: From<FileError>,
{
    write_pages(path, foreground, |pages| pages.write_rows(source, None))
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
    write_pages::encode(image, format, foreground)
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
