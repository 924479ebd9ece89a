//! Errors of the Rust crates as Python exceptions.

use std::fmt::Display;
use std::io;

use pyo3::PyErr;
use pyo3::exceptions::{PyBlockingIOError, PyMemoryError, PyOSError, PyTypeError, PyValueError};
use strel_image::files::{FileError, FileProblem as ImageProblem};
use strel_network::{FileProblem, NetworkError};
use strel_train::TrainError;

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
        FileProblem::Read(refusal) | FileProblem::Write(refusal) => system(refusal, &error),
        FileProblem::NotReadable { .. } => PyOSError::new_err(error.to_string()),
        _ => value(error),
    }
}

/// As `network`, for an image file.
pub fn file(error: FileError) -> PyErr {
    match &error.problem {
        ImageProblem::Read(refusal) | ImageProblem::Write(refusal) => system(refusal, &error),
        _ => value(error),
    }
}

/// As `network`, for an error of training; a `BlockingIOError` where another process trains the run.
pub fn train(error: TrainError) -> PyErr {
    match error {
        TrainError::Network(error) => network(error),
        TrainError::Image(error) => file(error),
        TrainError::Read { ref source, .. } | TrainError::Write { ref source, .. } => {
            system(source, &error)
        }
        TrainError::Busy { .. } => PyBlockingIOError::new_err(error.to_string()),
        _ => value(error),
    }
}

/// An `OSError` of the kind that the system's refusal has.
fn system(refusal: &io::Error, error: &impl Display) -> PyErr {
    io::Error::new(refusal.kind(), error.to_string()).into()
}

/// A `TypeError`.
pub fn kind(message: &'static str) -> PyErr {
    PyTypeError::new_err(message)
}
