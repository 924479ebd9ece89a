//! Values in Python's own types, by way of JSON.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error;

/// A value as dicts, lists, text and numbers.
pub fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(value).map_err(error::value)?;
    py.import("json")?.call_method1("loads", (text,))
}

/// What dicts, lists, text and numbers say; paths become text.
pub fn from_python<T: DeserializeOwned>(value: &Bound<'_, PyAny>) -> PyResult<T> {
    let py = value.py();
    let options = PyDict::new(py);
    options.set_item("default", py.get_type::<PyString>())?;
    let text = py.import("json")?.call_method("dumps", (value,), Some(&options))?;
    serde_json::from_str(&text.extract::<String>()?).map_err(error::value)
}
