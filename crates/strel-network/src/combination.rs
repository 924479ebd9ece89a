//! What LUI neurons become.

use crate::{Exactness, NetworkError, Place, ThresholdGate};

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
    /// A threshold gate on the results at one pixel, with one weight an input channel.
    Gate(ThresholdGate),
}

impl Combination {
    /// What takes the one result there is as it is.
    pub fn identity() -> Self {
        Self { rule: CombinationRule::Identity, complement: false, exactness: Exactness::Activated }
    }

    /// Whether this is the [`identity`](Self::identity), not complemented.
    pub fn is_identity(&self) -> bool {
        self.rule == CombinationRule::Identity && !self.complement
    }

    /// Whether the result of input channel `input` matters.
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

    /// Checks that this combines the results of `inputs` channels.
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

/// Checks that there is one of what was counted for each of `inputs` channels.
pub(crate) fn check_count(
    place: Place,
    what: &'static str,
    inputs: usize,
    found: usize,
) -> Result<(), NetworkError> {
    if found == inputs {
        return Ok(());
    }
    let expected = format!("{inputs}: one an input channel");
    Err(NetworkError::Size { place, what, expected, found })
}
