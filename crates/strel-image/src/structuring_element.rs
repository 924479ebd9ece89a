//! The flat structuring element: a set of offsets around an origin.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::picture::{self, Picture};
use crate::{BitImage, ImageError};

/// A flat structuring element: a set of offsets (dy, dx) from an origin, held as a window of pixels
/// with the origin inside it.
///
/// It is written as a picture: `#` and `O` are offsets of the set, `.` and `o` are not, and `O` or
/// `o` marks the origin. Without a mark the origin is (height / 2, width / 2), rounded down.
///
/// Two elements are equal when their sets of offsets are: rows and columns of the window without an
/// offset do not count.
///
/// ```
/// use strel_image::StructuringElement;
///
/// let element: StructuringElement = "
///     ..#
///     .O#
/// ".parse()?;
/// assert_eq!(element.origin(), (1, 1));
/// assert_eq!(element.offsets().collect::<Vec<_>>(), [(-1, 1), (0, 0), (0, 1)]);
/// assert_eq!(element.reflect().to_string(), "#O.\n#..");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone)]
pub struct StructuringElement {
    window: BitImage,
    origin: (usize, usize),
}

impl StructuringElement {
    /// The most pixels that a window may have; an element that needs more is refused.
    pub const MAX_WINDOW: usize = 1 << 28;

    /// An element from its window, row by row. The origin is a (row, col) of the window; `None`
    /// stands for (height / 2, width / 2).
    ///
    /// ```
    /// use strel_image::StructuringElement;
    ///
    /// let element = StructuringElement::from_mask(2, 2, None, &[true, false, true, true])?;
    /// assert_eq!(element.to_string(), "#.\n#O");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::MaskLength`] unless the mask has height * width values,
    /// [`ImageError::OriginOutside`], [`ImageError::EmptyElement`] where no value is true,
    /// [`ImageError::WindowTooLarge`].
    pub fn from_mask(
        height: usize,
        width: usize,
        origin: impl Into<Option<(usize, usize)>>,
        mask: &[bool],
    ) -> Result<Self, ImageError> {
        if height.checked_mul(width) != Some(mask.len()) {
            return Err(ImageError::MaskLength { height, width, found: mask.len() });
        }
        Self::from_window_fn(height, width, origin.into(), |row, col| mask[row * width + col])
    }

    /// An element from offsets (dy, dx) in any order; one that occurs twice counts once. The window
    /// is the smallest that holds the offsets and the origin.
    ///
    /// # Errors
    /// [`ImageError::EmptyElement`] where there is no offset, [`ImageError::WindowTooLarge`] where
    /// they are too far apart.
    pub fn from_offsets(
        offsets: impl IntoIterator<Item = (isize, isize)>,
    ) -> Result<Self, ImageError> {
        let offsets: Vec<(isize, isize)> = offsets.into_iter().collect();
        let (top, height) = span(offsets.iter().map(|offset| offset.0))?;
        let (left, width) = span(offsets.iter().map(|offset| offset.1))?;
        let mut window = checked_window(height, width)?;
        for (dy, dx) in offsets {
            window.set(top.saturating_add_signed(dy), left.saturating_add_signed(dx), true);
        }
        Self::nonempty(window, (top, left))
    }

    /// The element without offsets, in a window of the given size: its dilation is the empty image,
    /// its erosion the full one.
    ///
    /// # Errors
    /// [`ImageError::OriginOutside`] where height or width is zero, [`ImageError::WindowTooLarge`].
    pub fn empty(height: usize, width: usize) -> Result<Self, ImageError> {
        let window = checked_window(height, width)?;
        let origin = (height / 2, width / 2);
        check_origin(&window, origin)?;
        Ok(StructuringElement { window, origin })
    }

    /// An element whose window holds the pixels for which `pixel(row, col)` is true.
    pub(crate) fn from_window_fn(
        height: usize,
        width: usize,
        origin: Option<(usize, usize)>,
        pixel: impl FnMut(usize, usize) -> bool,
    ) -> Result<Self, ImageError> {
        checked_window(height, width)?;
        Self::nonempty(
            BitImage::from_fn(height, width, pixel),
            origin.unwrap_or((height / 2, width / 2)),
        )
    }

    fn nonempty(window: BitImage, origin: (usize, usize)) -> Result<Self, ImageError> {
        check_origin(&window, origin)?;
        if window.count_ones() == 0 {
            return Err(ImageError::EmptyElement);
        }
        Ok(StructuringElement { window, origin })
    }

    /// Rows of the window.
    pub fn height(&self) -> usize {
        self.window.height()
    }

    /// Columns of the window.
    pub fn width(&self) -> usize {
        self.window.width()
    }

    /// Row and column of the origin in the window.
    pub fn origin(&self) -> (usize, usize) {
        self.origin
    }

    /// The window as an image.
    pub fn window(&self) -> &BitImage {
        &self.window
    }

    /// The offsets (dy, dx) from the origin, row by row.
    pub fn offsets(&self) -> impl Iterator<Item = (isize, isize)> {
        let (row0, col0) = (self.origin.0.cast_signed(), self.origin.1.cast_signed());
        self.window
            .ones()
            .map(move |(row, col)| (row.cast_signed() - row0, col.cast_signed() - col0))
    }

    /// Number of offsets.
    pub fn len(&self) -> usize {
        self.window.ones().count()
    }

