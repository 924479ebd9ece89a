//! Undecided networks.

use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::Border;
use strel_network::Shape;
use strel_theory::Threshold;

use super::neurons::SHARPNESS;
use super::{
    BiMoNN, Bisel, BiselShape, Dense, DenseKind, ImageKind, MaxPool, Neurons, PlainNeuron, Scores,
    Sets, Start, WindowSets,
};

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
    /// So many dilations and erosions of all pixels, each by a set that is learnt as such.
    Sets(usize),
    /// So many dilations and erosions by windows of all channels, learnt in the same way.
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

/// What the layers of a network have in common, and where they start.
pub struct Builder<'a> {
    /// Rows and columns of the windows of BiSEL layers.
    pub kernel: (usize, usize),
    /// What lies outside of an image.
    pub border: Border,
    /// The smooth threshold of all neurons.
    pub threshold: Threshold,
    /// What neurons start as; the mean of the inputs is that of the first layer's of a classifier, and 1/2 inside.
    pub start: Start,
    /// Where random weights come from.
    pub rng: &'a mut ChaCha8Rng,
}

impl Builder<'_> {
    /// A network of BiSEL layers, images to images: layer `k` reads `channels[k]` channels and gives `channels[k + 1]`.
    pub fn images(&mut self, channels: &[usize]) -> BiMoNN {
        let shape =
            |pair: &[usize]| BiselShape { inputs: pair[0], outputs: pair[1], kernel: self.kernel };
        let shapes: Vec<BiselShape> = channels.windows(2).map(shape).collect();
        let layer = |shape| ImageKind::Bisel(Bisel::new(shape, &self.start, self.rng));
        let layers = shapes.into_iter().map(layer).collect();
        BiMoNN::of(layers, Vec::new(), self.border, self.threshold)
    }

    /// The layers of a classifier, first to last, and scores of the classes after them, for samples of a shape.
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
        let (mut images, mut dense) = (Vec::new(), Vec::new());
        for (layer, shape) in layers.iter().zip(&shapes) {
            let bisel =
                |outputs| BiselShape { inputs: shape.channels, outputs, kernel: self.kernel };
            match *layer {
                LayerConfig::Bisel(outputs) => {
                    let layer = Bisel::new(bisel(outputs), &self.start, self.rng);
                    images.push(ImageKind::Bisel(layer));
                }
                LayerConfig::WindowSets(outputs) => {
                    images.push(ImageKind::WindowSets(WindowSets::new(bisel(outputs), self.rng)));
                }
                LayerConfig::MaxPool => {
                    images.push(ImageKind::MaxPool(MaxPool { channels: shape.channels }));
                }
                LayerConfig::Dense(outputs) => {
                    let layer = Dense::new(*shape, outputs, &self.start, self.rng);
                    dense.push(DenseKind::Dense(layer));
                }
                LayerConfig::Sets(outputs) => {
                    dense.push(DenseKind::Sets(Sets::new(*shape, outputs, self.rng)));
                }
            }
            self.start.input_mean = 0.5;
        }
        dense.push(DenseKind::Scores(Scores::new(shapes[layers.len()], classes, self.rng)));
        Ok(BiMoNN::of(images, dense, self.border, self.threshold))
    }
}

impl BiMoNN {
    /// A path that carries the input past the operators of BiSEL layers, for those that compare with it: a top-hat is the
    /// input without its opening (Aouad & Talbot 2022). The last channel of every layer but the last one becomes the first
    /// input channel, from now on, and the last layer reads that channel as it is.
    pub fn carry_input(&mut self) {
        let last = self.bisels().count() - 1;
        for (index, layer) in self.bisels_mut().enumerate() {
            let BiselShape { inputs, outputs, kernel: (rows, cols) } = layer.shape();
            let carried = if index == 0 { 0 } else { inputs - 1 };
            let origin = rows / 2 * cols + cols / 2;
            if index == last {
                let readers = (0..outputs).map(|output| output * inputs + carried);
                readers.for_each(|neuron| become_only(&mut layer.bise, neuron, origin));
                return;
            }
            let output = outputs - 1;
            let neurons = output * inputs..outputs * inputs;
            neurons.for_each(|neuron| become_only(&mut layer.bise, neuron, origin));
            if let Some(lui) = &mut layer.lui {
                become_only(lui, output, carried);
            }
        }
    }
}

/// A neuron gives one of its inputs.
fn become_only(neurons: &mut Neurons, index: usize, input: usize) {
    let weight = |other| f64::from(u8::from(other == input));
    let weights = (0..neurons.inputs()).map(weight).collect();
    neurons.settle(index, &PlainNeuron { weights, bias: 0.5, scale: SHARPNESS });
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
