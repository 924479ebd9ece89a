//! Threshold gates with small integer weights that are proved to equal a given one.

use std::collections::BTreeMap;

/// Gate weights are tried up to this many binary digits, within the precision of the `f64` ratios that propose them.
const MOST_BITS: u32 = 50;

/// How many scales are tried for each number of digits.
const SCALES: i64 = 8;

/// Weights (>= 0) and a threshold such that sum g_k l_k > threshold iff sum w_k l_k > the given one, for all l.
pub(crate) struct Gate {
    pub weights: Vec<i64>,
    pub threshold: i64,
}

/// The gate with the fewest digits among roundings of the weights (>= 0) to a few scales each, if a proof is feasible:
/// if all sums can be listed as sums of pairs out of two lists of at most `max_sums`.
pub(crate) fn smallest_gate(weights: &[i128], threshold: i128, max_sums: usize) -> Option<Gate> {
    let proof = Proof::new(weights, threshold, max_sums)?;
    let largest = *weights.iter().max()?;
    (1..=MOST_BITS).flat_map(scales).find_map(|scale| {
        let round = |w: i128| (w as f64 / largest as f64 * scale as f64).round() as i64;
        let threshold = proof.threshold_for(round)?;
        Some(Gate { weights: weights.iter().map(|&w| round(w)).collect(), threshold })
    })
}

/// The given weights themselves, in units of their greatest common divisor, if their sum fits an `i64`.
pub(crate) fn exact_gate(weights: &[i128], threshold: i128) -> Option<Gate> {
    let unit = weights.iter().copied().fold(0, gcd).max(1);
    i64::try_from(weights.iter().sum::<i128>() / unit).ok()?;
    Some(Gate {
        weights: weights.iter().map(|w| i64::try_from(w / unit)).collect::<Result<_, _>>().ok()?,
        threshold: i64::try_from(threshold.div_euclid(unit)).ok()?,
    })
}

/// Largest weights of exactly this many digits: all of them, or a few evenly spaced ones.
fn scales(bits: u32) -> impl Iterator<Item = i64> {
    let first = 1_i64 << (bits - 1);
    let step = (first / SCALES).max(1);
    (0..first.min(SCALES)).rev().map(move |k| 2 * first - 1 - k * step)
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// All inputs, for meeting in the middle: equal weights are counted, and the distinct ones dealt into two halves.
struct Proof {
    first: Half,
    /// In increasing order of the sums of weights.
    second: Half,
    order: Vec<usize>,
    /// For each entry of the first half, how many of the second half it may be paired with without exceeding the threshold.
    cuts: Vec<usize>,
}

/// Distinct weights and how often each occurs.
struct Half(Vec<(i128, usize)>);

impl Proof {
    fn new(weights: &[i128], threshold: i128, max_sums: usize) -> Option<Self> {
        let (first, second) = deal(weights, max_sums)?;
        let sums = second.sums(|w| w);
        let mut order: Vec<usize> = (0..sums.len()).collect();
        order.sort_by_key(|&place| sums[place]);
        let allowed = |sum: i128| order.partition_point(|&place| sum + sums[place] <= threshold);
        let cuts = first.sums(|w| w).into_iter().map(allowed).collect();
        Some(Self { first, second, order, cuts })
    }

    /// The largest sum of gate weights over inputs that give 0, if it is smaller than every one over inputs that give 1.
    fn threshold_for(&self, gate_weight: impl Fn(i128) -> i64) -> Option<i64> {
        let gate = |w| i128::from(gate_weight(w));
        let (first_sums, sums) = (self.first.sums(gate), self.second.sums(gate));
        // The last sum is the largest.
        i64::try_from(first_sums.last()? + sums.last()?).ok()?;
        let sorted: Vec<i128> = self.order.iter().map(|&place| sums[place]).collect();
        let most = running(sorted.iter(), i128::max);
        let mut least = running(sorted.iter().rev(), i128::min);
        least.reverse();
        let (mut largest_false, mut smallest_true) = (i128::MIN, i128::MAX);
        for (sum, &cut) in first_sums.into_iter().zip(&self.cuts) {
            if cut > 0 {
                largest_false = largest_false.max(sum + most[cut - 1]);
            }
            if cut < least.len() {
                smallest_true = smallest_true.min(sum + least[cut]);
            }
        }
        if largest_false < smallest_true { i64::try_from(largest_false).ok() } else { None }
    }
}

impl Half {
    /// The sums of `value` of the weights over all choices, in an order that does not depend on `value`.
    fn sums(&self, value: impl Fn(i128) -> i128) -> Vec<i128> {
        self.0.iter().fold(vec![0], |sums, &(weight, count)| {
            let step = value(weight);
            (0..=count as i128).flat_map(|k| sums.iter().map(move |s| s + k * step)).collect()
        })
    }

    fn len(&self) -> Option<usize> {
        self.0.iter().try_fold(1_usize, |len, (_, count)| len.checked_mul(count + 1))
    }
}

/// Two halves with about as many sums each; `None` if one has more than `max_sums`.
fn deal(weights: &[i128], max_sums: usize) -> Option<(Half, Half)> {
    let mut counts = BTreeMap::new();
    weights.iter().filter(|w| **w > 0).for_each(|&w| *counts.entry(w).or_insert(0) += 1);
    let mut groups: Vec<(i128, usize)> = counts.into_iter().collect();
    groups.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let (mut first, mut second) = (Half(Vec::new()), Half(Vec::new()));
    for group in groups {
        let smaller = if first.len()? <= second.len()? { &mut first } else { &mut second };
        smaller.0.push(group);
        if smaller.len()? > max_sums {
            return None;
        }
    }
    Some((first, second))
}

/// The extreme of each beginning of a list.
fn running<'a>(
    values: impl Iterator<Item = &'a i128>,
    extreme: fn(i128, i128) -> i128,
) -> Vec<i128> {
    values
        .scan(None, |best: &mut Option<i128>, &value| {
            *best = Some(best.map_or(value, |best| extreme(best, value)));
            *best
        })
        .collect()
}
