//! Dense layers in every form and on every kernel against their definitions.

mod score_layer;
mod set_layer;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::{BitImage, Engine, Kernel};

/// One-threaded engines of every kernel that the processor has.
fn engines() -> Vec<Engine> {
    Kernel::ALL.into_iter().filter_map(|kernel| Engine::new(kernel, 1).ok()).collect()
}

/// Numbers of inputs or neurons around the limits of a word.
fn sizes() -> impl Strategy<Value = usize> {
    prop_oneof![prop::sample::select(vec![1, 63, 64, 65, 784]), 1..150usize]
}

/// Numbers of samples around the limits of a word and of a slice.
fn batch_sizes() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![0, 1, 2, 63, 64, 65, 127, 128, 129, 256, 257, 1000])
}

/// Samples of any density, mixed in one batch.
fn batch(samples: usize, inputs: usize) -> impl Strategy<Value = BitImage> {
    (any::<u64>(), vec(0..=8u64, 1..4)).prop_map(move |(mut state, eighths)| {
        BitImage::from_fn(samples, inputs, |sample, _| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 61) < eighths[sample % eighths.len()]
        })
    })
}
