//! The LUI neurons of a layer: each reads its planes at one pixel.

use pulp::{Arch, Simd, WithSimd};

use super::vectors::{BLOCK, Elementwise};

/// `out(i) = f(sum over planes x of W x(i))`, for every place of the planes.
pub fn unite(
    arch: Arch,
    planes: &[&[f32]],
    weights: &[f32],
    finish: impl Elementwise,
    out: &mut [f32],
) {
    arch.dispatch(Unite { planes, weights, finish, out });
}

struct Unite<'a, F> {
    planes: &'a [&'a [f32]],
    weights: &'a [f32],
    finish: F,
    out: &'a mut [f32],
}

impl<F: Elementwise> WithSimd for Unite<'_, F> {
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
                *out = self.finish.of(simd, sum);
            }
        }
    }
}
