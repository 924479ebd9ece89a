//! Operators by one structuring element, or by two.

use pyo3::prelude::*;

use crate::border::Border;
use crate::element::Element;
use crate::image_arg::Image;

/// A function of an image and an element, by the engine's function of some name.
macro_rules! operator {
    ($name:ident, $engine:ident, $($doc:literal)*) => {
        $(#[doc = $doc])*
        #[pyfunction]
        #[pyo3(
            signature = (image, element, *, border = Border::NEUTRAL),
            text_signature = "(image, element, *, border='neutral')"
        )]
        pub fn $name<'py>(
            py: Python<'py>,
            image: Image,
            element: Element,
            border: Border,
        ) -> PyResult<Bound<'py, PyAny>> {
            image.map(py, |bits| strel_image::$engine(bits, &element.0, border.0))
        }
    };
}

operator!(dilate, dilate,
    "The dilation: the union of the image shifted by each offset of the element."
    ""
    "`image` is a BitImage, which gives a BitImage, or an array of bool or uint8 with two axes (0 is"
    "background, everything else foreground), which gives an array of bool. `border` says what is read outside"
    "of the image: 'neutral' (ignored), 'zero', 'one', 'replicate' or 'reflect'."
    ""
    ">>> image = strel.BitImage('''"
    "...     .#...."
    "...     ....#."
    "... ''')"
    ">>> print(strel.dilate(image, '##O'))"
    "##...."
    "..###."
);

operator!(erode, erode,
    "The erosion: the pixels at which the element lies inside of the image. Arguments as of `dilate`."
    ""
    ">>> print(strel.erode(strel.BitImage('.###.#.'), '###', border='zero'))"
    "..#...."
);

operator!(open, open,
    "The opening, an erosion and then a dilation: the union of all shifts of the element that lie inside of the"
    "image. Arguments as of `dilate`."
    ""
    ">>> print(strel.open(strel.BitImage('.###.#.'), '###'))"
    ".###..."
);

operator!(close, close,
    "The closing, a dilation and then an erosion. Arguments as of `dilate`."
    ""
    ">>> print(strel.close(strel.BitImage('..##.#...'), '###'))"
    "..####..."
);

operator!(white_tophat, white_top_hat,
    "The pixels of the image that its opening lacks. Arguments as of `dilate`."
    ""
    ">>> print(strel.white_tophat(strel.BitImage('.#.###'), '###'))"
    ".#...."
);

operator!(black_tophat, black_top_hat,
    "The pixels that the closing adds to the image. Arguments as of `dilate`."
    ""
    ">>> print(strel.black_tophat(strel.BitImage('##.#..'), '###'))"
    "..#..."
);

operator!(gradient, gradient,
    "The pixels of the dilation that the erosion lacks. Arguments as of `dilate`."
    ""
    ">>> print(strel.gradient(strel.BitImage('..####..'), '###'))"
    ".##..##."
);

/// The pixels at which `hit` lies inside of the image and `miss` outside of it. Arguments as of `dilate`.
///
/// >>> left_ends = strel.hit_or_miss(strel.BitImage('.###.#.'), hit='O', miss='#o')
/// >>> print(left_ends)
/// .#...#.
#[pyfunction]
#[pyo3(
    signature = (image, hit, miss, *, border = Border::NEUTRAL),
    text_signature = "(image, hit, miss, *, border='neutral')"
)]
pub fn hit_or_miss<'py>(
    py: Python<'py>,
    image: Image,
    hit: Element,
    miss: Element,
    border: Border,
) -> PyResult<Bound<'py, PyAny>> {
    image.map(py, |bits| strel_image::hit_or_miss(bits, &hit.0, &miss.0, border.0))
}
