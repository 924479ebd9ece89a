//! The moves from a network to its neighbours.

use strel_image::Border;

use super::draft::{At, Draft};
use super::mirror::Mirror;
use super::step::{Offset, Step, reflected};
use crate::random::Random;
use crate::{CombinationRule, Operator};

/// One step, or two that belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move(Step, Option<Step>);

impl Move {
    /// What it consists of.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        [Some(self.0), self.1].into_iter().flatten()
    }

    /// The network after the move; `None` where it means nothing.
    pub fn apply(self, draft: &Draft) -> Option<Draft> {
        let mut changed = draft.clone();
        changed.apply(self.0)?;
        self.1.map_or(Some(()), |step| changed.apply(step))?;
        Some(changed)
    }
}

/// The pixels around the origin.
const NEAR: [Offset; 8] = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)];

/// The moves of one network, at some of its neurons.
pub(super) struct Neighbourhood<'a> {
    draft: &'a Draft,
    /// The neurons that move.
    neurons: Vec<At>,
    /// The channels whose combinations move.
    channels: Vec<(usize, usize)>,
    /// How far from the origin pixels may be.
    reach: Offset,
}

impl<'a> Neighbourhood<'a> {
    /// The moves at neurons that an output depends on: those of `focus`, if there is one.
    pub fn new(draft: &'a Draft, reach: Offset, focus: Option<&[At]>) -> Self {
        let (mut neurons, mut channels) = (draft.used(), draft.needed());
        neurons.retain(|at| focus.is_none_or(|focus| focus.contains(at)));
        let of = |at: &At| (at.layer, at.output);
        channels.retain(|channel| focus.is_none_or(|f| f.iter().any(|at| of(at) == *channel)));
        Self { draft, neurons, channels, reach }
    }

    /// The moves of one step.
    pub fn single(&self) -> Vec<Move> {
        let mut steps = Vec::new();
        for &at in self.neurons.iter().filter(|at| moves(&self.draft.neuron(**at).operator)) {
            steps.extend(self.pixels(at).into_iter().map(|pixel| Step::Flip(at, pixel)));
            steps.extend([Step::Operation(at), Step::Complement(at)]);
        }
        for &(layer, output) in &self.channels {
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
            for reader in self.readers(at) {
                moves.extend(pixels.iter().map(|&pixel| {
                    Move(Step::Flip(at, pixel), Some(Step::Flip(reader, reflected(pixel))))
                }));
            }
        }
        moves
    }

    /// The moves of an operator by a pixel, against a translation of one that reads its result: an
    /// opening or a closing by a translated element is the same one away from the edge, and the
    /// element may have begun at a place where it does not fit.
    pub fn translations(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        for &at in &self.neurons {
            for reader in self.readers(at) {
                for by in NEAR {
                    let translate = |at, by| Step::Translate { at, by, reach: self.reach };
                    let back = translate(reader, reflected(by));
                    moves.push(Move(translate(at, by), Some(back)));
                }
            }
        }
        moves
    }

    /// The moves at the edge of images: another border, where it is free, and what is between two layers
    /// complemented. Where the border is a constant, an erosion and a dilation that reads it then see
    /// different ones, as for an opening that ignores what lies outside.
    pub fn edges(&self, free: bool) -> Vec<Move> {
        let mut moves = Vec::new();
        for border in [Border::Zero, Border::One, Border::Replicate, Border::Reflect] {
            let change = (border != self.draft.border).then_some(Step::Border(border));
            if change.is_some() && !free {
                continue;
            }
            moves.extend(change.map(|step| Move(step, None)));
            if matches!(border, Border::Zero | Border::One) {
                let duals = (1..self.draft.layers.len()).map(|next| Step::Dual { layer: next - 1 });
                moves.extend(duals.map(|dual| match change {
                    Some(change) => Move(change, Some(dual)),
                    None => Move(dual, None),
                }));
            }
        }
        moves
    }

    /// The neurons that read what a neuron's channel gives.
    fn readers(&self, at: At) -> impl Iterator<Item = At> {
        let reads = move |reader: &At| reader.layer == at.layer + 1 && reader.input == at.output;
        self.neurons.iter().copied().filter(reads)
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
}

/// A network a few random moves away, and the neurons at which it differs: one, and those of the
/// channel that it reads, which may have begun anew as the image of another channel.
pub(super) fn kick(draft: &Draft, reach: Offset, random: &mut Random) -> (Draft, Vec<At>) {
    let mut kicked = draft.clone();
    let channels = draft.needed();
    let (layer, output) = channels[random.below(channels.len())];
    let inputs = draft.layers[layer].inputs;
    let at = At { layer, output, input: random.below(inputs) };
    if random.below(2) == 0 {
        let (from, mirror) = (random.below(inputs), Mirror::random(random));
        kicked.apply(Step::Copy { at, from, mirror });
    }
    let focus: Vec<At> = std::iter::once(at).chain(kicked.sources(at)).collect();
    for _ in 0..random.below(4) {
        let neighbours = Neighbourhood::new(&kicked, reach, Some(&focus));
        let moves = match random.below(5) {
            0 => neighbours.translations(),
            1 | 2 => neighbours.double(),
            _ => neighbours.single(),
        };
        let chosen = moves.get(random.below(moves.len().max(1)));
        if let Some(next) = chosen.and_then(|chosen| chosen.apply(&kicked)) {
            kicked = next;
        }
    }
    (kicked, focus)
}

fn moves(operator: &Operator) -> bool {
    matches!(operator, Operator::Dilation(_) | Operator::Erosion(_) | Operator::Constant(_))
}

fn combines(rule: &CombinationRule) -> bool {
    !matches!(rule, CombinationRule::Identity | CombinationRule::Gate(_))
}
