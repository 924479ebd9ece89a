//! Files of grey and coloured images.

use std::fs;
use std::path::Path;

use super::{Decoded, FileError, FileProblem, Format, decode_any, png, pnm, write_atomically};
use crate::{BitImage, GreyImage};

/// Reads an image of any kind: one plane of levels if it is grey or black and white, three (red,
/// green and blue) if it has colours. Transparent pixels are shown over white. Cost: one pass over
/// the file and the pixels.
///
/// # Errors
/// Those of [`read`](super::read), but for images that are not black and white.
pub fn read_grey(path: impl AsRef<Path>) -> Result<Vec<GreyImage>, FileError> {
    let path = path.as_ref();
    let decoded = fs::read(path).map_err(FileProblem::Read).and_then(|bytes| decode_any(&bytes));
    match decoded.map_err(|problem| FileError { path: path.to_owned(), problem })? {
        Decoded::White(white) => Ok(vec![black_and_white(&white)]),
        Decoded::Black(black) => Ok(vec![black_and_white(&black.complement())]),
        Decoded::Levels(levels) => Ok(levels.planes()),
    }
}

fn black_and_white(white: &BitImage) -> GreyImage {
    let (height, width) = white.size();
    GreyImage::new(height, width, white.to_bytes(u8::MAX)).expect("a byte a pixel")
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
    assert!(matches!(planes.len(), 1 | 3), "one plane or three, not {}", planes.len());
    assert!(planes.iter().all(|plane| plane.size() == planes[0].size()), "planes of one size");
    let path = path.as_ref();
    let bytes = Format::of_name(path).and_then(|format| encode(planes, format));
    bytes
        .and_then(|bytes| write_atomically(path, &bytes).map_err(FileProblem::Write))
        .map_err(|problem| FileError { path: path.to_owned(), problem })
}

fn encode(planes: &[GreyImage], format: Format) -> Result<Vec<u8>, FileProblem> {
    match (planes[0].size(), format) {
        ((height, width), _) if height == 0 || width == 0 => {
            Err(FileProblem::NoPixels { height: height as u64, width: width as u64 })
        }
        (_, Format::Png) => png::encode_planes(planes),
        (_, Format::Pgm) if planes.len() == 1 => Ok(pnm::encode_levels(&planes[0])),
        (_, Format::Pgm) => Err(format.unsupported("an image with colours goes to PNG")),
        _ => Err(format.unsupported("grey levels are written to PNG and PGM")),
    }
}
