//! Which pair is wanted.

use std::ops::Range;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::Permutation;

/// Which part of the data a pair comes from; the parts share no pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// What the network learns from.
    Train,
    /// What decides during training.
    Validation,
    /// What nothing is decided by, and is reported as the score of the run.
    Test,
}

/// One of the pairs of a split. All that is random in it comes from here, not from the pairs before
/// it, so that pairs can be made in any order.
///
/// ```
/// use strel_train::data::{Draw, Split};
///
/// let draws = (0..6).map(|index| Draw { seed: 1, split: Split::Train, index });
/// let images: Vec<usize> = draws.map(|draw| draw.of(3)).collect();
/// for mut pass in [images[..3].to_vec(), images[3..].to_vec()] {
///     pass.sort();
///     assert_eq!(pass, [0, 1, 2], "each image once a pass");
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    /// The seed of all pairs.
    pub seed: u64,
    /// The part of the data.
    pub split: Split,
    /// The number of the pair in its split, below 2^56.
    pub index: u64,
}

/// The streams of random numbers for the orders of passes: beyond those of pairs.
const PASSES: u64 = 1 << 63;

impl Draw {
    /// The random numbers of this pair.
    pub fn rng(&self) -> ChaCha8Rng {
        self.stream((self.split as u64) << 56 | self.index)
    }

    /// Which of `count` things this pair is made from. Pairs take all of them before they take one
    /// again, each time in another order.
    ///
    /// # Panics
    /// There are none.
    pub fn of(&self, count: usize) -> usize {
        let (pass, place) = (self.index / count as u64, self.index % count as u64);
        let mut rng = self.stream(PASSES | (self.split as u64) << 56 | pass);
        Permutation::new(count, &mut rng).at(place as usize)
    }

    fn stream(&self, stream: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(stream);
        rng
    }
}

/// What shares of the data are set aside from training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// For [`Split::Validation`].
    pub validation: f64,
    /// For [`Split::Test`].
    pub test: f64,
}

impl Shares {
    /// The range of `0..count` that belongs to a split: training data comes first, then what is
    /// for validation, then what is for tests. Sizes are rounded to the nearest.
    ///
    /// ```
    /// use strel_train::data::{Shares, Split};
    ///
    /// let shares = Shares { validation: 0.2, test: 0.1 };
    /// assert_eq!(shares.range(Split::Train, 10), 0..7);
    /// assert_eq!(shares.range(Split::Validation, 10), 7..9);
    /// assert_eq!(shares.range(Split::Test, 10), 9..10);
    /// ```
    pub fn range(&self, split: Split, count: usize) -> Range<usize> {
        let part = |share: f64| (count as f64 * share).round() as usize;
        let test = count.saturating_sub(part(self.test));
        let validation = test.saturating_sub(part(self.validation));
        match split {
            Split::Train => 0..validation,
            Split::Validation => validation..test,
            Split::Test => test..count,
        }
    }
}
