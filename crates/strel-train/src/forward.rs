//! Running float networks on images, outside of training.

use strel_network::{FloatBisel, FloatNetwork};

use crate::kernels::{BiseShape, LuiShape, bise_forward, lui_forward};

/// The output `[batch, outputs, height, width]` of a network for an input `[batch, inputs, height,
/// width]`, with the arithmetic of training: the same kernels, hence the same bits.
pub fn forward(
    network: &FloatNetwork,
    input: Vec<f32>,
    batch: usize,
    (height, width): (usize, usize),
) -> Vec<f32> {
    network.layers().iter().fold(input, |x, layer| {
        let shape = BiseShape {
            batch,
            inputs: layer.inputs,
            outputs: layer.outputs,
            height,
            width,
            kernel: layer.kernel,
            border: network.border(),
        };
        layer_forward(layer, &shape, &x)
    })
}

fn layer_forward(layer: &FloatBisel, shape: &BiseShape, x: &[f32]) -> Vec<f32> {
    let bise = &layer.bise;
    let y = bise_forward(shape, x, &bise.weights, &bise.bias, &bise.scale);
    let Some(lui) = &layer.lui else { return y };
    let shape = LuiShape {
        batch: shape.batch,
        inputs: shape.inputs,
        outputs: shape.outputs,
        pixels: shape.height * shape.width,
    };
    lui_forward(&shape, &y, &lui.weights, &lui.bias, &lui.scale)
}
