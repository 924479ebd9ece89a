//! Structuring elements.

use pyo3::prelude::*;
use strel_image::BitImage as Bits;

use crate::{array, error};

/// A flat structuring element: a set of offsets around an origin.
///
/// Made from a picture, `#` for a pixel of the set, the origin marked `O` where it is in the set and `o` where it is
/// not, else (height // 2, width // 2); or from a mask, an array of bool or uint8, and the origin's row and column.
/// Functions take a picture or a mask where they take an element. Dilations shift by the offsets, erosions read at
/// them (Minkowski's convention). Two elements are equal if their offsets are.
///
/// >>> element = strel.StructuringElement('''
/// ...     .#.
/// ...     .O#
/// ... ''')
/// >>> element.offsets()
/// [(-1, 0), (0, 0), (0, 1)]
/// >>> element == strel.StructuringElement(np.array([[0, 1, 0], [0, 1, 1]], dtype=np.uint8), origin=(1, 1))
/// True
#[pyclass(frozen, eq, hash, module = "strel")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StructuringElement(pub strel_image::StructuringElement);

#[pymethods]
impl StructuringElement {
    #[new]
    #[pyo3(signature = (pixels, origin = None))]
    fn new(pixels: &Bound<'_, PyAny>, origin: Option<(usize, usize)>) -> PyResult<Self> {
        match (pixels.extract::<String>(), origin) {
            (Ok(picture), None) => picture.parse().map(Self).map_err(error::value),
            (Ok(_), Some(_)) => Err(error::value("a picture marks its origin: O or o")),
            (Err(_), origin) => from_mask(&array::read_image(pixels)?, origin),
        }
    }

    /// All pixels of `height` rows and `width` columns.
    ///
    /// >>> print(strel.StructuringElement.rectangle(2, 3))
    /// ###
    /// #O#
    #[staticmethod]
    fn rectangle(height: usize, width: usize) -> PyResult<Self> {
        strel_image::StructuringElement::rectangle(height, width).map(Self).map_err(error::value)
    }

    /// All pixels of `side` rows and columns.
    ///
    /// >>> strel.StructuringElement.square(3) == strel.StructuringElement.rectangle(3, 3)
    /// True
    #[staticmethod]
    fn square(side: usize) -> PyResult<Self> {
        Self::rectangle(side, side)
    }

    /// The offsets with dy**2 + dx**2 <= radius**2.
    ///
    /// >>> print(strel.StructuringElement.disk(2))
    /// ..#..
    /// .###.
    /// ##O##
    /// .###.
    /// ..#..
    #[staticmethod]
    fn disk(radius: usize) -> PyResult<Self> {
        strel_image::StructuringElement::disk(radius).map(Self).map_err(error::value)
    }

    /// The offsets with abs(dy) + abs(dx) <= radius.
    ///
    /// >>> print(strel.StructuringElement.diamond(1))
    /// .#.
    /// #O#
    /// .#.
    #[staticmethod]
    fn diamond(radius: usize) -> PyResult<Self> {
        let side = radius.saturating_mul(2).saturating_add(1);
        if side.saturating_mul(side) > strel_image::StructuringElement::MAX_WINDOW {
            let limit = strel_image::StructuringElement::MAX_WINDOW;
            return Err(error::value(strel_image::ImageError::WindowTooLarge { limit }));
        }
        let inside = |row: usize, col: usize| row.abs_diff(radius) + col.abs_diff(radius) <= radius;
        from_mask(&Bits::from_fn(side, side, inside), None)
    }

    /// The offsets of a row and a column that reach `radius` pixels from the origin.
    ///
    /// >>> print(strel.StructuringElement.cross(2))
    /// ..#..
    /// ..#..
    /// ##O##
    /// ..#..
    /// ..#..
    #[staticmethod]
    fn cross(radius: usize) -> PyResult<Self> {
        strel_image::StructuringElement::cross(radius).map(Self).map_err(error::value)
    }

    /// A line of `length` pixels at 0, 45, 90 or 135 degrees, counterclockwise from the row as on paper.
    ///
    /// >>> print(strel.StructuringElement.line(3, 45))
    /// ..#
    /// .O.
    /// #..
    #[staticmethod]
    #[pyo3(signature = (length, degrees = 0))]
    fn line(length: usize, degrees: u32) -> PyResult<Self> {
        strel_image::StructuringElement::line(length, degrees).map(Self).map_err(error::value)
    }

    /// The element of these offsets (dy, dx).
    ///
    /// >>> print(strel.StructuringElement.from_offsets([(0, 0), (1, 2)]))
    /// O..
    /// ..#
    #[staticmethod]
    fn from_offsets(offsets: Vec<(isize, isize)>) -> PyResult<Self> {
        strel_image::StructuringElement::from_offsets(offsets).map(Self).map_err(error::value)
    }

    /// The offsets (dy, dx), row by row.
    ///
    /// >>> strel.StructuringElement('o#').offsets()
    /// [(0, 1)]
    fn offsets(&self) -> Vec<(isize, isize)> {
        self.0.offsets().collect()
    }

    /// The reflection through the origin: each offset b becomes -b.
    ///
    /// >>> print(strel.StructuringElement('O##').reflect())
    /// ##O
    fn reflect(&self) -> Self {
        Self(self.0.reflect())
    }

    /// The pixels of the window, an array of bool.
    ///
    /// >>> strel.StructuringElement('O.#').to_numpy()
    /// array([[ True, False,  True]])
    fn to_numpy<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        array::write_image(py, self.0.window())
    }

    /// Height and width of the window.
    ///
    /// >>> strel.StructuringElement('O.#').shape
    /// (1, 3)
    #[getter]
    fn shape(&self) -> (usize, usize) {
        self.0.window().size()
    }

    /// Row and column of the origin in the window.
    ///
    /// >>> strel.StructuringElement('##O').origin
    /// (0, 2)
    #[getter]
    fn origin(&self) -> (usize, usize) {
        self.0.origin()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("StructuringElement({:?})", self.0.to_string())
    }

    /// For `pickle` and `copy`.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (String,)) {
        (slf.get_type().into_any(), (slf.get().0.to_string(),))
    }
}

/// An element that was given as itself, as a picture or as a mask.
pub struct Element(pub strel_image::StructuringElement);

impl<'py> FromPyObject<'_, 'py> for Element {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.cast::<StructuringElement>() {
            Ok(element) => Ok(Self(element.get().0.clone())),
            Err(_) => StructuringElement::new(&object, None).map(|element| Self(element.0)),
        }
    }
}

fn from_mask(mask: &Bits, origin: Option<(usize, usize)>) -> PyResult<StructuringElement> {
    let (height, width) = mask.size();
    let pixels: Vec<bool> = mask.pixels().collect();
    strel_image::StructuringElement::from_mask(height, width, origin, &pixels)
        .map(StructuringElement)
        .map_err(error::value)
}
