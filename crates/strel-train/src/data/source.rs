//! A stream of training pairs.

use strel_image::LevelSets;

use super::{Classes, Draw, GreyPair, Noisti, OperatorPairs, Pair, Pairs, Split};
use crate::TrainError;

/// What there is to learn from.
#[derive(Debug)]
pub enum Data {
    /// Pairs of images.
    Pairs(Source),
    /// Samples of classes.
    Classes(Classes),
}

impl Data {
    /// What of the data is probably not meant.
    pub fn notes(&self) -> &[String] {
        match self {
            Data::Pairs(Source::Pairs(pairs)) => pairs.notes(),
            _ => &[],
        }
    }
}

/// Where pairs come from: pair `index` of a split depends on the seed alone, not on the pairs
/// before it.
#[derive(Clone, Debug)]
pub enum Source {
    /// Generated noised sticks.
    Noisti(Noisti),
    /// Crops of given images.
    Pairs(Pairs),
    /// Images, and what an operator makes of them.
    Operator(Box<OperatorPairs>),
}

impl Source {
    /// The pair of a draw.
    ///
    /// # Errors
    /// An image file cannot be read any more; generated pairs have none.
    pub fn pair(&self, draw: Draw) -> Result<Pair, TrainError> {
        match self {
            Source::Noisti(noisti) => Ok(noisti.pair(&mut draw.rng())),
            Source::Pairs(pairs) => pairs.pair(draw),
            Source::Operator(pairs) => Ok(pairs.pair(draw)),
        }
    }

    /// The level sets that grey images are learnt by; none where images are binary.
    pub fn level_sets(&self) -> Option<LevelSets> {
        match self {
            Source::Pairs(pairs) => pairs.level_sets(),
            _ => None,
        }
    }

    /// The first so many pairs of a split, with all of their levels; none where images are binary.
    ///
    /// # Errors
    /// Those of [`pair`](Self::pair).
    pub fn grey_pairs(
        &self,
        seed: u64,
        split: Split,
        count: usize,
    ) -> Result<Vec<GreyPair>, TrainError> {
        let Source::Pairs(pairs) = self else { return Ok(Vec::new()) };
        let indices = 0..count as u64;
        let pairs = indices.map(|index| pairs.grey_pair(Draw { seed, split, index }).transpose());
        pairs.flatten().collect()
    }

    /// Pairs `from` to `from + count` (below 2^56) of a split.
    ///
    /// # Errors
    /// Those of [`pair`](Self::pair).
    ///
    /// ```
    /// use strel_train::data::{Draw, Noisti, Source, Split};
    ///
    /// let source = Source::Noisti(Noisti::default());
    /// let pairs = source.pairs(1, Split::Train, 4, 3)?;
    /// assert_eq!(pairs[1], source.pair(Draw { seed: 1, split: Split::Train, index: 5 })?);
    /// # Ok::<(), strel_train::TrainError>(())
    /// ```
    pub fn pairs(
        &self,
        seed: u64,
        split: Split,
        from: u64,
        count: usize,
    ) -> Result<Vec<Pair>, TrainError> {
        (from..from + count as u64).map(|index| self.pair(Draw { seed, split, index })).collect()
    }
}
