//! One channel of a float network.

use strel_image::{BitImage, Border};

use crate::NetworkError;

/// A grid of real values, row by row: what one channel of a float network carries.
///
/// ```
/// use strel_image::BitImage;
/// use strel_network::Plane;
///
/// let plane = Plane::new(1, 3, vec![0.2, 0.5, 0.9])?;
/// assert_eq!(plane.threshold().to_string(), "..#");
/// assert_eq!(Plane::from(&plane.threshold()).values(), [0.0, 0.0, 1.0]);
/// # Ok::<(), strel_network::NetworkError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    height: usize,
    width: usize,
    values: Vec<f64>,
}

impl Plane {
    /// A plane from its values, row by row.
    ///
    /// # Errors
    /// [`NetworkError::PlaneLength`] unless there are `height * width` values.
    pub fn new(height: usize, width: usize, values: Vec<f64>) -> Result<Self, NetworkError> {
        if height.checked_mul(width) != Some(values.len()) {
            return Err(NetworkError::PlaneLength { height, width, found: values.len() });
        }
        Ok(Self { height, width, values })
    }

    /// A plane whose value at (row, col) is `value(row, col)`.
    pub fn from_fn(height: usize, width: usize, value: impl Fn(usize, usize) -> f64) -> Self {
        let values = (0..height).flat_map(|row| (0..width).map(move |col| (row, col)));
        Self { height, width, values: values.map(|(row, col)| value(row, col)).collect() }
    }

    /// Height and width.
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// The values, row by row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The value at (row, col).
    ///
    /// # Panics
    /// Outside the plane.
    pub fn get(&self, row: usize, col: usize) -> f64 {
        assert!(row < self.height && col < self.width, "({row}, {col}) is outside the plane");
        self.values[row * self.width + col]
    }

    /// The pixels with a value above 1/2.
    pub fn threshold(&self) -> BitImage {
        BitImage::from_fn(self.height, self.width, |row, col| self.get(row, col) > 0.5)
    }

    /// The maximum of each 2x2 values, as [`max_pool`](strel_image::max_pool) takes it.
    pub(crate) fn max_pool(&self) -> Self {
        Self::from_fn(self.height / 2, self.width / 2, |row, col| {
            let pair = |row: usize| self.get(row, 2 * col).max(self.get(row, 2 * col + 1));
            pair(2 * row).max(pair(2 * row + 1))
        })
    }

    /// The value at (row, col), which may lie outside a plane that has pixels.
    pub(crate) fn read(&self, row: isize, col: isize, border: Border) -> f64 {
        match (border.source(row, self.height), border.source(col, self.width)) {
            (Some(row), Some(col)) => self.get(row, col),
            _ => f64::from(u8::from(border == Border::One)),
        }
    }
}

impl From<&BitImage> for Plane {
    /// 0 and 1 for the pixels of a binary image.
    fn from(image: &BitImage) -> Self {
        Self {
            height: image.height(),
            width: image.width(),
            values: image.pixels().map(f64::from).collect(),
        }
    }
}

/// Checks that there is one image for each of `expected` channels, all of one size, and returns it.
pub(crate) fn common_size(
    expected: usize,
    sizes: impl ExactSizeIterator<Item = (usize, usize)>,
) -> Result<(usize, usize), NetworkError> {
    if sizes.len() != expected {
        return Err(NetworkError::ImageCount { expected, found: sizes.len() });
    }
    let mut sizes = sizes.enumerate();
    let first = sizes.next().map_or((0, 0), |(_, size)| size);
    match sizes.find(|(_, size)| *size != first) {
        Some((index, found)) => {
            Err(NetworkError::ImageSize { channel: index + 1, expected: first, found })
        }
        None => Ok(first),
    }
}
