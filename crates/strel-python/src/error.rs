//! Errors of the Rust crates as Python exceptions.

use std::fmt::Display;
use std::io;

use pyo3::PyErr;
use pyo3::exceptions::{PyMemoryError, PyOSError, PyTypeError, PyValueError};
use strel_network::{FileProblem, NetworkError};

/// A `ValueError` with the error's message.
pub fn value(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A `MemoryError` for an image that cannot be held.
pub fn memory(height: usize, width: usize) -> PyErr {
    PyMemoryError::new_err(format!("an image of {height}x{width} pixels does not fit the memory"))
}

/// An `OSError` of the right kind for a file that the system refuses, else a `ValueError`.
pub fn network(error: NetworkError) -> PyErr {
    let NetworkError::File { problem, .. } = &error else { return value(error) };
    match problem.as_ref() {
        FileProblem::Io(system) => io::Error::new(system.kind(), error.to_string()).into(),
        FileProblem::NotReadable { .. } => PyOSError::new_err(error.to_string()),
        _ => value(error),
    }
}

/// A `TypeError`.
pub fn kind(message: &'static str) -> PyErr {
    PyTypeError::new_err(message)
}
