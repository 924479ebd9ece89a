//! A float network as plain data.

use strel_image::Border;
use strel_theory::Threshold;

use crate::chain::{Stage, check_border, check_chain, check_image_size, least_image_size};
use crate::{FloatBisel, FloatLayer, NetworkError, Scores};

/// A chain of layers with the weights that their neurons compute with, whatever
/// parametrization they were learnt in.
///
/// ```
/// use strel_image::Border;
/// use strel_network::{FloatBisel, FloatNetwork, NeuronBank, Plane};
/// use strel_theory::Threshold;
///
/// let layer = FloatBisel {
///     inputs: 1,
///     outputs: 1,
///     kernel: (1, 3),
///     bise: NeuronBank { weights: vec![1.0, 1.0, 0.0], bias: vec![0.5], scale: vec![1.0] },
///     lui: None,
/// };
/// let network = FloatNetwork::new(Border::Zero, Threshold::Logistic, vec![layer])?;
/// let y = network.forward(&[Plane::new(1, 3, vec![0.0, 1.0, 0.0])?])?;
/// assert_eq!(y[0].get(0, 2), Threshold::Logistic.value(0.5));
/// assert_eq!(y[0].threshold().to_string(), ".##");
/// # Ok::<(), strel_network::NetworkError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FloatNetwork {
    border: Border,
    threshold: Threshold,
    layers: Vec<FloatLayer>,
}

impl FloatNetwork {
    /// A network from its layers, first to last.
    ///
    /// # Errors
    /// There is no layer, the border is neutral, a tensor has another number of values than its
    /// shape, a value is NaN or infinite, a layer reads another number or size of channels than the
    /// layer before it gives, LUI neurons are missing or idle, scores are not last. The error names
    /// the layer and neuron.
    pub fn new(
        border: Border,
        threshold: Threshold,
        layers: impl IntoIterator<Item: Into<FloatLayer>>,
    ) -> Result<Self, NetworkError> {
        let layers: Vec<FloatLayer> = layers.into_iter().map(Into::into).collect();
        check_border(border)?;
        check_chain(&stages(&layers))?;
        for (index, layer) in layers.iter().enumerate() {
            layer.check(index)?;
        }
        Ok(Self { border, threshold, layers })
    }

    /// What a neuron reads outside the image; never [`Border::Neutral`].
    pub fn border(&self) -> Border {
        self.border
    }

    /// The smooth threshold xi of all neurons.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The layers, first to last; at least one.
    pub fn layers(&self) -> &[FloatLayer] {
        &self.layers
    }

    /// The BiSEL layers, first to last.
    pub fn bisels(&self) -> impl Iterator<Item = &FloatBisel> {
        self.layers.iter().filter_map(|layer| match layer {
            FloatLayer::Bisel(bisel) => Some(bisel),
            _ => None,
        })
    }

    /// Number of input channels.
    pub fn inputs(&self) -> usize {
        self.layers.first().map_or(0, FloatLayer::inputs)
    }

    /// Number of output channels; of classes for a classifier.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, FloatLayer::outputs)
    }

    /// The layer of scores that a classifier ends with; `None` for a network of images.
    pub fn scores_layer(&self) -> Option<&Scores> {
        match self.layers.last() {
            Some(FloatLayer::Scores(scores)) => Some(scores),
            _ => None,
        }
    }

    /// The number of classes of a classifier; `None` for a network of images.
    pub fn classes(&self) -> Option<usize> {
        self.scores_layer().map(|scores| scores.classes)
    }

    /// Height and width of the smallest images that the network reads; `None` if it reads all.
    pub fn least_image_size(&self) -> Option<(usize, usize)> {
        least_image_size(&stages(&self.layers))
    }

    pub(crate) fn check_image_size(&self, size: (usize, usize)) -> Result<(), NetworkError> {
        check_image_size(&stages(&self.layers), size)
    }
}

fn stages(layers: &[FloatLayer]) -> Vec<Stage> {
    layers.iter().map(FloatLayer::stage).collect()
}
