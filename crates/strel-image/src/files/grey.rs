//! Files of grey and coloured images.

use std::path::Path;

use super::{FileError, Foreground, Pages, write_pages};
use crate::GreyImage;

/// Reads an image of any kind: one plane of levels if it is grey or black and white, three (red,
/// green and blue) if it has colours. Transparent pixels are shown over white. Cost: one pass over
/// the file and the pixels.
///
/// # Errors
/// Those of [`read`](super::read), but for images that are not black and white.
pub fn read_grey(path: impl AsRef<Path>) -> Result<Vec<GreyImage>, FileError> {
    let pages = Pages::open(path)?;
    pages.check_one()?;
    Ok(pages.read_grey(0)?.image)
}

/// Writes one plane as a grey image, or three as the red, green and blue of a coloured one, of 8 bits
/// a sample: to a `.png` file, or a `.pgm` one if it is grey. The file appears whole or not at all.
///
/// ```
/// use strel_image::GreyImage;
/// use strel_image::files::{read_grey, write_grey};
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("ramp.png");
/// let ramp = GreyImage::new(1, 3, vec![0, 100, 200])?;
/// write_grey(&file, &[ramp.clone()])?;
/// assert_eq!(read_grey(&file)?, [ramp]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [`FileError`] with the path: the name has another extension, the image has no pixels or is too
/// large for the format, or the file cannot be written.
///
/// # Panics
/// There are neither one nor three planes, or they differ in size.
pub fn write_grey(path: impl AsRef<Path>, planes: &[GreyImage]) -> Result<(), FileError> {
    // Levels are what they are, whatever the foreground.
    write_pages(path, Foreground::Black, |pages| pages.write_grey(planes, None))
}
