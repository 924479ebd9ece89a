//! Quantized numbers whose gradients go straight through.

use burn::tensor::Tensor;

/// 1 where `x >= 0`, else -1; the gradient is copied where `|x| <= 1`, and 0 elsewhere (Hubara et al.
/// 2016).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use strel_train::layers::sign;
///
/// let x = Tensor::<1>::from_data([-2.0, -0.5, 0.0, 3.0], &Device::flex().autodiff()).require_grad();
/// let y = sign(x.clone());
/// let gradients = y.clone().sum().backward();
/// let signs: Vec<f32> = y.into_data().try_to_vec()?;
/// assert_eq!(signs, [-1.0, -1.0, 1.0, 1.0]);
/// let slopes: Vec<f32> = x.grad(&gradients).expect("a leaf").into_data().try_to_vec()?;
/// assert_eq!(slopes, [0.0, 1.0, 1.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let inside = x.clone().detach().abs().lower_equal_elem(1.0).float();
    with_value(signs(&x), x * inside)
}

/// `scale` where `x >= 0`, else `-scale`, with the mean absolute value of all `x` as the scale; the
/// gradient is copied everywhere (Zhou et al. 2016).
pub fn scaled_sign<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let scale = x.clone().detach().abs().mean();
    with_value(signs(&x) * scale.unsqueeze(), x)
}

/// The nearest of `2^bits` equally spaced numbers from 0 to 1, for `x` in `[0, 1]`; the gradient is
/// copied (Zhou et al. 2016).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use strel_train::layers::quantized_unit;
///
/// let x = Tensor::<1>::from_data([0.0, 0.2, 0.4, 1.0], &Device::flex());
/// let thirds: Vec<f32> = (quantized_unit(x, 2) * 3.0).into_data().try_to_vec()?;
/// assert_eq!(thirds, [0.0, 1.0, 1.0, 3.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn quantized_unit<const D: usize>(x: Tensor<D>, bits: u32) -> Tensor<D> {
    let steps = f64::from((1u32 << bits) - 1);
    with_value((x.clone().detach() * steps).round() / steps, x)
}

fn signs<const D: usize>(x: &Tensor<D>) -> Tensor<D> {
    x.clone().detach().greater_equal_elem(0.0).float() * 2.0 - 1.0
}

/// The value of one tensor with the gradient of another: `smooth - smooth` is exactly 0.
fn with_value<const D: usize>(value: Tensor<D>, smooth: Tensor<D>) -> Tensor<D> {
    let given = smooth.clone().detach();
    value + (smooth - given)
}
