//! The gates of a layer, a sample at a time: the columns of the weights of its inputs that are 1, added.

use super::deposit::Deposit;
use super::neuron::Reduced;
use super::parts::Part;
use super::pick::pick;
use crate::kernel::{GATES, Kernel, Literal, Weight};
use crate::words::BITS;
use crate::{BitImage, Engine};

/// The gates of a layer, 64 a block.
#[derive(Clone, Debug)]
pub(super) struct Gates {
    inputs: usize,
    /// Where the gates' neurons are.
    neurons: Deposit,
    blocks: Vec<AnyBlock>,
}

/// Weights of 32 bits where all sums fit them.
#[derive(Clone, Debug)]
enum AnyBlock {
    Narrow(Block<i32>),
    Wide(Block<i64>),
}

/// For each gate of a block, what its sum starts with and the weight of each input: the sum is 0 at
/// least where the gate is 1. Any partial sum is that of a sample with fewer ones, and fits as well.
#[derive(Clone, Debug)]
struct Block<T> {
    start: Box<[T; GATES]>,
    columns: Vec<[T; GATES]>,
}

/// Memory for some samples.
#[derive(Default)]
pub(super) struct GateScratch {
    /// The inputs that are 1, sample by sample, and where those of each sample end.
    picked: Vec<u32>,
    ends: Vec<usize>,
    /// The values of the gates, sample by sample, a word of zeros after those of each.
    values: Vec<u64>,
}

impl Gates {
    pub(super) fn new(inputs: usize, neurons: &[Reduced]) -> Self {
        let mut mask = vec![0; neurons.len().div_ceil(BITS)];
        let mut gates = Vec::new();
        for (index, neuron) in neurons.iter().enumerate() {
            if let Reduced::Gate { literals, at_least, .. } = neuron {
                mask[index / BITS] |= 1 << (index % BITS);
                gates.push((literals.as_slice(), *at_least));
            }
        }
        let blocks = gates.chunks(GATES).map(|gates| AnyBlock::new(inputs, gates)).collect();
        Gates { inputs, neurons: Deposit::new(&mask), blocks }
    }

    /// Vector operations for a sample with half of its inputs set.
    pub(super) fn cost(&self, engine: &Engine) -> usize {
        let vector_bytes = 8 * engine.kernel().vector_words();
        let vectors = |block: &AnyBlock| block.column_bytes().div_ceil(vector_bytes);
        self.inputs / 2 * self.blocks.iter().map(vectors).sum::<usize>()
    }

    /// Changes the neurons of the gates by XOR with their values.
    ///
    /// A block goes by all samples, so that its weights stay in a near cache.
    pub(super) fn run(
        &self,
        kernel: Kernel,
        batch: &BitImage,
        part: &mut Part,
        scratch: &mut GateScratch,
    ) {
        if self.blocks.is_empty() {
            return;
        }
        let GateScratch { picked, ends, values } = scratch;
        picked.clear();
        ends.clear();
        for row in 0..part.rows {
            pick(picked, batch.row(part.first + row).iter().copied(), self.inputs);
            ends.push(picked.len());
        }
        let words = self.blocks.len() + 1;
        values.clear();
        values.resize(part.rows * words, 0);
        for (place, block) in self.blocks.iter().enumerate() {
            let mut start = 0;
            for (&end, values) in ends.iter().zip(values.chunks_exact_mut(words)) {
                values[place] = block.values(kernel, &picked[start..end]);
                start = end;
            }
        }
        for (row, values) in values.chunks_exact(words).enumerate() {
            self.neurons.combine(part.row_mut(row), values, 0);
        }
    }
}

impl AnyBlock {
    fn new(inputs: usize, gates: &[(&[Literal], u64)]) -> Self {
        let total = |literals: &[Literal]| literals.iter().map(|literal| literal.weight).sum();
        let largest: u64 = gates.iter().map(|(literals, _)| total(literals)).max().unwrap_or(0);
        if largest <= i32::MAX as u64 {
            AnyBlock::Narrow(Block::new(inputs, gates, |weight| weight as i32))
        } else {
            AnyBlock::Wide(Block::new(inputs, gates, |weight| weight))
        }
    }

    fn column_bytes(&self) -> usize {
        match self {
            AnyBlock::Narrow(_) => size_of::<[i32; GATES]>(),
            AnyBlock::Wide(_) => size_of::<[i64; GATES]>(),
        }
    }

    fn values(&self, kernel: Kernel, picked: &[u32]) -> u64 {
        match self {
            AnyBlock::Narrow(block) => kernel.gate_values(&block.start, &block.columns, picked),
            AnyBlock::Wide(block) => kernel.gate_values(&block.start, &block.columns, picked),
        }
    }
}

impl<T: Weight> Block<T> {
    /// A weight w of a complement is -w of the input: w (1 - x) = w - w x.
    fn new(inputs: usize, gates: &[(&[Literal], u64)], weight: impl Fn(i64) -> T) -> Self {
        let (start, columns) = (Box::new([weight(-1); GATES]), vec![[T::default(); GATES]; inputs]);
        let mut block = Block { start, columns };
        for (gate, (literals, at_least)) in gates.iter().enumerate() {
            let negated = literals.iter().filter(|literal| literal.negated);
            let negated: u64 = negated.map(|literal| literal.weight).sum();
            block.start[gate] = weight(negated as i64 - *at_least as i64);
            for literal in *literals {
                let sign = if literal.negated { -1 } else { 1 };
                block.columns[literal.input as usize][gate] = weight(sign * literal.weight as i64);
            }
        }
        block
    }
}
