//! Running float networks on images, outside of training.

use rayon::prelude::*;
use strel_image::{BitImage, Border};
use strel_network::{FloatBisel, FloatNetwork};

use crate::kernels::{BiseShape, LuiShape, bise_forward, lui_forward};

/// The output `[batch, outputs, height, width]` of a chain of layers for an input `[batch, inputs,
/// height, width]`, with the arithmetic of training: the same kernels, hence the same bits.
pub fn forward<'a>(
    layers: impl IntoIterator<Item = &'a FloatBisel>,
    border: Border,
    input: Vec<f32>,
    batch: usize,
    (height, width): (usize, usize),
) -> Vec<f32> {
    layers.into_iter().fold(input, |x, layer| {
        let shape = BiseShape {
            batch,
            inputs: layer.inputs,
            outputs: layer.outputs,
            height,
            width,
            kernel: layer.kernel,
            border,
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

/// Rows of an image that are computed at a time; memory grows with it, repeated work shrinks.
const BAND: usize = 128;

/// The output of a network of one input and one output channel, thresholded: 1 where it is above
/// 1/2. Any size; memory is that of a few bands of 128 rows.
///
/// # Panics
/// The network has more channels, or a layer that is no BiSEL layer.
pub fn apply_float(network: &FloatNetwork, image: &BitImage) -> BitImage {
    assert_eq!((network.inputs(), network.outputs()), (1, 1), "one channel in, one out");
    let (height, width) = image.size();
    if image.area() == 0 {
        return image.clone();
    }
    // A band is computed with the rows around it that its windows reach; the image's own edges
    // keep their border.
    let layers: Vec<&FloatBisel> = network.bisels().collect();
    assert_eq!(layers.len(), network.layers().len(), "BiSEL layers only");
    let reach: usize = layers.iter().map(|layer| layer.kernel.0).sum();
    let bands: Vec<Vec<f32>> = (0..height.div_ceil(BAND))
        .into_par_iter()
        .map(|band| {
            let rows = band * BAND..((band + 1) * BAND).min(height);
            let (top, bottom) = (rows.start.saturating_sub(reach), (rows.end + reach).min(height));
            let input: Vec<f32> = (top..bottom).flat_map(|row| row_values(image, row)).collect();
            let (layers, border) = (layers.iter().copied(), network.border());
            let output = forward(layers, border, input, 1, (bottom - top, width));
            output[(rows.start - top) * width..(rows.end - top) * width].to_vec()
        })
        .collect();
    BitImage::from_fn(height, width, |row, col| bands[row / BAND][row % BAND * width + col] > 0.5)
}

/// The pixels of a row as 0.0 and 1.0.
pub(crate) fn row_values(image: &BitImage, row: usize) -> impl Iterator<Item = f32> {
    let words = image.row(row);
    (0..image.width()).map(move |col| (words[col / 64] >> (col % 64) & 1) as f32)
}
