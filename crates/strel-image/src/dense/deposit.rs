//! Bits from a dense list into the places of a mask.

use crate::words::BITS;

/// Steps of a deposit: shifts by 1, 2, ... 32.
const STEPS: usize = BITS.ilog2() as usize;

/// Puts the first bits of a list, one after the other, to the ones of a mask.
///
/// Source: expand, or generalized insert (Warren, Hacker's Delight, 7-5); which bits each step
/// moves depends on the mask alone.
#[derive(Clone, Debug)]
pub(super) struct Deposit {
    words: Vec<Word>,
    bits: usize,
}

#[derive(Clone, Debug)]
struct Word {
    mask: u64,
    /// Where the list's bits for this word begin.
    start: usize,
    /// The bits that each step moves, after the move.
    moved: [u64; STEPS],
}

impl Deposit {
    pub(super) fn new(mask: &[u64]) -> Self {
        let mut bits = 0;
        let mut word = |&mask: &u64| {
            // A word without ones takes nothing: past the last bit, the list may have no more words.
            let start = if mask == 0 { 0 } else { bits };
            bits += mask.count_ones() as usize;
            Word { mask, start, moved: moves(mask) }
        };
        Deposit { words: mask.iter().map(&mut word).collect(), bits }
    }

    /// Bits of the list.
    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// Changes each word of the result at the mask's ones: by XOR with the list's bits, or with
    /// their complement. The list has at least one bit, and one word more than its bits
    /// take.
    pub(super) fn combine(&self, result: &mut [u64], list: &[u64], complement: u64) {
        for (result, word) in result.iter_mut().zip(&self.words) {
            let (index, shift) = (word.start / BITS, word.start % BITS);
            let mut bits = list[index] >> shift | list[index + 1] << 1 << (BITS - 1 - shift);
            for step in (0..STEPS).rev() {
                let moved = word.moved[step];
                bits = bits & !moved | bits << (1 << step) & moved;
            }
            *result ^= (bits ^ complement) & word.mask;
        }
    }
}

/// The bits that each step of a compression to the lower end moves: those below which the number
/// of zeros of the mask has the step's bit.
fn moves(mask: u64) -> [u64; STEPS] {
    let (mut left, mut zeros) = (mask, !mask << 1);
    std::array::from_fn(|step| {
        // Bit i: whether the number of ones of `zeros` up to i is odd.
        let odd = (0..STEPS).fold(zeros, |odd, power| odd ^ odd << (1 << power));
        let moved = odd & left;
        left = (left ^ moved) | moved >> (1 << step);
        zeros &= !odd;
        moved
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_go_to_the_ones_of_the_mask(
            words in prop::collection::vec((any::<(u64, u64, u64)>(), 0..5usize), 1..5),
        ) {
            let mask: Vec<u64> = words
                .iter()
                .map(|&((a, b, _), density)| [0, a & b, a, a | b, u64::MAX][density])
                .collect();
            let deposit = Deposit::new(&mask);
            prop_assume!(deposit.bits() > 0);
            let mut list: Vec<u64> = words.iter().map(|&((_, _, bits), _)| bits).collect();
            list.truncate(deposit.bits().div_ceil(BITS));
            list.push(0);
            let mut expected = vec![0; mask.len()];
            let ones = (0..mask.len() * BITS).filter(|&bit| mask[bit / BITS] >> (bit % BITS) & 1 == 1);
            for (from, to) in ones.enumerate() {
                expected[to / BITS] |= (list[from / BITS] >> (from % BITS) & 1) << (to % BITS);
            }
            let mut found = vec![0; mask.len()];
            deposit.combine(&mut found, &list, 0);
            prop_assert_eq!(&found, &expected);
            deposit.combine(&mut found, &list, u64::MAX);
            prop_assert_eq!(&found, &mask);
            prop_assert_eq!(deposit.bits(), mask.iter().map(|word| word.count_ones() as usize).sum::<usize>());
        }
    }
}
