//! What the first layer of a classifier reads.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use strel_image::BitImage;
use strel_network::Shape;

use super::{BiMoNN, Dense, Layer, Pass};
use crate::kernels::Ones;
use crate::ops;

/// Binary samples of one shape. Layers that can read their bits; the others read numbers.
#[derive(Clone, Debug)]
pub struct BitSamples {
    ones: Arc<Ones>,
    shape: Shape,
}

impl BitSamples {
    /// Samples of these channels each.
    ///
    /// # Panics
    /// There is no sample, or a sample has other channels than the first.
    pub fn new<'a>(samples: impl IntoIterator<Item = &'a [BitImage]>) -> Self {
        let samples: Vec<&[BitImage]> = samples.into_iter().collect();
        let (height, width) = samples[0][0].size();
        let shape = Shape { channels: samples[0].len(), height, width };
        let ones = Arc::new(Ones::of_images(samples, shape.pixels()));
        BitSamples { ones, shape }
    }

    /// Rows and columns of an image.
    pub fn size(&self) -> (usize, usize) {
        (self.shape.height, self.shape.width)
    }

    /// 0.0 and 1.0, `[samples, channels, height, width]`.
    pub fn tensor(&self, device: &Device) -> Tensor<4> {
        let Shape { channels, height, width } = self.shape;
        let shape = [self.ones.samples(), channels, height, width];
        Tensor::from_data(TensorData::new(self.ones.values(), shape), device)
    }
}

impl BiMoNN {
    /// The outputs of the network for bits, see [`forward`](Self::forward) and
    /// [`forward_hard`](Self::forward_hard). A first layer of neurons on all pixels reads them as they are,
    /// where there are fused kernels for it.
    pub fn pass_bits(&self, x: &BitSamples, pass: Pass, device: &Device) -> Tensor<4> {
        let first = self.layers.split_first();
        let read = first.and_then(|(layer, rest)| Some((layer.of_bits(x, pass)?, rest)));
        match read {
            Some((y, rest)) => rest.iter().fold(y, |y, layer| layer.forward(y, pass)),
            None => self.pass(x.tensor(device), pass),
        }
    }
}

impl Layer {
    /// The outputs of the layer for bits; none where there are no fused kernels for it.
    fn of_bits(&self, x: &BitSamples, pass: Pass) -> Option<Tensor<4>> {
        match self {
            Layer::Dense(dense) => dense.of_bits(x, pass),
            Layer::Sets(sets) => sets.of_bits(&x.ones),
            _ => None,
        }
    }
}

impl Dense {
    /// The outputs of the layer for bits; none where there are no fused kernels for it.
    fn of_bits(&self, x: &BitSamples, pass: Pass) -> Option<Tensor<4>> {
        let Dense { neurons, .. } = self;
        let factor = ops::tanh_factor(neurons.threshold())?;
        let weights = neurons.weights();
        if !ops::are_fused(&weights.device()) {
            return None;
        }
        let y = ops::dense_of_bits(&x.ones, weights, neurons.biases(), neurons.scales() * factor);
        let [samples, outputs] = y.dims();
        Some(pass.output(y.reshape([samples, outputs, 1, 1])))
    }
}
