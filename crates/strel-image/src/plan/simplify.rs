//! The laws by which a plan's operators become fewer or cheaper ones that compute the same sets.
//!
//! Each operator is made anew, from operands that were, in its normal form: `joins` has the laws of
//! sets, `shifts` those of dilations and erosions, `gates` those of weighted counts, `merge` makes
//! one operator of several. This is repeated until nothing changes; `polarity` comes last.

mod duality;
mod gates;
mod graph;
mod joins;
mod merge;
mod polarity;
mod shifts;
#[cfg(test)]
mod tests;

use super::builder::{Operand, Operator, PlanBuilder};
use graph::Graph;

/// A builder's operators and those of them that are asked for.
type Outputs = (PlanBuilder, Vec<Operand>);

/// Operators that compute the same outputs with less work.
pub(super) fn simplify(builder: &PlanBuilder, outputs: &[Operand]) -> Outputs {
    let (mut builder, mut outputs) = without_unused(builder, outputs);
    // Operators that are given twice are not yet one: no operand counts as read once.
    let mut readers = vec![usize::MAX; builder.operators.len()];
    loop {
        let next = rewrite(&builder, &outputs, &readers);
        if next.0.operators == builder.operators {
            return polarity::flip_outputs(&builder, &outputs);
        }
        (builder, outputs) = next;
        readers = count_readers(&builder, &outputs);
    }
}

/// Makes every operator anew.
fn rewrite(builder: &PlanBuilder, outputs: &[Operand], readers: &[usize]) -> Outputs {
    let mut graph = Graph::new(builder.outside(None));
    let mut values: Vec<Operand> = Vec::with_capacity(builder.operators.len());
    for (operator, &readers) in builder.operators.iter().zip(readers) {
        let mut operator = operator.clone();
        operator.for_each_operand(|operand| *operand = values[operand.0]);
        let value = graph.make(operator);
        graph.count_readers(value, readers);
        values.push(value);
    }
    let outputs: Vec<Operand> = outputs.iter().map(|output| values[output.0]).collect();
    without_unused(&graph.into_builder(builder), &outputs)
}

/// How many operators and outputs read each operator or its complement.
fn count_readers(builder: &PlanBuilder, outputs: &[Operand]) -> Vec<usize> {
    let mut readers = vec![0; builder.operators.len()];
    let mut count = |operand: Operand| match builder.operators[operand.0] {
        Operator::Complement(inner) => readers[inner.0] += 1,
        _ => readers[operand.0] += 1,
    };
    outputs.iter().for_each(|&output| count(output));
    for operator in &builder.operators {
        if !matches!(operator, Operator::Complement(_)) {
            operator.operands().into_iter().for_each(&mut count);
        }
    }
    readers
}

/// The operators that the outputs depend on, in their order.
fn without_unused(builder: &PlanBuilder, outputs: &[Operand]) -> Outputs {
    let mut used = vec![false; builder.operators.len()];
    outputs.iter().for_each(|output| used[output.0] = true);
    for (index, operator) in builder.operators.iter().enumerate().rev() {
        if used[index] {
            operator.operands().iter().for_each(|operand| used[operand.0] = true);
        }
    }
    let mut places = Vec::with_capacity(used.len());
    let mut operators = Vec::new();
    for (operator, used) in builder.operators.iter().zip(used) {
        places.push(Operand(operators.len()));
        if used {
            let mut operator = operator.clone();
            operator.for_each_operand(|operand| *operand = places[operand.0]);
            operators.push(operator);
        }
    }
    let outputs = outputs.iter().map(|output| places[output.0]).collect();
    (PlanBuilder { operators, ..*builder }, outputs)
}
