//! The inputs of a sample that are 1.

use crate::words::{BITS, ones_of};

/// Lists the inputs whose bit is set, after those that are listed already.
pub(super) fn pick(picked: &mut Vec<u32>, words: impl Iterator<Item = u64>, inputs: usize) {
    for (index, word) in words.enumerate() {
        let left = inputs - index * BITS;
        let word = if left < BITS { word & !(u64::MAX << left) } else { word };
        picked.extend(ones_of(word).map(|bit| (index * BITS + bit) as u32));
    }
}
