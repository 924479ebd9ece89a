//! The border rule as an argument.

use pyo3::prelude::*;

use crate::error;

/// A border that was given by its name.
pub struct Border(pub strel_image::Border);

impl Border {
    pub const REPLICATE: Self = Self(strel_image::Border::Replicate);
    pub const NEUTRAL: Self = Self(strel_image::Border::Neutral);
}

impl<'py> FromPyObject<'_, 'py> for Border {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let name: String = object.extract()?;
        name.parse().map(Self).map_err(error::value)
    }
}
