//! Rows of numbers become columns, tile by tile in the registers of the processor at hand.

#[cfg(target_arch = "x86_64")]
use std::any::Any;
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

use pulp::Simd;
#[cfg(target_arch = "x86_64")]
use pulp::cast;
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

/// Writes entry i of row n to entry n of column i, for rows of as many entries as there are columns, and at most
/// `LEN` rows.
#[cfg_attr(not(target_arch = "x86_64"), expect(unused_variables, reason = "its tiles are plain"))]
#[inline(always)]
pub fn transpose<S: Simd, const LEN: usize>(simd: S, rows: &[f32], columns: &mut [[f32; LEN]]) {
    #[cfg(target_arch = "x86_64")]
    {
        // Which one it is is known when this is compiled.
        let simd: &dyn Any = &simd;
        if let Some(&simd) = simd.downcast_ref::<V4>() {
            return by_tiles(
                rows,
                columns,
                #[inline(always)]
                |tile| tile_of_16(simd, tile),
            );
        }
        if let Some(&simd) = simd.downcast_ref::<V3>() {
            return by_tiles(
                rows,
                columns,
                #[inline(always)]
                |tile| tile_of_8(simd, tile),
            );
        }
    }
    by_tiles(rows, columns, number_by_number::<8>);
}

#[inline(always)]
fn by_tiles<const LEN: usize, const SIDE: usize>(
    rows: &[f32],
    columns: &mut [[f32; LEN]],
    transposed: impl Fn([[f32; SIDE]; SIDE]) -> [[f32; SIDE]; SIDE],
) {
    let len = columns.len();
    let mut tile = [[0.0; SIDE]; SIDE];
    for (band, rows) in rows.chunks(SIDE * len).enumerate() {
        let places = band * SIDE..band * SIDE + rows.len() / len;
        // Entries of whole tiles.
        let whole = if places.len() == SIDE { len / SIDE * SIDE } else { 0 };
        for (first, columns) in (0..whole).step_by(SIDE).zip(columns.chunks_exact_mut(SIDE)) {
            for (tile, row) in tile.iter_mut().zip(rows.chunks_exact(len)) {
                tile.copy_from_slice(&row[first..first + SIDE]);
            }
            for (column, values) in columns.iter_mut().zip(&transposed(tile)) {
                column[places.clone()].copy_from_slice(values);
            }
        }
        for (n, row) in places.zip(rows.chunks_exact(len)) {
            for (column, value) in columns[whole..].iter_mut().zip(&row[whole..]) {
                column[n] = *value;
            }
        }
    }
}

/// Transposed in two steps: 4x4 numbers within each quarter of four rows, then the quarters.
///
/// Loops without closures, which would not be inlined and so not be compiled for these instructions.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn tile_of_16(simd: V4, tile: [[f32; 16]; 16]) -> [[f32; 16]; 16] {
    let avx = simd.avx512f;
    let rows: [__m512; 16] = cast(tile);
    // Vector 4 g + c has, in quarter q, entry 4 q + c of each of the rows 4 g to 4 g + 3.
    let mut groups = rows;
    for rows in groups.as_chunks_mut::<4>().0 {
        let [a, b, c, d] = *rows;
        let (low, lower) = (avx._mm512_unpacklo_ps(a, b), avx._mm512_unpacklo_ps(c, d));
        let (high, higher) = (avx._mm512_unpackhi_ps(a, b), avx._mm512_unpackhi_ps(c, d));
        let [low, lower, high, higher]: [__m512d; 4] = cast([low, lower, high, higher]);
        *rows = cast([
            avx._mm512_unpacklo_pd(low, lower),
            avx._mm512_unpackhi_pd(low, lower),
            avx._mm512_unpacklo_pd(high, higher),
            avx._mm512_unpackhi_pd(high, higher),
        ]);
    }
    const EVEN: i32 = 0b10_00_10_00;
    const ODD: i32 = 0b11_01_11_01;
    let mut columns = groups;
    for c in 0..4 {
        let [a, b] = [groups[c], groups[4 + c]];
        let (evens, odds) =
            (avx._mm512_shuffle_f32x4::<EVEN>(a, b), avx._mm512_shuffle_f32x4::<ODD>(a, b));
        let [a, b] = [groups[8 + c], groups[12 + c]];
        let (more_evens, more_odds) =
            (avx._mm512_shuffle_f32x4::<EVEN>(a, b), avx._mm512_shuffle_f32x4::<ODD>(a, b));
        columns[c] = avx._mm512_shuffle_f32x4::<EVEN>(evens, more_evens);
        columns[4 + c] = avx._mm512_shuffle_f32x4::<EVEN>(odds, more_odds);
        columns[8 + c] = avx._mm512_shuffle_f32x4::<ODD>(evens, more_evens);
        columns[12 + c] = avx._mm512_shuffle_f32x4::<ODD>(odds, more_odds);
    }
    cast(columns)
}

