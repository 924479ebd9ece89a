//! From neurons to formulas, without loss.

use strel_theory::{
    Activation, InputBounds, Lossless, LosslessBudget, LosslessNeuron, Neuron, Operation,
    TheoryError, activation, lossless,
};

use crate::bank::FloatNeuron;
use crate::binarize::{combination_rule, elements, map_layers, window_operator};
use crate::{
    Combination, CombinationRule, Exactness, FloatNetwork, MorphologicalNeuron, Network,
    NetworkError, Operator, Place, ThresholdGate, WindowGate,
};

/// Replaces each neuron of a float network by an operator that equals it on every binary input.
/// Scores keep their float weights.
///
/// The network then equals [`FloatNetwork::forward_hard`] on every image of every size, ties
/// included. A neuron that is an operator becomes that operator, marked [`Exactness::Activated`].
/// Any other one becomes a formula marked [`Exactness::Lossless`]: a BiSE neuron of weights >= 0 a
/// union of erosions or an intersection of dilations, if `budget.max_sets` of them are enough; other
/// BiSE neurons, LUI neurons and those of dense layers become threshold gates of small integer
/// weights.
///
/// # Errors
/// [`NetworkError::Neuron`] where weights are too far apart in size for a gate, or for exact sums;
/// see [`lossless`](strel_theory::lossless). It names the neuron.
///
/// # Cost
/// That of [`lossless`](strel_theory::lossless) for each neuron.
///
/// ```
/// use strel_image::{BitImage, Border};
/// use strel_network::{FloatBisel, FloatNetwork, NeuronBank, Operator, binarize_lossless};
/// use strel_theory::{LosslessBudget, Threshold};
///
/// // A majority of three pixels is no dilation and no erosion.
/// let layer = FloatBisel {
///     inputs: 1,
///     outputs: 1,
///     kernel: (1, 3),
///     bise: NeuronBank { weights: vec![1.0; 3], bias: vec![1.5], scale: vec![1.0] },
///     lui: None,
/// };
/// let float = FloatNetwork::new(Border::Zero, Threshold::Tanh, vec![layer])?;
/// let network = binarize_lossless(&float, LosslessBudget::default())?;
/// assert_eq!(network.exactness_counts().lossless, 1);
/// let image: BitImage = "#.##.#".parse()?;
/// assert_eq!(network.apply_one(&image)?.to_string(), ".####.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn binarize_lossless(
    network: &FloatNetwork,
    budget: LosslessBudget,
) -> Result<Network, NetworkError> {
    map_layers(
        network,
        |place, neuron, kernel| lossless_bise(place, neuron, kernel, budget),
        |place, neuron| lossless_lui(place, neuron, budget),
    )
}

fn lossless_bise(
    place: Place,
    neuron: &FloatNeuron,
    kernel: (usize, usize),
    budget: LosslessBudget,
) -> Result<MorphologicalNeuron, NetworkError> {
    let found = Formula::new(&neuron.view(), budget)
        .map_err(|source| NetworkError::Neuron { place, source })?;
    let element_error = |source| NetworkError::Element { place, source };
    let operator = match found.form {
        Lossless::Operator(operator) => window_operator(operator, kernel),
        Lossless::UnionOfErosions(sets) => {
            elements(&sets, kernel, Operation::Erosion).map(Operator::UnionOfErosions)
        }
        Lossless::IntersectionOfDilations(sets) => {
            elements(&sets, kernel, Operation::Dilation).map(Operator::IntersectionOfDilations)
        }
        Lossless::Gate { weights, threshold } => {
            Ok(Operator::Gate(WindowGate { kernel, gate: ThresholdGate { weights, threshold } }))
        }
    };
    Ok(MorphologicalNeuron {
        operator: operator.map_err(element_error)?,
        complement: found.complement,
        exactness: found.exactness,
    })
}

fn lossless_lui(
    place: Place,
    neuron: &FloatNeuron,
    budget: LosslessBudget,
) -> Result<Combination, NetworkError> {
    // With one set at most, the form is an operator or a gate.
    let budget = LosslessBudget { max_sets: budget.max_sets.min(1), ..budget };
    let found = Formula::new(&neuron.view(), budget)
        .map_err(|source| NetworkError::Neuron { place, source })?;
    let rule = match found.form {
        Lossless::Operator(operator) => combination_rule(operator),
        Lossless::Gate { weights, threshold } => {
            CombinationRule::Gate(ThresholdGate { weights, threshold })
        }
        Lossless::UnionOfErosions(_) | Lossless::IntersectionOfDilations(_) => {
            unreachable!("one set at most is allowed")
        }
    };
    Ok(Combination { rule, complement: found.complement, exactness: found.exactness })
}

/// What equals a neuron on binary inputs, none of which is inverted.
struct Formula {
    form: Lossless,
    complement: bool,
    exactness: Exactness,
}

impl Formula {
    fn new(neuron: &Neuron, budget: LosslessBudget) -> Result<Self, TheoryError> {
        if let Activation::Activated(fit) = activation(neuron, InputBounds::BINARY)? {
            return Ok(Self {
                form: Lossless::Operator(fit.operator),
                complement: neuron.complements(),
                exactness: Exactness::Activated,
            });
        }
        let LosslessNeuron { form, complement, .. } = without_inversions(neuron, budget)?;
        Ok(Self { form, complement, exactness: Exactness::Lossless })
    }
}

/// The shortest form that inverts no input: where some are, a gate has negative weights instead.
pub(crate) fn without_inversions(
    neuron: &Neuron,
    budget: LosslessBudget,
) -> Result<LosslessNeuron, TheoryError> {
    let found = lossless(neuron, budget)?;
    if found.inverted.contains(&true) {
        return lossless(neuron, LosslessBudget { max_sets: 0, ..budget });
    }
    Ok(found)
}
