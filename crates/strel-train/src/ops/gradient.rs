//! Gradients that were found elsewhere.

use burn::tensor::{Tensor, TensorData};

/// 0, `[1]`, with this gradient for a tensor: `gradient . (x - x0)` where `x` has the value `x0`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use strel_train::ops::with_gradient;
///
/// let x = Tensor::<1>::from_data([1.0, 2.0], &Device::flex().autodiff()).require_grad();
/// let zero = with_gradient(x.clone(), &[3.0, 4.0]);
/// let gradients = zero.backward();
/// assert_eq!(zero.into_scalar::<f32>(), 0.0);
/// let found: Vec<f32> = x.grad(&gradients).expect("a leaf").into_data().try_to_vec()?;
/// assert_eq!(found, [3.0, 4.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
/// The gradient has another number of values.
pub fn with_gradient<const D: usize>(x: Tensor<D>, gradient: &[f32]) -> Tensor<1> {
    let gradient = TensorData::new(gradient.to_vec(), x.dims());
    let gradient = Tensor::from_data(gradient, &x.device());
    ((x.clone() - x.detach()) * gradient).sum()
}
