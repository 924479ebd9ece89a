//! Random orders that take no memory.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// A random order of the numbers below `count`: a Feistel network on the numbers below the
/// smallest power of four that is enough, repeated until it is back below `count` (Black & Rogaway
/// 2002, "Ciphers with arbitrary finite domains"): O(1) expected, without memory.
///
/// ```
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// use strel_train::data::Permutation;
///
/// let order = Permutation::new(5, &mut ChaCha8Rng::seed_from_u64(1));
/// let mut numbers: Vec<usize> = (0..5).map(|place| order.at(place)).collect();
/// numbers.sort();
/// assert_eq!(numbers, [0, 1, 2, 3, 4]);
/// ```
#[derive(Clone, Debug)]
pub struct Permutation {
    count: u64,
    /// Bits of each half of a number.
    half: u32,
    keys: [u64; ROUNDS],
}

/// Four rounds are a pseudorandom permutation for a random function (Luby & Rackoff 1988); the
/// function here is only a mixer, and halves are as small as one bit.
const ROUNDS: usize = 8;

impl Permutation {
    /// An order of the numbers below `count`, drawn at random.
    pub fn new(count: usize, rng: &mut ChaCha8Rng) -> Self {
        let count = count as u64;
        let bits = u64::BITS - count.saturating_sub(1).leading_zeros();
        Permutation { count, half: bits.div_ceil(2), keys: std::array::from_fn(|_| rng.random()) }
    }

    /// The number at a place.
    ///
    /// # Panics
    /// The place is not below the count.
    pub fn at(&self, place: usize) -> usize {
        let place = place as u64;
        assert!(place < self.count, "place {place} of {} numbers", self.count);
        // The network's cycle through `place` comes back below the count, at `place` at the latest.
        let mut number = self.network(place);
        while number >= self.count {
            number = self.network(number);
        }
        number as usize
    }

    fn network(&self, number: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (number >> self.half, number & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.half | right
    }
}

/// The finalizer of SplitMix64 (Steele, Lea & Flood 2014).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn order(count: usize, seed: u64) -> Vec<usize> {
        let order = Permutation::new(count, &mut ChaCha8Rng::seed_from_u64(seed));
        (0..count).map(|place| order.at(place)).collect()
    }

    #[test]
    fn each_number_comes_once() {
        for count in (1..70).chain([255, 256, 257, 60_000]) {
            let mut numbers = order(count, count as u64);
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..count), "{count}");
        }
    }

    /// All six orders of three numbers, and each number at each place, about equally often.
    #[test]
    fn orders_are_evenly_spread() {
        let mut orders = std::collections::BTreeMap::new();
        for seed in 0..6000 {
            *orders.entry(order(3, seed)).or_insert(0) += 1;
        }
        assert_eq!(orders.len(), 6);
        assert!(orders.values().all(|count| (850..1150).contains(count)), "{orders:?}");
        let mut places = [0; 40];
        for seed in 0..8000 {
            places[order(40, seed)[7]] += 1;
        }
        assert!(places.iter().all(|count| (130..270).contains(count)), "{places:?}");
    }
}
