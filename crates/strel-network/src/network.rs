//! The binarized network: operators instead of neurons.

use strel_image::Border;

use crate::chain::{Effect, Stage, check_border, check_chain, least_image_size};
use crate::combination::check_count;
use crate::{
    Combination, CombinationRule, Dense, Exactness, ExactnessCounts, MorphologicalNeuron,
    NetworkError, Place, Scores,
};

/// A chain of layers of morphological operators on binary images.
///
/// ```
/// use strel_image::{BitImage, Border};
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let pair = "O#".parse()?;
/// let erosion = MorphologicalNeuron::activated(Operator::Erosion(pair));
/// let layer = Layer::Bisel(Bisel::one_to_one(erosion));
/// let network = Network::new(Border::Zero, vec![layer])?;
/// let image: BitImage = "###.#.##".parse()?;
/// assert_eq!(network.apply_one(&image)?.to_string(), "##....#.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    border: Border,
    layers: Vec<Layer>,
}

/// One layer of a binarized network.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// Operators on single channels whose results are combined.
    Bisel(Bisel),
    /// The 2x2 max-pooling of each channel, see [`max_pool`](strel_image::max_pool).
    MaxPool {
        /// Number of channels, at least 1.
        channels: usize,
    },
    /// Set operations on all pixels of all channels.
    Dense(Dense),
    /// Scores of classes, with float weights; only as the last layer.
    Scores(Scores),
}

/// A binarized BiSEL layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bisel {
    /// Number of input channels, at least 1.
    pub inputs: usize,
    /// The output channels, at least one.
    pub outputs: Vec<OutputChannel>,
}

/// How one output channel of a [`Bisel`] comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputChannel {
    /// One an input channel, which it reads.
    pub neurons: Vec<MorphologicalNeuron>,
    /// What becomes of their results.
    pub combination: Combination,
}

impl Network {
    /// A network from its layers, first to last.
    ///
    /// # Errors
    /// There is no layer, the border is neutral, a layer reads another number or size of channels
    /// than the layer before it gives, an output channel has not one neuron and one member entry an
    /// input channel, the set of an operator is empty, a gate's weights are too many or too large,
    /// scores are not last or not finite. The error names the layer and neuron.
    pub fn new(border: Border, layers: Vec<Layer>) -> Result<Self, NetworkError> {
        check_border(border)?;
        check_chain(&stages(&layers))?;
        for (index, layer) in layers.iter().enumerate() {
            layer.check(index)?;
        }
        Ok(Self { border, layers })
    }

    /// What an operator reads outside the image; never [`Border::Neutral`].
    pub fn border(&self) -> Border {
        self.border
    }

    /// The layers, first to last; at least one.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Number of input channels.
    pub fn inputs(&self) -> usize {
        self.layers.first().map_or(0, Layer::inputs)
    }

    /// Number of output channels; of classes for a classifier.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, Layer::outputs)
    }

    /// The layer of scores that a classifier ends with; `None` for a network of images.
    pub fn scores_layer(&self) -> Option<&Scores> {
        match self.layers.last() {
            Some(Layer::Scores(scores)) => Some(scores),
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

    /// How many neurons there are of each exactness. A combination counts unless it is the identity
    /// of a BiSEL layer.
    pub fn exactness_counts(&self) -> ExactnessCounts {
        self.layers.iter().flat_map(Layer::exactness).collect()
    }
}

fn stages(layers: &[Layer]) -> Vec<Stage> {
    layers.iter().map(Layer::stage).collect()
}

impl Layer {
    /// The BiSEL layer, if it is one.
    pub fn bisel(&self) -> Option<&Bisel> {
        match self {
            Self::Bisel(bisel) => Some(bisel),
            _ => None,
        }
    }

    /// Number of input channels.
    pub fn inputs(&self) -> usize {
        self.stage().inputs
    }

    /// Number of output channels; of classes for scores.
    pub fn outputs(&self) -> usize {
        self.stage().outputs
    }

    pub(crate) fn stage(&self) -> Stage {
        match self {
            Self::Bisel(bisel) => {
                Stage { inputs: bisel.inputs, outputs: bisel.outputs.len(), effect: Effect::Keeps }
            }
            &Self::MaxPool { channels } => {
                Stage { inputs: channels, outputs: channels, effect: Effect::Halves }
            }
            Self::Dense(Dense { inputs, neurons }) => Stage {
                inputs: inputs.channels,
                outputs: neurons.len(),
                effect: Effect::Joins(*inputs),
            },
            Self::Scores(scores) => scores.stage(),
        }
    }

    /// Checks the layer with this index.
    fn check(&self, layer: usize) -> Result<(), NetworkError> {
        match self {
            Self::Bisel(bisel) => bisel.check(layer),
            Self::MaxPool { .. } => Ok(()),
            Self::Dense(dense) => dense.check(layer),
            Self::Scores(scores) => scores.check(layer),
        }
    }

    /// That of each neuron.
    fn exactness(&self) -> Vec<Exactness> {
        match self {
            Self::Bisel(bisel) => bisel.outputs.iter().flat_map(OutputChannel::exactness).collect(),
            Self::Dense(dense) => dense.neurons.iter().map(|neuron| neuron.exactness).collect(),
            Self::MaxPool { .. } | Self::Scores(_) => Vec::new(),
        }
    }
}

impl Bisel {
    /// The layer of one neuron.
    pub fn one_to_one(neuron: MorphologicalNeuron) -> Self {
        let channel = OutputChannel { neurons: vec![neuron], combination: Combination::identity() };
        Self { inputs: 1, outputs: vec![channel] }
    }

    fn check(&self, layer: usize) -> Result<(), NetworkError> {
        for (output, channel) in self.outputs.iter().enumerate() {
            channel.check(self.inputs, layer, output)?;
        }
        Ok(())
    }
}

impl OutputChannel {
    fn exactness(&self) -> impl Iterator<Item = Exactness> {
        let combination = (self.combination.rule != CombinationRule::Identity)
            .then_some(self.combination.exactness);
        self.neurons.iter().map(|neuron| neuron.exactness).chain(combination)
    }

    fn check(&self, inputs: usize, layer: usize, output: usize) -> Result<(), NetworkError> {
        let place = Place::lui(layer, output);
        check_count(place, "number of neurons", inputs, self.neurons.len())?;
        for (input, neuron) in self.neurons.iter().enumerate() {
            neuron.operator.check(Place::bise(layer, output, input))?;
        }
        self.combination.check(inputs, place)
    }
}
