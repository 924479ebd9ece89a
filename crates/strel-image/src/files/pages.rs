//! The pages of an image file.

use std::path::{Path, PathBuf};

use super::caught::caught;
use super::content::Content;
use super::rows::{NEITHER, RowReader};
use super::{
    Decoded, FileError, FileProblem, Foreground, Format, Pixels, ReadOptions, Resolution, jpeg,
    png, pnm, tiff,
};
use crate::{BitImage, GreyImage, Symmetry};

/// An image of a file, upright, and its resolution.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The image, after the turn or the flip that the file asks for.
    pub image: T,
    /// How large its pixels are, if the file tells.
    pub resolution: Option<Resolution>,
}

/// The pages of an image file, which are read one by one: all images of a TIFF file but thumbnails, and all of a PBM or
/// PGM file. A PNG or JPEG file has one.
///
/// ```
/// use strel_image::files::{Foreground, PageWriter, Pages, ReadOptions, write_pages};
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("two.tif");
/// write_pages(&file, Foreground::Black, |pages: &mut PageWriter| {
///     pages.write(&"#..".parse().unwrap(), None)?;
///     pages.write(&".##".parse().unwrap(), None)
/// })?;
/// let pages = Pages::open(&file)?;
/// assert_eq!(pages.count(), 2);
/// assert_eq!(pages.read(1, &ReadOptions::default())?.image.to_string(), ".##");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pages {
    path: PathBuf,
    content: Content,
    format: Format,
    /// Where each begins.
    places: Vec<u64>,
}

impl Pages {
    /// Opens a file and finds its pages. Cost: reads the headers of the pages, and plain PBM and PGM files as a whole.
    ///
    /// # Errors
    /// A [`FileError`] with the path: the file cannot be read, is of another format, or damaged where its pages are
    /// told.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let found = Content::open(path).and_then(|content| Pages::find(path, content));
        found.map_err(|problem| FileError { path: path.to_owned(), problem })
    }

    /// The pages in the content of a file, which errors name as they would a path.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn of_bytes(name: impl AsRef<Path>, bytes: &[u8]) -> Result<Self, FileError> {
        let path = name.as_ref();
        let found = Pages::find(path, Content::of_bytes(bytes));
        found.map_err(|problem| FileError { path: path.to_owned(), problem })
    }

    fn find(path: &Path, content: Content) -> Result<Self, FileProblem> {
        let format = Format::of_content(&content.part(0, 8)?)?;
        let places = match format {
            Format::Tiff => tiff::pages(&content)?,
            Format::Pbm | Format::Pgm => pnm::pages(&content)?,
            Format::Png | Format::Jpeg => vec![0],
        };
        Ok(Pages { path: path.to_owned(), content, format, places })
    }

    /// How many there are, at least one.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Reads a page, the first of which is page 0. Cost: one pass over its part of the file and its pixels.
    ///
    /// # Errors
    /// A [`FileError`] with the path: as for [`read`](super::read).
    ///
    /// # Panics
    /// There is no such page.
    pub fn read(&self, page: usize, options: &ReadOptions) -> Result<Page<BitImage>, FileError> {
        let binary = |decoded: Decoded| {
            let (turn, resolution) = (decoded.turn, decoded.upright_resolution());
            let (mut image, found) = match decoded.pixels {
                Pixels::White(white) => (white, Foreground::White),
                Pixels::Black(black) => (black, Foreground::Black),
                Pixels::Levels(levels) => (levels.white(options.threshold)?, Foreground::White),
            };
            if found != options.foreground {
                image.complement_in_place();
            }
            if turn != Symmetry::IDENTITY {
                image = turn.apply(&image);
            }
            Ok(Page { image, resolution })
        };
        self.decode(page).and_then(binary).map_err(|problem| self.error(page, problem))
    }

    /// Reads a page of any kind: one plane of levels if it is grey or black and white, three (red, green and blue) if
    /// it has colours. Transparent pixels are shown over white.
    ///
    /// # Errors
    /// Those of [`read`](Self::read), but for pages that are not black and white.
    ///
    /// # Panics
    /// There is no such page.
    pub fn read_grey(&self, page: usize) -> Result<Page<Vec<GreyImage>>, FileError> {
        let decoded = self.decode(page).map_err(|problem| self.error(page, problem))?;
        let (turn, resolution) = (decoded.turn, decoded.upright_resolution());
        let planes = match decoded.pixels {
            Pixels::White(white) => vec![black_and_white(&white)],
            Pixels::Black(black) => vec![black_and_white(&black.complement())],
            Pixels::Levels(levels) => levels.planes(),
        };
        let image = if turn == Symmetry::IDENTITY {
            planes
        } else {
            planes.iter().map(|plane| turn.apply_to_grey(plane)).collect()
        };
        Ok(Page { image, resolution })
    }

    /// The rows of a page, to be read one after the other: raw PBM (P4), and TIFF of 1 bit a pixel in strips.
    ///
    /// # Errors
    /// A [`FileError`] with the path: as for [`read`](super::read), and [`FileProblem::NotByRows`] for pages that
    /// [`read`](Self::read) alone can read.
    ///
    /// # Panics
    /// There is no such page.
    pub fn rows(&self, page: usize, foreground: Foreground) -> Result<RowReader, FileError> {
        let place = self.places[page];
        let bits = caught(self.format, || match self.format {
            Format::Tiff => tiff::bits(&self.content, place)?.by_rows(),
            Format::Pbm | Format::Pgm => pnm::raw_bits(&self.content, place),
            Format::Png | Format::Jpeg => {
                Err(FileProblem::NotByRows { reason: NEITHER.to_owned() })
            }
        });
        let bits = bits.map_err(|problem| self.error(page, problem))?;
        let (path, format, page) = (self.path.clone(), self.format, self.number(page));
        Ok(RowReader { path, page, format, foreground, bits })
    }

    /// An error unless there is one page.
    pub(super) fn check_one(&self) -> Result<(), FileError> {
        match self.count() {
            1 => Ok(()),
            pages => {
                Err(FileError { path: self.path.clone(), problem: FileProblem::Pages { pages } })
            }
        }
    }

    fn decode(&self, page: usize) -> Result<Decoded, FileProblem> {
        let place = self.places[page];
        caught(self.format, || match self.format {
            Format::Png => png::decode(&self.content.all()?),
            Format::Tiff => tiff::decode(&self.content, place),
            Format::Pbm | Format::Pgm => pnm::decode(&self.content, place),
            Format::Jpeg => jpeg::decode(&self.content.all()?),
        })
    }

    /// The number of a page as people count them, where there are several.
    fn number(&self, page: usize) -> Option<usize> {
        (self.count() > 1).then_some(page + 1)
    }

    fn error(&self, page: usize, problem: FileProblem) -> FileError {
        FileError { path: self.path.clone(), problem: problem.on_page(self.number(page)) }
    }
}

fn black_and_white(white: &BitImage) -> GreyImage {
    let (height, width) = white.size();
    GreyImage::new(height, width, white.to_bytes(u8::MAX)).expect("a byte a pixel")
}
