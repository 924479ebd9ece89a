//! Noise on images.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use strel_image::BitImage;

/// The image with each pixel replaced, with this probability, by 0 or 1 at random: half of the
/// replaced pixels change.
///
/// # Panics
/// The probability is not in `[0, 1]`.
///
/// ```
/// use strel_image::BitImage;
/// use strel_train::data::salt_and_pepper;
///
/// let noisy = salt_and_pepper(&BitImage::new(100, 100), 0.02, 1);
/// assert!((50..150).contains(&noisy.count_ones()), "about one in a hundred");
/// assert_eq!(noisy, salt_and_pepper(&BitImage::new(100, 100), 0.02, 1));
/// ```
pub fn salt_and_pepper(image: &BitImage, probability: f64, seed: u64) -> BitImage {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    BitImage::from_fn(image.height(), image.width(), |row, col| {
        if rng.random_bool(probability) { rng.random_bool(0.5) } else { image.get(row, col) }
    })
}
