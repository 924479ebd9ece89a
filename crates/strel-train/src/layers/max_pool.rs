//! The 2x2 max-pool.

use super::by_image::{How, ImageLayer, OnImage, Planes};
use crate::kernels::Frame;

/// The maximum of 2x2 values of each channel; rows and columns are halved, rounded down. Of binary
/// images it is a dilation by a 2x2 square, of which every other row and column is kept.
#[derive(Clone, Copy, Debug)]
pub struct MaxPool {
    /// The number of channels.
    pub channels: usize,
}

impl ImageLayer for MaxPool {
    fn kernel(&self) -> (usize, usize) {
        (1, 1)
    }

    fn output_size(&self, (height, width): (usize, usize)) -> (usize, usize) {
        (height / 2, width / 2)
    }

    fn on_image<'a>(&'a self, frames: [Frame; 2], _: How) -> Box<dyn OnImage + 'a> {
        Box::new(MaxPoolOnImage { channels: self.channels, frames })
    }
}

struct MaxPoolOnImage {
    channels: usize,
    /// Of what is read and what is written.
    frames: [Frame; 2],
}

impl OnImage for MaxPoolOnImage {
    fn inputs(&self) -> usize {
        self.channels
    }

    fn outputs(&self) -> usize {
        self.channels
    }

    fn kept(&self) -> usize {
        0
    }

    fn sums(&self) -> usize {
        0
    }

    fn forward(&self, x: &mut [f32], _: &mut [f32], y: &mut [f32]) {
        let [read, written] = &self.frames;
        for (x, y) in x.chunks_exact(read.len()).zip(y.chunks_exact_mut(written.len())) {
            let rows: Vec<&[f32]> = read.rows(x).collect();
            for (y, rows) in written.rows_mut(y).zip(rows.chunks_exact(2)) {
                for (y, (upper, lower)) in y.iter_mut().zip(pairs(rows[0], rows[1])) {
                    *y = Largest::of([upper[0], upper[1], lower[0], lower[1]]).value;
                }
            }
        }
    }

    /// The first of the largest values has the gradient.
    fn backward(&self, planes: Planes, _: &mut [f32]) {
        let Planes { x, dy, dx: Some(dx), .. } = planes else { return };
        let [read, written] = &self.frames;
        let planes = x.chunks_exact(read.len()).zip(dx.chunks_exact_mut(read.len()));
        for ((x, dx), dy) in planes.zip(dy.chunks_exact(written.len())) {
            let rows: Vec<&[f32]> = read.rows(x).collect();
            let mut slopes: Vec<&mut [f32]> = read.rows_mut(dx).collect();
            let rows = rows.chunks_exact(2).zip(slopes.chunks_exact_mut(2));
            for ((rows, slopes), dy) in rows.zip(written.rows(dy)) {
                for (col, ((upper, lower), &dy)) in pairs(rows[0], rows[1]).zip(dy).enumerate() {
                    let Largest { is_right, is_lower, .. } =
                        Largest::of([upper[0], upper[1], lower[0], lower[1]]);
                    let at = |here: bool| if here { dy } else { 0.0 };
                    slopes[0][2 * col] = at(!is_lower & !is_right);
                    slopes[0][2 * col + 1] = at(!is_lower & is_right);
                    slopes[1][2 * col] = at(is_lower & !is_right);
                    slopes[1][2 * col + 1] = at(is_lower & is_right);
                }
            }
        }
    }
}

fn pairs<'a>(upper: &'a [f32], lower: &'a [f32]) -> impl Iterator<Item = (&'a [f32], &'a [f32])> {
    upper.chunks_exact(2).zip(lower.chunks_exact(2))
}

/// The first of the largest of 2x2 values, row by row, and where it is.
struct Largest {
    value: f32,
    is_right: bool,
    is_lower: bool,
}

impl Largest {
    #[inline(always)]
    fn of([a, b, c, d]: [f32; 4]) -> Self {
        let (upper, lower) = (if b > a { b } else { a }, if d > c { d } else { c });
        let is_lower = lower > upper;
        let is_right = if is_lower { d > c } else { b > a };
        Largest { value: if is_lower { lower } else { upper }, is_right, is_lower }
    }
}
