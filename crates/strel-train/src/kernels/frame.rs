//! Images with their borders, as planes of one layout.

use strel_image::Border;

use super::vectors::{LANES, whole_blocks, whole_vectors};

/// Where the pixels of an image lie in a plane.
///
/// There is room around the image for all that windows of the largest kernel read: as many rows and
/// columns on each side as the kernel has, less one. A plane of gradients is 0 there, a plane of
/// values has its border there. Loops may overrun a row by less than a vector and write what they
/// like to the columns right of what they are asked for, up to the first column of the next row.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// Rows above and below the image, and columns left of it.
    guard: (usize, usize),
    /// Values from a row to the next.
    pub stride: usize,
}

impl Frame {
    /// The frame of images of `height` x `width` pixels, for kernels of up to `kernel` pixels.
    pub fn new((height, width): (usize, usize), kernel: (usize, usize)) -> Self {
        let guard = (kernel.0 - 1, kernel.1 - 1);
        Frame { height, width, guard, stride: whole_vectors(width + 2 * guard.1) }
    }

    /// Values of a plane.
    pub fn len(&self) -> usize {
        let rows = self.height + 2 * self.guard.0;
        whole_blocks(rows * self.stride + 2 * self.guard.1 + LANES)
    }

    /// Pixels of an image.
    pub fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// The index in a plane of a pixel, or of a place in the guard.
    pub fn at(&self, row: isize, col: isize) -> usize {
        let row = row + self.guard.0.cast_signed();
        let col = col + self.guard.1.cast_signed();
        (row * self.stride.cast_signed() + col).cast_unsigned()
    }

    /// The rows of the image in a plane.
    pub fn rows<'a>(&self, plane: &'a [f32]) -> impl Iterator<Item = &'a [f32]> {
        let width = self.width;
        plane[self.at(0, 0)..].chunks(self.stride).take(self.height).map(move |row| &row[..width])
    }

    /// The same, to be written.
    pub fn rows_mut<'a>(&self, plane: &'a mut [f32]) -> impl Iterator<Item = &'a mut [f32]> {
        let (width, start) = (self.width, self.at(0, 0));
        let rows = plane[start..].chunks_mut(self.stride).take(self.height);
        rows.map(move |row| &mut row[..width])
    }

    /// Writes an image into a plane.
    pub fn load(&self, image: &[f32], plane: &mut [f32]) {
        for (row, line) in self.rows_mut(plane).zip(image.chunks_exact(self.width.max(1))) {
            row.copy_from_slice(line);
        }
    }

    /// Writes images, one after the other, into planes.
    pub fn load_all(&self, images: &[f32], planes: &mut [f32]) {
        let images = images.chunks_exact(self.pixels().max(1));
        let planes = planes.chunks_exact_mut(self.len());
        planes.zip(images).for_each(|(plane, image)| self.load(image, plane));
    }

    /// Reads the image of a plane.
    pub fn store(&self, plane: &[f32], image: &mut [f32]) {
        for (row, line) in self.rows(plane).zip(image.chunks_exact_mut(self.width.max(1))) {
            line.copy_from_slice(row);
        }
    }
}

/// The places around an image that the windows of one kernel read, and the pixels they repeat.
#[derive(Clone, Debug)]
pub struct Edge {
    frame: Frame,
    /// Rows above and below the image, with the row each repeats.
    rows: Vec<(isize, Option<usize>)>,
    /// Columns left and right of the image, with the column each repeats.
    columns: Vec<(isize, Option<usize>)>,
    /// The value of all others.
    outside: f32,
}

impl Edge {
    /// The border of a frame's image, for windows whose origin is at half their size, rounded down.
    pub fn new(frame: Frame, kernel: (usize, usize), border: Border) -> Self {
        Edge {
            frame,
            rows: around(frame.height, kernel.0, border),
            columns: around(frame.width, kernel.1, border),
            outside: if border == Border::One { 1.0 } else { 0.0 },
        }
    }

    /// Writes the border around the image of a plane.
    pub fn fill(&self, plane: &mut [f32]) {
        let Edge { frame, rows, columns, outside } = self;
        for row in 0..frame.height.cast_signed() {
            for &(col, source) in columns {
                let value = source.map(|source| plane[frame.at(row, source.cast_signed())]);
                plane[frame.at(row, col)] = value.unwrap_or(*outside);
            }
        }
        let left = -(frame.guard.1.cast_signed());
        for &(row, source) in rows {
            let start = frame.at(row, left);
            match source {
                Some(source) => {
                    let from = frame.at(source.cast_signed(), left);
                    plane.copy_within(from..from + frame.stride, start);
                }
                None => plane[start..start + frame.stride].fill(*outside),
            }
        }
    }

    /// The transpose of [`fill`](Self::fill): adds the gradient of every place around the image to
    /// the pixel that it repeats, and leaves 0 there.
    pub fn fold(&self, plane: &mut [f32]) {
        let Edge { frame, rows, columns, .. } = self;
        for &(row, source) in rows {
            let Some(source) = source else { continue };
            let (from, to) = (frame.at(row, 0), frame.at(source.cast_signed(), 0));
            let reach = columns.iter().map(|&(col, _)| col);
            for col in reach.chain(0..frame.width.cast_signed()) {
                let value = plane[from.wrapping_add_signed(col)];
                plane[to.wrapping_add_signed(col)] += value;
            }
        }
        for row in 0..frame.height.cast_signed() {
            for &(col, source) in columns {
                let Some(source) = source else { continue };
                plane[frame.at(row, source.cast_signed())] += plane[frame.at(row, col)];
            }
        }
        self.clear(plane);
    }

    /// Makes all but the image 0.
    fn clear(&self, plane: &mut [f32]) {
        let frame = &self.frame;
        plane[..frame.at(0, 0)].fill(0.0);
        for row in plane[frame.at(0, 0)..].chunks_mut(frame.stride).take(frame.height) {
            row[frame.width..].fill(0.0);
        }
        plane[frame.at(frame.height.cast_signed(), 0)..].fill(0.0);
    }
}

/// The places around a line of `size` pixels that windows of `kernel` pixels read.
fn around(size: usize, kernel: usize, border: Border) -> Vec<(isize, Option<usize>)> {
    let (before, after) = (kernel / 2, kernel - 1 - kernel / 2);
    let (before, size_, end) =
        (before.cast_signed(), size.cast_signed(), (size + after).cast_signed());
    (-before..0).chain(size_..end).map(|at| (at, border.source(at, size))).collect()
}
