//! The LUI neurons of a layer: each reads its group of channels at one pixel.

use rayon::prelude::*;

use super::lanes::{dot, sum, sum_rows};
use super::sigmoid::{smooth_threshold, smooth_threshold_slope};
use super::vectorized::vectorized;

/// The sizes of a layer of LUI neurons.
///
/// Weights are `[outputs, inputs]`, biases and scales are `[outputs]`, the input is `[batch,
/// outputs * inputs, pixels]` (as a BiSE layer writes it) and the output `[batch, outputs,
/// pixels]`.
#[derive(Clone, Copy, Debug)]
pub struct LuiShape {
    /// Images.
    pub batch: usize,
    /// Channels that each neuron reads.
    pub inputs: usize,
    /// Neurons.
    pub outputs: usize,
    /// Pixels of an image.
    pub pixels: usize,
}

/// `y = xi(p * (sum_c W(c) x(c) - b))` for every neuron, pixel and image.
pub fn lui_forward(shape: &LuiShape, x: &[f32], w: &[f32], b: &[f32], p: &[f32]) -> Vec<f32> {
    let LuiShape { batch, inputs, outputs, pixels } = *shape;
    let mut y = vec![0.0; batch * outputs * pixels];
    let groups = x.par_chunks_exact(inputs * pixels);
    groups.zip(y.par_chunks_exact_mut(pixels)).enumerate().for_each(|(k, (x, y))| {
        let o = k % outputs;
        vectorized(
            #[inline(always)]
            || {
                for (x, w) in x.chunks_exact(pixels).zip(&w[o * inputs..]) {
                    for (sum, x) in y.iter_mut().zip(x) {
                        *sum += w * x;
                    }
                }
                for y in y.iter_mut() {
                    *y = smooth_threshold(p[o] * (*y - b[o]));
                }
            },
        );
    });
    y
}

/// The gradients of [`lui_forward`].
pub struct LuiGradients {
    /// For the input, `[batch, outputs * inputs, pixels]`.
    pub x: Vec<f32>,
    /// For the weights, `[outputs, inputs]`.
    pub w: Vec<f32>,
    /// For the biases, `[outputs]`.
    pub b: Vec<f32>,
    /// For the scales, `[outputs]`.
    pub p: Vec<f32>,
}

/// The gradients of a loss for a layer's parameters and input, given its input `x`, its output `y`
/// and the loss's gradient `dy` for that output.
pub fn lui_backward(
    shape: &LuiShape,
    x: &[f32],
    [w, b, p]: [&[f32]; 3],
    y: &[f32],
    dy: &[f32],
) -> LuiGradients {
    let LuiShape { batch, inputs, outputs, pixels } = *shape;
    let mut dx = vec![0.0; x.len()];
    // One row a neuron and image: the sums of `dz x` of every channel, then that of `dz`.
    let row = inputs + 1;
    let mut sums = vec![0.0; batch * outputs * row];
    let results = dx.par_chunks_exact_mut(inputs * pixels).zip(sums.par_chunks_exact_mut(row));
    let given = x.par_chunks_exact(inputs * pixels);
    let given = given.zip(y.par_chunks_exact(pixels).zip(dy.par_chunks_exact(pixels)));
    given.zip(results).enumerate().for_each_init(
        || vec![0.0; pixels],
        |dz, (k, ((x, (y, dy)), (dx, sums)))| {
            let o = k % outputs;
            vectorized(
                #[inline(always)]
                || {
                    for ((dz, y), dy) in dz.iter_mut().zip(y).zip(dy) {
                        *dz = dy * smooth_threshold_slope(*y);
                    }
                    for (c, (x, dx)) in
                        x.chunks_exact(pixels).zip(dx.chunks_exact_mut(pixels)).enumerate()
                    {
                        sums[c] = dot(dz, x);
                        let scaled = p[o] * w[o * inputs + c];
                        for (dx, dz) in dx.iter_mut().zip(dz.iter()) {
                            *dx = scaled * dz;
                        }
                    }
                    sums[inputs] = sum(dz);
                },
            );
        },
    );
    parameter_gradients(shape, &sums, [w, b, p], dx)
}

fn parameter_gradients(
    shape: &LuiShape,
    sums: &[f32],
    [w, b, p]: [&[f32]; 3],
    dx: Vec<f32>,
) -> LuiGradients {
    let row = shape.inputs + 1;
    let total = sum_rows(sums, shape.outputs * row);
    let mut gradients = LuiGradients { x: dx, w: Vec::new(), b: Vec::new(), p: Vec::new() };
    for (o, row) in total.chunks_exact(row).enumerate() {
        let (products, plain) = row.split_at(shape.inputs);
        let w = &w[o * shape.inputs..][..shape.inputs];
        gradients.w.extend(products.iter().map(|g| p[o] * g));
        gradients.b.push(-p[o] * plain[0]);
        gradients.p.push(w.iter().zip(products).map(|(w, g)| w * g).sum::<f32>() - b[o] * plain[0]);
    }
    gradients
}
