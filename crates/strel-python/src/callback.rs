//! Callbacks of long computations.

use pyo3::prelude::*;
use pyo3::types::PyBool;

/// Looks for Ctrl-C, then calls a callback, if there is one, with a state. Whether to go on: yes unless it returns False.
pub fn goes_on<'py>(
    py: Python<'py>,
    callback: Option<&Py<PyAny>>,
    state: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<bool> {
    py.check_signals()?;
    let Some(callback) = callback else { return Ok(true) };
    let answer = callback.call1(py, (state()?,))?;
    Ok(!answer.bind(py).is(PyBool::new(py, false)))
}
