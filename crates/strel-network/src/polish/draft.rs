//! A network that is being changed.

use strel_image::{Border, ImageError, StructuringElement};

use crate::{
    Bisel, Combination, CombinationRule, Layer, MorphologicalNeuron, Network, NetworkError,
    Operator,
};

/// A pixel of a window, from its origin.
pub(super) type Offset = (isize, isize);

/// The layers of a network.
#[derive(Clone, PartialEq)]
pub(super) struct Draft {
    pub border: Border,
    pub layers: Vec<Bisel>,
}

/// Where a BiSE neuron is; indices count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct At {
    pub layer: usize,
    pub output: usize,
    pub input: usize,
}

/// The smallest changes. Pixels are those of the support: what a neuron reads, as a correlation
/// does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Takes a pixel into the support of a dilation or an erosion, or out of it; without pixels, the operator is the
    /// constant that it then is. A constant gets the pixel.
    Flip(At, Offset),
    /// Dilation to erosion and back, by the same support; the other constant.
    Operation(At),
    /// Complements a neuron.
    Complement(At),
    /// Takes the result of an input channel into a union or an intersection, or out of it.
    Member(At),
    /// Union to intersection and back; the other constant.
    Rule(usize, usize),
    /// Complements a combination.
    ComplementRule(usize, usize),
    /// Makes input channel `.1` of an output channel a copy of the one that its neuron reads, and a member.
    Copy(At, usize),
}

impl Draft {
    pub fn new(network: &Network) -> Self {
        let layers = network.layers().iter().map(|Layer::Bisel(bisel)| bisel.clone()).collect();
        Self { border: network.border(), layers }
    }

    pub fn network(self) -> Result<Network, NetworkError> {
        Network::new(self.border, self.layers.into_iter().map(Layer::Bisel).collect())
    }

    pub fn neuron(&self, at: At) -> &MorphologicalNeuron {
        &self.layers[at.layer].outputs[at.output].neurons[at.input]
    }

    fn neuron_mut(&mut self, at: At) -> &mut MorphologicalNeuron {
        &mut self.layers[at.layer].outputs[at.output].neurons[at.input]
    }

    pub fn combination(&self, layer: usize, output: usize) -> &Combination {
        &self.layers[layer].outputs[output].combination
    }

    /// The neurons whose results are used by their combination, one that the outputs depend on.
    pub fn used(&self) -> Vec<At> {
        let mut needed = vec![true; self.layers.last().map_or(0, |layer| layer.outputs.len())];
        let mut used = Vec::new();
        for (layer, bisel) in self.layers.iter().enumerate().rev() {
            let mut read = vec![false; bisel.inputs];
            for (output, channel) in bisel.outputs.iter().enumerate().filter(|(o, _)| needed[*o]) {
                for input in (0..bisel.inputs).filter(|input| channel.combination.uses(*input)) {
                    read[input] = true;
                    used.push(At { layer, output, input });
                }
            }
            needed = read;
        }
        used.sort_unstable();
        used
    }

    /// Does a step; `false`, and no change, where there is nothing to do it to.
    pub fn apply(&mut self, step: Step) -> bool {
        match step {
            Step::Flip(at, offset) => flip(&mut self.neuron_mut(at).operator, offset),
            Step::Operation(at) => switch_operation(&mut self.neuron_mut(at).operator),
            Step::Complement(at) => {
                let neuron = self.neuron_mut(at);
                neuron.complement = !neuron.complement;
                true
            }
            Step::Member(at) => self.toggle_member(at),
            Step::Rule(layer, output) => {
                switch_rule(&mut self.layers[layer].outputs[output].combination.rule)
            }
            Step::ComplementRule(layer, output) => {
                let combination = &mut self.layers[layer].outputs[output].combination;
                combination.complement = !combination.complement;
                true
            }
            Step::Copy(at, to) => self.copy(at, to),
        }
    }

