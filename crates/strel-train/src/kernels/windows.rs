//! Correlations of planes with windows, and what their gradients need.

use pulp::{Arch, Simd, WithSimd};

use super::frame::Frame;
use super::vectors::Elementwise;

/// Sums stay as they are.
#[derive(Clone, Copy)]
pub struct Plain;

impl Elementwise for Plain {
    #[inline(always)]
    fn of<S: Simd>(self, _: S, sum: S::f32s) -> S::f32s {
        sum
    }
}

/// `out(i) = f(sum over planes x and taps s of W(s) x(i + shift + s))` for the places `i` of a region.
pub struct Correlation<'a, F> {
    pub frame: &'a Frame,
    pub planes: &'a [&'a [f32]],
    /// `[planes, kernel rows, kernel columns]`.
    pub weights: &'a [f32],
    pub kernel: (usize, usize),
    /// From the place that is written to the first one that is read.
    pub shift: (isize, isize),
    /// First row and column to be written, of the image's.
    pub start: (isize, isize),
    /// Rows and columns to be written; the columns after them, up to a whole vector, are overrun.
    pub size: (usize, usize),
    /// f.
    pub finish: F,
}

impl<F: Elementwise> Correlation<'_, F> {
    /// Writes the region of a plane.
    pub fn write(self, arch: Arch, out: &mut [f32]) {
        arch.dispatch(Write { what: self, out });
    }
}

struct Write<'a, F> {
    what: Correlation<'a, F>,
    out: &'a mut [f32],
}

impl<F: Elementwise> WithSimd for Write<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Correlation { frame, start, size: (rows, columns), .. } = self.what;
        for row in (0..rows).step_by(2) {
            let is_alone = row + 1 == rows;
            let mut at = frame.at(start.0 + row.cast_signed(), start.1);
            let mut left = columns.div_ceil(S::F32_LANES);
            // Blocks of nearly equal width, whose sums fit into registers.
            while left > 0 {
                let block = left.div_ceil(left.div_ceil(6));
                match block {
                    6 => self.block::<S, 6>(simd, at, is_alone),
                    5 => self.block::<S, 5>(simd, at, is_alone),
                    4 => self.block::<S, 4>(simd, at, is_alone),
                    3 => self.block::<S, 3>(simd, at, is_alone),
                    2 => self.block::<S, 2>(simd, at, is_alone),
                    _ => self.block::<S, 1>(simd, at, is_alone),
                }
                at += block * S::F32_LANES;
                left -= block;
            }
        }
    }
}

impl<F: Elementwise> Write<'_, F> {
    /// `V` vectors of a row, and of the next one if there is one.
    #[inline(always)]
    fn block<S: Simd, const V: usize>(&mut self, simd: S, at: usize, is_alone: bool) {
        if is_alone {
            let sums = self.what.row::<S, V>(simd, at);
            self.store(simd, at, sums);
        } else {
            let [sums, below] = self.what.two_rows::<S, V>(simd, at);
            self.store(simd, at, sums);
            self.store(simd, at + self.what.frame.stride, below);
        }
    }

    #[inline(always)]
    fn store<S: Simd, const V: usize>(&mut self, simd: S, at: usize, sums: [S::f32s; V]) {
        let (out, _) = S::as_mut_simd_f32s(&mut self.out[at..][..V * S::F32_LANES]);
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = self.what.finish.of(simd, sum);
        }
    }
}

impl<F: Elementwise> Correlation<'_, F> {
    /// The sums of `V` vectors of a row.
    #[inline(always)]
    fn row<S: Simd, const V: usize>(&self, simd: S, at: usize) -> [S::f32s; V] {
        let mut sums = [simd.splat_f32s(0.0); V];
        for (plane, weights) in self.windows() {
            for (row, weights) in weights.chunks_exact(self.kernel.1).enumerate() {
                [sums] = add_row(simd, self.read::<S, V>(plane, at, row), [weights], [sums]);
            }
        }
        sums
    }

    /// The same of two rows, which share what they read.
    #[inline(always)]
    fn two_rows<S: Simd, const V: usize>(&self, simd: S, at: usize) -> [[S::f32s; V]; 2] {
        let mut sums = [simd.splat_f32s(0.0); V];
        let mut below = sums;
        for (plane, weights) in self.windows() {
            let x = |row| self.read::<S, V>(plane, at, row);
            let (mut last, others) = weights.split_at(self.kernel.1);
            [sums] = add_row(simd, x(0), [last], [sums]);
            for (row, weights) in others.chunks_exact(self.kernel.1).enumerate() {
                [sums, below] = add_row(simd, x(row + 1), [weights, last], [sums, below]);
                last = weights;
            }
            [below] = add_row(simd, x(self.kernel.0), [last], [below]);
        }
        [sums, below]
    }

    /// The planes, and the windows that read them.
    #[inline(always)]
    fn windows(&self) -> impl Iterator<Item = (&[f32], &[f32])> {
        let taps = self.kernel.0 * self.kernel.1;
        self.planes.iter().copied().zip(self.weights.chunks_exact(taps))
    }

    /// What `V` vectors at a place read in a row of their windows.
    #[inline(always)]
    fn read<'p, S: Simd, const V: usize>(
        &self,
        plane: &'p [f32],
        at: usize,
        row: usize,
    ) -> &'p [f32] {
        let stride = self.frame.stride.cast_signed();
        let from =
            at.wrapping_add_signed((self.shift.0 + row.cast_signed()) * stride + self.shift.1);
        &plane[from..][..self.kernel.1 - 1 + V * S::F32_LANES]
    }
}

