//! A sample at a time: the columns of the inputs that decide something, united.

use super::deposit::Deposit;
use super::gates::{GateScratch, Gates};
use super::neuron::Reduced;
use super::parts::Part;
use super::pick::pick;
use crate::aligned::AlignedWords;
use crate::kernel::{Kernel, Rule};
use crate::words::BITS;
use crate::{BitImage, Engine};

/// A set layer as matrices of bits: bit c of column i says whether set c has input i.
///
/// A union is the OR of the columns of the inputs that are 1, an intersection the complement of the
/// OR of the columns of those that are 0. So unions and intersections have a matrix each, of
/// inputs * neurons bits in all, and each input is read in one of them.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    inputs: usize,
    unions: Side,
    intersections: Side,
    /// The neurons to complement at the end.
    complements: Vec<u64>,
    gates: Gates,
}

/// The sets that are joined by one rule.
#[derive(Clone, Debug)]
struct Side {
    /// Where the sets' neurons are.
    neurons: Deposit,
    /// Words of a column.
    words: usize,
    columns: AlignedWords,
}

/// Memory for one sample, and for the gates of some.
#[derive(Default)]
pub(super) struct ColumnScratch {
    picked: Vec<u32>,
    union: Vec<u64>,
    gates: GateScratch,
}

impl Columns {
    pub(super) fn new(inputs: usize, neurons: &[Reduced]) -> Self {
        let mut complements = vec![0; neurons.len().div_ceil(BITS)];
        for (index, neuron) in neurons.iter().enumerate() {
            let complement = match neuron {
                Reduced::Constant(value) => *value,
                Reduced::Set { complement, .. } | Reduced::Gate { complement, .. } => *complement,
            };
            complements[index / BITS] |= u64::from(complement) << (index % BITS);
        }
        let side = |rule| Side::new(inputs, neurons, rule);
        let (unions, intersections) = (side(Rule::Union), side(Rule::Intersection));
        let gates = Gates::new(inputs, neurons);
        Columns { inputs, unions, intersections, complements, gates }
    }

    /// Vector operations for a sample with half of its inputs set. A vector of a column counts
    /// twice, since it comes from the second cache.
    pub(super) fn cost(&self, engine: &Engine) -> usize {
        let columns: usize = [&self.unions, &self.intersections]
            .into_iter()
            .filter(|side| !side.is_empty())
            .map(|side| 2 * side.words.div_ceil(engine.kernel().vector_words()) + 1)
            .sum();
        self.inputs / 2 * columns + self.gates.cost(engine)
    }

    pub(super) fn run(
        &self,
        kernel: Kernel,
        batch: &BitImage,
        part: &mut Part,
        scratch: &mut ColumnScratch,
    ) {
        for row in 0..part.rows {
            let sample = batch.row(part.first + row);
            let result = part.row_mut(row);
            result.copy_from_slice(&self.complements);
            if !self.unions.is_empty() {
                scratch.pick(sample.iter().copied(), self.inputs);
                self.unions.unite(kernel, scratch);
                self.unions.neurons.combine(result, &scratch.union, 0);
            }
            if !self.intersections.is_empty() {
                scratch.pick(sample.iter().map(|word| !word), self.inputs);
                self.intersections.unite(kernel, scratch);
                self.intersections.neurons.combine(result, &scratch.union, u64::MAX);
            }
        }
        self.gates.run(kernel, batch, part, &mut scratch.gates);
    }
}

impl Side {
    fn new(inputs: usize, neurons: &[Reduced], side: Rule) -> Self {
        let mut mask = vec![0; neurons.len().div_ceil(BITS)];
        let mut sets = Vec::new();
        for (index, neuron) in neurons.iter().enumerate() {
            if let Reduced::Set { rule, members, .. } = neuron
                && *rule == side
            {
                mask[index / BITS] |= 1 << (index % BITS);
                sets.push(members);
            }
        }
        let words = sets.len().div_ceil(BITS);
        let mut columns = AlignedWords::zeros(inputs * words);
        for (set, members) in sets.into_iter().enumerate() {
            for &member in members {
                columns[member as usize * words + set / BITS] |= 1 << (set % BITS);
            }
        }
        Side { neurons: Deposit::new(&mask), words, columns }
    }

    fn is_empty(&self) -> bool {
        self.words == 0
    }

    /// Unites the columns picked, with a word of zeros after them. The bits past the last set count
    /// as decided.
    fn unite(&self, kernel: Kernel, scratch: &mut ColumnScratch) {
        let union = &mut scratch.union;
        union.clear();
        union.resize(self.words + 1, 0);
        let sets = self.neurons.bits();
        if !sets.is_multiple_of(BITS) {
            union[sets / BITS] = u64::MAX << (sets % BITS);
        }
        kernel.unite_columns(&mut union[..self.words], &self.columns, &scratch.picked);
    }
}

impl ColumnScratch {
    /// Lists the inputs whose bit is set.
    fn pick(&mut self, words: impl Iterator<Item = u64>, inputs: usize) {
        self.picked.clear();
        pick(&mut self.picked, words, inputs);
    }
}
