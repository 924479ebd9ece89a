//! A plan's program: a list of steps, each of which makes one array of rows from earlier ones.

use super::decompose::Point;
use crate::kernel::Rule;
use crate::{Border, Operation};

/// Rows of an array, read at an offset from the place that is written, or their complement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Term {
    pub array: usize,
    pub dy: isize,
    pub dx: isize,
    pub complement: bool,
    pub across: Across,
    /// Rows that are joined, from `dy` downwards: as many as a [`Source`](crate::kernel::Source)
    /// may have.
    pub rows: usize,
}

/// The places of a row that a term reads and joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Across {
    /// `dx` pixels right.
    Once,
    /// `dx` pixels right and left, less than a word.
    Around,
    /// Right, left, and in the middle.
    Run,
}

impl Term {
    /// An array at an offset.
    pub(super) fn at(array: usize, (dy, dx): Point) -> Self {
        Term { array, dy, dx, complement: false, across: Across::Once, rows: 1 }
    }

    /// The array at the place that is written.
    pub(super) fn aligned(array: usize, complement: bool) -> Self {
        Term { complement, ..Term::at(array, (0, 0)) }
    }

    /// Places of a row.
    pub(super) fn places(&self) -> usize {
        match self.across {
            Across::Once => 1,
            Across::Around => 2,
            Across::Run => 3,
        }
    }

    /// Shifts that the term takes.
    pub(super) fn shifts(&self) -> usize {
        match self.across {
            Across::Once => usize::from(self.dx != 0),
            Across::Around | Across::Run => 2,
        }
    }

    pub(super) fn is_aligned(&self) -> bool {
        (self.dy, self.dx, self.rows) == (0, 0, 1)
    }

    /// Whether the term joins several places of its array.
    pub(super) fn joins(&self) -> bool {
        self.rows > 1 || self.across != Across::Once
    }

    /// The last row that is read.
    pub(super) fn last_row(&self) -> isize {
        self.dy + self.rows.cast_signed() - 1
    }
}

/// How an array is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// Reads an input image.
    Load { input: usize },
    /// A copy of an array with other pixels outside the image. Only while a plan is compiled.
    Frame { array: usize, outside: Outside },
    /// The union or intersection of terms.
    Join { rule: Rule, terms: Vec<Term> },
    /// Where the sum of the terms, each times 2 to its level, is at least a limit. Neither has more
    /// than `levels` bits.
    Gate { addends: Vec<(Term, u32)>, levels: usize, at_least: u64 },
}

impl Step {
    /// What the step reads of arrays.
    pub(super) fn terms(&self) -> Vec<Term> {
        match self {
            Step::Load { .. } => Vec::new(),
            Step::Frame { array, .. } => vec![Term::aligned(*array, false)],
            Step::Join { terms, .. } => terms.clone(),
            Step::Gate { addends, .. } => addends.iter().map(|addend| addend.0).collect(),
        }
    }

    pub(super) fn for_each_array(&mut self, mut change: impl FnMut(&mut usize)) {
        match self {
            Step::Load { .. } => {}
            Step::Frame { array, .. } => change(array),
            Step::Join { terms, .. } => terms.iter_mut().for_each(|term| change(&mut term.array)),
            Step::Gate { addends, .. } => {
                addends.iter_mut().for_each(|addend| change(&mut addend.0.array));
            }
        }
    }
}

/// The pixels outside an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Outside {
    Constant(bool),
    Replicate,
    Reflect,
}

impl Outside {
    pub(super) fn new(border: Border, operation: Operation) -> Self {
        match border.constant(operation) {
            Some(value) => Outside::Constant(value),
            None if border == Border::Reflect => Outside::Reflect,
            None => Outside::Replicate,
        }
    }
}

/// An array of rows: how it is made, and what it has outside the image.
#[derive(Clone, Debug)]
pub(super) struct Array {
    pub step: Step,
    /// `None` where nobody reads outside, or what is there was computed as the inside was.
    pub outside: Option<Outside>,
}

impl Array {
    /// Whether the array is an input image whose own guards are the pixels outside.
    pub(super) fn is_image(&self) -> Option<usize> {
        match (&self.step, self.outside) {
            (&Step::Load { input }, None | Some(Outside::Constant(false))) => Some(input),
            _ => None,
        }
    }
}

/// Arrays in the order in which they are made, and which of them are the results.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub arrays: Vec<Array>,
    pub outputs: Vec<usize>,
}

impl Program {
    /// A program from steps that may frame arrays: where nobody reads an array outside the image,
    /// it is framed in place.
    pub(super) fn new(steps: Vec<Step>, outputs: Vec<usize>) -> Self {
        let arrays = steps.into_iter().map(|step| Array { step, outside: None }).collect();
        let mut program = Program { arrays, outputs };
        program.frame_in_place();
        program.drop_unused();
        program.fuse();
        program.drop_unused();
        program
    }

    /// The arrays that are read outside the image, by a shift or for an array that is.
    fn spread(&self) -> Vec<bool> {
        let mut spread = vec![false; self.arrays.len()];
        for (index, array) in self.arrays.iter().enumerate().rev() {
            if !matches!(array.step, Step::Frame { .. }) {
                for term in array.step.terms() {
                    spread[term.array] |= spread[index] || !term.is_aligned();
                }
            }
        }
        spread
    }

    fn frame_in_place(&mut self) {
        let spread = self.spread();
        let mut moved: Vec<usize> = (0..self.arrays.len()).collect();
        for index in 0..self.arrays.len() {
            self.arrays[index].step.for_each_array(|array| *array = moved[*array]);
            let Step::Frame { array, outside } = self.arrays[index].step else { continue };
            if self.arrays[array].outside.is_none() && !spread[array] {
                self.arrays[array].outside = Some(outside);
                moved[index] = array;
            } else {
                let terms = vec![Term::aligned(array, false)];
                self.arrays[index] =
                    Array { step: Step::Join { rule: Rule::Union, terms }, outside: Some(outside) };
            }
        }
        self.outputs.iter_mut().for_each(|output| *output = moved[*output]);
    }

    fn drop_unused(&mut self) {
        let mut used = vec![false; self.arrays.len()];
        self.outputs.iter().for_each(|&output| used[output] = true);
        for index in (0..self.arrays.len()).rev() {
            if used[index] {
                self.arrays[index].step.terms().iter().for_each(|term| used[term.array] = true);
            }
        }
        let mut places = Vec::with_capacity(used.len());
        let mut kept = 0;
        for &used in &used {
            places.push(kept);
            kept += usize::from(used);
        }
        let mut index = 0;
        self.arrays.retain(|_| {
            index += 1;
            used[index - 1]
        });
        for array in &mut self.arrays {
            array.step.for_each_array(|array| *array = places[*array]);
        }
        self.outputs.iter_mut().for_each(|output| *output = places[*output]);
    }
}
