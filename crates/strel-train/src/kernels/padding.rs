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
        for (row, padded) in plane.chunks_exact_mut(self.stride).take(self.rows).enumerate() {
            let Some(source) = self.source_row(row, border) else {
                padded.fill(outside(border));
                continue;
            };
            let line = &image[source * self.width..][..self.width];
            let (left, rest) = padded.split_at_mut(self.before.1);
            let (middle, right) = rest.split_at_mut(self.width);
            middle.copy_from_slice(line);
            let replicate = border == Border::Replicate;
            left.fill(if replicate { line[0] } else { outside(border) });
            right.fill(if replicate { line[self.width - 1] } else { outside(border) });
        }
    }

    /// The transpose of [`pad`](Self::pad): adds the gradient of every padded value to the pixel
    /// that it was copied from.
    pub fn fold(&self, plane: &[f32], border: Border, image: &mut [f32]) {
        for (row, padded) in plane.chunks_exact(self.stride).take(self.rows).enumerate() {
            let Some(source) = self.source_row(row, border) else { continue };
            let line = &mut image[source * self.width..][..self.width];
            let (left, rest) = padded.split_at(self.before.1);
            let (middle, right) = rest.split_at(self.width);
            for (pixel, value) in line.iter_mut().zip(middle) {
                *pixel += value;
            }
            if border == Border::Replicate {
                line[0] += left.iter().sum::<f32>();
                line[self.width - 1] += right.iter().sum::<f32>();
            }
        }
    }

    /// The image row that a padded row repeats; none where the border is constant.
    fn source_row(&self, row: usize, border: Border) -> Option<usize> {
        let inside = (self.before.0..self.before.0 + self.height).contains(&row);
        (inside || border == Border::Replicate)
            .then(|| row.saturating_sub(self.before.0).min(self.height - 1))
    }
}

/// The value of a constant border.
fn outside(border: Border) -> f32 {
    if border == Border::One { 1.0 } else { 0.0 }
}