    fn toggle_member(&mut self, at: At) -> bool {
        let rule = &mut self.layers[at.layer].outputs[at.output].combination.rule;
        match rule {
            CombinationRule::Union(members) | CombinationRule::Intersection(members) => {
                members[at.input] = !members[at.input];
                if !members.contains(&true) {
                    *rule = CombinationRule::Constant(matches!(rule, CombinationRule::Intersection(_)));
                }
                true
            }
            CombinationRule::Constant(value) => {
                let mut members = vec![false; self.layers[at.layer].inputs];
                members[at.input] = true;
                let rule = &mut self.layers[at.layer].outputs[at.output].combination.rule;
                *rule = CombinationRule::Union(members);
                true
            }
            CombinationRule::Identity | CombinationRule::Gate(_) => false,
        }
    }

    /// Only onto a channel that nothing reads.
    fn copy(&mut self, at: At, to: usize) -> bool {
        let read = |channel: &crate::OutputChannel| channel.combination.uses(to);
        if at.layer == 0 || self.layers[at.layer].outputs.iter().any(read) {
            return false;
        }
        let before = &mut self.layers[at.layer - 1].outputs;
        before[to] = before[at.input].clone();
        let channel = &mut self.layers[at.layer].outputs[at.output];
        channel.neurons[to] = channel.neurons[at.input].clone();
        match &mut channel.combination.rule {
            CombinationRule::Union(members) | CombinationRule::Intersection(members) => {
                members[to] = true;
                true
            }
            _ => false,
        }
    }
}

impl Operator {
    /// The pixels that a dilation or an erosion reads.
    pub(super) fn support(&self) -> Option<Vec<Offset>> {
        match self {
            Self::Dilation(element) => Some(element.offsets().map(|(y, x)| (-y, -x)).collect()),
            Self::Erosion(element) => Some(element.offsets().collect()),
            _ => None,
        }
    }
}

fn dilation(support: impl Iterator<Item = Offset>) -> Result<Operator, ImageError> {
    StructuringElement::from_offsets(support.map(|(y, x)| (-y, -x))).map(Operator::Dilation)
}

fn erosion(support: impl Iterator<Item = Offset>) -> Result<Operator, ImageError> {
    StructuringElement::from_offsets(support).map(Operator::Erosion)
}

fn flip(operator: &mut Operator, offset: Offset) -> bool {
    let support = operator.support().unwrap_or_default();
    let mut flipped: Vec<Offset> = support.iter().copied().filter(|s| *s != offset).collect();
    if flipped.len() == support.len() {
        flipped.push(offset);
    }
    let flipped = flipped.into_iter();
    let changed = match operator {
        Operator::Dilation(element) if element.len() == 1 && flipped.len() == 0 => Ok(Operator::Constant(false)),
        Operator::Erosion(element) if element.len() == 1 && flipped.len() == 0 => Ok(Operator::Constant(true)),
        Operator::Dilation(_) | Operator::Constant(false) => dilation(flipped),
        Operator::Erosion(_) | Operator::Constant(true) => erosion(flipped),
        _ => return false,
    };
    changed.map(|changed| *operator = changed).is_ok()
}

fn switch_operation(operator: &mut Operator) -> bool {
    *operator = match operator {
        Operator::Dilation(element) => Operator::Erosion(element.reflect()),
        Operator::Erosion(element) => Operator::Dilation(element.reflect()),
        Operator::Constant(value) => Operator::Constant(!*value),
        _ => return false,
    };
    true
}

fn switch_rule(rule: &mut CombinationRule) -> bool {
    *rule = match rule {
        CombinationRule::Union(members) => CombinationRule::Intersection(members.clone()),
        CombinationRule::Intersection(members) => CombinationRule::Union(members.clone()),
        CombinationRule::Constant(value) => CombinationRule::Constant(!*value),
        CombinationRule::Identity | CombinationRule::Gate(_) => return false,
    };
    true
}
