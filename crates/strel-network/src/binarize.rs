//! From neurons to operators.

use strel_image::{ImageError, StructuringElement};
use strel_theory::{InputBounds, Method, Neuron, Operation, SetOperator, TheoryError, activation};

use crate::bank::FloatNeuron;
use crate::{
    Bisel, Combination, CombinationRule, Dense, Exactness, FloatBisel, FloatLayer, FloatNetwork,
    Layer, MorphologicalNeuron, Network, NetworkError, Operator, OutputChannel, Place,
};

/// Replaces each neuron of a float network by an operator. Scores keep their float weights.
///
/// A neuron that is an operator for every binary input becomes that operator, marked
/// [`Exactness::Activated`]. Another one makes [`Method::Exact`] fail; by the other methods it
/// becomes the nearest operator, marked [`Exactness::Approximate`].
///
/// If every neuron is activated, the binarized network equals
/// [`FloatNetwork::forward_hard`] on every image. That it equals the thresholded
/// [`FloatNetwork::forward`] too takes more, since the outputs of float neurons are almost binary
/// only.
///
/// A neuron reads its window as a correlation does. In Minkowski's convention the support of an
/// erosion is its structuring element, and that of a dilation is the element's reflection.
///
/// # Errors
/// [`NetworkError::Neuron`] with [`Method::Exact`]: names the first neuron that is no operator, and
/// by how much it misses.
///
/// # Cost
/// O(n log n) for a neuron of n weights.
///
/// ```
/// use strel_image::Border;
/// use strel_network::{Exactness, FloatBisel, FloatNetwork, NeuronBank, binarize};
/// use strel_theory::{ConstantRule, Method, Threshold};
///
/// // A majority of three pixels is no dilation and no erosion.
/// let layer = FloatBisel {
///     inputs: 1,
///     outputs: 1,
///     kernel: (1, 3),
///     bise: NeuronBank { weights: vec![1.0; 3], bias: vec![1.5], scale: vec![1.0] },
///     lui: None,
/// };
/// let float = FloatNetwork::new(Border::Replicate, Threshold::Tanh, vec![layer])?;
/// let error = binarize(&float, Method::Exact).unwrap_err();
/// assert!(error.to_string().starts_with("layer 1, output 1, input 1: not activated"));
/// let nearest = binarize(&float, Method::Constant(ConstantRule::Exact))?;
/// assert_eq!(nearest.exactness_counts().approximate, 1);
/// # Ok::<(), strel_network::NetworkError>(())
/// ```
pub fn binarize(network: &FloatNetwork, method: Method) -> Result<Network, NetworkError> {
    map_layers(
        network,
        |place, neuron, kernel| binarize_bise(place, neuron, kernel, method),
        |place, neuron| binarize_lui(place, neuron, method),
    )
}

/// The network of what becomes of each neuron.
pub(crate) fn map_layers(
    network: &FloatNetwork,
    bise: impl Fn(Place, &FloatNeuron, (usize, usize)) -> Result<MorphologicalNeuron, NetworkError>,
    lui: impl Fn(Place, &FloatNeuron) -> Result<Combination, NetworkError>,
) -> Result<Network, NetworkError> {
    let channel = |index: usize, layer: &FloatBisel, output: usize| {
        let neurons: Result<_, NetworkError> = (0..layer.inputs)
            .map(|input| {
                let place = Place::bise(index, output, input);
                bise(place, &layer.bise_neuron(output, input), layer.kernel)
            })
            .collect();
        let combination = match layer.lui_neuron(output) {
            Some(neuron) => lui(Place::lui(index, output), &neuron)?,
            None => Combination::identity(),
        };
        Ok(OutputChannel { neurons: neurons?, combination })
    };
    let layer = |(index, layer): (usize, &FloatLayer)| {
        Ok(match layer {
            FloatLayer::Bisel(bisel) => {
                let outputs: Result<_, NetworkError> =
                    (0..bisel.outputs).map(|output| channel(index, bisel, output)).collect();
                Layer::Bisel(Bisel { inputs: bisel.inputs, outputs: outputs? })
            }
            &FloatLayer::MaxPool { channels } => Layer::MaxPool { channels },
            FloatLayer::Dense(dense) => {
                let neurons: Result<_, NetworkError> = (0..dense.outputs)
                    .map(|output| lui(Place::dense(index, output), &dense.neuron(output)))
                    .collect();
                Layer::Dense(Dense { inputs: dense.inputs, neurons: neurons? })
            }
            FloatLayer::Scores(scores) => Layer::Scores(scores.clone()),
        })
    };
    let layers: Result<_, NetworkError> = network.layers().iter().enumerate().map(layer).collect();
    Network::new(network.border(), layers?)
}

