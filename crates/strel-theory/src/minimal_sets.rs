//! The minimal true sets of an increasing threshold function.

/// The minimal sets of positions whose weights (>= 0) add up to more than `threshold` (>= 0); `None` if there are more
/// than `budget`.
///
/// With the weights in decreasing order a set is minimal iff removing its last member spoils it. A depth-first search
/// that enters a branch only if all of what is left suffices ends every branch with a set: O(n) a set.
pub(crate) fn minimal_true_sets(
    weights: &[i128],
    threshold: i128,
    budget: usize,
) -> Option<Vec<Vec<bool>>> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(weights[index]));
    let mut left: i128 = weights.iter().sum();
    let (mut sum, mut next, mut chosen, mut sets) = (0, 0, Vec::new(), Vec::new());
    loop {
        // `left` is the sum of all weights from `next` on.
        if sum + left > threshold {
            let weight = weights[order[next]];
            if sum + weight > threshold {
                if sets.len() == budget {
                    return None;
                }
                sets.push(mask(&order, &chosen, next));
            } else {
                chosen.push(next);
                sum += weight;
            }
            left -= weight;
            next += 1;
        } else if let Some(last) = chosen.pop() {
            left += order[last + 1..next].iter().map(|&index| weights[index]).sum::<i128>();
            sum -= weights[order[last]];
            next = last + 1;
        } else {
            return Some(sets);
        }
    }
}

fn mask(order: &[usize], chosen: &[usize], last: usize) -> Vec<bool> {
    let mut mask = vec![false; order.len()];
    chosen.iter().chain([&last]).for_each(|&place| mask[order[place]] = true);
    mask
}
