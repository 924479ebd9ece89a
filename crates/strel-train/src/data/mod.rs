//! Images to learn from.

mod noise;
mod noisti;
mod pairs;
mod source;

pub use noise::salt_and_pepper;
pub use noisti::Noisti;
pub use pairs::{ImagePair, Pairs, load_pairs};
pub use source::{Source, Split};

use strel_image::BitImage;

/// What a network reads, and what it should make of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The input.
    pub input: BitImage,
    /// The wanted output, of the same size.
    pub target: BitImage,
}
