//! A sample at a time: the columns of the inputs that decide something, united.

use super::neuron::Reduced;
use super::parts::Part;
use crate::aligned::AlignedWords;
use crate::kernel::{Kernel, Literal, Rule};
use crate::words::{BITS, ones_of};
use crate::{BitImage, Engine};

/// A set layer as a matrix of bits: bit c of column i says whether the set of neuron c has input i.
///
/// A union is the OR of the columns of the inputs that are 1, an intersection the complement of the
/// OR of the columns of those that are 0. Each input is read on one side only, and on none that has
/// no neurons.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    inputs: usize,
    /// Words of a column.
    words: usize,
    columns: AlignedWords,
    /// The neurons that are unions, and those that are intersections.
    unions: Vec<u64>,
    intersections: Vec<u64>,
    /// The neurons to complement at the end.
    complements: Vec<u64>,
    gates: Vec<Gate>,
}

#[derive(Clone, Debug)]
struct Gate {
    neuron: usize,
    literals: Vec<Literal>,
    at_least: u64,
}

/// Memory for one sample.
#[derive(Default)]
pub(super) struct ColumnScratch {
    picked: Vec<u32>,
    union: Vec<u64>,
}

impl Columns {
    pub(super) fn new(inputs: usize, neurons: &[Reduced]) -> Self {
        let words = neurons.len().div_ceil(BITS);
        let (none, gates) = (vec![0; words], Vec::new());
        let columns = AlignedWords::zeros(inputs * words);
        let (unions, intersections, complements) = (none.clone(), none.clone(), none);
        let mut matrix =
            Columns { inputs, words, columns, unions, intersections, complements, gates };
        for (index, neuron) in neurons.iter().enumerate() {
            matrix.push(index, neuron);
        }
        matrix
    }

    fn push(&mut self, index: usize, neuron: &Reduced) {
        let (word, bit) = (index / BITS, 1 << (index % BITS));
        let complement = match neuron {
            Reduced::Constant(value) => *value,
            Reduced::Set { rule, members, complement } => {
                let side = match rule {
                    Rule::Union => &mut self.unions,
                    Rule::Intersection => &mut self.intersections,
                };
                side[word] |= bit;
                for &member in members {
                    self.columns[member as usize * self.words + word] |= bit;
                }
                *complement
            }
            Reduced::Gate { literals, at_least, complement } => {
                let (literals, at_least) = (literals.clone(), *at_least);
                self.gates.push(Gate { neuron: index, literals, at_least });
                *complement
            }
        };
        if complement {
            self.complements[word] |= bit;
        }
    }

    /// Vector operations for a sample with half of its inputs set.
    pub(super) fn cost(&self, engine: &Engine) -> usize {
        let vectors = self.words.div_ceil(engine.kernel().vector_words());
        let sides = [&self.unions, &self.intersections].map(|side| usize::from(has_some(side)));
        let terms: usize = self.gates.iter().map(|gate| gate.literals.len()).sum();
        sides.iter().sum::<usize>() * self.inputs / 2 * (vectors + 1) + 3 * terms
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
            if has_some(&self.unions) {
                scratch.pick(sample.iter().copied(), self.inputs);
                self.unite(kernel, &self.unions, scratch);
                combine(result, &scratch.union, &self.unions, |union| union);
            }
            if has_some(&self.intersections) {
                scratch.pick(sample.iter().map(|word| !word), self.inputs);
                self.unite(kernel, &self.intersections, scratch);
                combine(result, &scratch.union, &self.intersections, |union| !union);
            }
            for gate in &self.gates {
                let value = u64::from(gate.value(sample));
                result[gate.neuron / BITS] ^= value << (gate.neuron % BITS);
            }
        }
    }

    /// Unites the columns picked. The neurons of the other side count as decided.
    fn unite(&self, kernel: Kernel, side: &[u64], scratch: &mut ColumnScratch) {
        scratch.union.clear();
        scratch.union.extend(side.iter().map(|neurons| !neurons));
        kernel.unite_columns(&mut scratch.union, &self.columns, &scratch.picked);
    }
}

impl ColumnScratch {
    /// Lists the inputs whose bit is set.
    fn pick(&mut self, words: impl Iterator<Item = u64>, inputs: usize) {
        self.picked.clear();
        for (index, word) in words.enumerate() {
            let left = inputs - index * BITS;
            let word = if left < BITS { word & !(u64::MAX << left) } else { word };
            self.picked.extend(ones_of(word).map(|bit| (index * BITS + bit) as u32));
        }
    }
}

impl Gate {
    fn value(&self, sample: &[u64]) -> bool {
        let weight = |literal: &Literal| {
            let input = literal.input as usize;
            let bit = sample[input / BITS] >> (input % BITS) & 1;
            literal.weight * (bit ^ u64::from(literal.negated))
        };
        self.literals.iter().map(weight).sum::<u64>() >= self.at_least
    }
}

fn has_some(side: &[u64]) -> bool {
    side.iter().any(|&neurons| neurons != 0)
}

/// Combines the neurons of a side with what their union became.
fn combine(result: &mut [u64], union: &[u64], side: &[u64], of: impl Fn(u64) -> u64) {
    for ((result, &union), &side) in result.iter_mut().zip(union).zip(side) {
        *result ^= of(union) & side;
    }
}
