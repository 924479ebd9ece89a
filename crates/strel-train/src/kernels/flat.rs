//! A two-dimensional correlation as a one-dimensional one.
//!
//! When an image is stored with its border, row after row, a window offset
//! `(dy, dx)` is a distance `dy * stride + dx` in memory, the same for every
//! pixel. The loops below run over such flat planes without a thought for rows;
//! what they compute in the border columns is thrown away.

use pulp::{Arch, Simd, WithSimd};

/// Flat planes are padded to a multiple of this many values (the widest vector in use).
pub const LANES: usize = 16;

/// Rounds a length up to whole vectors.
pub fn whole_vectors(len: usize) -> usize {
    len.next_multiple_of(LANES)
}

/// `out[j][i] = sum_t weights[j][t] * x[i + offsets[t]]` for `i` in `0..len`.
///
/// `len` is a multiple of [`LANES`]; `weights` is `[J, offsets.len()]` and `out` is `[J, len]`;
/// `x` holds at least `len + max(offsets)` values.
pub fn correlate(
    arch: Arch,
    x: &[f32],
    offsets: &[usize],
    weights: &[f32],
    out: &mut [f32],
    len: usize,
) {
    let taps = offsets.len();
    let mut rows = out.chunks_exact_mut(len).zip(weights.chunks_exact(taps));
    // Three filters that read the same window share its loads.
    loop {
        match (rows.next(), rows.next(), rows.next()) {
            (Some(a), Some(b), Some(c)) => {
                let (out, weights) = ([a.0, b.0, c.0], [a.1, b.1, c.1]);
                arch.dispatch(Correlate::<3, 3> { x, offsets, weights, out });
            }
            (Some(a), Some(b), None) => {
                let (out, weights) = ([a.0, b.0], [a.1, b.1]);
                arch.dispatch(Correlate::<2, 4> { x, offsets, weights, out });
            }
            (Some(a), None, _) => {
                arch.dispatch(Correlate::<1, 8> { x, offsets, weights: [a.1], out: [a.0] });
            }
            (None, ..) => break,
        }
    }
}

/// `J` filters over one plane, `V` vectors at a time.
struct Correlate<'a, const J: usize, const V: usize> {
    x: &'a [f32],
    offsets: &'a [usize],
    weights: [&'a [f32]; J],
    out: [&'a mut [f32]; J],
}

impl<const J: usize, const V: usize> Correlate<'_, J, V> {
    #[inline(always)]
    fn strip<S: Simd, const N: usize>(&mut self, simd: S, start: usize) {
        let width = N * S::F32_LANES;
        let mut sums = [[simd.splat_f32s(0.0); N]; J];
        for (t, &offset) in self.offsets.iter().enumerate() {
            let at = start + offset;
            let (x, _) = S::as_simd_f32s(&self.x[at..at + width]);
            for (sums, weights) in sums.iter_mut().zip(&self.weights) {
                let weight = simd.splat_f32s(weights[t]);
                for (sum, &x) in sums.iter_mut().zip(x) {
                    *sum = simd.mul_add_e_f32s(weight, x, *sum);
                }
            }
        }
        for (out, sums) in self.out.iter_mut().zip(&sums) {
            let (out, _) = S::as_mut_simd_f32s(&mut out[start..start + width]);
            out.copy_from_slice(sums);
        }
    }
}

impl<const J: usize, const V: usize> WithSimd for Correlate<'_, J, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let len = self.out[0].len();
        let mut start = 0;
        while start + V * S::F32_LANES <= len {
            self.strip::<S, V>(simd, start);
            start += V * S::F32_LANES;
        }
        while start < len {
            self.strip::<S, 1>(simd, start);
            start += S::F32_LANES;
        }
    }
}

/// `out[j][t] = sum_i d[j][i] * x[i + offsets[t]]`: the gradient of [`correlate`] for its weights.
///
/// `d` is `[J, len]` with `len` a multiple of [`LANES`]; `out` is `[J, offsets.len()]`.
pub fn dot_windows(
    arch: Arch,
    d: &[f32],
    x: &[f32],
    offsets: &[usize],
    out: &mut [f32],
    len: usize,
) {
    let taps = offsets.len();
    let mut filters = d.chunks_exact(len).zip(out.chunks_exact_mut(taps));
    loop {
        match (filters.next(), filters.next(), filters.next()) {
            (Some(a), Some(b), Some(c)) => {
                dot_filters([a.0, b.0, c.0], [a.1, b.1, c.1], arch, x, offsets)
            }
            (Some(a), Some(b), None) => dot_filters([a.0, b.0], [a.1, b.1], arch, x, offsets),
            (Some(a), None, _) => dot_filters([a.0], [a.1], arch, x, offsets),
            (None, ..) => break,
        }
    }
}

fn dot_filters<const J: usize>(
    d: [&[f32]; J],
    mut out: [&mut [f32]; J],
    arch: Arch,
    x: &[f32],
    offsets: &[usize],
) {
    for (block, offsets) in offsets.chunks(4).enumerate() {
        let out = out.each_mut().map(|out| &mut out[4 * block..4 * block + offsets.len()]);
        match *offsets {
            [a, b, c, e] => arch.dispatch(DotWindows { d, x, offsets: [a, b, c, e], out }),
            [a, b, c] => arch.dispatch(DotWindows { d, x, offsets: [a, b, c], out }),
            [a, b] => arch.dispatch(DotWindows { d, x, offsets: [a, b], out }),
            [a] => arch.dispatch(DotWindows { d, x, offsets: [a], out }),
            _ => unreachable!("chunks of at most four"),
        }
    }
}

/// `J` planes against `T` shifts of one plane.
struct DotWindows<'a, const J: usize, const T: usize> {
    d: [&'a [f32]; J],
    x: &'a [f32],
    offsets: [usize; T],
    out: [&'a mut [f32]; J],
}

impl<const J: usize, const T: usize> WithSimd for DotWindows<'_, J, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let len = self.d[0].len();
        let d = self.d.map(|d| S::as_simd_f32s(d).0);
        let x = self.offsets.map(|offset| S::as_simd_f32s(&self.x[offset..offset + len]).0);
        let mut sums = [[simd.splat_f32s(0.0); T]; J];
        for i in 0..d[0].len() {
            let x = x.map(|x| x[i]);
            for (sums, d) in sums.iter_mut().zip(&d) {
                for (sum, &x) in sums.iter_mut().zip(&x) {
                    *sum = simd.mul_add_e_f32s(d[i], x, *sum);
                }
            }
        }
        for (out, sums) in self.out.into_iter().zip(sums) {
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = simd.reduce_sum_f32s(sum);
            }
        }
    }
}
