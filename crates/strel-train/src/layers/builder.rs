//! Undecided classifiers.

use burn::tensor::Device;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::Border;
use strel_network::Shape;

use super::{BiMoNN, Bisel, BiselShape, Dense, Layer, MaxPool, Scores, Sets, Start, WindowSets};

/// A layer of a classifier, as a configuration names it: `{ bisel = 16 }`, `"max-pool"`,
/// `{ dense = 512 }`, `{ sets = 512 }`, `{ window-sets = 16 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LayerConfig {
    /// A BiSEL layer of so many output channels.
    Bisel(usize),
    /// A 2x2 max-pool.
    MaxPool,
    /// A DenseLUI layer of so many neurons.
    Dense(usize),
    /// So many dilations and erosions of all pixels, see [`Sets`].
    Sets(usize),
    /// So many dilations and erosions by windows of all channels, see [`WindowSets`].
    WindowSets(usize),
}

impl LayerConfig {
    /// The output channels that are asked for; a max-pool keeps those it reads.
    pub fn outputs(self) -> Option<usize> {
        match self {
            LayerConfig::Bisel(outputs)
            | LayerConfig::Dense(outputs)
            | LayerConfig::Sets(outputs)
            | LayerConfig::WindowSets(outputs) => Some(outputs),
            LayerConfig::MaxPool => None,
        }
    }

    /// Whether no images are left after it.
    fn is_flat(self) -> bool {
        matches!(self, LayerConfig::Dense(_) | LayerConfig::Sets(_))
    }
}

/// What the layers of a classifier have in common, and where they start.
pub struct Builder<'a> {
    /// Rows and columns of the windows of BiSEL layers.
    pub kernel: (usize, usize),
    /// What lies outside of an image.
    pub border: Border,
    /// What neurons start as; the mean of the inputs is that of the first layer's, and 1/2 inside.
    pub start: Start,
    /// Where random weights come from.
    pub rng: &'a mut ChaCha8Rng,
    /// Where the parameters live.
    pub device: &'a Device,
}

impl Builder<'_> {
    /// The layers, first to last, and scores of the classes after them, for samples of a shape.
    ///
    /// # Errors
    /// A layer has nothing to read: images are too small, or a window follows a dense layer. The text
    /// says which.
    pub fn classifier(
        &mut self,
        layers: &[LayerConfig],
        samples: Shape,
        classes: usize,
    ) -> Result<BiMoNN, String> {
        let shapes = shapes(layers, samples)?;
        let mut built = Vec::new();
        for (layer, shape) in layers.iter().zip(&shapes) {
            built.push(self.layer(*layer, *shape));
            self.start.input_mean = 0.5;
        }
        let last = shapes[layers.len()];
        built.push(Layer::Scores(Scores::new(last, classes, self.rng, self.device)));
        Ok(BiMoNN::of(built, self.border, self.start.threshold))
    }

    fn layer(&mut self, layer: LayerConfig, shape: Shape) -> Layer {
        match layer {
            LayerConfig::Bisel(outputs) => {
                let shape = self.bisel(shape, outputs);
                Layer::Bisel(Bisel::new(shape, &self.start, self.rng, self.device))
            }
            LayerConfig::WindowSets(outputs) => {
                let shape = self.bisel(shape, outputs);
                Layer::WindowSets(WindowSets::new(shape, self.rng, self.device))
            }
            LayerConfig::MaxPool => Layer::MaxPool(MaxPool::new(shape.channels)),
            LayerConfig::Dense(outputs) => {
                Layer::Dense(Dense::new(shape, outputs, &self.start, self.rng, self.device))
            }
            LayerConfig::Sets(outputs) => {
                Layer::Sets(Sets::new(shape, outputs, self.rng, self.device))
            }
        }
    }

    fn bisel(&self, Shape { channels: inputs, .. }: Shape, outputs: usize) -> BiselShape {
        BiselShape { inputs, outputs, kernel: self.kernel, border: self.border }
    }
}

/// The shape that each layer reads, and the one that the last layer gives.
///
/// # Errors
/// A layer has nothing to read; the text says which.
fn shapes(layers: &[LayerConfig], samples: Shape) -> Result<Vec<Shape>, String> {
    let (mut shapes, mut flat) = (vec![samples], false);
    for (index, layer) in layers.iter().enumerate() {
        let (shape, wrong) = (shapes[index], |what| Err(format!("layer {}: {what}", index + 1)));
        if flat && !layer.is_flat() {
            return wrong("it reads images, and follows a dense layer, which gives none");
        }
        if *layer == LayerConfig::MaxPool && shape.height.min(shape.width) < 2 {
            return wrong("nothing is left of the images for a max-pool");
        }
        flat = layer.is_flat();
        shapes.push(after(*layer, shape));
    }
    Ok(shapes)
}

/// What a layer gives of a shape.
fn after(layer: LayerConfig, shape: Shape) -> Shape {
    match layer {
        LayerConfig::Bisel(channels) | LayerConfig::WindowSets(channels) => {
            Shape { channels, ..shape }
        }
        LayerConfig::MaxPool => Shape { height: shape.height / 2, width: shape.width / 2, ..shape },
        LayerConfig::Dense(outputs) | LayerConfig::Sets(outputs) => Shape::flat(outputs),
    }
}
