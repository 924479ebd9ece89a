//! Dicts and lists, by way of JSON.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error;

/// What JSON says, in Python's own types.
pub fn loads<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (text,))
}

/// A value of Python's own types as one of TOML; paths become text.
pub fn to_toml<T: serde::de::DeserializeOwned>(value: &Bound<'_, PyAny>) -> PyResult<T> {
    let py = value.py();
    let options = PyDict::new(py);
    options.set_item("default", py.get_type::<pyo3::types::PyString>())?;
    let text = py.import("json")?.call_method("dumps", (value,), Some(&options))?;
    serde_json::from_str(&text.extract::<String>()?).map_err(error::value)
}
