//! Laws of unions and intersections.

use super::graph::Graph;
use crate::kernel::Rule;
use crate::plan::builder::{Operand, Operator};

impl Graph {
    /// The union or intersection of operands.
    pub fn join(&mut self, rule: Rule, operands: Vec<Operand>) -> Operand {
        let mut members = self.flattened(rule, operands);
        members.retain(|&member| self.value(member) != Some(rule.of_nothing()));
        members.sort_unstable();
        members.dedup();
        if members.iter().any(|&member| self.absorbs(rule, member, &members)) {
            return self.constant(!rule.of_nothing());
        }
        let members = self.merge_shifts(rule, members);
        match members[..] {
            [] => self.constant(rule.of_nothing()),
            [member] => member,
            _ if self.mostly_complements(&members) => {
                let operands = self.complements(&members);
                let dual = self.emit(Operator::Join { rule: rule.dual(), operands });
                self.complement(dual)
            }
            _ => self.emit(Operator::Join { rule, operands: members }),
        }
    }

    /// A join within a join is no join of its own, where nobody else reads it.
    fn flattened(&mut self, rule: Rule, operands: Vec<Operand>) -> Vec<Operand> {
        let mut flat = Vec::with_capacity(operands.len());
        for operand in operands {
            let (inner, complemented) = self.literal(operand);
            match self.operator(inner) {
                Operator::Join { rule: its, operands }
                    if *its == if complemented { rule.dual() } else { rule }
                        && self.is_read_once(operand) =>
                {
                    let operands = operands.clone();
                    flat.extend(if complemented { self.complements(&operands) } else { operands });
                }
                _ => flat.push(operand),
            }
        }
        flat
    }

    /// Whether a member decides the join: a constant, or the complement of another member.
    fn absorbs(&self, rule: Rule, member: Operand, members: &[Operand]) -> bool {
        let (inner, complemented) = self.literal(member);
        self.value(member) == Some(!rule.of_nothing())
            || complemented && members.binary_search(&inner).is_ok()
    }

    fn mostly_complements(&self, members: &[Operand]) -> bool {
        2 * members.iter().filter(|&&member| self.literal(member).1).count() > members.len()
    }

    /// The complements in the order of normal joins.
    pub fn complements(&mut self, operands: &[Operand]) -> Vec<Operand> {
        let mut complements: Vec<Operand> =
            operands.iter().map(|&operand| self.complement(operand)).collect();
        complements.sort_unstable();
        complements
    }
}
