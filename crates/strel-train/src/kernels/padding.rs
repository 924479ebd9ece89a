//! Images with their borders, as flat planes.

use strel_image::Border;

/// Where an image lies in its padded plane.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub height: usize,
    pub width: usize,
    /// Rows and columns added before the image; as many as the window reaches up and left.
    pub before: (usize, usize),
    /// Values from one padded row to the next.
    pub stride: usize,
    /// Padded rows.
    pub rows: usize,
}

impl Frame {
    /// The frame of an image of `height` x `width` pixels for a window of `kernel` pixels, whose
    /// origin is at half its size, rounded down.
    pub fn new(height: usize, width: usize, kernel: (usize, usize)) -> Self {
        Frame {
            height,
            width,
            before: (kernel.0 / 2, kernel.1 / 2),
            stride: width + kernel.1 - 1,
            rows: height + kernel.0 - 1,
        }
    }

    /// Values in the padded plane.
    pub fn len(&self) -> usize {
        self.rows * self.stride
    }

    /// Values in the flat run that covers every output pixel.
    pub fn output_len(&self) -> usize {
        self.height * self.stride
    }

    /// Writes the image and its border to the front of `plane`.
    pub fn pad(&self, image: &[f32], border: Border, plane: &mut [f32]) {
        let columns = self.columns(border);
        for (row, padded) in plane.chunks_exact_mut(self.stride).take(self.rows).enumerate() {
            let Some(source) = self.row(row, border) else {
                padded.fill(outside(border));
                continue;
            };
            let line = &image[source * self.width..][..self.width];
            padded[self.before.1..][..self.width].copy_from_slice(line);
            for &(column, source) in &columns {
                padded[column] = source.map_or(outside(border), |source| line[source]);
            }
        }
    }

    /// The transpose of [`pad`](Self::pad): adds the gradient of every padded value to the pixel
    /// that it was copied from.
    pub fn fold(&self, plane: &[f32], border: Border, image: &mut [f32]) {
        let columns = self.columns(border);
        for (row, padded) in plane.chunks_exact(self.stride).take(self.rows).enumerate() {
            let Some(source) = self.row(row, border) else { continue };
            let line = &mut image[source * self.width..][..self.width];
            for (pixel, value) in line.iter_mut().zip(&padded[self.before.1..]) {
                *pixel += value;
            }
            for &(column, source) in &columns {
                if let Some(source) = source {
                    line[source] += padded[column];
                }
            }
        }
    }

    /// The image row that a padded row repeats; none where the border is constant.
    fn row(&self, row: usize, border: Border) -> Option<usize> {
        border.source(row as isize - self.before.0 as isize, self.height)
    }

    /// The padded columns outside of the image, and the image columns that they repeat.
    fn columns(&self, border: Border) -> Vec<(usize, Option<usize>)> {
        let (left, right) = (0..self.before.1, self.before.1 + self.width..self.stride);
        let of = |column| border.source(column as isize - self.before.1 as isize, self.width);
        left.chain(right).map(|column| (column, of(column))).collect()
    }
}

/// The value of a constant border.
fn outside(border: Border) -> f32 {
    if border == Border::One { 1.0 } else { 0.0 }
}
