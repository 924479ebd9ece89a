//! Operators put together to a plan.

use super::Plan;
use super::decompose::Point;
use super::program::Outside;
use super::simplify::simplify;
use crate::kernel::{MAX_LEVELS, Rule};
use crate::{Border, ImageError, Operation, StructuringElement};

/// A set of pixels in a plan under construction: an input or the result of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operand(pub(super) usize);

/// An operator of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operator {
    Input(usize),
    /// The join, over the offsets, of what lies there.
    Shifts {
        rule: Rule,
        operand: Operand,
        reads: Vec<Point>,
        outside: Outside,
    },
    Complement(Operand),
    Join {
        rule: Rule,
        operands: Vec<Operand>,
    },
    Gate {
        terms: Vec<GateTerm>,
        at_least: i64,
    },
}

impl Operator {
    /// What the operator reads.
    pub(super) fn operands(&self) -> Vec<Operand> {
        let mut operands = Vec::new();
        self.clone().for_each_operand(|operand| operands.push(*operand));
        operands
    }

    pub(super) fn for_each_operand(&mut self, mut change: impl FnMut(&mut Operand)) {
        match self {
            Operator::Input(_) => {}
            Operator::Shifts { operand, .. } | Operator::Complement(operand) => change(operand),
            Operator::Join { operands, .. } => operands.iter_mut().for_each(change),
            Operator::Gate { terms, .. } => {
                terms.iter_mut().for_each(|term| change(&mut term.operand));
            }
        }
    }
}

/// A term of a threshold gate: `weight` times the operand's pixel at (row + dy, col + dx).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GateTerm {
    /// Where the pixel is read.
    pub operand: Operand,
    /// Rows and columns from the pixel that is written to the one that is read.
    pub offset: (isize, isize),
    /// What a pixel that is 1 adds to the sum.
    pub weight: i64,
}

/// Puts operators together to a [`Plan`].
///
/// Every operator reads earlier operands, outside the image by the builder's border. Operators that
/// are given twice are computed once; elements that read one operand share their runs of pixels. The
/// plan does no more than it must: see [`finish`](Self::finish).
///
/// ```
/// use strel_image::{BitImage, Border, PlanBuilder, StructuringElement};
///
/// // The white top-hat: what an opening removes.
/// let pair = StructuringElement::rectangle(1, 2)?;
/// let mut builder = PlanBuilder::new(Border::Neutral);
/// let image = builder.input();
/// let eroded = builder.erode(image, &pair);
/// let opened = builder.dilate(eroded, &pair);
/// let removed = builder.difference(image, opened);
/// let plan = builder.finish(&[removed]);
///
/// let image: BitImage = "
///     .##.#
///     ..##.
/// ".parse()?;
/// assert_eq!(plan.apply(&image).to_string(), "....#\n.....");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlanBuilder {
    pub(super) border: Border,
    pub(super) inputs: usize,
    pub(super) operators: Vec<Operator>,
}

impl PlanBuilder {
    /// A plan without operators, whose operators will read `border` outside the image.
    pub fn new(border: Border) -> Self {
        PlanBuilder { border, inputs: 0, operators: Vec::new() }
    }

    /// One more input image.
    pub fn input(&mut self) -> Operand {
        self.inputs += 1;
        self.push(Operator::Input(self.inputs - 1))
    }

    /// The [dilation](crate::dilate) of an operand.
    ///
    /// # Panics
    /// For an operand of another builder that this one does not have; so do the methods below.
    pub fn dilate(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let reads = element.offsets().map(|(dy, dx)| (-dy, -dx)).collect();
        self.shifts(Rule::Union, operand, reads)
    }

    /// The [erosion](crate::erode) of an operand.
    pub fn erode(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        self.shifts(Rule::Intersection, operand, element.offsets().collect())
    }

    /// The pixels that are not in an operand.
    pub fn complement(&mut self, operand: Operand) -> Operand {
        self.check(operand);
        self.push(Operator::Complement(operand))
    }

    /// The pixels that are in one of the operands at least; none for no operand.
    pub fn union(&mut self, operands: &[Operand]) -> Operand {
        self.join(Rule::Union, operands)
    }

    /// The pixels that are in all of the operands; all of them for no operand.
    pub fn intersection(&mut self, operands: &[Operand]) -> Operand {
        self.join(Rule::Intersection, operands)
    }

