//! What LUI neurons become.

use crate::{Exactness, NetworkError, Place, ThresholdGate};

/// A binarized LUI neuron: a set operation on the results of an output channel's neurons, or on all
/// pixels that a dense layer reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// The set operation.
    pub rule: CombinationRule,
    /// Whether its result is complemented.
    pub complement: bool,
    /// Whether the float neuron was this set operation.
    pub exactness: Exactness,
}

/// A set operation on several binary images or pixels, the inputs. Members have one entry an input,
/// at least one of them `true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CombinationRule {
    /// The one input there is; only where there is one.
    Identity,
    /// The union of the members.
    Union(Vec<bool>),
    /// The intersection of the members.
    Intersection(Vec<bool>),
    /// The same whatever the inputs.
    Constant(bool),
    /// A threshold gate on the inputs at one pixel, with one weight an input.
    Gate(ThresholdGate),
}

impl Combination {
    /// What takes the one result there is as it is.
    pub fn identity() -> Self {
        Self::activated(CombinationRule::Identity)
    }

    /// A set operation that is exactly what it stands for, not complemented.
    pub fn activated(rule: CombinationRule) -> Self {
        Self { rule, complement: false, exactness: Exactness::Activated }
    }

    /// Whether this is the [`identity`](Self::identity), not complemented.
    pub fn is_identity(&self) -> bool {
        self.rule == CombinationRule::Identity && !self.complement
    }

    /// The output for one binary value an input; surplus ones are ignored. Cost O(inputs).
    pub fn apply(&self, inputs: &[bool]) -> bool {
        let has = |members: &[bool], value| {
            members.iter().zip(inputs).any(|(&inside, &input)| inside && input == value)
        };
        let output = match &self.rule {
            CombinationRule::Identity => inputs.first() == Some(&true),
            CombinationRule::Union(members) => has(members, true),
            CombinationRule::Intersection(members) => !has(members, false),
            CombinationRule::Constant(value) => *value,
            CombinationRule::Gate(gate) => gate.apply(inputs),
        };
        output != self.complement
    }

    /// Whether input `input` matters.
    pub fn uses(&self, input: usize) -> bool {
        match &self.rule {
            CombinationRule::Identity => true,
            CombinationRule::Union(members) | CombinationRule::Intersection(members) => {
                members.get(input) == Some(&true)
            }
            CombinationRule::Constant(_) => false,
            CombinationRule::Gate(gate) => gate.weights.get(input).is_some_and(|&w| w != 0),
        }
    }

    /// Checks that this combines `inputs` inputs.
    pub(crate) fn check(&self, inputs: usize, place: Place) -> Result<(), NetworkError> {
        let check_count = |what, found| check_count(place, what, inputs, found);
        match &self.rule {
            CombinationRule::Identity => check_count("number of results of an identity", 1),
            CombinationRule::Constant(_) => Ok(()),
            CombinationRule::Union(members) | CombinationRule::Intersection(members) => {
                check_count("number of member entries", members.len())?;
                if members.contains(&true) { Ok(()) } else { Err(NetworkError::EmptySet { place }) }
            }
            CombinationRule::Gate(gate) => {
                check_count("number of gate weights", gate.weights.len())?;
                gate.check(place)
            }
        }
    }
}

/// Checks that there is one of what was counted for each of `inputs` inputs.
pub(crate) fn check_count(
    place: Place,
    what: &'static str,
    inputs: usize,
    found: usize,
) -> Result<(), NetworkError> {
    if found == inputs {
        return Ok(());
    }
    let expected = format!("{inputs}: one an input");
    Err(NetworkError::Size { place, what, expected, found })
}
