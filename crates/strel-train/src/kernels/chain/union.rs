//! The LUI neurons of a layer: each reads its planes at one pixel.

use pulp::{Arch, Simd, WithSimd};

use super::threshold::Threshold;
use super::vectors::BLOCK;
use super::windows::Finish;

/// `out(i) = xi(p (sum over planes x of W x(i) - b))`, for every place of the planes.
pub fn unite(
    arch: Arch,
    planes: &[&[f32]],
    weights: &[f32],
    threshold: Threshold,
    out: &mut [f32],
) {
    arch.dispatch(Unite { planes, weights, threshold, out });
}

struct Unite<'a> {
    planes: &'a [&'a [f32]],
    weights: &'a [f32],
    threshold: Threshold,
    out: &'a mut [f32],
}

impl WithSimd for Unite<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (out, _) = S::as_mut_simd_f32s(self.out).0.as_chunks_mut::<BLOCK>();
        for (at, out) in out.iter_mut().enumerate() {
            let mut sums = [simd.splat_f32s(0.0); BLOCK];
            for (plane, &weight) in self.planes.iter().zip(self.weights) {
                let x = S::as_simd_f32s(plane).0.as_chunks::<BLOCK>().0[at];
                for (sum, x) in sums.iter_mut().zip(x) {
                    *sum = simd.mul_add_e_f32s(simd.splat_f32s(weight), x, *sum);
                }
            }
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = self.threshold.finish(simd, sum);
            }
        }
    }
}
