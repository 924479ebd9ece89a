//! Laws of dilations and erosions: the join, over some offsets, of an operand that is read there.

use super::graph::Graph;
use crate::kernel::Rule;
use crate::plan::builder::{Operand, Operator};
use crate::plan::decompose::Point;
use crate::plan::program::Outside;

impl Graph {
    /// The join of what lies at the offsets.
    pub fn shifts(
        &mut self,
        rule: Rule,
        operand: Operand,
        mut reads: Vec<Point>,
        outside: Outside,
    ) -> Operand {
        let (inner, complemented) = self.literal(operand);
        if complemented {
            let dual = self.shifts(rule.dual(), inner, reads, outside.dual());
            return self.complement(dual);
        }
        reads.sort_unstable();
        reads.dedup();
        match (&reads[..], self.value(operand)) {
            ([], _) => return self.constant(rule.of_nothing()),
            ([(0, 0)], _) => return operand,
            (_, Some(value)) if is_kept(rule, value, &reads, outside) => return operand,
            _ => {}
        }
        if let Some(composed) = self.compose(rule, operand, &reads, outside) {
            return composed;
        }
        // One pixel is its own union and intersection.
        let rule = if reads.len() == 1 { Rule::Union } else { rule };
        self.emit(Operator::Shifts { rule, operand, reads, outside })
    }
}

/// Whether an image of one value stays so, up to its edge.
fn is_kept(rule: Rule, value: bool, reads: &[Point], outside: Outside) -> bool {
    outside.continues(value) || value != rule.of_nothing() && reads.contains(&(0, 0))
}
