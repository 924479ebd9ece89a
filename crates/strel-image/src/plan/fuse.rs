//! Fewer and larger steps: what a step reads is made of as few terms as can be, and a step that one
//! other alone reads becomes part of it.

use super::decompose::MAX_TERMS;
use super::program::{Across, Program, Step, Term};
use crate::kernel::{MAX_ROWS, MAX_RUN_ROWS};
use crate::words::BITS;

impl Program {
    /// Fuses terms and steps.
    pub(super) fn fuse(&mut self) {
        for array in &mut self.arrays {
            if let Step::Join { terms, .. } = &mut array.step {
                *terms = stack_rows(join_middles(pair_sides(terms)));
            }
        }
        for index in 0..self.arrays.len() {
            self.inline_into(index);
        }
    }

    /// Puts joins that a join alone reads, by the same rule, in the place of its terms.
    fn inline_into(&mut self, index: usize) {
        let Step::Join { rule, terms } = &self.arrays[index].step else { return };
        let (rule, mut terms) = (*rule, terms.clone());
        let mut at = 0;
        while at < terms.len() {
            let outer = terms[at];
            let inner = &self.arrays[outer.array];
            let parts = match &inner.step {
                Step::Join { rule: its, terms: parts }
                    if *its == rule && inner.outside.is_none() && self.uses(outer.array) == 1 =>
                {
                    inlined(outer, parts)
                }
                _ => None,
            };
            match parts {
                Some(parts) if terms.len() + parts.len() <= MAX_TERMS + 1 => {
                    terms.splice(at..=at, parts);
                }
                _ => at += 1,
            }
        }
        // What is read word for word comes first, as kernels join such sources at once.
        terms.sort_by_key(|term| (term.rows, term.shifts(), term.complement));
        self.arrays[index].step = Step::Join { rule, terms: without_repeats(terms) };
    }

    /// How many terms read an array, or results are it.
    fn uses(&self, index: usize) -> usize {
        let terms = self.arrays.iter().flat_map(|array| array.step.terms());
        let results = self.outputs.iter().filter(|output| **output == index);
        terms.filter(|term| term.array == index).count() + results.count()
    }
}

/// The first of each of some terms.
fn without_repeats(terms: Vec<Term>) -> Vec<Term> {
    let mut different = Vec::with_capacity(terms.len());
    for term in terms {
        if !different.contains(&term) {
            different.push(term);
        }
    }
    different
}

/// What a term reads of the terms of its array, if that can be read at once.
fn inlined(outer: Term, parts: &[Term]) -> Option<Vec<Term>> {
    let moved = |part: &Term| {
        let rows = outer.rows.max(part.rows);
        let legal = outer.rows == 1
            || parts.len() == 1
                && part.rows == 1
                && !part.complement
                && (part.shifts() == 0 || part.across == Across::Run && rows <= MAX_RUN_ROWS);
        legal.then_some(Term { dy: outer.dy + part.dy, rows, ..*part })
    };
    let plain = outer.dx == 0 && outer.across == Across::Once && !outer.complement;
    if plain && !parts.is_empty() { parts.iter().map(moved).collect() } else { None }
}

/// Makes one term of two that differ in the side alone.
fn pair_sides(terms: &[Term]) -> Vec<Term> {
    let has_mirror = |term: &Term| {
        let near = (1..BITS.cast_signed()).contains(&term.dx.abs());
        near && !term.complement && terms.contains(&Term { dx: -term.dx, ..*term })
    };
    let right = terms.iter().filter(|term| term.dx > 0 || !has_mirror(term));
    right
        .map(|term| match has_mirror(term) {
            true => Term { across: Across::Around, ..*term },
            false => *term,
        })
        .collect()
}

/// Makes one term of what lies around a place and the place itself.
fn join_middles(mut terms: Vec<Term>) -> Vec<Term> {
    let mut at = 0;
    while at < terms.len() {
        let Term { array, dy, across, .. } = terms[at];
        let middle = terms.iter().position(|term| *term == Term::at(array, (dy, 0)));
        match middle {
            Some(middle) if across == Across::Around => {
                terms[at].across = Across::Run;
                terms.remove(middle);
                at = 0;
            }
            _ => at += 1,
        }
    }
    terms
}