/// As [`tile_of_16`], of halves in place of quarters.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn tile_of_8(simd: V3, tile: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
    let avx = simd.avx;
    let mut groups: [__m256; 8] = cast(tile);
    for rows in groups.as_chunks_mut::<4>().0 {
        let [a, b, c, d] = *rows;
        let (low, lower) = (avx._mm256_unpacklo_ps(a, b), avx._mm256_unpacklo_ps(c, d));
        let (high, higher) = (avx._mm256_unpackhi_ps(a, b), avx._mm256_unpackhi_ps(c, d));
        let [low, lower, high, higher]: [__m256d; 4] = cast([low, lower, high, higher]);
        *rows = cast([
            avx._mm256_unpacklo_pd(low, lower),
            avx._mm256_unpackhi_pd(low, lower),
            avx._mm256_unpacklo_pd(high, higher),
            avx._mm256_unpackhi_pd(high, higher),
        ]);
    }
    let mut columns = groups;
    for c in 0..4 {
        let [a, b] = [groups[c], groups[4 + c]];
        columns[c] = avx._mm256_permute2f128_ps::<0b0010_0000>(a, b);
        columns[4 + c] = avx._mm256_permute2f128_ps::<0b0011_0001>(a, b);
    }
    cast(columns)
}

#[inline(always)]
fn number_by_number<const SIDE: usize>(tile: [[f32; SIDE]; SIDE]) -> [[f32; SIDE]; SIDE] {
    let mut columns = [[0.0; SIDE]; SIDE];
    for (n, row) in tile.iter().enumerate() {
        for (column, value) in columns.iter_mut().zip(row) {
            column[n] = *value;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::array::from_fn;

    use crate::kernels::instructions::arch;
    use pulp::WithSimd;

    const LEN: usize = 40;

    struct Transpose<'a>(&'a [f32], &'a mut [[f32; LEN]]);

    impl WithSimd for Transpose<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            transpose(simd, self.0, self.1);
        }
    }

    #[test]
    fn rows_become_columns_with_every_instruction_set() {
        let mut archs = vec![arch(), pulp::Arch::Scalar];
        #[cfg(target_arch = "x86_64")]
        archs.extend(V3::try_new().map(pulp::Arch::V3));
        for arch in archs {
            for (count, len) in [(1, 1), (7, 9), (8, 8), (16, 16), (17, 33), (37, 50), (LEN, 784)] {
                let rows: Vec<f32> = (1..=count * len).map(|i| i as f32).collect();
                let mut columns = vec![[0.0; LEN]; len];
                arch.dispatch(Transpose(&rows, &mut columns));
                for (i, column) in columns.iter().enumerate() {
                    let expected: [f32; LEN] =
                        from_fn(|n| if n < count { rows[n * len + i] } else { 0.0 });
                    assert_eq!(*column, expected, "{arch:?}: {count} rows of {len}, column {i}");
                }
            }
        }
    }
}
