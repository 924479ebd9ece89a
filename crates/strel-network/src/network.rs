//! The binarized network: operators instead of neurons.

use strel_image::{Border, StructuringElement};

use crate::float_network::{check_border, check_chain};
use crate::{NetworkError, Place};

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

/// A binarized BiSE neuron: an operator on one channel, complemented or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MorphologicalNeuron {
    /// The operator.
    pub operator: Operator,
    /// Whether its result is complemented.
    pub complement: bool,
    /// Whether the float neuron was this operator.
    pub exactness: Exactness,
}

/// An operator on one binary image. Structuring elements are in Minkowski's convention and have at
/// least one pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The dilation: pixel i is 1 iff x(i - b) is for some b of the element.
    Dilation(StructuringElement),
    /// The erosion: pixel i is 1 iff x(i + b) is for every b of the element.
    Erosion(StructuringElement),
    /// The same image whatever the input.
    Constant(bool),
}

/// A binarized LUI neuron: a set operation on the results of an output channel's neurons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// The set operation.
    pub rule: CombinationRule,
    /// Whether its result is complemented.
    pub complement: bool,
    /// Whether the float neuron was this set operation.
    pub exactness: Exactness,
}

/// A set operation on several binary images. Members have one entry an input channel, at least one
/// of them `true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CombinationRule {
    /// The one result there is; only where there is one input channel.
    Identity,
    /// The union of the members' results.
    Union(Vec<bool>),
    /// The intersection of the members' results.
    Intersection(Vec<bool>),
    /// The same image whatever the results.
    Constant(bool),
}

/// How faithful an operator is to the float neuron that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exactness {
    /// The neuron is this operator on binary inputs (activated, Aouad & Talbot 2023).
    Activated,
    /// The operator is near the neuron, and may differ from it on some binary inputs.
    Approximate,
}

impl Network {
    /// A network from its layers, first to last.
    ///
    /// # Errors
    /// There is no layer, the border is neutral, a layer reads another number of channels than the
    /// layer before it gives, an output channel has not one neuron and one member entry an input
    /// channel, the set of an operator is empty. The error names the layer and neuron.
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

    /// How many neurons are activated, and how many approximate. A combination counts unless it is
    /// the identity.
    pub fn exactness_counts(&self) -> (usize, usize) {
        let channels = self.layers.iter().flat_map(|Layer::Bisel(bisel)| &bisel.outputs);
        let all: Vec<Exactness> = channels.flat_map(OutputChannel::exactness).collect();
        let activated = all.iter().filter(|&&found| found == Exactness::Activated).count();
        (activated, all.len() - activated)
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
        let check_count = |what, found| {
            if found == inputs {
                return Ok(());
            }
            let expected = format!("{inputs}: one an input channel");
            Err(NetworkError::Size { place, what, expected, found })
        };
        check_count("number of neurons", self.neurons.len())?;
        for (input, neuron) in self.neurons.iter().enumerate() {
            if neuron.operator.element().is_some_and(StructuringElement::is_empty) {
                return Err(NetworkError::EmptySet { place: Place::bise(layer, output, input) });
            }
        }
        match &self.combination.rule {
            CombinationRule::Identity => check_count("number of results of an identity", 1),
            CombinationRule::Constant(_) => Ok(()),
            CombinationRule::Union(members) | CombinationRule::Intersection(members) => {
                check_count("number of member entries", members.len())?;
                if members.contains(&true) { Ok(()) } else { Err(NetworkError::EmptySet { place }) }
            }
        }
    }
}

impl MorphologicalNeuron {
    /// An operator that is exactly what it stands for, not complemented.
    pub fn activated(operator: Operator) -> Self {
        Self { operator, complement: false, exactness: Exactness::Activated }
    }
}

impl Operator {
    /// The structuring element, if this is no constant.
    pub fn element(&self) -> Option<&StructuringElement> {
        match self {
            Self::Dilation(element) | Self::Erosion(element) => Some(element),
            Self::Constant(_) => None,
        }
    }
}

impl Combination {
    /// What takes the one result there is as it is.
    pub fn identity() -> Self {
        Self { rule: CombinationRule::Identity, complement: false, exactness: Exactness::Activated }
    }

    /// Whether the result of input channel `input` matters.
    pub fn uses(&self, input: usize) -> bool {
        match &self.rule {
            CombinationRule::Identity => true,
            CombinationRule::Union(members) | CombinationRule::Intersection(members) => {
                members.get(input) == Some(&true)
            }
            CombinationRule::Constant(_) => false,
        }
    }
}
