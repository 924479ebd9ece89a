//! Integer scores of many samples: a table for each four inputs, looked up for 32 or 64 samples by
//! one instruction.

use super::exact::Weights;
use super::parts::Slice;
use super::rounding::{Rounded, Rounding, Verdict};
use crate::aligned::AlignedWords;
use crate::kernel::{GROUPS, GroupTable, Kernel, MOST_WORDS, SUMS};
use crate::words::BITS;

/// The largest value of a table: 14 bits, so that two lower or higher halves add up to a byte.
const LARGEST: f64 = 16_383.0;

/// Inputs of a group.
const GROUP: usize = 4;

/// What each four inputs add to the scores, rounded to 14 bits.
///
/// The sum of four weights is rounded as one number, which halves the error of four rounded
/// weights and more.
#[derive(Clone, Debug)]
pub(super) struct WeightTables {
    /// Word by word of a sample, and in it class by class.
    tables: Vec<[GroupTable; GROUPS]>,
    rounding: Rounding,
}

/// Memory for one slice of a batch.
#[derive(Default)]
pub(super) struct TableScratch {
    block: AlignedWords,
    sums: AlignedWords,
    /// For each class, the samples' sums.
    totals: Vec<u32>,
    scores: Vec<f64>,
}

impl WeightTables {
    pub(super) fn new(weights: &Weights) -> Self {
        let (words, classes) = (weights.inputs.div_ceil(BITS), weights.classes());
        let mut tables = vec![[[[0; 16]; 2]; GROUPS]; words * classes];
        let mut rounding = Rounding::default();
        for class in 0..classes {
            let groups: Vec<[f64; 16]> =
                weights.of_class(class).chunks(GROUP).map(subset_sums).collect();
            let scale = scale(&groups);
            let (mut offset, mut bound) = (-weights.bias(class), 0.0);
            for (index, group) in groups.iter().enumerate() {
                let least = smallest(group);
                let table = &mut tables[index / GROUPS * classes + class][index % GROUPS];
                bound += round(group, least, scale, table);
                offset += least;
            }
            rounding.push(weights, Rounded { scale, offset, bound });
        }
        WeightTables { tables, rounding }
    }

    /// Vector operations for a slice of a batch.
    pub(super) fn cost(&self, classes: usize) -> usize {
        self.tables.len() * 400 + self.tables.len() / classes * 1_000
    }

    pub(super) fn bound(&self, class: usize) -> f64 {
        self.rounding.bound(class)
    }

    /// Calls `verdict` for each sample of a slice, in order.
    pub(super) fn classify(
        &self,
        kernel: Kernel,
        weights: &Weights,
        slice: &Slice,
        scratch: &mut TableScratch,
        mut verdict: impl FnMut(usize, Verdict),
    ) {
        let (rows, classes) = (BITS * slice.words, weights.classes());
        let sums = classes * 8 * SUMS * slice.words;
        scratch.block.reserve(rows);
        scratch.sums.reserve(sums);
        scratch.totals.clear();
        scratch.totals.resize(classes * rows, 0);
        let (block, sums) = (&mut scratch.block[..rows], &mut scratch.sums[..sums]);
        for (index, words) in self.tables.chunks(classes * MOST_WORDS).enumerate() {
            sums.fill(0);
            for (word, tables) in words.chunks(classes).enumerate() {
                slice.gather(index * MOST_WORDS + word, block);
                kernel.add_look_ups(block, tables, sums);
            }
            take_out(sums, slice.words, &mut scratch.totals);
        }
        for sample in 0..slice.samples {
            let totals = scratch.totals.chunks_exact(rows);
            scratch.scores.clear();
            scratch.scores.extend(totals.map(|totals| f64::from(totals[sample])));
            let words = slice.batch.row(slice.first + sample);
            verdict(sample, self.rounding.settle(kernel, weights, &mut scratch.scores, words));
        }
    }
}

/// Adds the sums of 16 bits to the samples' totals.
fn take_out(sums: &[u64], words: usize, totals: &mut [u32]) {
    let classes = sums.chunks_exact(8 * SUMS * words).zip(totals.chunks_exact_mut(BITS * words));
    for (sums, totals) in classes {
        for (rows, sums) in sums.chunks_exact(SUMS * words).enumerate() {
            for (part, sums) in sums.chunks_exact(2 * words).enumerate() {
                let (both, higher) = sums.split_at(words);
                for (column, (&both, &higher)) in both.iter().zip(higher).enumerate() {
                    let samples = &mut totals[BITS * column + 8 * rows..][..8];
                    add_pairs(both, higher, 7 * part, samples);
                }
            }
        }
    }
}

/// Adds the sums of the lower and higher bytes of four pairs to their samples' totals.
fn add_pairs(both: u64, higher: u64, shift: usize, totals: &mut [u32]) {
    for (pair, totals) in totals.chunks_exact_mut(2).enumerate() {
        let higher = (higher >> (16 * pair)) as u16;
        let lower = ((both >> (16 * pair)) as u16).wrapping_sub(higher << 8);
        totals[0] += u32::from(lower) << shift;
        totals[1] += u32::from(higher) << shift;
    }
}

/// What the subsets of at most four inputs add up to; bit i of a subset's number is input i.
fn subset_sums(weights: &[f32]) -> [f64; 16] {
    std::array::from_fn(|subset| {
        let members = weights.iter().enumerate().filter(|(input, _)| subset >> input & 1 == 1);
        members.map(|(_, &weight)| f64::from(weight)).sum()
    })
}

/// The unit of the rounded sums: those of each group span 14 bits.
fn scale(groups: &[[f64; 16]]) -> f64 {
    let span = |group: &[f64; 16]| group.iter().copied().fold(0.0, f64::max) - smallest(group);
    let scale = groups.iter().map(span).fold(0.0, f64::max) / LARGEST;
    if scale > 0.0 { scale } else { 1.0 }
}

fn smallest(group: &[f64; 16]) -> f64 {
    group.iter().copied().fold(0.0, f64::min)
}

/// Rounds a group's sums into a table, counted from the smallest, and gives the largest error.
fn round(group: &[f64; 16], least: f64, scale: f64, table: &mut GroupTable) -> f64 {
    let mut error = 0.0_f64;
    for (subset, &sum) in group.iter().enumerate() {
        let rounded = ((sum - least) / scale).round().min(LARGEST);
        error = error.max((sum - (scale * rounded + least)).abs());
        let rounded = rounded as u16;
        table[0][subset] = (rounded & 0x7f) as u8;
        table[1][subset] = (rounded >> 7) as u8;
    }
    error
}
