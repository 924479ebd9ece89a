//! Running float networks on images, outside of training.

use rayon::prelude::*;
use strel_image::{BitImage, Border};
use strel_network::{FloatBisel, FloatNetwork, Plane};
use strel_theory::Threshold;

use crate::kernels::{pixels, tanh_factor};
use crate::layers::{ByImage, How, ImageLayer, Pass};

/// The output `[batch, outputs, height, width]` of a chain of layers of tanh neurons for an input
/// `[batch, inputs, height, width]`, with the arithmetic of training: the same kernels, hence the same bits.
pub fn forward<'a>(
    layers: impl IntoIterator<Item = &'a FloatBisel>,
    border: Border,
    input: Vec<f32>,
    size: (usize, usize),
) -> Vec<f32> {
    forward_with(layers, border, Threshold::Tanh, input, size)
}

fn forward_with<'a>(
    layers: impl IntoIterator<Item = &'a FloatBisel>,
    border: Border,
    threshold: Threshold,
    input: Vec<f32>,
    size: (usize, usize),
) -> Vec<f32> {
    let layers: Vec<&dyn ImageLayer> =
        layers.into_iter().map(|layer| layer as &dyn ImageLayer).collect();
    if layers.is_empty() {
        return input;
    }
    let chain = ByImage::new(&layers, How { border, threshold, pass: Pass::Smooth }, size);
    let len = chain.input_len();
    chain.forward(input.len() / len, |image, x| x.copy_from_slice(&input[image * len..][..len]))
}

/// Rows of an image that are computed at a time; memory grows with it, repeated work shrinks.
const BAND: usize = 128;

/// The output of a network of one input and one output channel, thresholded: 1 where it is above
/// 1/2. Any size; memory is that of a few bands of 128 rows. Smooth thresholds without kernels of their own are computed
/// as [`FloatNetwork::forward`] does, many times slower.
///
/// # Panics
/// The network has more channels, or a layer that is no BiSEL layer.
pub fn apply_float(network: &FloatNetwork, image: &BitImage) -> BitImage {
    assert_eq!((network.inputs(), network.outputs()), (1, 1), "one channel in, one out");
    let (height, width) = image.size();
    if image.area() == 0 {
        return image.clone();
    }
    if tanh_factor(network.threshold()).is_none() {
        return apply_definition(network, image);
    }
    // A band is computed with the rows around it that its windows reach; the image's own edges
    // keep their border.
    let layers: Vec<&FloatBisel> = network.bisels().collect();
    assert_eq!(layers.len(), network.layers().len(), "BiSEL layers only");
    let reach: usize = layers.iter().map(|layer| layer.kernel.0).sum();
    let (border, threshold) = (network.border(), network.threshold());
    let bands: Vec<Vec<f32>> = (0..height.div_ceil(BAND))
        .into_par_iter()
        .map(|band| {
            let rows = band * BAND..((band + 1) * BAND).min(height);
            let (top, bottom) = (rows.start.saturating_sub(reach), (rows.end + reach).min(height));
            let part = image.crop(top, 0, bottom - top, width).expect("rows of the image");
            let (layers, size) = (layers.iter().copied(), (bottom - top, width));
            let output = forward_with(layers, border, threshold, pixels(&part), size);
            output[(rows.start - top) * width..(rows.end - top) * width].to_vec()
        })
        .collect();
    BitImage::from_fn(height, width, |row, col| bands[row / BAND][row % BAND * width + col] > 0.5)
}

fn apply_definition(network: &FloatNetwork, image: &BitImage) -> BitImage {
    let outputs = network.forward(&[Plane::from(image)]).expect("one channel in, one out");
    outputs[0].threshold()
}
