//! Structuring elements of usual shapes.

use crate::{ImageError, StructuringElement};

/// Usual shapes. Every one of them can fail with [`ImageError::WindowTooLarge`].
impl StructuringElement {
    /// A full rectangle, its origin at (height / 2, width / 2).
    ///
    /// ```
    /// use strel_image::StructuringElement;
    ///
    /// assert_eq!(StructuringElement::rectangle(2, 3)?.to_string(), "###\n#O#");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::OriginOutside`] where height or width is zero.
    pub fn rectangle(height: usize, width: usize) -> Result<Self, ImageError> {
        Self::from_window_fn(height, width, None, |_, _| true)
    }

    /// The offsets with dy² + dx² <= radius².
    ///
    /// ```
    /// use strel_image::StructuringElement;
    ///
    /// let disk: StructuringElement = "
    ///     ...#...
    ///     ..###..
    ///     .##O##.
    ///     ..###..
    ///     ...#...
    /// ".parse()?;
    /// assert_eq!(StructuringElement::disk(2)?, disk);
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// Those that every shape has.
    pub fn disk(radius: usize) -> Result<Self, ImageError> {
        Self::within(radius, |dy, dx| dy * dy + dx * dx <= radius * radius)
    }

    /// The offsets of a row and a column that reach `radius` pixels from the origin: for radius 1,
    /// the origin and its 4-neighbours.
    ///
    /// # Errors
    /// Those that every shape has.
    pub fn cross(radius: usize) -> Result<Self, ImageError> {
        Self::within(radius, |dy, dx| dy == 0 || dx == 0)
    }

    /// A line of `length` pixels at 0, 45, 90 or 135 degrees, counterclockwise from the row as on
    /// paper. The origin is its pixel `length / 2`, counted from the left, or from the top where
    /// the line is upright.
    ///
    /// ```
    /// use strel_image::StructuringElement;
    ///
    /// assert_eq!(StructuringElement::line(4, 0)?.to_string(), "##O#");
    /// assert_eq!(StructuringElement::line(3, 45)?.to_string(), "..#\n.O.\n#..");
    /// assert_eq!(StructuringElement::line(2, 90)?.to_string(), "#\nO");
    /// assert_eq!(StructuringElement::line(2, 135)?.to_string(), "#.\n.O");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::UnknownAngle`]; [`ImageError::OriginOutside`] where the length is zero.
    pub fn line(length: usize, degrees: u32) -> Result<Self, ImageError> {
        let middle = length / 2;
        match degrees {
            0 => Self::rectangle(1, length),
            90 => Self::rectangle(length, 1),
            135 => Self::from_window_fn(length, length, None, |row, col| row == col),
            45 => {
                let origin = (length.saturating_sub(1 + middle), middle);
                Self::from_window_fn(length, length, Some(origin), |row, col| {
                    row + col + 1 == length
                })
            }
            _ => Err(ImageError::UnknownAngle { degrees }),
        }
    }

    /// The offsets at most `radius` rows and columns away for which `holds(|dy|, |dx|)`.
    fn within(radius: usize, holds: impl Fn(usize, usize) -> bool) -> Result<Self, ImageError> {
        let side = radius.saturating_mul(2).saturating_add(1);
        Self::from_window_fn(side, side, None, |row, col| {
            holds(row.abs_diff(radius), col.abs_diff(radius))
        })
    }
}
