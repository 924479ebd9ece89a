//! The smallest changes of a network.

use strel_image::{Border, StructuringElement};

use super::draft::{At, Draft};
use super::mirror::Mirror;
use crate::{CombinationRule, Exactness, Operator};

/// Rows and columns from the origin of a neuron's window to the pixel that it reads there.
pub(super) type Offset = (isize, isize);

/// A change. Pixels are those of the support: what a neuron reads, as a correlation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Takes a pixel into the support of a dilation or an erosion, or out of it. Without pixels the
    /// operator is the constant that it then is, and a constant takes a pixel.
    Flip(At, Offset),
    /// Moves all pixels of a dilation or an erosion; those that would leave the reach are lost.
    Translate { at: At, by: Offset, reach: Offset },
    /// Dilation to erosion and back, by the same support; the other constant.
    Operation(At),
    /// Complements a neuron.
    Complement(At),
    /// Takes a result into a union or an intersection, or out of it; a constant becomes the union of
    /// the one.
    Member(At),
    /// Union to intersection and back, of the same results; the other constant.
    Rule { layer: usize, output: usize },
    /// Complements a combination.
    ComplementRule { layer: usize, output: usize },
    /// Another border for the whole network.
    Border(Border),
    /// Complements what all channels of a layer give, and makes of all that reads it the dual
    /// operators, which undo it but for what they read outside the image.
    Dual { layer: usize },
    /// Replaces a channel that a neuron reads by another one, mirrored, and the operator on it, too,
    /// and lets the result take part.
    Copy { at: At, from: usize, mirror: Mirror },
}

impl Draft {
    /// Does a step; `None`, with nothing changed, where it means nothing.
    pub fn apply(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Flip(at, offset) => self.change(at, |operator| flipped(operator, offset)),
            Step::Translate { at, by, reach } => {
                self.change(at, |operator| translated(operator, by, reach))
            }
            Step::Operation(at) => self.change(at, switched),
            Step::Complement(at) => {
                let neuron = self.neuron_mut(at);
                neuron.complement = !neuron.complement;
                Some(())
            }
            Step::Member(At { layer, output, input }) => {
                let inputs = self.layers[layer].inputs;
                self.combine(layer, output, |rule| with_member(rule, input, inputs))
            }
            Step::Rule { layer, output } => self.combine(layer, output, other_rule),
            Step::ComplementRule { layer, output } => {
                let combination = self.combination_mut(layer, output);
                combination.complement = !combination.complement;
                Some(())
            }
            Step::Border(border) => {
                self.border = border;
                Some(())
            }
            Step::Dual { layer } => self.dualize(layer),
            Step::Copy { at, from, mirror } => self.copy(at, from, mirror),
        }
    }

    fn change(&mut self, at: At, to: impl Fn(&Operator) -> Option<Operator>) -> Option<()> {
        let neuron = self.neuron_mut(at);
        neuron.operator = to(&neuron.operator)?;
        neuron.exactness = Exactness::Activated;
        Some(())
    }

    fn combine(
        &mut self,
        layer: usize,
        output: usize,
        to: impl Fn(&CombinationRule) -> Option<CombinationRule>,
    ) -> Option<()> {
        let combination = self.combination_mut(layer, output);
        combination.rule = to(&combination.rule)?;
        combination.exactness = Exactness::Activated;
        Some(())
    }

    fn dualize(&mut self, layer: usize) -> Option<()> {
        let mut readers = self.layers.get(layer + 1)?.clone();
        for neuron in readers.outputs.iter_mut().flat_map(|channel| &mut channel.neurons) {
            neuron.operator = switched(&neuron.operator)?;
            neuron.complement = !neuron.complement;
        }
        self.layers[layer + 1] = readers;
        for channel in &mut self.layers[layer].outputs {
            match channel.neurons.as_mut_slice() {
                // A single result is taken as it is.
                [neuron] => neuron.complement = !neuron.complement,
                _ => channel.combination.complement = !channel.combination.complement,
            }
        }
        Some(())
    }

    fn copy(&mut self, at: At, from: usize, mirror: Mirror) -> Option<()> {
        let At { layer, output, input } = at;
        let before = layer.checked_sub(1)?;
        self.combine(layer, output, |rule| match rule {
            CombinationRule::Union(members) => Some(CombinationRule::Union(with(members, input))),
            CombinationRule::Intersection(members) => {
                Some(CombinationRule::Intersection(with(members, input)))
            }
            _ => None,
        })?;
        *self.neuron_mut(at) = mirror.neuron(self.neuron(At { input: from, ..at }));
        let channels = &mut self.layers[before].outputs;
        channels[input] = channels[from].clone();
        for neuron in &mut channels[input].neurons {
            *neuron = mirror.neuron(neuron);
        }
        Some(())
    }
}

