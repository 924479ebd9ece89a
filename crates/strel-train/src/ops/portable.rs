//! The layers in Burn's own operations: for every backend, and as the oracle of the fused kernels.

use burn::tensor::activation;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Tensor, TensorData};
use strel_image::Border;
use strel_theory::Threshold;

use super::{smooth_threshold, with_gradient};
use crate::kernels::Penalties;
use crate::layers::straight_through;
use crate::regularizer::Distance;

/// The same function as [`bise`](super::bise), on every backend.
pub fn bise(x: Tensor<4>, w: Tensor<4>, b: Tensor<2>, p: Tensor<2>, border: Border) -> Tensor<4> {
    smooth_threshold(Threshold::Tanh, bise_sums(x, w, b, p, border))
}

/// What [`bise`] takes the smooth threshold of.
pub fn bise_sums(
    x: Tensor<4>,
    w: Tensor<4>,
    b: Tensor<2>,
    p: Tensor<2>,
    border: Border,
) -> Tensor<4> {
    let [outputs, inputs, rows, columns] = w.dims();
    let neurons = outputs * inputs;
    let x = pad(x, (rows, columns), border);
    // A grouped convolution wants the neurons of one input channel side by side.
    let w = w.swap_dims(0, 1).reshape([neurons, 1, rows, columns]);
    let sums = conv2d(x, w, None, ConvOptions::new([1, 1], [0, 0], [1, 1], inputs));
    let [batch, _, height, width] = sums.dims();
    let sums = sums
        .reshape([batch, inputs, outputs, height * width])
        .swap_dims(1, 2)
        .reshape([batch, neurons, height, width]);
    (sums - b.reshape([1, neurons, 1, 1])) * p.reshape([1, neurons, 1, 1])
}

/// The same function as [`lui`](super::lui), on every backend.
pub fn lui(x: Tensor<4>, w: Tensor<2>, b: Tensor<1>, p: Tensor<1>) -> Tensor<4> {
    smooth_threshold(Threshold::Tanh, lui_sums(x, w, b, p))
}

/// What [`lui`] takes the smooth threshold of.
pub fn lui_sums(x: Tensor<4>, w: Tensor<2>, b: Tensor<1>, p: Tensor<1>) -> Tensor<4> {
    let [outputs, inputs] = w.dims();
    let [batch, _, height, width] = x.dims();
    let sums = (x.reshape([batch, outputs, inputs, height * width])
        * w.reshape([1, outputs, inputs, 1]))
    .sum_dim(2)
    .reshape([batch, outputs, height, width]);
    (sums - b.reshape([1, outputs, 1, 1])) * p.reshape([1, outputs, 1, 1])
}

/// The same function as [`window_sums`](super::window_sums), on every backend.
pub fn window_sums(x: Tensor<4>, w: Tensor<4>, border: Border) -> Tensor<4> {
    let [_, _, rows, columns] = w.dims();
    let x = pad(x, (rows, columns), border);
    conv2d(x, w, None, ConvOptions::new([1, 1], [0, 0], [1, 1], 1))
}

/// The same function as [`max_pool`](super::max_pool), on every backend.
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2, 2]))
}

/// The same function as [`softplus`](super::softplus), on every backend.
pub fn softplus<const D: usize>(v: Tensor<D>) -> Tensor<D> {
    activation::softplus(v, 1.0)
}

/// The same function as [`outputs_of_hits`](super::outputs_of_hits), on every backend.
pub fn outputs_of_hits(hits: Tensor<4>, sizes: Tensor<1>, dilations: usize) -> Tensor<4> {
    let [neurons] = sizes.dims();
    // 1 - exp(-1) is above 1/2, and 1 - exp(0) is not.
    let any = |count: Tensor<4>| straight_through(-(-count).exp() + 1.0);
    let union = any(hits.clone().narrow(1, 0, dilations));
    match neurons - dilations {
        0 => union,
        erosions => {
            let sizes = sizes.narrow(0, dilations, erosions).reshape([1, erosions, 1, 1]);
            let misses = sizes - hits.narrow(1, dilations, erosions);
            Tensor::cat(vec![union, -any(misses) + 1.0], 1)
        }
    }
}

/// The same function as [`penalty`](super::penalty), on every device: the parameters come to the CPU, and
/// the gradients go back.
pub fn penalty(
    w: Tensor<2>,
    b: Tensor<1>,
    counts: &[bool],
    distance: Distance,
    coefficient: f64,
) -> Tensor<1> {
    let numbers = |data: TensorData| data.try_to_vec::<f32>().expect("32-bit floats");
    let (weights, biases) =
        (numbers(w.clone().detach().into_data()), numbers(b.clone().detach().into_data()));
    let found = Penalties::new(distance, coefficient, &weights, &biases, counts);
    let (mut of_weights, mut of_biases) = (vec![0.0; weights.len()], vec![0.0; biases.len()]);
    found.add_gradients(1.0, &weights, &mut of_weights, &mut of_biases);
    with_gradient(w, &of_weights) + with_gradient(b, &of_biases) + found.value
}

/// Adds the rows and columns that a window of `kernel` pixels reads outside of the image.
fn pad(x: Tensor<4>, kernel: (usize, usize), border: Border) -> Tensor<4> {
    let x = pad_rows(x, kernel.0, border);
    pad_rows(x.swap_dims(2, 3), kernel.1, border).swap_dims(2, 3)
}

fn pad_rows(x: Tensor<4>, kernel: usize, border: Border) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let (before, after) = (kernel / 2, kernel - 1 - kernel / 2);
    let device = x.device();
    if let Border::Replicate | Border::Reflect = border {
        let rows = -(before as isize)..(height + after) as isize;
        let rows: Vec<i32> =
            rows.filter_map(|row| border.source(row, height)).map(|row| row as i32).collect();
        let count = rows.len();
        return x.select(2, Tensor::from_data(TensorData::new(rows, [count]), &device));
    }
    let value = if border == Border::One { 1.0 } else { 0.0 };
    let edge = |rows| Tensor::full([batch, channels, rows, width], value, &device);
    let parts = [edge(before), x, edge(after)];
    Tensor::cat(parts.into_iter().filter(|part| part.dims()[2] > 0).collect(), 2)
}
