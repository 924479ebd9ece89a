//! Laws of threshold gates.

use std::collections::BTreeMap;

use super::graph::Graph;
use crate::kernel::Rule;
use crate::plan::builder::{GateTerm, Operand, Operator};
use crate::plan::decompose::Point;

/// What a gate reads: an operand at an offset.
type Read = (Operand, Point);

/// A gate under simplification.
#[derive(Default)]
struct Sum {
    weights: BTreeMap<Read, i128>,
    /// Where every read of negative weight -w counts as its complement with weight w: the sum that
    /// must be reached.
    limit: i128,
}

impl Graph {
    /// The gate as a constant, a union, an intersection, or a gate of least weights.
    pub fn gate(&mut self, terms: &[GateTerm], at_least: i64) -> Operand {
        let mut sum = Sum { limit: at_least.into(), ..Sum::default() };
        terms.iter().for_each(|term| self.add_term(&mut sum, term));
        sum.normalize();
        let (least, total) = (sum.least(), sum.total());
        if sum.limit <= 0 || sum.limit > total {
            return self.constant(sum.limit <= 0);
        }
        if least >= sum.limit {
            return self.join_reads(Rule::Union, &sum);
        }
        if total - least < sum.limit {
            return self.join_reads(Rule::Intersection, &sum);
        }
        let (terms, at_least) = sum.into_terms();
        self.emit(Operator::Gate { terms, at_least })
    }

    /// A read of a complement of weight w is one of weight -w, more w; that of a constant is w or
    /// nothing.
    fn add_term(&self, sum: &mut Sum, term: &GateTerm) {
        let weight = i128::from(term.weight);
        let inside = term.offset == (0, 0);
        let (inner, complemented) = self.literal(term.operand);
        match self.value(term.operand) {
            Some(value) if inside || self.gate_outside.continues(value) => {
                sum.limit -= if value { weight } else { 0 };
            }
            None if complemented && (inside || self.gate_outside.dual() == self.gate_outside) => {
                sum.limit -= weight;
                *sum.weights.entry((inner, term.offset)).or_default() -= weight;
            }
            _ => *sum.weights.entry((term.operand, term.offset)).or_default() += weight,
        }
    }

    /// The join of what a gate reads, where the weights do not matter.
    fn join_reads(&mut self, rule: Rule, sum: &Sum) -> Operand {
        let mut offsets = BTreeMap::<(Operand, bool), Vec<Point>>::new();
        for (&(operand, offset), &weight) in &sum.weights {
            offsets.entry((operand, weight < 0)).or_default().push(offset);
        }
        let members = offsets.into_iter().map(|((operand, complement), reads)| {
            let rule = if complement { rule.dual() } else { rule };
            let joined = self.shifts(rule, operand, reads, self.gate_outside);
            self.complement_if(complement, joined)
        });
        let members = members.collect();
        self.join(rule, members)
    }
}

impl Sum {
    /// Drops weights of 0, and makes the others as small as they can be: none larger than the limit,
    /// all without a common factor.
    fn normalize(&mut self) {
        self.weights.retain(|_, weight| *weight != 0);
        self.limit += self.negative();
        if self.limit > 0 {
            self.divide();
            for weight in self.weights.values_mut() {
                *weight = weight.signum() * weight.abs().min(self.limit);
            }
            self.divide();
        }
    }

    /// Divides the weights by their common factor; the limit is rounded up to a sum.
    fn divide(&mut self) {
        let factor = self.weights.values().fold(0, |factor, weight| common(factor, weight.abs()));
        if factor > 1 {
            self.weights.values_mut().for_each(|weight| *weight /= factor);
            self.limit = (self.limit + factor - 1) / factor;
        }
    }

    fn negative(&self) -> i128 {
        self.weights.values().map(|weight| (-weight).max(0)).sum()
    }

    fn least(&self) -> i128 {
        self.weights.values().map(|weight| weight.abs()).min().unwrap_or(0)
    }

    fn total(&self) -> i128 {
        self.weights.values().map(|weight| weight.abs()).sum()
    }

    /// The terms and the limit of a gate whose sums have 63 bits, as they had before.
    fn into_terms(self) -> (Vec<GateTerm>, i64) {
        let narrow = |value: i128| i64::try_from(value).expect("sums do not grow");
        let at_least = narrow(self.limit - self.negative());
        let terms = self.weights.into_iter().map(|((operand, offset), weight)| GateTerm {
            operand,
            offset,
            weight: narrow(weight),
        });
        (terms.collect(), at_least)
    }
}

/// The greatest common divisor.
fn common(left: i128, right: i128) -> i128 {
    if right == 0 { left } else { common(right, left % right) }
}
