//! Untrained ordinary networks.

use burn::tensor::Device;
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::Shape;
use strel_theory::Threshold;

use super::{Activation, Baseline, Linear, Reads};
use crate::layers::{BiMoNN, Layer, LayerConfig, MaxPool, Scores, shapes};

/// What the layers of an ordinary network have in common.
pub struct BaselineBuilder<'a> {
    /// What weights and activations are.
    pub baseline: Baseline,
    /// Rows and columns of the windows of convolutions.
    pub kernel: (usize, usize),
    /// What lies outside of an image.
    pub border: Border,
    /// Where random weights come from.
    pub rng: &'a mut ChaCha8Rng,
    /// Where the parameters live.
    pub device: &'a Device,
}

impl BaselineBuilder<'_> {
    /// The layers, first to last, and scores of the classes after them, for samples of a shape. A
    /// max-pool after weights comes before their normalisation: of many values, not of signs, one
    /// is the largest, and gets the gradient.
    ///
    /// # Errors
    /// A layer has nothing to read, or is a morphological one; the text says which.
    pub fn classifier(
        &mut self,
        layers: &[LayerConfig],
        samples: Shape,
        classes: usize,
    ) -> Result<BiMoNN, String> {
        let shapes = shapes(layers, samples)?;
        let (mut built, mut waiting) = (Vec::new(), None);
        for (index, (layer, shape)) in layers.iter().zip(&shapes).enumerate() {
            let Some(outputs) = layer.outputs() else {
                built.push(Layer::MaxPool(MaxPool::new(shape.channels)));
                continue;
            };
            let wrong =
                || format!("layer {}: with `baseline`, it is {{ conv = {outputs} }}", index + 1);
            let reads = self.reads(*layer, *shape).ok_or_else(wrong)?;
            built.extend(waiting.take());
            let linear = Linear::new(reads, outputs, self.baseline, self.rng, self.device);
            built.push(Layer::Linear(linear));
            let activation = Activation::new(outputs, self.baseline, self.device);
            waiting = Some(Layer::Activation(activation));
        }
        built.extend(waiting);
        let last = shapes[layers.len()];
        built.push(Layer::Scores(Scores::new(last, classes, self.rng, self.device)));
        Ok(BiMoNN::of(built, self.border, Threshold::Tanh))
    }

    fn reads(&self, layer: LayerConfig, shape: Shape) -> Option<Reads> {
        let BaselineBuilder { kernel, border, .. } = *self;
        match layer {
            LayerConfig::Dense(_) => Some(Reads::All(shape)),
            LayerConfig::Conv(_) => {
                Some(Reads::Windows { channels: shape.channels, kernel, border })
            }
            LayerConfig::Bisel(_)
            | LayerConfig::Sets(_)
            | LayerConfig::WindowSets(_)
            | LayerConfig::MaxPool => None,
        }
    }
}
