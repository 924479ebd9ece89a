//! Filters that count.

use pyo3::prelude::*;

use crate::border::Border;
use crate::element::Element;
use crate::image_arg::Image;

/// The rank filter: the pixels i at which x(i + b) is 1 for at least `at_least` offsets b of the element. The neutral
/// border counts as 0. Other arguments as of `dilate`.
///
/// >>> print(strel.rank(strel.BitImage('.#.##.'), '###', 2))
/// ..###.
#[pyfunction]
#[pyo3(
    signature = (image, element, at_least, *, border = Border::NEUTRAL),
    text_signature = "(image, element, at_least, *, border='neutral')"
)]
pub fn rank<'py>(
    py: Python<'py>,
    image: Image,
    element: Element,
    at_least: usize,
    border: Border,
) -> PyResult<Bound<'py, PyAny>> {
    image.map(py, |bits| strel_image::rank(bits, &element.0, at_least, border.0))
}

/// The median filter: the rank of half of the element's offsets, rounded up. Arguments as of `dilate`.
///
/// >>> print(strel.median(strel.BitImage('.##.#...'), '###', border='zero'))
/// .###....
#[pyfunction]
#[pyo3(
    signature = (image, element, *, border = Border::NEUTRAL),
    text_signature = "(image, element, *, border='neutral')"
)]
pub fn median<'py>(
    py: Python<'py>,
    image: Image,
    element: Element,
    border: Border,
) -> PyResult<Bound<'py, PyAny>> {
    image.map(py, |bits| strel_image::median(bits, &element.0, border.0))
}
