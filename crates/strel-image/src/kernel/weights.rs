//! Sums of the weights of the inputs that are 1.

use super::vector::{Vector, Weigh};
use crate::words::{BITS, ones_of};

/// Partial integer sums of a class: as many as the largest vector has.
pub(crate) const PARTS: usize = 16;

/// Partial float sums of a class.
pub(crate) const LANES: usize = 8;

/// A class's rounded weights for a word of inputs.
pub(crate) type WordWeights = [i16; BITS];

/// Adds the weights of the inputs of a sample that are 1 to the partial sums of each class: the
/// weights are there word by word, and in it class by class. The weights past the last input are 0.
pub(super) fn add_weights_portable(
    sums: &mut [[i32; PARTS]],
    sample: &[u64],
    weights: &[WordWeights],
) {
    for (&word, classes) in sample.iter().zip(weights.chunks_exact(sums.len())) {
        for input in ones_of(word) {
            for (sums, weights) in sums.iter_mut().zip(classes) {
                sums[0] += i32::from(weights[input]);
            }
        }
    }
}

/// [`add_weights_portable`], as many inputs at a time as a vector has pairs of bytes.
///
/// # Safety
/// The processor has the instruction set of `V`.
#[inline(always)]
pub(super) unsafe fn add_weights<V: Weigh>(
    sums: &mut [[i32; PARTS]],
    sample: &[u64],
    weights: &[WordWeights],
) {
    const { assert!(2 * V::WORDS <= PARTS) };
    let inputs = 4 * V::WORDS;
    for (&word, classes) in sample.iter().zip(weights.chunks_exact(sums.len())) {
        // SAFETY: the caller's promise; a word's weights are whole vectors, and so are the sums.
        unsafe {
            let mut masks = [V::fill(0); 4];
            for (index, mask) in masks.iter_mut().enumerate().take(BITS / inputs) {
                *mask = V::spread(word >> (index * inputs));
            }
            for (sums, weights) in sums.iter_mut().zip(classes) {
                let sums = sums.as_mut_ptr().cast::<u64>();
                let mut sum = V::load(sums);
                for (index, &mask) in masks.iter().enumerate().take(BITS / inputs) {
                    let weights = V::load(weights.as_ptr().add(index * inputs).cast());
                    sum = sum.add_weights(weights, mask);
                }
                sum.store(sums);
            }
        }
    }
}

/// Adds the float weights of the inputs of a sample that are 1: input i to the partial sum i mod 8,
/// in order. The weights past the last input are 0.
///
/// Safe code that the compiler makes vectors of; `V` only says with which instructions.
///
/// # Safety
/// The processor has the instruction set of `V`.
#[inline(always)]
pub(super) unsafe fn add_floats<V: Vector>(
    sums: &mut [f64; LANES],
    sample: &[u64],
    weights: &[[f32; LANES]],
) {
    let mut total = *sums;
    for (word, weights) in sample.iter().zip(weights.chunks_exact(BITS / LANES)) {
        for (bits, weights) in word.to_le_bytes().into_iter().zip(weights) {
            for lane in 0..LANES {
                // A mask instead of a branch; adding zero changes no sum.
                let bit = 1_u32 << lane;
                let mask = if u32::from(bits) & bit == bit { u32::MAX } else { 0 };
                total[lane] += f64::from(f32::from_bits(weights[lane].to_bits() & mask));
            }
        }
    }
    *sums = total;
}
