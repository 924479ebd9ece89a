//! Image files.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use strel_image::files::{self, ReadOptions};

use crate::image::BitImage;
use crate::image_arg::Image;
use crate::{error, named};

fn options(foreground: &str, threshold: Option<u8>) -> PyResult<ReadOptions> {
    Ok(ReadOptions { foreground: named::foreground(foreground)?, threshold })
}

/// Reads a PNG, TIFF, PBM, PGM or JPEG image.
///
/// `foreground`, 'black' or 'white', says which pixels are the set. A grey or coloured image takes a `threshold`: pixels
/// of levels from it on, of 0 to 255, are white.
///
/// >>> strel.write_image('image.png', strel.BitImage('.##.'))
/// >>> print(strel.read_image('image.png'))
/// .##.
#[pyfunction]
#[pyo3(
    signature = (path, *, foreground = "black".to_owned(), threshold = None),
    text_signature = "(path, *, foreground='black', threshold=None)"
)]
pub fn read_image(
    py: Python<'_>,
    path: PathBuf,
    foreground: String,
    threshold: Option<u8>,
) -> PyResult<BitImage> {
    let options = options(&foreground, threshold)?;
    py.detach(|| files::read(path, &options)).map(BitImage).map_err(error::file)
}

/// Writes an image in the format of the name's ending, `.png`, `.tif`, `.pbm` or `.pgm`: whole or not at all.
///
/// >>> strel.write_image('image.tif', np.eye(3, dtype=bool), foreground='white')
#[pyfunction]
#[pyo3(
    signature = (path, image, *, foreground = "black".to_owned()),
    text_signature = "(path, image, *, foreground='black')"
)]
pub fn write_image(
    py: Python<'_>,
    path: PathBuf,
    image: Image,
    foreground: String,
) -> PyResult<()> {
    let foreground = named::foreground(&foreground)?;
    let bits = image.bits();
    py.detach(|| files::write(path, bits, foreground)).map_err(error::file)
}

/// The image in the bytes of a file, as `read_image`.
///
/// >>> print(strel.decode_image(b'P1 4 2  0110 1001'))
/// .##.
/// #..#
#[pyfunction]
#[pyo3(
    signature = (content, *, foreground = "black".to_owned(), threshold = None),
    text_signature = "(content, *, foreground='black', threshold=None)"
)]
pub fn decode_image(
    py: Python<'_>,
    content: &[u8],
    foreground: String,
    threshold: Option<u8>,
) -> PyResult<BitImage> {
    let options = options(&foreground, threshold)?;
    py.detach(|| files::decode(content, &options)).map(BitImage).map_err(error::value)
}

/// The bytes of a file that holds an image, in the format 'png', 'tif', 'pbm' or 'pgm'.
///
/// >>> strel.encode_image(strel.BitImage('.##.'), 'pbm')
/// b'P4\n4 1\n`'
#[pyfunction]
#[pyo3(
    signature = (image, format = "png".to_owned(), *, foreground = "black".to_owned()),
    text_signature = "(image, format='png', *, foreground='black')"
)]
pub fn encode_image<'py>(
    py: Python<'py>,
    image: Image,
    format: String,
    foreground: String,
) -> PyResult<Bound<'py, PyBytes>> {
    let (format, foreground) = (named::format(&format)?, named::foreground(&foreground)?);
    let bits = image.bits();
    let content = py.detach(|| files::encode(bits, format, foreground)).map_err(error::value)?;
    Ok(PyBytes::new(py, &content))
}
