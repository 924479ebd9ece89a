//! What neurons give.

use burn::tensor::Tensor;

/// What neurons give in a forward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Their smooth outputs `y = xi(p (W.x - b))`.
    Smooth,
    /// 0 or 1, see [`straight_through`].
    Hard,
}

impl Pass {
    /// What a neuron of this smooth output gives.
    pub fn output(self, y: Tensor<4>) -> Tensor<4> {
        match self {
            Pass::Smooth => y,
            Pass::Hard => straight_through(y),
        }
    }
}

/// 1 where `y > 1/2`, else 0, with the gradient of `y`: a straight-through estimator (Bengio, Leonard
/// & Courville 2013). What is learnt is then what the thresholded network computes.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use strel_train::layers::straight_through;
///
/// let y = Tensor::<1>::from_data([0.2, 0.5, 0.7], &Device::flex());
/// let hard: Vec<f32> = straight_through(y).into_data().try_to_vec()?;
/// assert_eq!(hard, [0.0, 0.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn straight_through<const D: usize>(y: Tensor<D>) -> Tensor<D> {
    let smooth = y.clone().detach();
    let hard = smooth.clone().greater_elem(0.5).float();
    // `y - smooth` is exactly 0 and carries the gradient.
    hard + (y - smooth)
}
