//! A stream of training pairs.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::{Noisti, Pair, Pairs};

/// Which part of the data a pair comes from; the parts share no pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// What the network learns from.
    Train,
    /// What decides during training, and is reported as the score of the run.
    Validation,
    /// What nothing is decided by.
    Test,
}

/// Where pairs come from: pair `index` of a split depends on the seed alone, not on the pairs
/// before it.
#[derive(Clone, Debug)]
pub enum Source {
    /// Generated noised sticks.
    Noisti(Noisti),
    /// Crops of given images.
    Pairs(Pairs),
}

impl Source {
    /// Pair `index` (below 2^56) of a split.
    pub fn pair(&self, seed: u64, split: Split, index: u64) -> Pair {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((split as u64) << 56 | index);
        match self {
            Source::Noisti(noisti) => noisti.pair(&mut rng),
            Source::Pairs(pairs) => pairs.crop(split, &mut rng),
        }
    }

    /// Pairs `from` to `from + count` of a split.
    pub fn pairs(&self, seed: u64, split: Split, from: u64, count: usize) -> Vec<Pair> {
        (from..from + count as u64).map(|index| self.pair(seed, split, index)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_depend_on_seed_split_and_index_alone() {
        let source = Source::Noisti(Noisti::default());
        let pair = source.pair(1, Split::Train, 5);
        assert_eq!(source.pairs(1, Split::Train, 4, 3)[1], pair);
        assert_ne!(source.pair(2, Split::Train, 5), pair);
        assert_ne!(source.pair(1, Split::Test, 5), pair);
        assert_ne!(source.pair(1, Split::Train, 6), pair);
    }
}
