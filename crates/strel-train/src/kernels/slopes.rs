//! Gradients through smooth thresholds `xi(u) = tanh(u) / 2 + 1 / 2`, plane by plane.

use pulp::{Arch, Simd, WithSimd};

use super::vectors::{BLOCK, total};

/// Turns the gradient for outputs `y = xi(z)` into that for `z`, and returns its sum.
pub fn through_threshold(arch: Arch, y: &[f32], d: &mut [f32]) -> f32 {
    arch.dispatch(ThroughThreshold { y, d })
}

/// Turns outputs `x = xi(z)`, which a LUI neuron reads with this `factor`, into the gradient for `z`,
/// given the gradient `d` for what the LUI neuron thresholds. Returns the sum of `d x`, and that of
/// what it wrote.
pub fn through_union(arch: Arch, d: &[f32], x: &mut [f32], factor: f32) -> (f32, f32) {
    arch.dispatch(ThroughUnion { d, x, factor })
}

struct ThroughThreshold<'a> {
    y: &'a [f32],
    d: &'a mut [f32],
}

impl WithSimd for ThroughThreshold<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (y, _) = S::as_simd_f32s(self.y).0.as_chunks::<BLOCK>();
        let (d, _) = S::as_mut_simd_f32s(self.d).0.as_chunks_mut::<BLOCK>();
        let mut sums = [simd.splat_f32s(0.0); BLOCK];
        for (d, y) in d.iter_mut().zip(y) {
            for (sum, (d, &y)) in sums.iter_mut().zip(d.iter_mut().zip(y)) {
                *d = simd.mul_f32s(*d, slope(simd, y));
                *sum = simd.add_f32s(*sum, *d);
            }
        }
        total(simd, sums)
    }
}

struct ThroughUnion<'a> {
    d: &'a [f32],
    x: &'a mut [f32],
    factor: f32,
}

impl WithSimd for ThroughUnion<'_> {
    type Output = (f32, f32);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (f32, f32) {
        let (d, _) = S::as_simd_f32s(self.d).0.as_chunks::<BLOCK>();
        let (x, _) = S::as_mut_simd_f32s(self.x).0.as_chunks_mut::<BLOCK>();
        let factor = simd.splat_f32s(self.factor);
        let mut products = [simd.splat_f32s(0.0); BLOCK];
        let mut sums = products;
        for (x, d) in x.iter_mut().zip(d) {
            for (v, (x, &d)) in x.iter_mut().zip(d).enumerate() {
                products[v] = simd.mul_add_e_f32s(d, *x, products[v]);
                *x = simd.mul_f32s(simd.mul_f32s(d, factor), slope(simd, *x));
                sums[v] = simd.add_f32s(sums[v], *x);
            }
        }
        (total(simd, products), total(simd, sums))
    }
}

/// The derivative of the smooth threshold where its value is `y`.
#[inline(always)]
fn slope<S: Simd>(simd: S, y: S::f32s) -> S::f32s {
    let rest = simd.sub_f32s(simd.splat_f32s(1.0), y);
    simd.mul_f32s(simd.add_f32s(y, y), rest)
}
