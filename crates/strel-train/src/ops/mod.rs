//! Differentiable operations.
//!
//! Training computes a network's loss and gradients with the [kernels](crate::kernels). [`portable`]
//! has the layers made of Burn's own operations, which every backend runs and which tests compare
//! with; [`penalty`] is the regularizer, and [`with_gradient`] tells Burn of gradients found elsewhere.

use burn::backend::Flex;
use burn::backend::TensorMetadata;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::Ops;
use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape, Tensor, TensorData};

mod penalty;
pub mod portable;

pub use penalty::penalty;

/// 0, `[1]`, with this gradient for a tensor: `gradient . (x - x0)` where `x` has the value `x0`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use strel_train::ops::with_gradient;
///
/// let x = Tensor::<1>::from_floats([1.0, 2.0], &Device::flex().autodiff()).require_grad();
/// let zero = with_gradient(x.clone(), &[3.0, 4.0]);
/// let gradients = zero.backward();
/// assert_eq!(zero.into_scalar::<f32>(), 0.0);
/// assert_eq!(x.grad(&gradients).unwrap().into_data().as_slice::<f32>().unwrap(), [3.0, 4.0]);
/// ```
///
/// # Panics
/// The gradient has another number of values.
pub fn with_gradient<const D: usize>(x: Tensor<D>, gradient: &[f32]) -> Tensor<1> {
    let gradient = TensorData::new(gradient.to_vec(), x.dims());
    let gradient = Tensor::from_data(gradient, &x.device());
    ((x.clone() - x.detach()) * gradient).sum()
}

/// Hands each parent that wants one its gradient.
fn register<S, const N: usize>(
    ops: &Ops<S, N>,
    given: &[FlexTensor; N],
    found: [Option<Vec<f32>>; N],
    grads: &mut Gradients,
) {
    for ((parent, given), found) in ops.parents.iter().zip(given).zip(found) {
        if let (Some(parent), Some(found)) = (parent, found) {
            grads.register::<Flex>(parent.id, flex(found, given.shape()));
        }
    }
}

fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("contiguous 32-bit floats")
}

fn flex(values: Vec<f32>, shape: Shape) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape), DType::F32)
}
