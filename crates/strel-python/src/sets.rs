//! Images as sets of pixels.

use pyo3::prelude::*;
use strel_image::{BitImage, ImageError};

use crate::error;
use crate::image_arg::Image;

/// The pixels that are in one of the images at least. The result has the form of the first one, as of `dilate`.
///
/// >>> print(strel.union(strel.BitImage('..##'), strel.BitImage('.#.#')))
/// .###
#[pyfunction]
pub fn union<'py>(py: Python<'py>, image: Image, other: Image) -> PyResult<Bound<'py, PyAny>> {
    combine(py, &image, &other, BitImage::union)
}

/// The pixels that are in both images. The result has the form of the first one, as of `dilate`.
///
/// >>> print(strel.intersection(strel.BitImage('..##'), strel.BitImage('.##.')))
/// ..#.
#[pyfunction]
pub fn intersection<'py>(
    py: Python<'py>,
    image: Image,
    other: Image,
) -> PyResult<Bound<'py, PyAny>> {
    combine(py, &image, &other, BitImage::intersection)
}

/// The pixels of the first image that are not in the other. The result has the form of the first one, as of `dilate`.
///
/// >>> print(strel.difference(strel.BitImage('..##'), strel.BitImage('.#.#')))
/// ..#.
#[pyfunction]
pub fn difference<'py>(py: Python<'py>, image: Image, other: Image) -> PyResult<Bound<'py, PyAny>> {
    combine(py, &image, &other, BitImage::difference)
}

/// The pixels that are not in the image, in its form, as of `dilate`.
///
/// >>> print(strel.complement(strel.BitImage('..##')))
/// ##..
#[pyfunction]
pub fn complement<'py>(py: Python<'py>, image: Image) -> PyResult<Bound<'py, PyAny>> {
    image.map(py, BitImage::complement)
}

fn combine<'py>(
    py: Python<'py>,
    image: &Image,
    other: &Image,
    operation: impl FnOnce(&BitImage, &BitImage) -> Result<BitImage, ImageError> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    let (left, right) = (image.bits(), other.bits());
    let result = py.detach(|| operation(left, right)).map_err(error::value)?;
    image.like(py, result)
}
