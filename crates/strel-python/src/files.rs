//! Image files.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use strel_image::files::{self, FileError, Pages, ReadOptions};

use crate::image::BitImage;
use crate::image_arg::Image;
use crate::{error, named};

fn options(foreground: &str, threshold: Option<u8>) -> PyResult<ReadOptions> {
    Ok(ReadOptions { foreground: named::foreground(foreground)?, threshold })
}

/// Reads a PNG, TIFF, PBM, PGM or JPEG image, upright.
///
/// `foreground`, 'black' or 'white', says which pixels are the set. An image of more than two levels or colours takes a
/// `threshold`: pixels of levels from it on, of 0 to 255, are white. A file of several pages takes the `page` to read,
/// from 0 on.
///
/// >>> strel.write_image('image.png', strel.BitImage('.##.'))
/// >>> print(strel.read_image('image.png'))
/// .##.
#[pyfunction]
#[pyo3(
    signature = (path, *, foreground = "black".to_owned(), threshold = None, page = None),
    text_signature = "(path, *, foreground='black', threshold=None, page=None)"
)]
pub fn read_image(
    py: Python<'_>,
    path: PathBuf,
    foreground: String,
    threshold: Option<u8>,
    page: Option<usize>,
) -> PyResult<BitImage> {
    let options = options(&foreground, threshold)?;
    let Some(page) = page else {
        return py.detach(|| files::read(path, &options)).map(BitImage).map_err(error::file);
    };
    let pages = py.detach(|| Pages::open(&path)).map_err(error::file)?;
    if page >= pages.count() {
        let (path, count) = (path.display(), pages.count());
        return Err(error::value(format!(
            "{path} has {count} pages; expected a `page` from 0 on, not {page}"
        )));
    }
    let read = py.detach(|| pages.read(page, &options));
    read.map(|page| BitImage(page.image)).map_err(error::file)
}

/// Reads all pages of an image file, as `read_image`.
///
/// >>> import pathlib
/// >>> _ = pathlib.Path('two.pbm').write_bytes(b'P1 4 1 0110 P1 2 1 10')
/// >>> [page.shape for page in strel.read_pages('two.pbm')]
/// [(1, 4), (1, 2)]
#[pyfunction]
#[pyo3(
    signature = (path, *, foreground = "black".to_owned(), threshold = None),
    text_signature = "(path, *, foreground='black', threshold=None)"
)]
pub fn read_pages(
    py: Python<'_>,
    path: PathBuf,
    foreground: String,
    threshold: Option<u8>,
) -> PyResult<Vec<BitImage>> {
    let options = options(&foreground, threshold)?;
    let read = || -> Result<Vec<BitImage>, FileError> {
        let pages = Pages::open(path)?;
        let page = |page| Ok(BitImage(pages.read(page, &options)?.image));
        (0..pages.count()).map(page).collect()
    };
    py.detach(read).map_err(error::file)
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
