//! Images as arguments and results.

use pyo3::prelude::*;

use crate::array;
use crate::image::BitImage;

/// An image that was given packed or as an array.
pub enum Image {
    Packed(Py<BitImage>),
    Array(strel_image::BitImage),
}

impl Image {
    /// The pixels.
    pub fn bits(&self) -> &strel_image::BitImage {
        match self {
            Self::Packed(image) => &image.get().0,
            Self::Array(image) => image,
        }
    }

    /// A result in the form of this image: packed, or an array of bool.
    pub fn like<'py>(
        &self,
        py: Python<'py>,
        result: strel_image::BitImage,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Packed(_) => Ok(Bound::new(py, BitImage(result))?.into_any()),
            Self::Array(_) => array::write_image(py, &result),
        }
    }

    /// What an operator makes of the image, in its form. Other Python threads run meanwhile.
    pub fn map<'py>(
        &self,
        py: Python<'py>,
        operator: impl FnOnce(&strel_image::BitImage) -> strel_image::BitImage + Send,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bits = self.bits();
        let result = py.detach(|| operator(bits));
        self.like(py, result)
    }
}

impl<'py> FromPyObject<'_, 'py> for Image {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.cast::<BitImage>() {
            Ok(image) => Ok(Self::Packed(image.to_owned().unbind())),
            Err(_) => array::read_image(&object).map(Self::Array),
        }
    }
}
