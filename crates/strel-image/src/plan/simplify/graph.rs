//! Operators in normal form, each of them once.

use std::collections::HashMap;

use crate::kernel::Rule;
use crate::plan::builder::{Operand, Operator, PlanBuilder};
use crate::plan::program::Outside;

/// Operators under construction. A constant is the join of nothing; a complement is never that of a
/// complement or of a constant.
pub(super) struct Graph {
    operators: Vec<Operator>,
    known: HashMap<Operator, Operand>,
    readers: Vec<usize>,
    /// What gates read outside the image.
    pub gate_outside: Outside,
}

impl Graph {
    pub fn new(gate_outside: Outside) -> Self {
        Graph { operators: Vec::new(), known: HashMap::new(), readers: Vec::new(), gate_outside }
    }

    /// What an operator on operands of this graph computes, by as little as the laws know.
    pub fn make(&mut self, operator: Operator) -> Operand {
        match operator {
            Operator::Input(_) => self.emit(operator),
            Operator::Shifts { rule, operand, reads, outside } => {
                self.shifts(rule, operand, reads, outside)
            }
            Operator::Complement(operand) => self.complement(operand),
            Operator::Join { rule, operands } => self.join(rule, operands),
            Operator::Gate { terms, at_least } => self.gate(&terms, at_least),
        }
    }

    /// An operator as it is, once.
    pub fn emit(&mut self, operator: Operator) -> Operand {
        let Graph { operators, known, readers, .. } = self;
        *known.entry(operator).or_insert_with_key(|operator| {
            operators.push(operator.clone());
            readers.push(0);
            Operand(operators.len() - 1)
        })
    }

    pub fn operator(&self, operand: Operand) -> &Operator {
        &self.operators[operand.0]
    }

    pub fn constant(&mut self, value: bool) -> Operand {
        let rule = if value { Rule::Intersection } else { Rule::Union };
        self.emit(Operator::Join { rule, operands: Vec::new() })
    }

    /// The value of a constant.
    pub fn value(&self, operand: Operand) -> Option<bool> {
        match self.operator(operand) {
            Operator::Join { rule, operands } if operands.is_empty() => Some(rule.of_nothing()),
            _ => None,
        }
    }

    pub fn complement(&mut self, operand: Operand) -> Operand {
        match (self.value(operand), self.operator(operand)) {
            (Some(value), _) => self.constant(!value),
            (None, &Operator::Complement(inner)) => inner,
            (None, _) => self.emit(Operator::Complement(operand)),
        }
    }

    pub fn complement_if(&mut self, complement: bool, operand: Operand) -> Operand {
        if complement { self.complement(operand) } else { operand }
    }

    /// What is left of an operand without its complement, and whether it had one.
    pub fn literal(&self, operand: Operand) -> (Operand, bool) {
        match self.operator(operand) {
            &Operator::Complement(inner) => (inner, true),
            _ => (operand, false),
        }
    }

    /// Counts readers of an operand or of its complement.
    pub fn count_readers(&mut self, operand: Operand, readers: usize) {
        let (inner, _) = self.literal(operand);
        self.readers[inner.0] = self.readers[inner.0].saturating_add(readers);
    }

    /// Whether no operator but the one that is being made reads an operand or its complement.
    pub fn is_read_once(&self, operand: Operand) -> bool {
        self.readers[self.literal(operand).0.0] <= 1
    }

    /// The operators, for a builder like another.
    pub fn into_builder(self, like: &PlanBuilder) -> PlanBuilder {
        PlanBuilder { operators: self.operators, ..*like }
    }
}
