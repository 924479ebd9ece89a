//! NumPy arrays to packed images and back.

use numpy::{
    PyArray, PyArray2, PyArrayDescrMethods, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use strel_image::BitImage;

use crate::error;

/// The pixels of an array of bool or uint8 with two axes: 1 where a byte is not 0.
///
/// Bytes that lie row after row are packed where they are; other layouts are copied first.
pub fn read_image(object: &Bound<'_, PyAny>) -> PyResult<BitImage> {
    let array = as_array(object)?;
    let &[height, width] = array.shape() else {
        return Err(PyValueError::new_err(format!(
            "an image has 2 axes, row and column, not {}",
            array.ndim()
        )));
    };
    check_memory(height, width)?;
    let bytes = as_bytes(&array)?.cast_into::<PyArray2<u8>>()?.try_readonly()?;
    let bytes = bytes.as_slice()?;
    object.py().detach(|| BitImage::from_bytes(height, width, bytes)).map_err(error::value)
}

/// An array of bool.
pub fn write_image<'py>(py: Python<'py>, image: &BitImage) -> PyResult<Bound<'py, PyAny>> {
    write_bytes(py, image, 1)?.call_method1("view", ("?",))
}

/// An array of uint8: `one` where a pixel is 1, else 0.
pub fn write_bytes<'py>(
    py: Python<'py>,
    image: &BitImage,
    one: u8,
) -> PyResult<Bound<'py, PyArray2<u8>>> {
    let bytes = py.detach(|| image.to_bytes(one));
    PyArray::from_vec(py, bytes).reshape([image.height(), image.width()])
}

/// Refuses a size that the memory cannot hold; to make such an image would end the process.
pub fn check_memory(height: usize, width: usize) -> PyResult<()> {
    // Guards and padding of a row take no more than this.
    let words_a_row = width / 64 + 16;
    let words = height.checked_add(16).and_then(|rows| rows.checked_mul(words_a_row));
    let fits = |words| Vec::<u64>::new().try_reserve_exact(words).is_ok();
    if words.is_some_and(fits) { Ok(()) } else { Err(error::memory(height, width)) }
}

/// What NumPy makes of an object: arrays stay as they are.
fn as_array<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyUntypedArray>> {
    let array = match object.cast::<PyUntypedArray>() {
        Ok(array) => array.clone(),
        Err(_) => object.py().import("numpy")?.call_method1("asarray", (object,))?.cast_into()?,
    };
    match array.dtype().char() {
        b'?' | b'B' => Ok(array),
        _ => Err(PyTypeError::new_err(format!(
            "an image is a BitImage or an array of bool or uint8, not of {}",
            array.dtype()
        ))),
    }
}

/// The bytes of an array of bool or uint8, row after row. Bytes of bool need not be 0 or 1.
fn as_bytes<'py>(array: &Bound<'py, PyUntypedArray>) -> PyResult<Bound<'py, PyAny>> {
    let rows = match array.is_c_contiguous() {
        true => array.clone().into_any(),
        false => array.py().import("numpy")?.call_method1("ascontiguousarray", (array,))?,
    };
    rows.call_method1("view", ("B",))
}
