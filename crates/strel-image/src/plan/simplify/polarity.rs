//! Outputs that are complements: joins and gates that nobody else reads give them as easily.

use super::graph::Graph;
use super::{Outputs, count_readers, without_unused};
use crate::plan::builder::{GateTerm, Operand, Operator, PlanBuilder};

/// The same outputs, without complements that are free where they come about.
pub(super) fn flip_outputs(builder: &PlanBuilder, outputs: &[Operand]) -> Outputs {
    let mut graph = Graph::new(builder.outside(None));
    for (operator, readers) in builder.operators.iter().zip(count_readers(builder, outputs)) {
        let operand = graph.emit(operator.clone());
        graph.count_readers(operand, readers);
    }
    let flip = |&output: &Operand| match graph.literal(output) {
        (inner, true) => graph.flipped(inner).unwrap_or(output),
        _ => output,
    };
    let outputs: Vec<Operand> = outputs.iter().map(flip).collect();
    without_unused(&graph.into_builder(builder), &outputs)
}

impl Graph {
    /// The complement of an operand, where it costs no more than the operand.
    fn flipped(&mut self, operand: Operand) -> Option<Operand> {
        let flipped = match self.operator(operand).clone() {
            Operator::Complement(inner) => return Some(inner),
            _ if !self.is_read_once(operand) => return None,
            Operator::Input(_) => return None,
            Operator::Join { rule, operands } => {
                let operands = self.complements(&operands);
                Operator::Join { rule: rule.dual(), operands }
            }
            Operator::Gate { terms, at_least } => {
                let negated = terms.iter().map(|term| GateTerm { weight: -term.weight, ..*term });
                Operator::Gate { terms: negated.collect(), at_least: 1 - at_least }
            }
            Operator::Shifts { rule, operand, reads, outside } => {
                let operand = self.flipped(operand)?;
                Operator::Shifts { rule: rule.dual(), operand, reads, outside: outside.dual() }
            }
        };
        Some(self.emit(flipped))
    }
}