/// Makes one term of several that read rows below each other.
fn stack_rows(terms: Vec<Term>) -> Vec<Term> {
    let mut rest = terms;
    let mut stacked = Vec::with_capacity(rest.len());
    while let Some(&first) = rest.first() {
        let has = |dy: isize| rest.contains(&Term { dy, ..first });
        let top = (0..).take_while(|up| has(first.dy - up)).last().unwrap_or(0);
        let bottom = (0..).take_while(|down| has(first.dy + down)).last().unwrap_or(0);
        let rows = first.dy - top..first.dy + bottom + 1;
        rest.retain(|term| !(rows.contains(&term.dy) && Term { dy: first.dy, ..*term } == first));
        let most = match first.across {
            Across::Once if first.dx == 0 && !first.complement => MAX_ROWS,
            Across::Run => MAX_RUN_ROWS,
            _ => 1,
        };
        stacked.extend(cover(rows, most).map(|(dy, rows)| Term { dy, rows, ..first }));
    }
    stacked
}

/// Covers rows by few odd numbers of them, which may overlap.
fn cover(rows: std::ops::Range<isize>, most: usize) -> impl Iterator<Item = (isize, usize)> {
    let mut dy = rows.start;
    std::iter::from_fn(move || {
        let rest = usize::try_from(rows.end - dy).ok().filter(|rest| *rest > 0)?;
        let count = (rest - (rest + 1) % 2).min(most);
        let place = (dy, count);
        dy += count.cast_signed();
        Some(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Border, Plan, StructuringElement};
    use std::collections::BTreeSet;

    /// The places that a term reads.
    fn places(term: &Term) -> BTreeSet<(isize, isize)> {
        let columns = match term.across {
            Across::Once => vec![term.dx],
            Across::Around => vec![-term.dx, term.dx],
            Across::Run => vec![-term.dx, 0, term.dx],
        };
        (term.dy..=term.last_row()).flat_map(|dy| columns.iter().map(move |&dx| (dy, dx))).collect()
    }

    fn all_places(terms: &[Term]) -> BTreeSet<(isize, isize)> {
        terms.iter().flat_map(places).collect()
    }

    #[test]
    fn fused_terms_read_the_same_places() {
        let elements = [
            StructuringElement::rectangle(3, 3),
            StructuringElement::rectangle(9, 2),
            StructuringElement::rectangle(10, 1),
            StructuringElement::cross(4),
            StructuringElement::disk(2),
            StructuringElement::from_offsets([(0, 0), (1, 0), (3, -70), (3, 70), (4, -1), (4, 1)]),
        ];
        for element in elements {
            let terms: Vec<Term> =
                element.unwrap().offsets().map(|offset| Term::at(0, offset)).collect();
            let fused = stack_rows(join_middles(pair_sides(&terms)));
            assert_eq!(all_places(&fused), all_places(&terms));
            assert!(fused.len() < terms.len());
        }
    }

    #[test]
    fn rows_are_covered_by_the_counts_that_kernels_know() {
        for most in [1, MAX_RUN_ROWS, MAX_ROWS] {
            for count in 1..30 {
                let parts: Vec<_> = cover(-3..count - 3, most).collect();
                let covered: BTreeSet<isize> =
                    parts.iter().flat_map(|&(dy, rows)| dy..dy + rows.cast_signed()).collect();
                assert!(covered.into_iter().eq(-3..count - 3));
                assert!(parts.iter().all(|&(_, rows)| rows % 2 == 1 && rows <= most));
            }
        }
    }

    fn dilation(element: StructuringElement) -> String {
        Plan::dilation(&element, Border::Neutral).to_string()
    }

    #[test]
    fn small_rectangles_are_one_step() {
        let square = dilation(StructuringElement::rectangle(3, 3).unwrap());
        assert!(square.contains("a1 = any of a0[-1..+1,0±1]\noutput a1\n"), "{square}");
        let column = dilation(StructuringElement::line(7, 90).unwrap());
        assert!(column.contains("a1 = any of a0[-3..+3,0]\noutput a1\n"), "{column}");
    }

    #[test]
    fn disks_join_rows_at_once() {
        let disk = dilation(StructuringElement::disk(5).unwrap());
        assert!(disk.contains("a3[0,±1] or a3[-3..+3,0]\n"), "{disk}");
    }

    #[test]
    fn a_step_that_others_read_stays() {
        let square = StructuringElement::rectangle(1, 3).unwrap();
        let plan = Plan::unary(Border::Neutral, |plan, image| {
            let run = plan.dilate(image, &square);
            let column = plan.dilate(run, &StructuringElement::line(3, 90).unwrap());
            plan.difference(column, run)
        });
        assert!(plan.to_string().contains("a1 = any of a0[0,0±1]"), "{plan}");
    }
}
