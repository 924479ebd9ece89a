//! A plan as text, and what it costs.

use std::fmt;

use super::Plan;
use super::program::{Across, Array, Outside, Program, Step, Term};
use crate::Engine;
use crate::kernel::Rule;
use crate::words::BITS;

/// What a plan does for each word of 64 pixels of its inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanCost {
    /// Words joined, shifts included.
    pub operations: usize,
    /// Shifts by a number of pixels, across words.
    pub shifts: usize,
    /// Words read and written, in memory or cache.
    pub words_moved: usize,
}

impl PlanCost {
    /// A guess, for a processor that joins 16 words a nanosecond.
    pub(super) fn nanoseconds(&self, words: usize) -> usize {
        self.total() * words / 16
    }

    /// One number to compare plans by.
    pub(super) fn total(&self) -> usize {
        self.operations + self.shifts + self.words_moved
    }

    fn add(&mut self, array: &Array) {
        let terms = array.step.terms();
        let shifts: usize = terms.iter().map(Term::shifts).sum();
        let joined: usize = terms.iter().map(joined).sum();
        let reads: usize = terms.iter().map(|term| 1 + term.shifts()).sum();
        self.shifts += shifts;
        self.operations += match array.step {
            Step::Gate { levels, .. } => 5 * terms.len() + shifts + levels,
            _ => joined.saturating_sub(1) + shifts,
        };
        self.words_moved += match array.step {
            Step::Load { .. } if array.is_image().is_some() => 0,
            Step::Load { .. } => 2,
            _ => reads + 1,
        };
    }
}

/// Words that a term joins: rows by doubling, since many of them are made at once.
fn joined(term: &Term) -> usize {
    term.places() + term.rows.next_power_of_two().ilog2() as usize
}

/// What a program does for each word of its inputs.
pub(super) fn cost(program: &Program) -> PlanCost {
    let mut cost = PlanCost::default();
    program.arrays.iter().for_each(|array| cost.add(array));
    cost
}

impl Plan {
    /// The steps, what they cost a pixel, and how an engine runs them on images of a size, height
    /// and width.
    ///
    /// ```
    /// use strel_image::{Border, Engine, Kernel, Plan, StructuringElement};
    ///
    /// let plan = Plan::dilation(&StructuringElement::line(3, 90)?, Border::Neutral);
    /// let engine = Engine::new(Kernel::Portable, 2)?;
    /// assert_eq!(
    ///     plan.describe(&engine, (512, 512)),
    ///     "a0 = input 0, zeros outside\n\
    ///      a1 = any of a0[-1..+1,0]\n\
    ///      output a1\n\
    ///      a word: 2 operations, 0 shifts, 2 words moved\n\
    ///      a pixel: 0.031 operations, 0.000 shifts, 0.031 words moved\n\
    ///      an image of 512x512: kernel portable, 1 of 2 threads"
    /// );
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn describe(&self, engine: &Engine, size: (usize, usize)) -> String {
        let PlanCost { operations, shifts, words_moved } = self.cost();
        let a_pixel = |words: usize| words as f64 / BITS as f64;
        format!(
            "{self}\n\
             a pixel: {:.3} operations, {:.3} shifts, {:.3} words moved\n\
             an image of {}x{}: kernel {}, {} of {} threads",
            a_pixel(operations),
            a_pixel(shifts),
            a_pixel(words_moved),
            size.0,
            size.1,
            engine.kernel(),
            self.threads_for(engine, size),
            engine.threads()
        )
    }
}

impl fmt::Display for Plan {
    /// The steps, an array a line; `a0[+1,-2]` is array 0, one row below and two pixels
    /// left; `a0[-1..+1,0±1]` is the join of 3 x 3 places, by the step's rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, array) in self.program.arrays.iter().enumerate() {
            write!(f, "a{index} = {}", array.step)?;
            writeln!(f, "{}", array.outside.map_or("", outside_name))?;
        }
        for output in &self.program.outputs {
            writeln!(f, "output a{output}")?;
        }
        let PlanCost { operations, shifts, words_moved } = self.cost();
        write!(f, "a word: {operations} operations, {shifts} shifts, {words_moved} words moved")
    }
}

fn outside_name(outside: Outside) -> &'static str {
    match outside {
        Outside::Constant(false) => ", zeros outside",
        Outside::Constant(true) => ", ones outside",
        Outside::Replicate => ", replicated outside",
        Outside::Reflect => ", reflected outside",
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Load { input } => write!(f, "input {input}"),
            Step::Frame { array, .. } => write!(f, "a{array}"),
            Step::Join { rule: Rule::Union, terms } if terms.is_empty() => f.write_str("zeros"),
            Step::Join { rule: Rule::Intersection, terms } if terms.is_empty() => {
                f.write_str("ones")
            }
            Step::Join { rule, terms } => {
                let (of_one, word) = match rule {
                    Rule::Union => ("any of ", " or "),
                    Rule::Intersection => ("all of ", " and "),
                };
                if matches!(terms[..], [term] if term.joins()) {
                    f.write_str(of_one)?;
                }
                list(f, word, terms.iter().map(Term::to_string))
            }
            Step::Gate { addends, at_least, .. } => {
                let addends =
                    addends.iter().map(|(term, level)| format!("{} {term}", 1u64 << level));
                list(f, " + ", addends)?;
                write!(f, " >= {at_least}")
            }
        }
    }
}

fn list(
    f: &mut fmt::Formatter<'_>,
    word: &str,
    items: impl Iterator<Item = String>,
) -> fmt::Result {
    f.write_str(&items.collect::<Vec<_>>().join(word))
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = |offset: isize| if offset == 0 { "0".into() } else { format!("{offset:+}") };
        if self.complement {
            f.write_str("not ")?;
        }
        write!(f, "a{}", self.array)?;
        if !self.is_aligned() {
            let dx = match self.across {
                Across::Once => signed(self.dx),
                Across::Around => format!("±{}", self.dx),
                Across::Run => format!("0±{}", self.dx),
            };
            let first = signed(self.dy);
            match self.rows {
                1 => write!(f, "[{first},{dx}]")?,
                _ => write!(f, "[{first}..{},{dx}]", signed(self.last_row()))?,
            }
        }
        Ok(())
    }
}
