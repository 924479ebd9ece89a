//! Scores from integer sums, with what rounding can have changed.

use super::exact::Weights;
use crate::kernel::Kernel;

/// How the integer sums of the classes give scores: `scale * sum + offset`, which is within `bound`
/// of the float score for every input.
#[derive(Clone, Debug, Default)]
pub(super) struct Rounding {
    classes: Vec<Rounded>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Rounded {
    pub scale: f64,
    pub offset: f64,
    pub bound: f64,
}

/// The class that a sample belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub class: usize,
    /// Whether rounding left it open, so that it was found with float scores.
    pub scored_again: bool,
}

impl Rounding {
    /// Adds a class; `bound` is that of real numbers, and the error of floats is added here.
    pub(super) fn push(&mut self, weights: &Weights, rounded: Rounded) {
        let float = weights.float_error(self.classes.len());
        let bound = rounded.bound * (1.0 + f64::from(f32::EPSILON)) + float;
        self.classes.push(Rounded { bound, ..rounded });
    }

    pub(super) fn bound(&self, class: usize) -> f64 {
        self.classes[class].bound
    }

    /// The first class of the largest float score. `scores` comes with the integer sums.
    ///
    /// A class can only be the one if its score could reach the largest of what all classes surely
    /// reach; where several can, their float scores decide.
    pub(super) fn settle(
        &self,
        kernel: Kernel,
        weights: &Weights,
        scores: &mut [f64],
        sample: &[u64],
    ) -> Verdict {
        let mut surely = f64::NEG_INFINITY;
        for (score, class) in scores.iter_mut().zip(&self.classes) {
            *score = class.scale * *score + class.offset;
            surely = surely.max(*score - class.bound);
        }
        let possible = || {
            let classes = scores.iter().zip(&self.classes).enumerate();
            classes.filter(|&(_, (score, class))| score + class.bound >= surely)
        };
        let mut candidates = possible().map(|(class, _)| class);
        match (candidates.next(), candidates.next()) {
            (Some(class), None) => Verdict { class, scored_again: false },
            _ => {
                let class = first_best(
                    possible().map(|(class, _)| (class, weights.score(kernel, class, sample))),
                );
                Verdict { class, scored_again: true }
            }
        }
    }
}

/// The first of the classes with the largest score.
pub(super) fn first_best(scores: impl Iterator<Item = (usize, f64)>) -> usize {
    let best = scores.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(0, |(class, _)| class)
}
