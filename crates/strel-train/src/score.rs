//! How well outputs fit their targets.

mod grey;

use serde::{Deserialize, Serialize};
use strel_image::BitImage;

pub use grey::{GreyError, GreyErrors};

use crate::data::Pair;
use crate::mask::BorderMask;

/// How well a network does on validation data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Score {
    /// The mean DICE score of the float network on pairs of images.
    Dice(f64),
    /// The accuracies of a classifier.
    Accuracy(Accuracy),
}

impl Score {
    /// The number to compare by, larger for better ones: of a classifier, the accuracy of its
    /// thresholded neurons, which is what can be binarized.
    pub fn value(self) -> f64 {
        match self {
            Score::Dice(dice) => dice,
            Score::Accuracy(accuracy) => accuracy.hard,
        }
    }

    /// What [`value`](Self::value) is called.
    pub fn name(self) -> &'static str {
        match self {
            Score::Dice(_) => "DICE",
            Score::Accuracy(_) => "accuracy",
        }
    }
}

/// Shares of samples whose class was told, of a network in training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// By the network as it is.
    pub float: f64,
    /// By the network of thresholded neurons.
    pub hard: f64,
}

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
