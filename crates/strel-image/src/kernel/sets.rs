//! Unions, intersections and weighted counts of planes of bits that index lists pick.

use std::ops::Range;

use super::gate::Counter;
use super::join::Rule;
use super::vector::Vector;
use crate::words::{fill, ones_of};

/// Most bits of a gate's count.
const GATE_LEVELS: usize = 64;

/// Members that are read in one step; a set is filled up with its last member, which changes no
/// join.
const STEP: usize = 4;

/// Steps after which it is asked whether all bits are decided.
const PATIENCE: usize = 4;

/// What becomes of planes of bits: each result goes to a row of a block.
#[derive(Clone, Debug)]
pub(crate) struct PlaneSets {
    /// Planes to read.
    planes: usize,
    members: Vec<[u32; STEP]>,
    unions: Vec<Set>,
    intersections: Vec<Set>,
    gates: Vec<PlaneGate>,
}

/// The steps of a set's members, and what is done with their join.
#[derive(Clone, Debug)]
struct Set {
    steps: Range<usize>,
    row: usize,
    /// A word to combine the join with: ones for its complement.
    complement: u64,
}

/// A term of a gate: the weight that an input adds where it is 1, or where it is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub input: u32,
    pub weight: u64,
    pub negated: bool,
}

#[derive(Clone, Debug)]
struct PlaneGate {
    literals: Vec<Literal>,
    at_least: u64,
    levels: usize,
    row: usize,
    complement: u64,
}

impl PlaneSets {
    pub(crate) fn new(planes: usize) -> Self {
        let (members, gates) = (Vec::new(), Vec::new());
        PlaneSets { planes, members, unions: Vec::new(), intersections: Vec::new(), gates }
    }

    /// The join of some planes, one at least, or its complement, into a row. Sets of equal size in
    /// succession are fastest, since branches are then foreseen.
    pub(crate) fn push_set(&mut self, rule: Rule, members: &[u32], complement: bool, row: usize) {
        self.check(members.iter().copied());
        let start = self.members.len();
        for some in members.chunks(STEP) {
            let last = some.len() - 1;
            self.members.push(std::array::from_fn(|index| some[index.min(last)]));
        }
        let set = Set { steps: start..self.members.len(), row, complement: fill(complement) };
        match rule {
            Rule::Union => self.unions.push(set),
            Rule::Intersection => self.intersections.push(set),
        }
    }

    /// Where the weights of the true literals sum to `at_least`, or its complement, into a row. The
    /// weights sum to less than 2^63.
    pub(crate) fn push_gate(
        &mut self,
        literals: &[Literal],
        at_least: u64,
        complement: bool,
        row: usize,
    ) {
        self.check(literals.iter().map(|literal| literal.input));
        let total: u64 = literals.iter().map(|literal| literal.weight).sum();
        let levels = (u64::BITS - total.max(at_least).leading_zeros()) as usize;
        let (literals, complement) = (literals.to_vec(), fill(complement));
        self.gates.push(PlaneGate { literals, at_least, levels, row, complement });
    }

    fn check(&self, mut members: impl Iterator<Item = u32>) {
        assert!(members.all(|member| (member as usize) < self.planes), "a plane is missing");
    }

    fn rows_end(&self) -> usize {
        let sets = self.unions.iter().chain(&self.intersections).map(|set| set.row);
        sets.chain(self.gates.iter().map(|gate| gate.row)).max().map_or(0, |row| row + 1)
    }
}

/// Writes the sets' rows of a block; planes and rows have `words` words each.
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Where planes or rows are missing, or `words` is no power of two or less than a vector's.
#[inline(always)]
pub(super) unsafe fn join_planes<V: Vector>(
    block: &mut [u64],
    planes: &[u64],
    words: usize,
    sets: &PlaneSets,
) {
    assert!(words.is_power_of_two() && words.is_multiple_of(V::WORDS), "{words} words a plane");
    assert!(planes.len() >= sets.planes * words, "no planes");
    assert!(block.len() >= sets.rows_end() * words, "no rows");
    for column in (0..words).step_by(V::WORDS) {
        // SAFETY: all members are below `sets.planes`, all rows below their end, and the column is
        // a vector before the end of a plane.
        unsafe {
            let planes = Planes { start: planes.as_ptr().add(column), shift: words.ilog2() };
            let start = block.as_mut_ptr().add(column);
            let row = |row: usize| start.add(row * words);
            for set in &sets.unions {
                let joined = planes.join::<V, true>(&sets.members[set.steps.clone()]);
                joined.xor(V::fill(set.complement)).store(row(set.row));
            }
            for set in &sets.intersections {
                let joined = planes.join::<V, false>(&sets.members[set.steps.clone()]);
                joined.xor(V::fill(set.complement)).store(row(set.row));
            }
            for gate in &sets.gates {
                planes.count::<V>(gate).xor(V::fill(gate.complement)).store(row(gate.row));
            }
        }
    }
}

/// Planes, from the vector on that is at work.
#[derive(Clone, Copy)]
struct Planes {
    start: *const u64,
    /// The logarithm of a plane's words.
    shift: u32,
}

impl Planes {
    /// # Safety
    /// The processor has the instruction set of `V`, and the plane is there; so below.
    #[inline(always)]
    unsafe fn load<V: Vector>(self, plane: u32) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::load(self.start.add((plane as usize) << self.shift)) }
    }

    #[inline(always)]
    unsafe fn join<V: Vector, const UNION: bool>(self, steps: &[[u32; STEP]]) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let decided = V::fill(fill(UNION));
            let mut joined = V::fill(fill(!UNION));
            let mut rest = steps;
            while rest.len() > PATIENCE {
                let (some, others) = rest.split_at(PATIENCE);
                joined = self.join_steps::<V, UNION>(joined, some);
                if joined.xor(decided).is_zero() {
                    return joined;
                }
                rest = others;
            }
            self.join_steps::<V, UNION>(joined, rest)
        }
    }

    #[inline(always)]
    unsafe fn join_steps<V: Vector, const UNION: bool>(
        self,
        joined: V,
        steps: &[[u32; STEP]],
    ) -> V {
        let mut joined = joined;
        for &[a, b, c, d] in steps {
            // SAFETY: the caller's promise.
            unsafe {
                let left = join_two::<V, UNION>(self.load(a), self.load(b));
                let right = join_two::<V, UNION>(self.load(c), self.load(d));
                joined = join_two::<V, UNION>(joined, join_two::<V, UNION>(left, right));
            }
        }
        joined
    }

    #[inline(always)]
    unsafe fn count<V: Vector>(self, gate: &PlaneGate) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let mut counter = Counter::<V, GATE_LEVELS>::new(gate.levels);
            for literal in &gate.literals {
                let bits = self.load::<V>(literal.input).xor(V::fill(fill(literal.negated)));
                for level in ones_of(literal.weight) {
                    counter.add(level, bits);
                }
            }
            counter.settle();
            counter.reaches(gate.at_least)
        }
    }
}

/// # Safety
/// The processor has the instruction set of `V`.
#[inline(always)]
unsafe fn join_two<V: Vector, const UNION: bool>(left: V, right: V) -> V {
    // SAFETY: the caller's promise.
    unsafe { if UNION { left.or(right) } else { left.and(right) } }
}