    /// Whether there is no offset.
    pub fn is_empty(&self) -> bool {
        self.window.ones().next().is_none()
    }

    /// Whether (dy, dx) is one of the offsets.
    pub fn contains(&self, dy: isize, dx: isize) -> bool {
        match (self.origin.0.checked_add_signed(dy), self.origin.1.checked_add_signed(dx)) {
            (Some(row), Some(col)) => {
                row < self.height() && col < self.width() && self.window.get(row, col)
            }
            _ => false,
        }
    }

    /// Whether the origin is one of the offsets: dilations then contain the image, and erosions are
    /// contained in it.
    pub fn contains_origin(&self) -> bool {
        self.contains(0, 0)
    }

    /// The reflection through the origin: each offset b becomes -b.
    #[must_use]
    pub fn reflect(&self) -> Self {
        let (last_row, last_col) = (self.height() - 1, self.width() - 1);
        let pixel = |row, col| self.window.get(last_row - row, last_col - col);
        StructuringElement {
            window: BitImage::from_fn(self.height(), self.width(), pixel),
            origin: (last_row - self.origin.0, last_col - self.origin.1),
        }
    }

    /// Each offset moved by (dy, dx), the origin kept. The window is the smallest that holds the
    /// offsets and the origin.
    ///
    /// ```
    /// use strel_image::StructuringElement;
    ///
    /// let element: StructuringElement = "O#".parse()?;
    /// assert_eq!(element.translate(0, 1)?.to_string(), "o##");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::WindowTooLarge`] where the offsets come to lie too far from the origin.
    pub fn translate(&self, dy: isize, dx: isize) -> Result<Self, ImageError> {
        if self.is_empty() {
            return Ok(self.clone());
        }
        Self::from_offsets(
            self.offsets().map(|(y, x)| (y.saturating_add(dy), x.saturating_add(dx))),
        )
    }
}

/// A window of zeros, unless it has too many pixels.
fn checked_window(height: usize, width: usize) -> Result<BitImage, ImageError> {
    let limit = StructuringElement::MAX_WINDOW;
    // Each row and each column costs memory, even one without pixels.
    match height.max(1).checked_mul(width.max(1)) {
        Some(pixels) if pixels <= limit => Ok(BitImage::new(height, width)),
        _ => Err(ImageError::WindowTooLarge { limit }),
    }
}

fn check_origin(window: &BitImage, origin: (usize, usize)) -> Result<(), ImageError> {
    let (height, width) = window.size();
    if origin.0 < height && origin.1 < width {
        Ok(())
    } else {
        Err(ImageError::OriginOutside { height, width, origin })
    }
}

/// The place of 0 in the smallest range that holds it and the given values, and the range's length.
fn span(values: impl Iterator<Item = isize> + Clone) -> Result<(usize, usize), ImageError> {
    let before = values.clone().min().unwrap_or(0).min(0).unsigned_abs();
    let after = values.max().unwrap_or(0).max(0).unsigned_abs();
    let limit = StructuringElement::MAX_WINDOW;
    let length = before
        .checked_add(after)
        .and_then(|sum| sum.checked_add(1))
        .filter(|&length| length <= limit);
    length.map(|length| (before, length)).ok_or(ImageError::WindowTooLarge { limit })
}

impl PartialEq for StructuringElement {
    fn eq(&self, other: &Self) -> bool {
        self.offsets().eq(other.offsets())
    }
}

impl Eq for StructuringElement {}

impl Hash for StructuringElement {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.offsets().for_each(|offset| offset.hash(state));
    }
}

impl StructuringElement {
    fn character(&self, row: usize, col: usize) -> char {
        match (self.window.get(row, col), (row, col) == self.origin) {
            (true, true) => 'O',
            (false, true) => 'o',
            (true, false) => '#',
            (false, false) => '.',
        }
    }
}

impl fmt::Display for StructuringElement {
    /// The element as a picture with its origin marked, without a line break after the last row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        picture::write(f, self.window.size(), '\n', |row, col| self.character(row, col))
    }
}

impl fmt::Debug for StructuringElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StructuringElement(")?;
        picture::write(f, self.window.size(), '/', |row, col| self.character(row, col))?;
        f.write_str(")")
    }
}

impl FromStr for StructuringElement {
    type Err = ImageError;

    /// Reads a picture.
    ///
    /// # Errors
    /// [`ImageError::UnknownCharacter`], [`ImageError::RaggedPicture`] and
    /// [`ImageError::SecondOrigin`], with their place in the text; [`ImageError::EmptyElement`];
    /// [`ImageError::WindowTooLarge`].
    fn from_str(text: &str) -> Result<Self, ImageError> {
        let picture = Picture::new(text)?;
        let mut window = checked_window(picture.height(), picture.width())?;
        let mut origin = None;
        for cell in picture.cells() {
            let set = match cell.character {
                '#' | 'O' => true,
                '.' | 'o' => false,
                _ => return Err(cell.unknown("'.', '#', 'O' and 'o'")),
            };
            window.set(cell.row, cell.col, set);
            let marked = matches!(cell.character, 'O' | 'o');
            if marked && origin.replace((cell.row, cell.col)).is_some() {
                return Err(ImageError::SecondOrigin { line: cell.line, column: cell.column });
            }
        }
        if picture.height() == 0 {
            return Err(ImageError::EmptyElement);
        }
        Self::nonempty(window, origin.unwrap_or((picture.height() / 2, picture.width() / 2)))
    }
}
