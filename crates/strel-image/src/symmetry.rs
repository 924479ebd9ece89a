//! Flips and quarter turns.

use crate::words::BITS;
use crate::{BitImage, GreyImage};

/// A symmetry of the square: a quarter turn is a transposition and a flip.
///
/// ```
/// use strel_image::{BitImage, Symmetry};
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Symmetry {
    /// Whether rows and columns are exchanged, before all else.
    pub transposed: bool,
    /// Whether the last row comes first.
    pub upside_down: bool,
    /// Whether the last column comes first.
    pub mirrored: bool,
}

impl Symmetry {
    /// The symmetry that leaves an image as it is.
    pub const IDENTITY: Symmetry =
        Symmetry { transposed: false, upside_down: false, mirrored: false };

    /// The image after the symmetry. Cost: one pass over its pixels, or over its words if it is not transposed.
    pub fn apply(self, image: &BitImage) -> BitImage {
        let (height, width) = self.size(image.size());
        if self.transposed {
            return BitImage::from_fn(height, width, |row, col| {
                let (row, col) = self.source((row, col), (height, width));
                image.get(row, col)
            });
        }
        let mut result = BitImage::new(height, width);
        for row in 0..height {
            let (from, _) = self.source((row, 0), (height, width));
            result.row_mut(row).copy_from_slice(image.row(from));
            if self.mirrored {
                result.mirror_row(row);
            }
        }
        result
    }

    /// The grey image after the symmetry. Cost: one pass over its pixels.
    pub fn apply_to_grey(self, image: &GreyImage) -> GreyImage {
        let (height, width) = self.size(image.size());
        let source = image.size().1;
        let level = |pixel: usize| {
            let (row, col) = self.source((pixel / width, pixel % width), (height, width));
            image.levels()[row * source + col]
        };
        let levels = (0..height * width).map(level).collect();
        GreyImage::new(height, width, levels).expect("as many pixels as before")
    }

    /// Height and width of the result for an image of this height and width.
    pub fn size(self, (height, width): (usize, usize)) -> (usize, usize) {
        if self.transposed { (width, height) } else { (height, width) }
    }

    /// The pixel of the image that a pixel of the result, of this size, shows.
    fn source(self, (row, col): (usize, usize), size: (usize, usize)) -> (usize, usize) {
        let row = if self.upside_down { size.0 - 1 - row } else { row };
        let col = if self.mirrored { size.1 - 1 - col } else { col };
        if self.transposed { (col, row) } else { (row, col) }
    }
}

impl BitImage {
    /// Reverses the order of the pixels of a row.
    pub(crate) fn mirror_row(&mut self, row: usize) {
        let width = self.width();
        let used = width.div_ceil(BITS);
        let words = &mut self.row_mut(row)[..used];
        words.reverse();
        words.iter_mut().for_each(|word| *word = word.reverse_bits());
        // The pixels now end at the last word's end.
        let shift = used * BITS - width;
        if shift > 0 {
            for index in 0..used {
                let next = words.get(index + 1).map_or(0, |next| next << (BITS - shift));
                words[index] = words[index] >> shift | next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [bool; 2] = [false, true];

    fn naive(symmetry: Symmetry, image: &BitImage) -> BitImage {
        let mut rows: Vec<Vec<bool>> = (0..image.height())
            .map(|row| (0..image.width()).map(|col| image.get(row, col)).collect())
            .collect();
        if symmetry.transposed {
            rows =
                (0..image.width()).map(|col| rows.iter().map(|row| row[col]).collect()).collect();
        }
        if symmetry.upside_down {
            rows.reverse();
        }
        if symmetry.mirrored {
            rows.iter_mut().for_each(|row| row.reverse());
        }
        BitImage::from_fn(rows.len(), rows[0].len(), |row, col| rows[row][col])
    }

    #[test]
    fn symmetries_are_those_of_the_definition() {
        for width in [1, 2, 63, 64, 65, 128, 130] {
            let image = BitImage::from_fn(5, width, |row, col| (row * 31 + col * col * 7) % 5 < 2);
            let levels = image.to_bytes(7);
            let grey = GreyImage::new(5, width, levels).unwrap();
            for transposed in ALL {
                for upside_down in ALL {
                    for mirrored in ALL {
                        let symmetry = Symmetry { transposed, upside_down, mirrored };
                        let expected = naive(symmetry, &image);
                        assert_eq!(symmetry.apply(&image), expected, "{symmetry:?} {width}");
                        assert_eq!(symmetry.apply_to_grey(&grey).level_set(1), expected);
                    }
                }
            }
        }
    }
}
