//! Running float networks on images, outside of training.

use rayon::prelude::*;
use strel_image::{BitImage, Border};
use strel_network::{FloatBisel, FloatNetwork, Plane};
use strel_theory::Threshold;

use crate::kernels::{Chain, write_pixels};

/// The output `[batch, outputs, height, width]` of a chain of layers of tanh neurons for an input
/// `[batch, inputs, height, width]`, with the arithmetic of training: the same kernels, hence the same bits.
pub fn forward<'a>(
    layers: impl IntoIterator<Item = &'a FloatBisel>,
    border: Border,
    input: Vec<f32>,
    size: (usize, usize),
) -> Vec<f32> {
    let mut layers = layers.into_iter().peekable();
    match layers.peek() {
        Some(_) => Chain::new(layers, border, size).forward(&input),
        None => input,
    }
}

/// Rows of an image that are computed at a time; memory grows with it, repeated work shrinks.
const BAND: usize = 128;

/// The output of a network of one input and one output channel, thresholded: 1 where it is above
/// 1/2. Any size; memory is that of a few bands of 128 rows. The kernels are those of tanh; networks of
/// other smooth thresholds are computed as [`FloatNetwork::forward`] does, many times slower.
///
/// # Panics
/// The network has more channels, or a layer that is no BiSEL layer.
pub fn apply_float(network: &FloatNetwork, image: &BitImage) -> BitImage {
    assert_eq!((network.inputs(), network.outputs()), (1, 1), "one channel in, one out");
    let (height, width) = image.size();
    if image.area() == 0 {
        return image.clone();
    }
    if network.threshold() != Threshold::Tanh {
        return apply_definition(network, image);
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
            let part = image.crop(top, 0, bottom - top, width).expect("rows of the image");
            let input = pixels(&part);
            let (layers, border) = (layers.iter().copied(), network.border());
            let output = forward(layers, border, input, (bottom - top, width));
            output[(rows.start - top) * width..(rows.end - top) * width].to_vec()
        })
        .collect();
    BitImage::from_fn(height, width, |row, col| bands[row / BAND][row % BAND * width + col] > 0.5)
}

fn apply_definition(network: &FloatNetwork, image: &BitImage) -> BitImage {
    let outputs = network.forward(&[Plane::from(image)]).expect("one channel in, one out");
    outputs[0].threshold()
}

/// The pixels of an image, row after row, as 0.0 and 1.0.
pub(crate) fn pixels(image: &BitImage) -> Vec<f32> {
    let mut pixels = vec![0.0; image.height() * image.width()];
    write_pixels(image, &mut pixels);
    pixels
}
