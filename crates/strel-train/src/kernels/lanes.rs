//! Sums, written in sixteen lanes so that compilers turn them into vector code.

/// The sum of `a * b`, in sixteen lanes.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.iter().zip(b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    for ((lane, a), b) in lanes.iter_mut().zip(a_rest).zip(b_rest) {
        *lane += a * b;
    }
    lanes.iter().sum()
}

/// The sum of a slice, in sixteen lanes.
#[inline(always)]
pub fn sum(a: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (whole, rest) = a.as_chunks::<16>();
    for block in whole {
        for (lane, a) in lanes.iter_mut().zip(block) {
            *lane += a;
        }
    }
    for (lane, a) in lanes.iter_mut().zip(rest) {
        *lane += a;
    }
    lanes.iter().sum()
}

/// The sum of the rows of a matrix, first to last.
pub fn sum_rows(rows: &[f32], len: usize) -> Vec<f32> {
    let mut total = vec![0.0f64; len];
    for row in rows.chunks_exact(len) {
        for (total, value) in total.iter_mut().zip(row) {
            *total += f64::from(*value);
        }
    }
    total.into_iter().map(|value| value as f32).collect()
}
