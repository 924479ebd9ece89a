//! Operators on sets of inputs: what a neuron becomes when it is binarized.

use std::fmt;

/// The two flat morphological operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Logical "or" over the support.
    Dilation,
    /// Logical "and" over the support.
    Erosion,
}

impl Operation {
    /// The operation that the complement turns this one into.
    pub fn dual(self) -> Self {
        match self {
            Self::Dilation => Self::Erosion,
            Self::Erosion => Self::Dilation,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dilation => "dilation",
            Self::Erosion => "erosion",
        })
    }
}

/// A Boolean function of the inputs of one neuron: a dilation or an erosion by a set of inputs, or a constant.
///
/// The support has one entry an input: `true` where the input belongs to the set. It is read as a correlation
/// reads its window; a library in Minkowski's convention reflects the support of a dilation once.
///
/// ```
/// use strel_theory::SetOperator;
///
/// let union = SetOperator::Dilation(vec![true, false, true]);
/// assert!(union.apply(&[false, false, true]));
/// assert!(!union.dual().apply(&[false, false, true]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SetOperator {
    /// 1 iff some input of the support is 1.
    Dilation(Vec<bool>),
    /// 1 iff every input of the support is 1.
    Erosion(Vec<bool>),
    /// The same output for every input.
    Constant(bool),
}

impl SetOperator {
    /// The operation by `support`; by the empty support it is a constant, 0 for a dilation and 1 for an erosion.
    pub fn new(operation: Operation, support: Vec<bool>) -> Self {
        let empty = !support.contains(&true);
        match operation {
            Operation::Dilation if empty => Self::Constant(false),
            Operation::Erosion if empty => Self::Constant(true),
            Operation::Dilation => Self::Dilation(support),
            Operation::Erosion => Self::Erosion(support),
        }
    }

    /// The output for binary inputs, one an entry of the support (surplus entries of either are ignored). Cost O(n).
    pub fn apply(&self, inputs: &[bool]) -> bool {
        let chosen = |support: &[bool], value| {
            support.iter().zip(inputs).any(|(&inside, &input)| inside && input == value)
        };
        match self {
            Self::Dilation(support) => chosen(support, true),
            Self::Erosion(support) => !chosen(support, false),
            Self::Constant(value) => *value,
        }
    }

    /// The operator `x -> not self(not x)`: dilations and erosions by the same support swap, constants flip.
    pub fn dual(&self) -> Self {
        match self {
            Self::Dilation(support) => Self::Erosion(support.clone()),
            Self::Erosion(support) => Self::Dilation(support.clone()),
            Self::Constant(value) => Self::Constant(!value),
        }
    }

    /// The operation, if this is no constant.
    pub fn operation(&self) -> Option<Operation> {
        match self {
            Self::Dilation(_) => Some(Operation::Dilation),
            Self::Erosion(_) => Some(Operation::Erosion),
            Self::Constant(_) => None,
        }
    }

    /// The set of inputs that is read, if this is no constant.
    pub fn support(&self) -> Option<&[bool]> {
        match self {
            Self::Dilation(support) | Self::Erosion(support) => Some(support),
            Self::Constant(_) => None,
        }
    }
}
