//! Sequences of operators, written as text.

use pyo3::prelude::*;
use strel_image::Sequence;

use crate::border::Border;
use crate::error;
use crate::image_arg::Image;

/// Applies operators one after the other, in one pass over the image.
///
/// A step of the sequence is an operator and an element; `+` stands between two steps. Operators: `d` `e` `o` `c`
/// dilation, erosion, opening, closing; `tw` `tb` white and black top-hat; `g` gradient; `m` median; `!` complement,
/// which has no element. Elements: `5.3` a rectangle of width 5 and height 3; `D3` and `X3` a disk and a cross of radius
/// 3; `/5` and `\5` lines of 5 pixels at 45 and 135 degrees; `[.#/##]` a picture. Other arguments as of `dilate`.
///
/// >>> image = strel.BitImage('''
/// ...     ..#.#..
/// ...     ..#.#..
/// ...     .......
/// ...     ....#..
/// ... ''')
/// >>> print(strel.morph(image, 'c3.1 + o1.2'))
/// ..###..
/// ..###..
/// .......
/// .......
#[pyfunction]
#[pyo3(
    signature = (image, sequence, *, border = Border::NEUTRAL),
    text_signature = "(image, sequence, *, border='neutral')"
)]
pub fn morph<'py>(
    py: Python<'py>,
    image: Image,
    sequence: String,
    border: Border,
) -> PyResult<Bound<'py, PyAny>> {
    let sequence: Sequence = sequence.parse().map_err(error::value)?;
    image.map(py, |bits| sequence.plan(border.0).apply(bits))
}
