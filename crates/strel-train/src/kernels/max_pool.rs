//! The 2x2 max-pool.

use rayon::prelude::*;

use super::vectorized::vectorized;

/// The largest of each 2x2 values of some planes of `size` rows and columns; both are halved, rounded down.
pub fn max_pool(size: (usize, usize), x: &[f32]) -> Vec<f32> {
    let (height, width) = (size.0 / 2, size.1 / 2);
    let mut y = vec![0.0; planes(size, x) * height * width];
    if y.is_empty() {
        return y;
    }
    let planes = y.par_chunks_exact_mut(height * width).zip(x.par_chunks_exact(size.0 * size.1));
    planes.for_each(|(y, x)| {
        vectorized(
            #[inline(always)]
            || {
                let rows = x.chunks_exact(2 * size.1).zip(y.chunks_exact_mut(width));
                rows.for_each(|(x, y)| {
                    let (upper, lower) = x.split_at(size.1);
                    let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
                    pairs.zip(y).for_each(|((upper, lower), y)| {
                        *y = Largest::of([upper[0], upper[1], lower[0], lower[1]]).value
                    });
                });
            },
        )
    });
    y
}

/// The gradient for `x` of a loss, given that for [`max_pool`]: the first of the largest values has it.
pub fn max_pool_backward(size: (usize, usize), x: &[f32], dy: &[f32]) -> Vec<f32> {
    let (height, width) = (size.0 / 2, size.1 / 2);
    let mut dx = vec![0.0; x.len()];
    if dy.is_empty() {
        return dx;
    }
    let area = size.0 * size.1;
    let planes = dx.par_chunks_exact_mut(area).zip(x.par_chunks_exact(area));
    planes.zip(dy.par_chunks_exact(height * width)).for_each(|((dx, x), dy)| {
        vectorized(
            #[inline(always)]
            || {
                let rows = dx.chunks_exact_mut(2 * size.1).zip(x.chunks_exact(2 * size.1));
                rows.zip(dy.chunks_exact(width)).for_each(|((dx, x), dy)| {
                    let (upper, lower) = x.split_at(size.1);
                    let (upper_dx, lower_dx) = dx.split_at_mut(size.1);
                    let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
                    let slopes = upper_dx.chunks_exact_mut(2).zip(lower_dx.chunks_exact_mut(2));
                    pairs.zip(slopes).zip(dy).for_each(|(((upper, lower), slopes), &dy)| {
                        let Largest { is_right, is_lower, .. } =
                            Largest::of([upper[0], upper[1], lower[0], lower[1]]);
                        let at = |here: bool| if here { dy } else { 0.0 };
                        slopes.0[0] = at(!is_lower & !is_right);
                        slopes.0[1] = at(!is_lower & is_right);
                        slopes.1[0] = at(is_lower & !is_right);
                        slopes.1[1] = at(is_lower & is_right);
                    });
                });
            },
        )
    });
    dx
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

fn planes((height, width): (usize, usize), x: &[f32]) -> usize {
    x.len().checked_div(height * width).unwrap_or(0)
}
