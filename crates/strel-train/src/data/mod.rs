//! Images to learn from.

mod noisti;

pub use noisti::Noisti;

use strel_image::BitImage;

/// What a network reads, and what it should make of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The input.
    pub input: BitImage,
    /// The wanted output, of the same size.
    pub target: BitImage,
}
