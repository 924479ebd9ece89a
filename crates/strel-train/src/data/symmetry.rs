//! Flips and quarter turns.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_image::BitImage;

use super::Pair;

/// A symmetry of the square: a quarter turn is a transposition and a flip.
///
/// ```
/// use strel_image::BitImage;
/// use strel_train::data::Symmetry;
///
/// let image: BitImage = "
///     .#.
///     ..#
/// ".parse()?;
/// let turned: BitImage = "
///     ..
///     .#
///     #.
/// ".parse()?;
/// let clockwise = Symmetry { transposed: true, upside_down: false, mirrored: true };
/// assert_eq!(clockwise.apply(&image), turned);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symmetry {
    /// Whether rows and columns are exchanged, before all else.
    pub transposed: bool,
    /// Whether the last row comes first.
    pub upside_down: bool,
    /// Whether the last column comes first.
    pub mirrored: bool,
}

impl Symmetry {
    /// One of the eight, at random.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        Symmetry { transposed: rng.random(), upside_down: rng.random(), mirrored: rng.random() }
    }

    /// The image after the symmetry.
    pub fn apply(&self, image: &BitImage) -> BitImage {
        let (rows, cols) = image.size();
        let (height, width) = if self.transposed { (cols, rows) } else { (rows, cols) };
        BitImage::from_fn(height, width, |row, col| {
            let row = if self.upside_down { height - 1 - row } else { row };
            let col = if self.mirrored { width - 1 - col } else { col };
            if self.transposed { image.get(col, row) } else { image.get(row, col) }
        })
    }

    /// Input and target after the symmetry.
    pub fn apply_to_pair(&self, pair: &Pair) -> Pair {
        Pair { input: self.apply(&pair.input), target: self.apply(&pair.target) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn eight_symmetries_are_drawn_and_all_differ() {
        let image: BitImage = "##.\n#..\n...".parse().unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let skew: BitImage = "##.\n...\n...".parse().unwrap();
        let mut images = Vec::new();
        for _ in 0..200 {
            let symmetry = Symmetry::random(&mut rng);
            let turned = symmetry.apply(&skew);
            if !images.contains(&turned) {
                images.push(turned);
            }
            assert_eq!(symmetry.apply(&image).count_ones(), 3);
        }
        assert_eq!(images.len(), 8);
    }
}
