//! Dense layers and scores in integers.

use crate::{Combination, CombinationRule, Scores};

/// The largest integer up to which all are floats of 64 bits.
const EXACT: f64 = (1_u64 << 53) as f64;

/// Whether the weights of the inputs that are 1 sum to more than a threshold.
pub(super) struct IntegerNeuron {
    /// Inputs and their weights, which are not 0.
    pub(super) terms: Vec<(usize, i64)>,
    /// From one less than the least sum to the largest.
    pub(super) threshold: i64,
}

impl From<&Combination> for IntegerNeuron {
    fn from(combination: &Combination) -> Self {
        let members = |set: &[bool]| -> Vec<(usize, i64)> {
            (0..set.len()).filter(|&input| set[input]).map(|input| (input, 1)).collect()
        };
        let (mut terms, mut threshold) = match &combination.rule {
            CombinationRule::Identity => (vec![(0, 1)], 0),
            CombinationRule::Union(set) => (members(set), 0),
            CombinationRule::Intersection(set) => {
                let members = members(set);
                let others = members.len().saturating_sub(1);
                (members, i64::try_from(others).expect("a set in memory has fewer members"))
            }
            CombinationRule::Constant(value) => (Vec::new(), -i64::from(*value)),
            CombinationRule::Gate(gate) => {
                let weights = gate.weights.iter().copied().enumerate();
                (weights.filter(|(_, weight)| *weight != 0).collect(), gate.threshold)
            }
        };
        if combination.complement {
            // Not sum > t is -sum > -t - 1.
            terms.iter_mut().for_each(|(_, weight)| *weight = -*weight);
            threshold = !threshold;
        }
        let neuron = Self { terms, threshold };
        let total = neuron.total().cast_signed();
        Self { threshold: threshold.clamp(-total - 1, total), ..neuron }
    }
}

impl IntegerNeuron {
    /// The absolute values of the weights, summed up: less than 2^63.
    pub(super) fn total(&self) -> u64 {
        self.terms.iter().map(|term| term.1.unsigned_abs()).sum()
    }
}

/// Scores in multiples of a power of two.
pub(super) struct IntegerScores {
    /// One list a class.
    pub(super) weights: Vec<Vec<i64>>,
    /// What is subtracted, one a class.
    pub(super) bias: Vec<i64>,
    /// The unit is 2 to this power.
    pub(super) exponent: i32,
    /// Whether the integers are the float scores for every input, no sum of which is rounded.
    pub(super) exact: bool,
}

impl From<&Scores> for IntegerScores {
    fn from(scores: &Scores) -> Self {
        let values = || scores.weights.iter().chain(&scores.bias).filter(|value| **value != 0.0);
        let finest = values().map(|value| last_place(*value)).min().unwrap_or(0);
        let rows = || scores.weights.chunks(scores.inputs.pixels()).zip(&scores.bias);
        let total = |(weights, bias): (&[f32], &f32)| -> f64 {
            weights.iter().chain([bias]).map(|value| f64::from(value.abs())).sum()
        };
        let largest = rows().map(total).fold(0.0, f64::max);
        let exact = largest <= EXACT * power(finest);
        let exponent = if exact { finest } else { coarser(largest, finest) };
        let scaled = |value: &f32| (f64::from(*value) / power(exponent)).round() as i64;
        Self {
            weights: rows().map(|(weights, _)| weights.iter().map(scaled).collect()).collect(),
            bias: scores.bias.iter().map(scaled).collect(),
            exponent,
            exact,
        }
    }
}

/// The exponent of the lowest bit of a float that is finite and not 0.
fn last_place(value: f32) -> i32 {
    let bits = value.to_bits();
    let (exponent, fraction) = ((bits >> 23 & 0xff) as i32, bits & 0x7f_ffff);
    let digits = if exponent == 0 { fraction } else { fraction | 0x80_0000 };
    exponent.max(1) - 150 + digits.trailing_zeros().cast_signed()
}

/// The finest unit in which sums of at most `largest` stay below 2^61.
fn coarser(largest: f64, finest: i32) -> i32 {
    let mut exponent = finest;
    while largest / power(exponent) >= EXACT * 256.0 {
        exponent += 1;
    }
    exponent
}

/// 2 to a power that a float has.
fn power(exponent: i32) -> f64 {
    2.0_f64.powi(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shape, ThresholdGate};

    fn integers(weights: &[f32], bias: f32) -> IntegerScores {
        let (inputs, weights) = (Shape::flat(weights.len()), weights.to_vec());
        IntegerScores::from(&Scores { inputs, classes: 1, weights, bias: vec![bias] })
    }

    #[test]
    fn the_last_place_of_a_float_is_its_lowest_bit() {
        for (value, place) in [(1.0, 0), (0.75, -2), (-6.0, 1), (f32::MIN_POSITIVE, -126)] {
            assert_eq!(last_place(value), place, "{value}");
        }
        assert_eq!(last_place(f32::from_bits(1)), -149);
        assert_eq!(last_place(f32::from_bits(12)), -147);
        assert_eq!(last_place(0.1), -27);
    }

    #[test]
    fn scores_are_exact_where_53_bits_are_enough() {
        let scores = integers(&[0.75, -6.0, 0.0], 0.5);
        assert_eq!((&scores.weights[0][..], &scores.bias[..]), (&[3, -24, 0][..], &[2][..]));
        assert_eq!((scores.exponent, scores.exact), (-2, true));
        assert!(integers(&[2.0_f32.powi(52), 1.0], 0.0).exact);
        assert!(integers(&[0.0], 0.0).exact);
        let far = integers(&[2.0_f32.powi(60), 2.0_f32.powi(-60)], 0.0);
        assert_eq!((far.exponent, far.exact), (0, false));
        assert_eq!(far.weights[0], [1 << 60, 0]);
    }

    #[test]
    fn neurons_are_what_their_combination_is() {
        let set = vec![true, false, true];
        let weights = vec![2, 0, -3];
        let gate = |threshold| {
            CombinationRule::Gate(ThresholdGate { weights: weights.clone(), threshold })
        };
        let mut rules = vec![
            CombinationRule::Union(set.clone()),
            CombinationRule::Intersection(set),
            CombinationRule::Constant(true),
            CombinationRule::Constant(false),
        ];
        rules.extend([i64::MIN, -4, -3, -2, 0, 1, 2, i64::MAX].map(gate));
        for rule in rules {
            for complement in [false, true] {
                let combination =
                    Combination { complement, ..Combination::activated(rule.clone()) };
                let neuron = IntegerNeuron::from(&combination);
                for inputs in 0..8 {
                    let inputs: Vec<bool> = (0..3).map(|bit| inputs >> bit & 1 == 1).collect();
                    let on = neuron.terms.iter().filter(|term| inputs[term.0]);
                    let sum: i64 = on.map(|term| term.1).sum();
                    let found = sum > neuron.threshold;
                    assert_eq!(found, combination.apply(&inputs), "{combination:?}");
                }
            }
        }
    }
}