    /// The pixels of one operand that are not in the other.
    pub fn difference(&mut self, operand: Operand, other: Operand) -> Operand {
        let other = self.complement(other);
        self.intersection(&[operand, other])
    }

    /// The threshold gate: the pixels at which the weighted sum of what the terms read is at least
    /// `at_least`. The neutral border reads 0 here.
    ///
    /// Cost: about five word operations for each term and each bit of its weight.
    ///
    /// # Errors
    /// [`ImageError::GateTooHeavy`] where the weights' absolute values sum to 2^63 or more.
    pub fn gate(&mut self, terms: &[GateTerm], at_least: i64) -> Result<Operand, ImageError> {
        let total: u128 = terms.iter().map(|term| u128::from(term.weight.unsigned_abs())).sum();
        if total >> MAX_LEVELS > 0 {
            return Err(ImageError::GateTooHeavy { total });
        }
        terms.iter().for_each(|term| self.check(term.operand));
        Ok(self.push(Operator::Gate { terms: terms.to_vec(), at_least }))
    }

    /// The plan that computes the given operands, in their order, with as little work as the laws
    /// of morphology allow: constants, identities and double complements vanish, complements move
    /// through dilations and erosions by duality, and operators that can be one become one where
    /// that is exact at the image's edge and cheaper.
    pub fn finish(self, outputs: &[Operand]) -> Plan {
        outputs.iter().for_each(|&output| self.check(output));
        let (builder, outputs) = simplify(&self, outputs);
        Plan::new(builder, outputs)
    }

    fn shifts(&mut self, rule: Rule, operand: Operand, reads: Vec<Point>) -> Operand {
        self.check(operand);
        let outside = self.outside(Some(rule));
        self.push(Operator::Shifts { rule, operand, reads, outside })
    }

    fn join(&mut self, rule: Rule, operands: &[Operand]) -> Operand {
        operands.iter().for_each(|&operand| self.check(operand));
        self.push(Operator::Join { rule, operands: operands.to_vec() })
    }

    fn push(&mut self, operator: Operator) -> Operand {
        self.operators.push(operator);
        Operand(self.operators.len() - 1)
    }

    fn check(&self, operand: Operand) {
        assert!(operand.0 < self.operators.len(), "an operand of another plan");
    }

    /// The most rows and columns that an operator reads away from the pixel it writes.
    pub(super) fn reach(&self) -> (usize, usize) {
        let most = |(rows, cols): (usize, usize), (dy, dx): Point| {
            (rows.max(dy.unsigned_abs()), cols.max(dx.unsigned_abs()))
        };
        self.operators.iter().fold((0, 0), |reach, operator| match operator {
            Operator::Shifts { reads, .. } => reads.iter().copied().fold(reach, most),
            Operator::Gate { terms, .. } => terms.iter().map(|term| term.offset).fold(reach, most),
            _ => reach,
        })
    }

    /// The same operators for an image so small that some offsets lead past all of it: what they
    /// read, outside, nearer ones read as well.
    pub(super) fn clamped(&self, height: usize, width: usize) -> Self {
        let (height, width) = (height.cast_signed(), width.cast_signed());
        let near = |offset: isize, size: isize| match self.border {
            // Reflected images repeat.
            Border::Reflect => (offset + size).rem_euclid(2 * size) - size,
            _ => offset.clamp(-size, size),
        };
        let clamp = |(dy, dx): &mut Point| {
            (*dy, *dx) = (near(*dy, height), near(*dx, width));
        };
        let mut clamped = self.clone();
        for operator in &mut clamped.operators {
            match operator {
                Operator::Shifts { reads, .. } => reads.iter_mut().for_each(clamp),
                Operator::Gate { terms, .. } => {
                    terms.iter_mut().for_each(|term| clamp(&mut term.offset));
                }
                _ => {}
            }
        }
        clamped
    }

    /// What a join reads outside the image, or a gate.
    pub(super) fn outside(&self, rule: Option<Rule>) -> Outside {
        let operation = match rule {
            Some(Rule::Intersection) => Operation::Erosion,
            Some(Rule::Union) | None => Operation::Dilation,
        };
        Outside::new(self.border, operation)
    }
}
