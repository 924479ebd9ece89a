//! How well outputs fit their targets.

mod grey;

use strel_image::BitImage;

pub use grey::{GreyError, GreyErrors};

use crate::data::Pair;
use crate::mask::BorderMask;

/// The DICE score `2 |A and B| / (|A| + |B|)`: 1 for equal images, 0 for disjoint ones, 1 where
/// both are empty. The whole image counts, its border too.
///
/// # Panics
/// The images differ in size.
///
/// ```
/// use strel_image::BitImage;
/// use strel_train::score::dice;
///
/// let a: BitImage = ".##.".parse()?;
/// let b: BitImage = ".#..".parse()?;
/// assert_eq!(dice(&a, &b), 2.0 / 3.0);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn dice(a: &BitImage, b: &BitImage) -> f64 {
    let both = a.intersection(b).expect("images of one size").count_ones() as f64;
    let all = (a.count_ones() + b.count_ones()) as f64;
    if all == 0.0 { 1.0 } else { 2.0 * both / all }
}

/// The mean DICE score, over pairs, of what an operator makes of the inputs; pixels under the mask do
/// not count.
///
/// ```
/// use strel_train::data::Pair;
/// use strel_train::mask::BorderMask;
/// use strel_train::score::mean_dice;
///
/// let pair = Pair { input: ".##.".parse()?, target: "#..#".parse()? };
/// assert_eq!(mean_dice(&[pair], BorderMask(0), |image| image.complement()), 1.0);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn mean_dice(
    pairs: &[Pair],
    mask: BorderMask,
    operator: impl Fn(&BitImage) -> BitImage,
) -> f64 {
    let scores = pairs.iter().map(|pair| mask.dice(&operator(&pair.input), &pair.target));
    scores.sum::<f64>() / pairs.len() as f64
}