fn binarize_bise(
    place: Place,
    neuron: &FloatNeuron,
    kernel: (usize, usize),
    method: Method,
) -> Result<MorphologicalNeuron, NetworkError> {
    let binarized = Binarized::new(neuron.view(), method)
        .map_err(|source| NetworkError::Neuron { place, source })?;
    let operator = window_operator(binarized.operator, kernel)
        .map_err(|source| NetworkError::Element { place, source })?;
    Ok(MorphologicalNeuron {
        operator,
        complement: binarized.complement,
        exactness: binarized.exactness,
    })
}

fn binarize_lui(
    place: Place,
    neuron: &FloatNeuron,
    method: Method,
) -> Result<Combination, NetworkError> {
    let binarized = Binarized::new(neuron.view(), method)
        .map_err(|source| NetworkError::Neuron { place, source })?;
    Ok(Combination {
        rule: combination_rule(binarized.operator),
        complement: binarized.complement,
        exactness: binarized.exactness,
    })
}

struct Binarized {
    operator: SetOperator,
    complement: bool,
    exactness: Exactness,
}

impl Binarized {
    fn new(neuron: Neuron, method: Method) -> Result<Self, TheoryError> {
        let is_operator = activation(&neuron, InputBounds::BINARY)?.into_result().is_ok();
        let binarized = strel_theory::binarize(&neuron, InputBounds::BINARY, method)?;
        Ok(Self {
            operator: binarized.operator,
            complement: binarized.complement,
            exactness: if is_operator { Exactness::Activated } else { Exactness::Approximate },
        })
    }
}

/// The operator on channels of a neuron that reads one pixel of each.
pub(crate) fn combination_rule(operator: SetOperator) -> CombinationRule {
    match operator {
        SetOperator::Dilation(members) => CombinationRule::Union(members),
        SetOperator::Erosion(members) => CombinationRule::Intersection(members),
        SetOperator::Constant(value) => CombinationRule::Constant(value),
    }
}

/// The operator on images of a neuron that reads a window of `kernel` pixels.
pub(crate) fn window_operator(
    operator: SetOperator,
    kernel: (usize, usize),
) -> Result<Operator, ImageError> {
    Ok(match operator {
        SetOperator::Dilation(support) => {
            Operator::Dilation(element(&support, kernel, Operation::Dilation)?)
        }
        SetOperator::Erosion(support) => {
            Operator::Erosion(element(&support, kernel, Operation::Erosion)?)
        }
        SetOperator::Constant(value) => Operator::Constant(value),
    })
}

/// The structuring elements of several supports.
pub(crate) fn elements(
    supports: &[Vec<bool>],
    kernel: (usize, usize),
    operation: Operation,
) -> Result<Vec<StructuringElement>, ImageError> {
    supports.iter().map(|support| element(support, kernel, operation)).collect()
}

/// The one place where correlation becomes Minkowski's convention.
fn element(
    support: &[bool],
    (rows, cols): (usize, usize),
    operation: Operation,
) -> Result<StructuringElement, ImageError> {
    let element = StructuringElement::from_mask(rows, cols, None, support)?;
    Ok(match operation {
        Operation::Dilation => element.reflect(),
        Operation::Erosion => element,
    })
}
