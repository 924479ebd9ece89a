//! Errors of the Rust crates as Python exceptions.

use std::fmt::Display;

use pyo3::PyErr;
use pyo3::exceptions::{PyMemoryError, PyValueError};

/// A `ValueError` with the error's message.
pub fn value(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A `MemoryError` for an image that cannot be held.
pub fn memory(height: usize, width: usize) -> PyErr {
    PyMemoryError::new_err(format!("an image of {height}x{width} pixels does not fit the memory"))
}