impl Operator {
    /// The pixels that a dilation or an erosion reads; none for others.
    pub(super) fn support(&self) -> Vec<Offset> {
        match self {
            Self::Dilation(element) => element.offsets().map(reflected).collect(),
            Self::Erosion(element) => element.offsets().collect(),
            _ => Vec::new(),
        }
    }
}

pub(super) fn reflected((row, col): Offset) -> Offset {
    (-row, -col)
}

fn flipped(operator: &Operator, offset: Offset) -> Option<Operator> {
    let mut support = operator.support();
    match support.iter().position(|pixel| *pixel == offset) {
        Some(index) => drop(support.swap_remove(index)),
        None => support.push(offset),
    }
    with_support(operator, support)
}

fn translated(operator: &Operator, by: Offset, reach: Offset) -> Option<Operator> {
    let moved = operator.support().into_iter().map(|(row, col)| (row + by.0, col + by.1));
    let inside = |(row, col): &Offset| row.abs() <= reach.0 && col.abs() <= reach.1;
    let support: Vec<Offset> = moved.filter(inside).collect();
    if support.is_empty() { None } else { with_support(operator, support) }
}

/// The same operation by another support; constants are those without pixels.
fn with_support(operator: &Operator, support: Vec<Offset>) -> Option<Operator> {
    let element = |pixels: Vec<Offset>| StructuringElement::from_offsets(pixels).ok();
    match operator {
        Operator::Dilation(_) if support.is_empty() => Some(Operator::Constant(false)),
        Operator::Erosion(_) if support.is_empty() => Some(Operator::Constant(true)),
        Operator::Dilation(_) | Operator::Constant(false) => {
            element(support.into_iter().map(reflected).collect()).map(Operator::Dilation)
        }
        Operator::Erosion(_) | Operator::Constant(true) => element(support).map(Operator::Erosion),
        _ => None,
    }
}

fn switched(operator: &Operator) -> Option<Operator> {
    match operator {
        Operator::Dilation(element) => Some(Operator::Erosion(element.reflect())),
        Operator::Erosion(element) => Some(Operator::Dilation(element.reflect())),
        Operator::Constant(value) => Some(Operator::Constant(!value)),
        _ => None,
    }
}

fn with_member(rule: &CombinationRule, member: usize, inputs: usize) -> Option<CombinationRule> {
    match rule {
        CombinationRule::Union(members) => Some(
            toggled(members, member)
                .map_or(CombinationRule::Constant(false), CombinationRule::Union),
        ),
        CombinationRule::Intersection(members) => Some(
            toggled(members, member)
                .map_or(CombinationRule::Constant(true), CombinationRule::Intersection),
        ),
        CombinationRule::Constant(_) => {
            toggled(&vec![false; inputs], member).map(CombinationRule::Union)
        }
        CombinationRule::Identity | CombinationRule::Gate(_) => None,
    }
}

/// The members with one taken in or out; `None` if none is left.
fn toggled(members: &[bool], member: usize) -> Option<Vec<bool>> {
    let mut members = members.to_vec();
    members[member] = !members[member];
    members.contains(&true).then_some(members)
}

/// The members with one more.
fn with(members: &[bool], member: usize) -> Vec<bool> {
    let mut members = members.to_vec();
    members[member] = true;
    members
}

fn other_rule(rule: &CombinationRule) -> Option<CombinationRule> {
    match rule {
        CombinationRule::Union(members) => Some(CombinationRule::Intersection(members.clone())),
        CombinationRule::Intersection(members) => Some(CombinationRule::Union(members.clone())),
        CombinationRule::Constant(value) => Some(CombinationRule::Constant(!value)),
        CombinationRule::Identity | CombinationRule::Gate(_) => None,
    }
}
