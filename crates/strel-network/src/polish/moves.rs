//! The moves from a network to its neighbours.

use super::draft::{At, Draft, Offset, Step};
use crate::random::Random;
use crate::{CombinationRule, Operator};

/// One step or two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move(pub Step, pub Option<Step>);

impl Move {
    /// The network after the move; `None` where it does not apply.
    pub fn apply(&self, draft: &Draft) -> Option<Draft> {
        let mut changed = draft.clone();
        let applied = changed.apply(self.0) && self.1.is_none_or(|step| changed.apply(step));
        applied.then_some(changed)
    }
}

/// The pixels that a neuron may read: its support's bounding box, a pixel wider, inside of the window.
fn pixels(draft: &Draft, at: At, reach: Offset) -> Vec<Offset> {
    let support = draft.neuron(at).operator.support().unwrap_or_default();
    let range = |values: Vec<isize>, reach: isize| {
        let low = values.iter().copied().min().unwrap_or(0).min(0) - 1;
        let high = values.iter().copied().max().unwrap_or(0).max(0) + 1;
        low.max(-reach)..=high.min(reach)
    };
    let rows = range(support.iter().map(|s| s.0).collect(), reach.0);
    let cols = range(support.iter().map(|s| s.1).collect(), reach.1);
    rows.flat_map(|row| cols.clone().map(move |col| (row, col))).collect()
}

/// The single steps.
pub(super) fn single(draft: &Draft, reach: Offset) -> Vec<Move> {
    let mut steps = Vec::new();
    for at in draft.used() {
        if movable(&draft.neuron(at).operator) {
            steps.extend(pixels(draft, at, reach).into_iter().map(|pixel| Step::Flip(at, pixel)));
            steps.extend([Step::Operation(at), Step::Complement(at)]);
        }
    }
    for (layer, bisel) in draft.layers.iter().enumerate() {
        for output in 0..bisel.outputs.len() {
            if bisel.inputs > 1 && !matches!(draft.combination(layer, output).rule, CombinationRule::Gate(_)) {
                steps.extend((0..bisel.inputs).map(|input| Step::Member(At { layer, output, input })));
                steps.extend([Step::Rule(layer, output), Step::ComplementRule(layer, output)]);
            }
        }
    }
    steps.into_iter().map(|step| Move(step, None)).collect()
}

fn movable(operator: &Operator) -> bool {
    matches!(operator, Operator::Dilation(_) | Operator::Erosion(_) | Operator::Constant(_))
}

/// Pixels that move to a neighbour, and pixels of an opening or a closing: of an operation and of its opposite after it.
pub(super) fn double(draft: &Draft, reach: Offset) -> Vec<Move> {
    let used = draft.used();
    let mut moves = Vec::new();
    for &at in &used {
        let support = draft.neuron(at).operator.support().unwrap_or_default();
        let window = pixels(draft, at, reach);
        for &(row, col) in &support {
            for &to in &window {
                if to.0.abs_diff(row) <= 1 && to.1.abs_diff(col) <= 1 && !support.contains(&to) {
                    moves.push(Move(Step::Flip(at, (row, col)), Some(Step::Flip(at, to))));
                }
            }
        }
        for &reader in used.iter().filter(|reader| reader.layer == at.layer + 1 && reader.input == at.output) {
            for &(row, col) in &window {
                moves.push(Move(Step::Flip(at, (row, col)), Some(Step::Flip(reader, (-row, -col)))));
            }
        }
    }
    moves
}

/// A few random steps that belong together.
pub(super) fn kick(draft: &Draft, reach: Offset, random: &mut Random) -> Draft {
    let mut kicked = draft.clone();
    let copies = copies(draft);
    if !copies.is_empty() && random.below(3) == 0 {
        kicked.apply(copies[random.below(copies.len())]);
    }
    let count = 1 + random.below(4);
    for _ in 0..count {
        let moves = if random.below(2) == 0 { single(&kicked, reach) } else { double(&kicked, reach) };
        if moves.is_empty() {
            continue;
        }
        if let Some(changed) = moves[random.below(moves.len())].apply(&kicked) {
            kicked = changed;
        }
    }
    kicked
}

fn copies(draft: &Draft) -> Vec<Step> {
    let mut read = vec![vec![]; draft.layers.len()];
    for (layer, bisel) in draft.layers.iter().enumerate() {
        read[layer] = vec![false; bisel.inputs];
    }
    let used = draft.used();
    used.iter().for_each(|at| read[at.layer][at.input] = true);
    let mut copies = Vec::new();
    for at in used.into_iter().filter(|at| at.layer > 0) {
        copies.extend((0..read[at.layer].len()).filter(|to| !read[at.layer][*to]).map(|to| Step::Copy(at, to)));
    }
    copies
}
