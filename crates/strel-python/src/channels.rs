//! Images of several channels as arguments and results.

use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyList;
use strel_image::BitImage as Bits;

use crate::image::BitImage;
use crate::{array, image_arg::Image};

/// One image a channel, and the form in which they were given.
pub struct Channels {
    images: Vec<Bits>,
    packed: bool,
}

impl Channels {
    /// The pixels, one image a channel.
    pub fn bits(&self) -> &[Bits] {
        &self.images
    }

    /// A result in the same form: one channel as an image, several as a list of packed images or as an array with
    /// three axes.
    pub fn like<'py>(&self, py: Python<'py>, result: Vec<Bits>) -> PyResult<Bound<'py, PyAny>> {
        if self.packed {
            let packed = result.into_iter().map(|image| Bound::new(py, BitImage(image)));
            let mut images: Vec<_> = packed.collect::<PyResult<_>>()?;
            return match images.len() {
                1 => Ok(images.remove(0).into_any()),
                _ => Ok(PyList::new(py, images)?.into_any()),
            };
        }
        let arrays = result.iter().map(|image| array::write_image(py, image));
        let mut arrays: Vec<_> = arrays.collect::<PyResult<_>>()?;
        match arrays.len() {
            1 => Ok(arrays.remove(0)),
            _ => py.import("numpy")?.call_method1("stack", (arrays,)),
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Channels {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let stack = object.cast::<PyUntypedArray>().is_ok_and(|array| array.ndim() == 3);
        let images: Vec<Image> = match stack || object.is_instance_of::<PyList>() {
            true => object.try_iter()?.map(|image| image?.extract()).collect::<PyResult<_>>()?,
            false => vec![object.extract()?],
        };
        let packed = images.iter().all(|image| matches!(image, Image::Packed(_)));
        let images = images.into_iter().map(|image| match image {
            Image::Packed(image) => image.get().0.clone(),
            Image::Array(image) => image,
        });
        Ok(Self { images: images.collect(), packed })
    }
}
