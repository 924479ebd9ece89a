//! Formulas that equal a neuron on every binary input.

use crate::gate::{Gate, exact_gate, smallest_gate};
use crate::integer::IntegerNeuron;
use crate::minimal_sets::minimal_true_sets;
use crate::{Neuron, Operation, SetOperator, TheoryError};

/// An increasing Boolean function of literals, or a threshold gate.
///
/// Supports have one entry an input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Lossless {
    /// One operator.
    Operator(SetOperator),
    /// 1 iff some erosion gives 1; the supports are the minimal sets of literals that make the neuron 1.
    UnionOfErosions(Vec<Vec<bool>>),
    /// 1 iff every dilation gives 1; the supports are the complements of the maximal sets of literals that leave it 0.
    IntersectionOfDilations(Vec<Vec<bool>>),
    /// 1 iff the sum of the weights of the inputs that are 1 exceeds the threshold. No sum overflows an `i64`.
    Gate {
        /// One integer an input, of either sign.
        weights: Vec<i64>,
        /// The sum to exceed.
        threshold: i64,
    },
}

/// A neuron without any loss: invert some inputs, apply a form, complement or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LosslessNeuron {
    /// What is computed.
    pub form: Lossless,
    /// Inputs that are complemented first: those of negative weight that the form reads. Never those of a gate.
    pub inverted: Vec<bool>,
    /// Whether the output is complemented at last.
    pub complement: bool,
}

/// How much may be spent on a lossless form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LosslessBudget {
    /// The largest number of erosions or dilations in a formula.
    pub max_sets: usize,
    /// The largest number of sums that the proof of a small gate may list, twice: 2^(d/2) for d distinct weights.
    pub max_sums: usize,
}

impl Default for LosslessBudget {
    /// 16 sets; 2^14 sums, which is up to 28 distinct weights.
    fn default() -> Self {
        Self { max_sets: 16, max_sums: 1 << 14 }
    }
}

/// A formula that equals the thresholded neuron on every binary input, ties included, in exact arithmetic.
///
/// A positive threshold function is increasing: it is the union of the erosions by its minimal true sets (Matheron's
/// representation), and dually an intersection of dilations. Negative weights become positive on complemented inputs.
/// The shorter of the two is taken if it has at most `max_sets` sets. Else the neuron becomes a threshold gate: with the
/// fewest binary digits among a few roundings of the weights for each number of digits, if `max_sums` lets that be
/// proved by comparing all inputs, meeting in the middle; or else with the float weights themselves, which are exact
/// integers in units of their last place.
///
/// # Errors
/// [`TheoryError::TooWide`] if the sizes of the weights are too far apart: 126 binary digits are handled, 63 if a gate is
/// needed and no smaller one was proved.
///
/// # Cost
/// O(n max_sets) for the sets; O(max_sums) for each of at most 400 gates, usually a few dozen.
///
/// ```
/// use strel_theory::{Lossless, LosslessBudget, Neuron, lossless};
///
/// let neuron = Neuron::new(&[2.0, 1.0, 1.1], 1.5, 1.0)?;
/// let exact = lossless(&neuron, LosslessBudget::default())?;
/// let sets = vec![vec![true, false, false], vec![false, true, true]];
/// assert_eq!(exact.form, Lossless::UnionOfErosions(sets));
///
/// let gate = lossless(&neuron, LosslessBudget { max_sets: 1, ..Default::default() })?;
/// assert_eq!(gate.form, Lossless::Gate { weights: vec![2, 1, 1], threshold: 1 });
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
pub fn lossless(neuron: &Neuron, budget: LosslessBudget) -> Result<LosslessNeuron, TheoryError> {
    let constant = |value, complement| LosslessNeuron {
        form: Lossless::Operator(SetOperator::Constant(value)),
        inverted: vec![false; neuron.weights().len()],
        complement,
    };
    if neuron.scale() == 0.0 {
        return Ok(constant(false, false));
    }
    let exact = IntegerNeuron::new(neuron)?;
    if exact.threshold < 0 || exact.threshold >= exact.total() {
        return Ok(constant(exact.threshold < 0, exact.complement));
    }
    if let Some(form) = as_sets(&exact, budget.max_sets) {
        return Ok(with_literals(form, exact));
    }
    let gate = smallest_gate(&exact.weights, exact.threshold, budget.max_sums)
        .or_else(|| exact_gate(&exact.weights, exact.threshold))
        .ok_or_else(|| TheoryError::TooWide { bits: exact.total().ilog2() + 1, available: 63 })?;
    Ok(with_signs(gate, exact))
}

