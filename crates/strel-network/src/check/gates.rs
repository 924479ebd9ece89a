//! Two threshold gates, compared on all binary inputs.

use std::collections::BTreeMap;

/// The most sums of half of the inputs that are listed.
const SUMS: usize = 1 << 17;

/// Whether the sum of weights of the inputs that are 1 exceeds the limit.
pub(super) struct Gate<'a> {
    pub(super) weights: &'a [i128],
    pub(super) limit: i128,
}

/// Whether two gates agree on all inputs; `None` if there are too many to compare.
pub(super) fn agree(left: &Gate, right: &Gate) -> Option<bool> {
    if left.reduced() == right.reduced() {
        return Some(true);
    }
    let (first, second) = halves(left.weights, right.weights)?;
    let swap = |sums: &[(i128, i128)]| -> Vec<(i128, i128)> {
        sums.iter().map(|&(left, right)| (right, left)).collect()
    };
    let limits = (left.limit, right.limit);
    Some(
        implies(&first, second.clone(), limits)
            && implies(&swap(&first), swap(&second), (limits.1, limits.0)),
    )
}

impl Gate<'_> {
    /// The same gate in units of the weights' greatest common divisor.
    fn reduced(&self) -> (Vec<i128>, i128) {
        let unit = self.weights.iter().copied().fold(0, common_divisor).max(1);
        let weights = self.weights.iter().map(|weight| weight / unit).collect();
        (weights, self.limit.div_euclid(unit))
    }
}

fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Whether, for each pair out of the two lists, if the sum of left parts exceeds the left limit, then
/// so does the right one.
fn implies(
    first: &[(i128, i128)],
    mut second: Vec<(i128, i128)>,
    (left_limit, right_limit): (i128, i128),
) -> bool {
    second.sort_unstable();
    // From each place on, the smallest right part.
    let mut smallest: Vec<i128> = second.iter().map(|sums| sums.1).collect();
    for place in (1..smallest.len()).rev() {
        smallest[place - 1] = smallest[place - 1].min(smallest[place]);
    }
    first.iter().all(|&(left, right)| {
        let exceeding = second.partition_point(|sums| left + sums.0 <= left_limit);
        smallest.get(exceeding).is_none_or(|least| right + least > right_limit)
    })
}

/// A left and a right sum of weights.
type Sums = (i128, i128);

/// The left and right sums of weights for all values of two halves of the inputs. Inputs of the same
/// two weights only count.
fn halves(left: &[i128], right: &[i128]) -> Option<(Vec<Sums>, Vec<Sums>)> {
    let mut counts: BTreeMap<Sums, usize> = BTreeMap::new();
    for (&left, &right) in left.iter().zip(right) {
        *counts.entry((left, right)).or_default() += 1;
    }
    let (mut first, mut second) = (vec![(0, 0)], vec![(0, 0)]);
    for ((left, right), count) in counts {
        let smaller = if first.len() <= second.len() { &mut first } else { &mut second };
        if smaller.len().checked_mul(count + 1)? > SUMS {
            return None;
        }
        let times = |times: usize| (left * times as i128, right * times as i128);
        *smaller = smaller
            .iter()
            .flat_map(|sums| (0..=count).map(move |k| (sums.0 + times(k).0, sums.1 + times(k).1)))
            .collect();
    }
    Some((first, second))
}
