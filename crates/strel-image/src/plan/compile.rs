//! From operators to a program.

use std::collections::HashMap;

use super::builder::{GateTerm, Operand, Operator, PlanBuilder};
use super::decompose::{MAX_TERMS, Point, decompose};
use super::program::{Outside, Program, Step, Term};
use crate::kernel::Rule;

/// The program that computes the given operands.
pub(super) fn compile(builder: &PlanBuilder, outputs: &[Operand]) -> Program {
    let mut compiler = Compiler {
        builder,
        steps: Vec::new(),
        known: HashMap::new(),
        values: vec![None; builder.operators.len()],
    };
    for index in 0..builder.operators.len() {
        compiler.lower(index);
    }
    let outputs = outputs.iter().map(|&output| compiler.array(output)).collect();
    Program::new(compiler.steps, outputs)
}

struct Compiler<'a> {
    builder: &'a PlanBuilder,
    steps: Vec<Step>,
    known: HashMap<Step, usize>,
    /// Each operator's array, or the array whose complement it is.
    values: Vec<Option<Term>>,
}

impl Compiler<'_> {
    fn lower(&mut self, index: usize) {
        if self.values[index].is_some() {
            return;
        }
        let value = match &self.builder.operators[index] {
            &Operator::Input(input) => Term::aligned(self.emit(Step::Load { input }), false),
            Operator::Shifts { rule, operand, outside, .. } => {
                return self.lower_shifts(*rule, *operand, *outside);
            }
            Operator::Complement(operand) => {
                let value = self.value(*operand);
                Term { complement: !value.complement, ..value }
            }
            Operator::Join { rule, operands } => {
                let terms = operands.iter().map(|&operand| self.value(operand)).collect();
                Term::aligned(self.join(*rule, terms), false)
            }
            Operator::Gate { terms, at_least } => {
                Term::aligned(self.lower_gate(terms, *at_least), false)
            }
        };
        self.values[index] = Some(value);
    }

    /// Lowers all operators that join shifts of one operand by one rule, so that they share runs.
    fn lower_shifts(&mut self, rule: Rule, operand: Operand, outside: Outside) {
        let members = self.builder.operators.iter().enumerate();
        let (members, sets): (Vec<usize>, Vec<Vec<Point>>) = members
            .filter_map(|(index, operator)| match operator {
                Operator::Shifts { rule: its, operand: of, reads, outside: around }
                    if (*its, *of, *around) == (rule, operand, outside) =>
                {
                    Some((index, distinct(reads)))
                }
                _ => None,
            })
            .unzip();
        let filled: Vec<Vec<Point>> = sets.iter().filter(|set| !set.is_empty()).cloned().collect();
        let sums = decompose(&filled);
        let image = self.array(operand);
        let base = self.framed(image, outside);
        let mut arrays = vec![base];
        for join in sums.joins {
            let terms = join.iter().map(|part| Term::at(arrays[part.array], part.at));
            let step = Step::Join { rule, terms: terms.collect() };
            arrays.push(self.emit(step));
        }
        let mut results = sums.results.into_iter();
        for (index, set) in members.into_iter().zip(sets) {
            let result = if set.is_empty() { None } else { results.next() };
            let array = match result {
                // The element is the origin alone.
                Some(0) => image,
                Some(result) => arrays[result],
                None => self.emit(Step::Join { rule, terms: Vec::new() }),
            };
            self.values[index] = Some(Term::aligned(array, false));
        }
    }

    fn lower_gate(&mut self, terms: &[GateTerm], at_least: i64) -> usize {
        let outside = self.builder.outside(None);
        let mut addends = Vec::new();
        // A pixel of negative weight -w counts as its complement with weight w, less w.
        let mut limit = i128::from(at_least);
        for term in terms {
            let image = self.array(term.operand);
            let array = if term.offset == (0, 0) { image } else { self.framed(image, outside) };
            let weight = term.weight.unsigned_abs();
            let complement = term.weight < 0;
            if complement {
                limit += i128::from(weight);
            }
            let levels = (0..u64::BITS).filter(|level| weight >> level & 1 == 1);
            addends.extend(
                levels.map(|level| (Term { complement, ..Term::at(array, term.offset) }, level)),
            );
        }
        let total: u64 = addends.iter().map(|&(_, level)| 1 << level).sum();
        let levels = (u64::BITS - total.leading_zeros()) as usize;
        match u64::try_from(limit) {
            _ if limit <= 0 => self.join(Rule::Intersection, Vec::new()),
            Ok(at_least) if at_least <= total => {
                self.emit(Step::Gate { addends, levels, at_least })
            }
            _ => self.join(Rule::Union, Vec::new()),
        }
    }

    fn value(&self, operand: Operand) -> Term {
        self.values[operand.0].expect("operands come before their readers")
    }

    /// An array that holds an operand itself.
    fn array(&mut self, operand: Operand) -> usize {
        let value = self.value(operand);
        if value.complement { self.join(Rule::Union, vec![value]) } else { value.array }
    }

    fn framed(&mut self, array: usize, outside: Outside) -> usize {
        self.emit(Step::Frame { array, outside })
    }

    fn join(&mut self, rule: Rule, mut terms: Vec<Term>) -> usize {
        if let [Term { array, complement: false, .. }] = terms[..] {
            return array;
        }
        while terms.len() > MAX_TERMS {
            let rest = terms.split_off(MAX_TERMS);
            let array = self.emit(Step::Join { rule, terms });
            terms = rest;
            terms.push(Term::aligned(array, false));
        }
        self.emit(Step::Join { rule, terms })
    }

    fn emit(&mut self, step: Step) -> usize {
        let Compiler { steps, known, .. } = self;
        *known.entry(step).or_insert_with_key(|step| {
            steps.push(step.clone());
            steps.len() - 1
        })
    }
}

fn distinct(reads: &[Point]) -> Vec<Point> {
    let mut points = reads.to_vec();
    points.sort_unstable();
    points.dedup();
    points
}
