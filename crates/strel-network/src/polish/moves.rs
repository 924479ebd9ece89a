//! The moves from a network to its neighbours.

use super::draft::{At, Draft};
use super::mirror::Mirror;
use super::step::{Offset, Step, reflected};
use crate::random::Random;
use crate::{CombinationRule, Operator};

/// One step, or two that belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move(Step, Option<Step>);

impl Move {
    /// The network after the move; `None` where it means nothing.
    pub fn apply(self, draft: &Draft) -> Option<Draft> {
        let mut changed = draft.clone();
        changed.apply(self.0)?;
        self.1.map_or(Some(()), |step| changed.apply(step))?;
        Some(changed)
    }
}

/// The moves of one network, at some of its neurons.
pub(super) struct Neighbourhood<'a> {
    draft: &'a Draft,
    /// The neurons that move.
    neurons: Vec<At>,
    /// How far from the origin pixels may be.
    reach: Offset,
}

impl<'a> Neighbourhood<'a> {
    /// The moves at neurons that an output depends on: those of `focus`, if there is one.
    pub fn new(draft: &'a Draft, reach: Offset, focus: Option<&[At]>) -> Self {
        let mut neurons = draft.used();
        neurons.retain(|at| focus.is_none_or(|focus| focus.contains(at)));
        Self { draft, neurons, reach }
    }

    /// The moves of one step.
    pub fn single(&self) -> Vec<Move> {
        let mut steps = Vec::new();
        for &at in self.neurons.iter().filter(|at| moves(&self.draft.neuron(**at).operator)) {
            steps.extend(self.pixels(at).into_iter().map(|pixel| Step::Flip(at, pixel)));
            steps.extend([Step::Operation(at), Step::Complement(at)]);
        }
        for (layer, output) in self.channels() {
            // A single result is taken as it is.
            if combines(&self.draft.channel(layer, output).combination.rule) {
                let members = 0..self.draft.layers[layer].inputs;
                steps.extend(members.map(|input| Step::Member(At { layer, output, input })));
                steps
                    .extend([Step::Rule { layer, output }, Step::ComplementRule { layer, output }]);
            }
        }
        steps.into_iter().map(|step| Move(step, None)).collect()
    }

    /// The moves of two steps: a pixel goes to a neighbouring place, or the same pixel of an operation
    /// and of one that reads its result is flipped, for an opening or a closing by another element.
    pub fn double(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        for &at in &self.neurons {
            let (support, pixels) = (self.draft.neuron(at).operator.support(), self.pixels(at));
            for &from in &support {
                let near = |to: &Offset| to.0.abs_diff(from.0) <= 1 && to.1.abs_diff(from.1) <= 1;
                let free = pixels.iter().filter(|to| near(to) && !support.contains(to));
                moves.extend(free.map(|&to| Move(Step::Flip(at, from), Some(Step::Flip(at, to)))));
            }
            let reads = |reader: &&At| reader.layer == at.layer + 1 && reader.input == at.output;
            for &reader in self.neurons.iter().filter(reads) {
                moves.extend(pixels.iter().map(|&pixel| {
                    Move(Step::Flip(at, pixel), Some(Step::Flip(reader, reflected(pixel))))
                }));
            }
        }
        moves
    }

    /// The pixels next to a neuron's support, in the bounding box of it and of the origin that is
    /// a pixel wider, and its own.
    fn pixels(&self, at: At) -> Vec<Offset> {
        let support = self.draft.neuron(at).operator.support();
        let range = |of: fn(&Offset) -> isize, reach: isize| {
            let (low, high) = support.iter().map(of).fold((0, 0), |(l, h), v| (v.min(l), v.max(h)));
            (low - 1).max(-reach)..=(high + 1).min(reach)
        };
        let (rows, cols) = (range(|p| p.0, self.reach.0), range(|p| p.1, self.reach.1));
        let inside = rows.flat_map(|row| cols.clone().map(move |col| (row, col)));
        let outside = |p: &&Offset| p.0.abs() > self.reach.0 || p.1.abs() > self.reach.1;
        inside.chain(support.iter().filter(outside).copied()).collect()
    }

    /// The channels that the neurons are of.
    fn channels(&self) -> Vec<(usize, usize)> {
        let mut channels: Vec<_> = self.neurons.iter().map(|at| (at.layer, at.output)).collect();
        channels.dedup();
        channels
    }
}

/// A network a few random moves away, and the neurons at which it differs: one, and those of the
/// channel that it reads, which may have begun anew as the image of another channel.
pub(super) fn kick(draft: &Draft, reach: Offset, random: &mut Random) -> (Draft, Vec<At>) {
    let mut kicked = draft.clone();
    let (layer, output) = any_channel(draft, random);
    let inputs = draft.layers[layer].inputs;
    let at = At { layer, output, input: random.below(inputs) };
    if random.below(2) == 0 {
        let (from, mirror) = (random.below(inputs), Mirror::random(random));
        kicked.apply(Step::Copy { at, from, mirror });
    }
    let focus: Vec<At> = std::iter::once(at).chain(kicked.sources(at)).collect();
    for _ in 0..random.below(4) {
        let neighbours = Neighbourhood::new(&kicked, reach, Some(&focus));
        let moves = if random.below(2) == 0 { neighbours.single() } else { neighbours.double() };
        let chosen = moves.get(random.below(moves.len().max(1)));
        if let Some(next) = chosen.and_then(|chosen| chosen.apply(&kicked)) {
            kicked = next;
        }
    }
    (kicked, focus)
}

/// A channel that an output depends on.
fn any_channel(draft: &Draft, random: &mut Random) -> (usize, usize) {
    let channels = Neighbourhood::new(draft, (0, 0), None).channels();
    match channels.get(random.below(channels.len().max(1))) {
        Some(channel) => *channel,
        // The outputs are constants.
        None => (draft.layers.len() - 1, 0),
    }
}

fn moves(operator: &Operator) -> bool {
    matches!(operator, Operator::Dilation(_) | Operator::Erosion(_) | Operator::Constant(_))
}

fn combines(rule: &CombinationRule) -> bool {
    !matches!(rule, CombinationRule::Identity | CombinationRule::Gate(_))
}