impl LosslessNeuron {
    /// The output for binary inputs, one a weight (surplus entries are ignored). Cost O(n) a set.
    pub fn apply(&self, inputs: &[bool]) -> bool {
        let literals: Vec<bool> =
            inputs.iter().zip(&self.inverted).map(|(input, inverted)| input != inverted).collect();
        self.form.apply(&literals) != self.complement
    }
}

impl Lossless {
    /// The output for binary literals. Cost O(n) a set.
    pub fn apply(&self, literals: &[bool]) -> bool {
        let pairs = |set: &[bool], value| set.iter().zip(literals).any(|(&s, &l)| s && l == value);
        match self {
            Self::Operator(operator) => operator.apply(literals),
            Self::UnionOfErosions(sets) => sets.iter().any(|set| !pairs(set, false)),
            Self::IntersectionOfDilations(sets) => sets.iter().all(|set| pairs(set, true)),
            Self::Gate { weights, threshold } => {
                let on = weights.iter().zip(literals).filter(|(_, literal)| **literal);
                on.map(|(weight, _)| weight).sum::<i64>() > *threshold
            }
        }
    }
}

/// The shorter of the two representations by sets, if one has at most `max_sets` of them.
fn as_sets(exact: &IntegerNeuron, max_sets: usize) -> Option<Lossless> {
    // The dual function, not f(not x), is true where W.x > sum W - threshold - 1.
    let dual_threshold = exact.total() - exact.threshold - 1;
    let union = minimal_true_sets(&exact.weights, exact.threshold, max_sets);
    let intersection = minimal_true_sets(&exact.weights, dual_threshold, max_sets);
    let size = |sets: &Option<Vec<Vec<bool>>>| sets.as_ref().map_or(usize::MAX, Vec::len);
    let (operation, sets) = if size(&union) <= size(&intersection) {
        (Operation::Erosion, union?)
    } else {
        (Operation::Dilation, intersection?)
    };
    Some(match (operation, <[Vec<bool>; 1]>::try_from(sets)) {
        (operation, Ok([support])) => Lossless::Operator(SetOperator::new(operation, support)),
        (Operation::Erosion, Err(sets)) => Lossless::UnionOfErosions(sets),
        (Operation::Dilation, Err(sets)) => Lossless::IntersectionOfDilations(sets),
    })
}

/// Keeps the inversions of those inputs that some set reads.
fn with_literals(form: Lossless, exact: IntegerNeuron) -> LosslessNeuron {
    let reads = |index: usize| match &form {
        Lossless::Operator(operator) => operator.support().is_some_and(|support| support[index]),
        Lossless::UnionOfErosions(sets) | Lossless::IntersectionOfDilations(sets) => {
            sets.iter().any(|set| set[index])
        }
        Lossless::Gate { .. } => false,
    };
    let inverted =
        exact.inverted.iter().enumerate().map(|(k, &inverted)| inverted && reads(k)).collect();
    LosslessNeuron { inverted, form, complement: exact.complement }
}

/// A weight on a complemented input, g (1 - x), is a negative weight on the input and a change of the threshold.
fn with_signs(gate: Gate, exact: IntegerNeuron) -> LosslessNeuron {
    let sign = |(weight, inverted): (&i64, &bool)| if *inverted { -weight } else { *weight };
    let weights: Vec<i64> = gate.weights.iter().zip(&exact.inverted).map(sign).collect();
    let negative: i64 = weights.iter().filter(|weight| **weight < 0).sum();
    LosslessNeuron {
        form: Lossless::Gate { weights, threshold: gate.threshold + negative },
        inverted: vec![false; exact.inverted.len()],
        complement: exact.complement,
    }
}
