//! The binarized network: operators instead of neurons.

use strel_image::Border;

use crate::combination::check_count;
use crate::float_network::{check_border, check_chain};
use crate::{
    Combination, CombinationRule, Exactness, ExactnessCounts, MorphologicalNeuron, NetworkError,
    Place,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    border: Border,
    layers: Vec<Layer>,
}

/// One layer of a binarized network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Operators on single channels whose results are combined.
    Bisel(Bisel),
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
    /// There is no layer, the border is neutral, a layer reads another number of channels than the
    /// layer before it gives, an output channel has not one neuron and one member entry an input
    /// channel, the set of an operator is empty, a gate's weights are too many or too large. The error names the layer and neuron.
    pub fn new(border: Border, layers: Vec<Layer>) -> Result<Self, NetworkError> {
        check_border(border)?;
        check_chain(layers.iter().map(|layer| (layer.inputs(), layer.outputs())))?;
        for (index, Layer::Bisel(bisel)) in layers.iter().enumerate() {
            bisel.check(index)?;
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

    /// Number of output channels.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, Layer::outputs)
    }

    /// How many neurons there are of each exactness. A combination counts unless it is the
    /// identity.
    pub fn exactness_counts(&self) -> ExactnessCounts {
        let channels = self.layers.iter().flat_map(|Layer::Bisel(bisel)| &bisel.outputs);
        channels.flat_map(OutputChannel::exactness).collect()
    }
}

impl Layer {
    /// Number of input channels.
    pub fn inputs(&self) -> usize {
        match self {
            Self::Bisel(bisel) => bisel.inputs,
        }
    }

    /// Number of output channels.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Bisel(bisel) => bisel.outputs.len(),
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
