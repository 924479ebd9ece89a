//! Packed images.

use numpy::{PyArray, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

use crate::{array, error};

/// A binary image of 64 pixels a word, which never changes.
///
/// Functions that take images take it as it is: an image that goes through several operators is packed once.
/// Two images are equal if their sizes and pixels are. `str` gives a picture, `#` for 1 and `.` for 0, and so is
/// one read.
///
/// >>> image = strel.BitImage('''
/// ...     ..#.
/// ...     .###
/// ... ''')
/// >>> image.shape, image.count_ones()
/// ((2, 4), 4)
/// >>> print(strel.dilate(image, '##'))
/// .##.
/// ####
#[pyclass(frozen, eq, hash, module = "strel")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BitImage(pub strel_image::BitImage);

#[pymethods]
impl BitImage {
    #[new]
    fn new(picture: &Bound<'_, PyAny>) -> PyResult<Self> {
        let picture: String = picture.extract()?;
        picture.parse().map(Self).map_err(error::value)
    }

    /// Packs an array of bool or uint8 with two axes: 0 is background, everything else foreground.
    ///
    /// The array is read where it is if it is C-contiguous, and copied first if not.
    ///
    /// >>> print(strel.BitImage.from_numpy(np.eye(3, dtype=bool)))
    /// #..
    /// .#.
    /// ..#
    #[staticmethod]
    fn from_numpy(array: &Bound<'_, PyAny>) -> PyResult<Self> {
        array::read_image(array).map(Self)
    }

    /// A new array of bool; with `one`, of uint8: `one` where a pixel is 1, else 0.
    ///
    /// >>> strel.BitImage('.#').to_numpy()
    /// array([[False,  True]])
    /// >>> strel.BitImage('.#').to_numpy(one=255)
    /// array([[  0, 255]], dtype=uint8)
    #[pyo3(signature = (*, one = None))]
    fn to_numpy<'py>(&self, py: Python<'py>, one: Option<u8>) -> PyResult<Bound<'py, PyAny>> {
        match one {
            None => array::write_image(py, &self.0),
            Some(one) => Ok(array::write_bytes(py, &self.0, one)?.into_any()),
        }
    }

    /// An image from its words, an array of uint64 of `height` rows of `ceil(width / 64)` words. Pixel `col` of a row
    /// is bit `col % 64` of word `col // 64`, lowest bit first; bits past the width do not count.
    ///
    /// >>> print(strel.BitImage.from_words(np.array([[0b1], [0b110]], dtype=np.uint64), width=3))
    /// #..
    /// .##
    #[staticmethod]
    #[pyo3(signature = (words, width))]
    fn from_words(words: PyReadonlyArray2<'_, u64>, width: usize) -> PyResult<Self> {
        let height = words.shape()[0];
        array::check_memory(height, width)?;
        let words: Vec<u64> = words.as_array().iter().copied().collect();
        strel_image::BitImage::from_words(height, width, &words).map(Self).map_err(error::value)
    }

    /// The words, as `from_words` takes them, in a new array.
    ///
    /// >>> strel.BitImage('#.#').to_words()
    /// array([[5]], dtype=uint64)
    fn to_words<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<u64>>> {
        let words: Vec<u64> = self.0.rows().flatten().copied().collect();
        PyArray::from_vec(py, words).reshape([self.0.height(), self.0.width().div_ceil(64)])
    }

    /// Height and width.
    ///
    /// >>> strel.BitImage('.#').shape
    /// (1, 2)
    #[getter]
    fn shape(&self) -> (usize, usize) {
        self.0.size()
    }

    /// The number of pixels that are 1.
    ///
    /// >>> strel.BitImage('.##').count_ones()
    /// 2
    fn count_ones(&self) -> u64 {
        self.0.count_ones()
    }

    fn __or__(&self, other: &Self) -> PyResult<Self> {
        self.0.union(&other.0).map(Self).map_err(error::value)
    }

    fn __and__(&self, other: &Self) -> PyResult<Self> {
        self.0.intersection(&other.0).map(Self).map_err(error::value)
    }

    fn __sub__(&self, other: &Self) -> PyResult<Self> {
        self.0.difference(&other.0).map(Self).map_err(error::value)
    }

    fn __xor__(&self, other: &Self) -> PyResult<Self> {
        self.0.symmetric_difference(&other.0).map(Self).map_err(error::value)
    }

    fn __invert__(&self) -> Self {
        Self(self.0.complement())
    }

    /// The array that NumPy asks for.
    #[pyo3(signature = (dtype = None, copy = None))]
    fn __array__<'py>(
        &self,
        py: Python<'py>,
        dtype: Option<Bound<'py, PyAny>>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if copy == Some(false) {
            return Err(error::value("a packed image cannot be an array without a copy"));
        }
        let array = array::write_image(py, &self.0)?;
        match dtype {
            None => Ok(array),
            Some(dtype) => array.call_method1("astype", (dtype,)),
        }
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }

    /// For `pickle` and `copy`.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, PyWords<'py>)> {
        let image = slf.get();
        let from_words = slf.get_type().getattr("from_words")?;
        Ok((from_words, (image.to_words(slf.py())?, image.0.width())))
    }
}

type PyWords<'py> = (Bound<'py, PyArray2<u64>>, usize);
