//! What joins cost, to choose among them.

use super::{Part, Sums};

/// Tenths of a cycle that a vector of a step takes, as measured, whatever it reads: a call, and a
/// vector written that the next step reads.
const STEP: usize = 25;

/// Tenths of a cycle that a vector takes on a processor without funnel shifts.
pub(super) fn cost(sums: &Sums) -> usize {
    let Sums { joins, results } = sums;
    let mut reads = vec![0; joins.len() + 1];
    results.iter().for_each(|&result| reads[result] += 2);
    for part in joins.iter().flatten() {
        reads[part.array] += if part.at.1 == 0 { 1 } else { 2 };
    }
    // What one join alone reads, without a shift, becomes part of it.
    let steps = reads[1..].iter().filter(|&&reads| reads != 1).count();
    let parts = joins.iter().flat_map(|join| join.iter().map(|part| cost_of(part, join)));
    STEP * steps + parts.sum::<usize>()
}

/// Tenths of a cycle that a vector of a part of a join takes.
fn cost_of(part: &Part, join: &[Part]) -> usize {
    let (dy, dx) = part.at;
    let has = |at| join.contains(&Part { at, ..*part });
    match dx {
        // Rows below each other are read once, for many rows that are made.
        0 if has((dy - 1, 0)) && has((dy + 1, 0)) => 2,
        0 => 6,
        // Both sides share what they read.
        _ if has((dy, -dx)) => 16,
        _ => 24,
    }
}
