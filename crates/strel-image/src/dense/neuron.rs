//! Neurons of a set layer, as they are given and in the form that is run.

use std::collections::BTreeMap;

use super::DenseError;
use crate::kernel::{Literal, Rule};

/// A neuron of a [`SetLayer`](super::SetLayer): a function of the layer's binary inputs.
///
/// ```
/// use strel_image::dense::SetNeuron;
///
/// let neither = SetNeuron::union([0, 2]).complemented();
/// assert!(neither.value(|input| input == 1));
/// assert!(!neither.value(|input| input == 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SetNeuron {
    function: Function,
    complemented: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Function {
    Union(Vec<usize>),
    Intersection(Vec<usize>),
    Gate { terms: Vec<(usize, i64)>, at_least: i64 },
}

impl SetNeuron {
    /// 1 where an input of a set is 1 ("hit"); of no input, the constant 0.
    pub fn union(set: impl IntoIterator<Item = usize>) -> Self {
        SetNeuron::of(Function::Union(set.into_iter().collect()))
    }

    /// 1 where all inputs of a set are 1 ("inclusion"); of no input, the constant 1.
    pub fn intersection(set: impl IntoIterator<Item = usize>) -> Self {
        SetNeuron::of(Function::Intersection(set.into_iter().collect()))
    }

    /// The same value for all inputs.
    pub fn constant(value: bool) -> Self {
        if value { SetNeuron::intersection([]) } else { SetNeuron::union([]) }
    }

    /// The threshold gate: 1 where the sum of the weights of the terms (input, weight) whose input
    /// is 1 is at least `at_least`.
    pub fn gate(terms: impl IntoIterator<Item = (usize, i64)>, at_least: i64) -> Self {
        SetNeuron::of(Function::Gate { terms: terms.into_iter().collect(), at_least })
    }

    /// The neuron that is 1 where this one is 0.
    #[must_use]
    pub fn complemented(mut self) -> Self {
        self.complemented ^= true;
        self
    }

    /// What the neuron is for inputs of some values, as its definition says.
    pub fn value(&self, input: impl Fn(usize) -> bool) -> bool {
        let value = match &self.function {
            Function::Union(set) => set.iter().any(|&member| input(member)),
            Function::Intersection(set) => set.iter().all(|&member| input(member)),
            Function::Gate { terms, at_least } => {
                let weights = terms.iter().filter(|&&(term, _)| input(term));
                weights.map(|&(_, weight)| i128::from(weight)).sum::<i128>()
                    >= i128::from(*at_least)
            }
        };
        value != self.complemented
    }

    fn of(function: Function) -> Self {
        SetNeuron { function, complemented: false }
    }

    fn members(&self) -> Vec<usize> {
        match &self.function {
            Function::Union(set) | Function::Intersection(set) => set.clone(),
            Function::Gate { terms, .. } => terms.iter().map(|&(input, _)| input).collect(),
        }
    }
}

/// A neuron's function in the form that is run, and whether its complement is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reduced {
    Constant(bool),
    /// The join of a set, sorted and not empty.
    Set {
        rule: Rule,
        members: Vec<u32>,
        complement: bool,
    },
    /// Positive weights that sum to less than 2^63; the limit is from 1 to their sum.
    Gate {
        literals: Vec<Literal>,
        at_least: u64,
        complement: bool,
    },
}

impl Reduced {
    /// Reduces the `index`-th neuron of a layer.
    pub(super) fn new(index: usize, neuron: &SetNeuron, inputs: usize) -> Result<Self, DenseError> {
        if let Some(input) = neuron.members().into_iter().find(|&input| input >= inputs) {
            return Err(DenseError::NoSuchInput { neuron: index, input, inputs });
        }
        let complement = neuron.complemented;
        match &neuron.function {
            Function::Union(set) => Ok(Reduced::set(Rule::Union, set, complement)),
            Function::Intersection(set) => Ok(Reduced::set(Rule::Intersection, set, complement)),
            Function::Gate { terms, at_least } => Reduced::gate(terms, *at_least, complement)
                .map_err(|total| DenseError::GateTooHeavy { neuron: index, total }),
        }
    }

    fn set(rule: Rule, set: &[usize], complement: bool) -> Self {
        let mut members: Vec<u32> = set.iter().map(|&input| input as u32).collect();
        members.sort_unstable();
        members.dedup();
        if members.is_empty() {
            return Reduced::Constant((rule == Rule::Intersection) != complement);
        }
        Reduced::Set { rule, members, complement }
    }

    /// A negative weight w of x is a positive one, -w, of the complement of x: w x = w - w (1 - x).
    /// The error is the sum of the weights, where that is too large.
    fn gate(terms: &[(usize, i64)], at_least: i64, complement: bool) -> Result<Self, u128> {
        let mut weights = BTreeMap::<usize, i128>::new();
        for &(input, weight) in terms {
            *weights.entry(input).or_default() += i128::from(weight);
        }
        weights.retain(|_, weight| *weight != 0);
        let total: u128 = weights.values().map(|weight| weight.unsigned_abs()).sum();
        let total = i64::try_from(total).map_err(|_| total)?;
        let negative: i128 = weights.values().filter(|&&weight| weight < 0).sum();
        let at_least = i128::from(at_least) - negative;
        if at_least <= 0 || at_least > i128::from(total) {
            return Ok(Reduced::Constant((at_least <= 0) != complement));
        }
        let literal = |(&input, &weight): (&usize, &i128)| Literal {
            input: input as u32,
            weight: weight.unsigned_abs() as u64,
            negated: weight < 0,
        };
        let literals = weights.iter().map(literal).collect();
        Ok(Reduced::Gate { literals, at_least: at_least as u64, complement })
    }
}
