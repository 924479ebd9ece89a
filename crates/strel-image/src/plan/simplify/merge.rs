//! One dilation or erosion in the place of several, where that is exact at the image's edge and
//! cheaper.

use std::collections::HashSet;

use super::graph::Graph;
use crate::Border;
use crate::kernel::Rule;
use crate::plan::builder::{Operand, Operator, PlanBuilder};
use crate::plan::compile::compile;
use crate::plan::decompose::Point;
use crate::plan::describe;
use crate::plan::program::Outside;

/// Most offsets of a Minkowski sum, those that occur twice counted twice.
const MAX_SUM: usize = 1 << 14;

/// Shifts of one operand that may become one.
struct Group {
    operand: Operand,
    outside: Outside,
    complemented: bool,
    members: Vec<Operand>,
    sets: Vec<Vec<Point>>,
}

impl Graph {
    /// Members of a join, in which the dilations of one operand are one dilation: that by the union
    /// of their elements. So are its erosions in an intersection.
    pub fn merge_shifts(&mut self, rule: Rule, mut members: Vec<Operand>) -> Vec<Operand> {
        for group in self.groups(rule, &members) {
            let Group { operand, outside, complemented, .. } = group;
            let its = if complemented { rule.dual() } else { rule };
            let union = group.sets.concat();
            if group.members.len() > 1 && cost_of_one(its, &union) < cost_apart(its, &group.sets) {
                let merged = self.shifts(its, operand, union, outside);
                members.retain(|member| !group.members.contains(member));
                members.push(self.complement_if(complemented, merged));
            }
        }
        members.sort_unstable();
        members.dedup();
        members
    }

    fn groups(&self, rule: Rule, members: &[Operand]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for &member in members.iter().filter(|&&member| self.is_read_once(member)) {
            let (inner, complemented) = self.literal(member);
            let joins = if complemented { rule.dual() } else { rule };
            let Operator::Shifts { rule: its, operand, reads, outside } = self.operator(inner)
            else {
                continue;
            };
            if common_rule((*its, reads), (joins, &[])) != Some(joins) {
                continue;
            }
            let key = (*operand, *outside, complemented);
            let known = groups
                .iter_mut()
                .find(|group| (group.operand, group.outside, group.complemented) == key);
            match known {
                Some(group) => {
                    group.members.push(member);
                    group.sets.push(reads.clone());
                }
                None => groups.push(Group {
                    operand: *operand,
                    outside: *outside,
                    complemented,
                    members: vec![member],
                    sets: vec![reads.clone()],
                }),
            }
        }
        groups
    }

    /// A dilation of a dilation as the dilation by the Minkowski sum, and an erosion likewise.
    pub fn compose(
        &mut self,
        rule: Rule,
        operand: Operand,
        reads: &[Point],
        outside: Outside,
    ) -> Option<Operand> {
        let Operator::Shifts { rule: first, operand: of, reads: inner, outside: around } =
            self.operator(operand)
        else {
            return None;
        };
        let rule = common_rule((*first, inner), (rule, reads))?;
        let possible = *around == outside && self.is_read_once(operand);
        if !possible || inner.len() * reads.len() > MAX_SUM {
            return None;
        }
        let sum = minkowski_sum(inner, reads);
        let exact = is_exact(rule, inner, reads, &sum, outside);
        let of = *of;
        (exact && cost_of_one(rule, &sum) < cost_in_turn(rule, inner, reads))
            .then(|| self.shifts(rule, of, sum, outside))
    }
}

/// The rule of two shifts that have one in common; one pixel is read by any.
fn common_rule(first: (Rule, &[Point]), second: (Rule, &[Point])) -> Option<Rule> {
    match (first, second) {
        ((left, _), (right, _)) if left == right => Some(left),
        ((_, [_]), (rule, _)) | ((rule, _), (_, [_])) => Some(rule),
        _ => None,
    }
}

fn minkowski_sum(left: &[Point], right: &[Point]) -> Vec<Point> {
    let sums = left.iter().flat_map(|a| right.iter().map(move |b| (a.0 + b.0, a.1 + b.1)));
    let mut sums: Vec<Point> = sums.collect();
    sums.sort_unstable();
    sums.dedup();
    sums
}

/// Whether shifts by `first`, then by `second` are those by their sum, for images of every size.
/// What lies outside is read from the image where the sum is, but twice where they are taken in
/// turn: from the image, and from the first result.
fn is_exact(
    rule: Rule,
    first: &[Point],
    second: &[Point],
    sum: &[Point],
    outside: Outside,
) -> bool {
    match outside {
        Outside::Constant(value) if value == rule.of_nothing() => stays_inside(first, second, sum),
        Outside::Constant(_) => {
            SIDES.iter().all(|&side| farthest(second, side) <= 0 || farthest(first, side) >= 0)
        }
        Outside::Replicate => [first, second].into_iter().all(|set| is_box(set, false)),
        Outside::Reflect => [first, second].into_iter().all(|set| is_box(set, true)),
    }
}

/// Whether each offset of the sum can be reached by way of a pixel between its two ends, which is in
/// every image that they are in.
fn stays_inside(first: &[Point], second: &[Point], sum: &[Point]) -> bool {
    let first: HashSet<&Point> = first.iter().collect();
    let between = |step: isize, whole: isize| (whole.min(0)..=whole.max(0)).contains(&step);
    sum.iter().all(|&(dy, dx)| {
        let mut ways = second.iter().filter(|step| between(step.0, dy) && between(step.1, dx));
        ways.any(|step| first.contains(&(dy - step.0, dx - step.1)))
    })
}

const SIDES: [Point; 4] = [(-1, 0), (1, 0), (0, -1), (0, 1)];

/// How far a set reaches toward a side of the image.
fn farthest(set: &[Point], side: Point) -> isize {
    set.iter().map(|point| point.0 * side.0 + point.1 * side.1).max().unwrap_or(0)
}

/// Whether a set without repetitions is a rectangle around the origin, with it in the middle if it
/// is to be `centred`.
fn is_box(set: &[Point], centred: bool) -> bool {
    let [up, down, left, right] = SIDES.map(|side| farthest(set, side));
    let area = (up + down + 1) * (left + right + 1);
    let around = [up, down, left, right].iter().all(|&reach| reach >= 0);
    around && area == set.len().cast_signed() && (!centred || (up, left) == (down, right))
}

fn cost_of_one(rule: Rule, reads: &[Point]) -> usize {
    cost(vec![on(Operand(0), rule, reads)])
}

fn cost_in_turn(rule: Rule, first: &[Point], second: &[Point]) -> usize {
    cost(vec![on(Operand(0), rule, first), on(Operand(1), rule, second)])
}

fn cost_apart(rule: Rule, sets: &[Vec<Point>]) -> usize {
    let mut operators: Vec<Operator> =
        sets.iter().map(|reads| on(Operand(0), rule, reads)).collect();
    operators.push(Operator::Join { rule, operands: (1..=sets.len()).map(Operand).collect() });
    cost(operators)
}

fn on(operand: Operand, rule: Rule, reads: &[Point]) -> Operator {
    let outside = Outside::Constant(rule.of_nothing());
    Operator::Shifts { rule, operand, reads: reads.to_vec(), outside }
}

/// What operators on one input cost a word, to the last of them.
fn cost(mut operators: Vec<Operator>) -> usize {
    operators.insert(0, Operator::Input(0));
    let output = Operand(operators.len() - 1);
    let builder = PlanBuilder { border: Border::Neutral, inputs: 1, operators };
    describe::cost(&compile(&builder, &[output])).total()
}
