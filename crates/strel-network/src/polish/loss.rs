//! What is made small.

use serde::{Deserialize, Serialize};
use strel_image::BitImage;

/// How wrong outputs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// The number of wrong pixels of an image.
    Pixels,
    /// 1 - DICE of an image, where DICE = 2 |A and B| / (|A| + |B|), and 1 where both are empty.
    #[default]
    Dice,
}

impl Loss {
    /// The loss of an output, at least 0; 0 iff it is the target, which is of the same size.
    ///
    /// ```
    /// use strel_image::BitImage;
    /// use strel_network::Loss;
    ///
    /// let (output, target): (BitImage, BitImage) = ("###.".parse()?, ".###".parse()?);
    /// assert_eq!(Loss::Pixels.of(&output, &target), 2.0);
    /// assert_eq!(Loss::Dice.of(&output, &target), 2.0 / 6.0);
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Panics
    /// The images differ in size.
    pub fn of(self, output: &BitImage, target: &BitImage) -> f64 {
        let wrong = output.count_differences(target).expect("images of one size");
        match self {
            Self::Pixels => wrong as f64,
            Self::Dice if wrong == 0 => 0.0,
            // |A| + |B| - 2 |A and B| = |A xor B|.
            Self::Dice => wrong as f64 / (output.count_ones() + target.count_ones()) as f64,
        }
    }
}