/// Adds the products of what is read with the rows of `N` windows.
#[inline(always)]
fn add_row<S: Simd, const V: usize, const N: usize>(
    simd: S,
    x: &[f32],
    weights: [&[f32]; N],
    mut sums: [[S::f32s; V]; N],
) -> [[S::f32s; V]; N] {
    for (tap, x) in x.windows(V * S::F32_LANES).enumerate() {
        let (x, _) = S::as_simd_f32s(x);
        let weights = weights.map(|weights| simd.splat_f32s(weights[tap]));
        for v in 0..V {
            for n in 0..N {
                sums[n][v] = simd.mul_add_e_f32s(weights[n], x[v], sums[n][v]);
            }
        }
    }
    sums
}

/// `out[s] = sum over pixels i of d(i) x(i + shift + s)`, for every tap `s` of a window.
///
/// `d` is 0 outside of the image.
pub fn products(
    arch: Arch,
    frame: &Frame,
    (d, x): (&[f32], &[f32]),
    (rows, columns): (usize, usize),
    shift: (isize, isize),
    out: &mut [f32],
) {
    let mut row = 0;
    while row < rows {
        let block_rows = (rows - row).div_ceil((rows - row).div_ceil(5));
        let mut col = 0;
        while col < columns {
            let block_cols = (columns - col).min(2);
            // The first row of x that a window's row reads, and the row of d that goes with it.
            let first = shift.0 + row.cast_signed();
            let len = (frame.height + block_rows - 1) * frame.stride;
            let x = &x[frame.at(first, shift.1 + col.cast_signed())..][..len + block_cols - 1];
            let d = &d[frame.at(1 - block_rows.cast_signed(), 0)..]
                [..len + (block_rows - 1) * frame.stride];
            let stride = frame.stride;
            let mut sums = [[0.0; 2]; 5];
            match (block_rows, block_cols) {
                (5, 2) => arch.dispatch(Products::<5, 2> { d, x, stride, out: &mut sums }),
                (4, 2) => arch.dispatch(Products::<4, 2> { d, x, stride, out: &mut sums }),
                (3, 2) => arch.dispatch(Products::<3, 2> { d, x, stride, out: &mut sums }),
                (2, 2) => arch.dispatch(Products::<2, 2> { d, x, stride, out: &mut sums }),
                (1, 2) => arch.dispatch(Products::<1, 2> { d, x, stride, out: &mut sums }),
                (5, _) => arch.dispatch(Products::<5, 1> { d, x, stride, out: &mut sums }),
                (4, _) => arch.dispatch(Products::<4, 1> { d, x, stride, out: &mut sums }),
                (3, _) => arch.dispatch(Products::<3, 1> { d, x, stride, out: &mut sums }),
                (2, _) => arch.dispatch(Products::<2, 1> { d, x, stride, out: &mut sums }),
                (_, _) => arch.dispatch(Products::<1, 1> { d, x, stride, out: &mut sums }),
            }
            for r in 0..block_rows {
                for c in 0..block_cols {
                    out[(row + r) * columns + col + c] = sums[r][c];
                }
            }
            col += block_cols;
        }
        row += block_rows;
    }
}

/// A block of `R` x `C` taps. Rows of `d` and `x` are `stride` apart; a vector of `x` that is read
/// serves `R` taps, a vector of `d` serves `C`.
struct Products<'a, const R: usize, const C: usize> {
    d: &'a [f32],
    x: &'a [f32],
    stride: usize,
    out: &'a mut [[f32; 2]; 5],
}

impl<const R: usize, const C: usize> WithSimd for Products<'_, R, C> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let len = self.x.len() - (C - 1);
        let x: [&[S::f32s]; C] = std::array::from_fn(|c| S::as_simd_f32s(&self.x[c..c + len]).0);
        // Tap row r reads x r rows further down; d is as much further up.
        let d: [&[S::f32s]; R] =
            std::array::from_fn(|r| S::as_simd_f32s(&self.d[(R - 1 - r) * self.stride..][..len]).0);
        let mut sums = [[simd.splat_f32s(0.0); C]; R];
        for v in 0..x[0].len() {
            let x = x.map(|x| x[v]);
            for r in 0..R {
                for c in 0..C {
                    sums[r][c] = simd.mul_add_e_f32s(x[c], d[r][v], sums[r][c]);
                }
            }
        }
        for (out, sums) in self.out.iter_mut().zip(sums) {
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = simd.reduce_sum_f32s(sum);
            }
        }
    }
}
