//! Vectors of the processor at hand: lengths that are whole ones, and functions of each number of a slice.

use pulp::{Arch, Simd, WithSimd};

use super::row::Row;

/// Values of the widest vector in use; rows of planes are whole vectors.
pub const LANES: usize = 16;

/// Vectors that a loop over a plane takes at a time; planes are whole blocks.
pub const BLOCK: usize = 4;

/// Rounds a length up to whole vectors.
pub fn whole_vectors(len: usize) -> usize {
    len.next_multiple_of(LANES)
}

/// Rounds a length up to whole blocks.
pub fn whole_blocks(len: usize) -> usize {
    len.next_multiple_of(LANES * BLOCK)
}

/// The sums of the columns of a matrix of rows of `len` numbers, added from the first row to the last.
pub fn sum_rows(rows: &[f32], len: usize) -> Vec<f64> {
    let mut total = vec![0.0; len];
    for row in rows.chunks_exact(len) {
        for (total, value) in total.iter_mut().zip(row) {
            *total += f64::from(*value);
        }
    }
    total
}

/// A function of numbers, a vector at a time.
pub trait Elementwise: Copy {
    /// Its values.
    fn of<S: Simd>(self, simd: S, x: S::f32s) -> S::f32s;
}

/// Writes the values of a function at some numbers.
///
/// # Panics
/// The slices differ in length.
pub fn map(arch: Arch, f: impl Elementwise, x: &[f32], out: &mut [f32]) {
    assert_eq!(x.len(), out.len(), "a value a number");
    arch.dispatch(Map { f, x, out });
}

/// Multiplies factors by the values of a function at some numbers.
///
/// # Panics
/// The slices differ in length.
pub fn multiply(arch: Arch, f: impl Elementwise, x: &[f32], factors: &mut [f32]) {
    assert_eq!(x.len(), factors.len(), "a factor a number");
    arch.dispatch(Multiply { f, x, factors });
}

/// The sum of the products of two slices, of the shorter one's length.
pub fn dot(arch: Arch, a: &[f32], b: &[f32]) -> f32 {
    let len = a.len().min(b.len());
    arch.dispatch(Dot { a: &a[..len], b: &b[..len] })
}

/// The sum of a slice.
pub fn sum(arch: Arch, a: &[f32]) -> f32 {
    arch.dispatch(Sum(a))
}

/// Adds a multiple of some numbers to others.
///
/// # Panics
/// The slices differ in length.
pub fn add_multiple(arch: Arch, factor: f32, x: &[f32], sums: &mut [f32]) {
    assert_eq!(x.len(), sums.len(), "a sum a number");
    arch.dispatch(AddMultiple { factor, x, sums });
}

struct Map<'a, F> {
    f: F,
    x: &'a [f32],
    out: &'a mut [f32],
}

impl<F: Elementwise> WithSimd for Map<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (out, out_rest) = S::as_mut_simd_f32s(self.out);
        for (out, &x) in out.iter_mut().zip(x) {
            *out = self.f.of(simd, x);
        }
        simd.partial_store_f32s(out_rest, self.f.of(simd, simd.partial_load_f32s(x_rest)));
    }
}

struct Multiply<'a, F> {
    f: F,
    x: &'a [f32],
    factors: &'a mut [f32],
}

impl<F: Elementwise> WithSimd for Multiply<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (factors, rest) = S::as_mut_simd_f32s(self.factors);
        for (factor, &x) in factors.iter_mut().zip(x) {
            *factor = simd.mul_f32s(*factor, self.f.of(simd, x));
        }
        let values = self.f.of(simd, simd.partial_load_f32s(x_rest));
        let products = simd.mul_f32s(simd.partial_load_f32s(rest), values);
        simd.partial_store_f32s(rest, products);
    }
}

struct Dot<'a> {
    a: &'a [f32],
    b: &'a [f32],
}

impl WithSimd for Dot<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (a, a_rest) = S::as_simd_f32s(self.a);
        let (b, b_rest) = S::as_simd_f32s(self.b);
        let mut sums = [simd.splat_f32s(0.0); BLOCK];
        let ((a, a_last), (b, b_last)) = (a.as_chunks::<BLOCK>(), b.as_chunks::<BLOCK>());
        for (a, b) in a.iter().zip(b) {
            for v in 0..BLOCK {
                sums[v] = simd.mul_add_e_f32s(a[v], b[v], sums[v]);
            }
        }
        for (&a, &b) in a_last.iter().zip(b_last) {
            sums[0] = simd.mul_add_e_f32s(a, b, sums[0]);
        }
        let [a, b] = [a_rest, b_rest].map(|rest| simd.partial_load_f32s(rest));
        sums[1] = simd.mul_add_e_f32s(a, b, sums[1]);
        total(simd, sums)
    }
}

struct Sum<'a>(&'a [f32]);

impl WithSimd for Sum<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        Row::new(simd, self.0).sums(|a| [a])[0]
    }
}

struct AddMultiple<'a> {
    factor: f32,
    x: &'a [f32],
    sums: &'a mut [f32],
}

impl WithSimd for AddMultiple<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let factor = simd.splat_f32s(self.factor);
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (sums, rest) = S::as_mut_simd_f32s(self.sums);
        for (sum, &x) in sums.iter_mut().zip(x) {
            *sum = simd.mul_add_e_f32s(factor, x, *sum);
        }
        let x = simd.partial_load_f32s(x_rest);
        let last = simd.mul_add_e_f32s(factor, x, simd.partial_load_f32s(rest));
        simd.partial_store_f32s(rest, last);
    }
}

/// The sum of all numbers of some vectors.
#[inline(always)]
pub fn total<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; BLOCK]) -> f32 {
    simd.reduce_sum_f32s(simd.add_f32s(simd.add_f32s(a, b), simd.add_f32s(c, d)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::instructions::arch;

    #[derive(Clone, Copy)]
    struct PlusOne;

    impl Elementwise for PlusOne {
        #[inline(always)]
        fn of<S: Simd>(self, simd: S, x: S::f32s) -> S::f32s {
            simd.add_f32s(x, simd.splat_f32s(1.0))
        }
    }

    #[test]
    fn every_number_counts_once() {
        for len in 0..90 {
            let [a, b]: [Vec<f32>; 2] =
                [7, 5].map(|step| (0..len).map(|i| (i * step % 11) as f32 - 4.0).collect());
            let mut out = vec![f32::NAN; len];
            map(arch(), PlusOne, &a, &mut out);
            assert_eq!(out, a.iter().map(|a| a + 1.0).collect::<Vec<_>>());
            let (mut products, mut sums) = (b.clone(), b.clone());
            multiply(arch(), PlusOne, &a, &mut products);
            add_multiple(arch(), 3.0, &a, &mut sums);
            for i in 0..len {
                assert_eq!((products[i], sums[i]), (b[i] * (a[i] + 1.0), b[i] + 3.0 * a[i]));
            }
            let expected: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            assert_eq!(dot(arch(), &a, &b), expected);
            assert_eq!(sum(arch(), &a), a.iter().sum::<f32>());
        }
    }
}
