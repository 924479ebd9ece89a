//! A step of Adam on tensors.

use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;

use super::values;
use crate::kernels::{AdamStep, adam_step};

/// Parameters, and the means of their gradient and of its square, after a step; see
/// [`adam_step`](crate::kernels::adam_step). Tensors that are held nowhere else are changed in place.
///
/// # Panics
/// On a device other than the CPU, and where the shapes differ.
pub fn adam<const D: usize>(
    step: AdamStep,
    parameters: Tensor<D>,
    gradient: Tensor<D>,
    [mean, square]: [Tensor<D>; 2],
) -> [Tensor<D>; 3] {
    let (parameters, mean, square) = <Dispatch as OnePass>::adam(
        parameters.into_dispatch(),
        gradient.into_dispatch(),
        mean.into_dispatch(),
        square.into_dispatch(),
        step,
    );
    [parameters, mean, square].map(Tensor::from_dispatch)
}

/// The backends that have the operation.
#[backend_extension(Flex)]
pub trait OnePass: Backend {
    /// See [`adam`].
    fn adam(
        parameters: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        square: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl OnePass for Flex {
    fn adam(
        parameters: FlexTensor,
        gradient: FlexTensor,
        mean: FlexTensor,
        square: FlexTensor,
        step: AdamStep,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [mut w, g, mut m, mut v] = [parameters, gradient, mean, square].map(whole);
        adam_step(step, w.storage_mut(), values(&g), m.storage_mut(), v.storage_mut());
        (w, m, v)
    }
}

/// The tensor as all of its storage.
fn whole(tensor: FlexTensor) -> FlexTensor {
    let is_whole =
        tensor.as_slice::<f32>().is_some_and(|v| v.len() == tensor.storage::<f32>().len());
    if is_whole { tensor } else { tensor.to_contiguous() }
}
