//! Many samples at a time: a plane of bits for each input, and index lists of planes.

use super::neuron::Reduced;
use super::parts::{Part, Slice};
use crate::Engine;
use crate::aligned::AlignedWords;
use crate::kernel::{Kernel, PlaneSets};
use crate::words::BITS;

/// Vector operations for moving 64 words of each column of samples into a block, and for
/// transposing it.
const BLOCK_COST: usize = 2_000;

/// Members of a set that are read before its samples are decided, more or less.
const MEMBERS_READ: usize = 32;

/// A set layer as index lists, for each 64 neurons.
///
/// A bit of a plane is a sample, and a plane an input; 256 or 512 samples are at work at a time, so
/// that the planes of a usual layer stay in the nearest cache.
#[derive(Clone, Debug)]
pub(super) struct Planes {
    /// Words of a sample.
    words: usize,
    groups: Vec<Group>,
    /// Vector operations for the sets and gates of a slice.
    cost: usize,
}

/// Up to 64 neurons, each a row of a block.
#[derive(Clone, Debug)]
struct Group {
    sets: PlaneSets,
    /// The rows that are 1 for every sample.
    ones: Vec<usize>,
}

/// Memory for one slice of a batch.
#[derive(Default)]
pub(super) struct PlaneScratch {
    planes: AlignedWords,
    block: AlignedWords,
}

impl Planes {
    pub(super) fn new(inputs: usize, neurons: &[Reduced]) -> Self {
        let words = inputs.div_ceil(BITS);
        let groups =
            neurons.chunks(BITS).map(|neurons| Group::new(words * BITS, neurons)).collect();
        Planes { words, groups, cost: neurons.iter().map(cost).sum() }
    }

    /// Vector operations for a slice of a batch.
    pub(super) fn cost(&self, engine: &Engine) -> usize {
        let kernel = engine.kernel();
        let vectors = kernel.slice_words() / kernel.vector_words();
        vectors * ((self.words + self.groups.len()) * BLOCK_COST + self.cost)
    }

    pub(super) fn run(
        &self,
        kernel: Kernel,
        slice: &Slice,
        part: &mut Part,
        scratch: &mut PlaneScratch,
    ) {
        let rows = BITS * slice.words;
        scratch.planes.reserve(self.words * rows);
        scratch.block.reserve(rows);
        let (planes, block) = (&mut scratch.planes, &mut scratch.block[..rows]);
        for (word, planes) in planes.chunks_exact_mut(rows).take(self.words).enumerate() {
            slice.gather(word, planes);
            kernel.transpose(planes, slice.words);
        }
        for (word, group) in self.groups.iter().enumerate() {
            block.fill(0);
            for &row in &group.ones {
                block[row * slice.words..][..slice.words].fill(u64::MAX);
            }
            kernel.join_planes(block, planes, slice.words, &group.sets);
            kernel.transpose(block, slice.words);
            slice.scatter(block, part, word);
        }
    }
}

impl Group {
    fn new(planes: usize, neurons: &[Reduced]) -> Self {
        let mut group = Group { sets: PlaneSets::new(planes), ones: Vec::new() };
        let mut sets = Vec::new();
        for (row, neuron) in neurons.iter().enumerate() {
            match neuron {
                Reduced::Constant(true) => group.ones.push(row),
                Reduced::Constant(false) => {}
                Reduced::Set { rule, members, complement } => {
                    sets.push((members, *rule, *complement, row));
                }
                Reduced::Gate { literals, at_least, complement } => {
                    group.sets.push_gate(literals, *at_least, *complement, row);
                }
            }
        }
        // Sets of one size follow each other, and the end of their loops is foreseen.
        sets.sort_by_key(|(members, ..)| members.len());
        for (members, rule, complement, row) in sets {
            group.sets.push_set(rule, members, complement, row);
        }
        group
    }
}

fn cost(neuron: &Reduced) -> usize {
    match neuron {
        Reduced::Constant(_) => 0,
        Reduced::Set { members, .. } => 10 + members.len().min(MEMBERS_READ),
        Reduced::Gate { literals, .. } => {
            let addends: u32 = literals.iter().map(|literal| literal.weight.count_ones()).sum();
            200 + 10 * addends as usize
        }
    }
}
