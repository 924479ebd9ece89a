//! Vectors, whole ones.

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

/// The sum of the rows of a matrix, first to last.
pub fn sum_rows(rows: &[f32], len: usize) -> Vec<f64> {
    let mut total = vec![0.0; len];
    for row in rows.chunks_exact(len) {
        for (total, value) in total.iter_mut().zip(row) {
            *total += f64::from(*value);
        }
    }
    total
}
