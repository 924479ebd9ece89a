//! What a sweep found.

use serde::Serialize;

use super::{Outcome, Scores, Trial};

/// The best of the trials, and how far the others are apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepSummary {
    /// Trials with scores.
    pub trials: usize,
    /// Trials that failed.
    pub failed: usize,
    /// The trial with the best validation score, the first of equal ones; none if all failed.
    pub best: Option<Trial>,
    /// The validation scores of all.
    pub validation: Option<Spread>,
    /// The test scores of the float networks of all.
    pub float: Option<Spread>,
    /// The test scores of the binarized networks of all.
    pub binarized: Option<Spread>,
}

/// The range of some scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The lowest.
    pub lowest: f64,
    /// The middle one, or the mean of the two in the middle.
    pub median: f64,
    /// The highest.
    pub highest: f64,
}

impl SweepSummary {
    /// Sums up the trials of a journal, whose order does not count.
    pub fn new(trials: &[Trial]) -> Self {
        let mut scored: Vec<(&Trial, &Scores)> = Vec::new();
        for trial in trials {
            if let Outcome::Scores(scores) = &trial.outcome {
                scored.push((trial, scores));
            }
        }
        scored.sort_by_key(|(trial, _)| trial.trial);
        let spread = |of: fn(&Scores) -> f64| {
            Spread::of(scored.iter().map(|(_, scores)| of(scores)).collect())
        };
        let better = |a: &Scores, b: &Scores| a.validation > b.validation;
        let best = scored.iter().copied().reduce(
            |best, next| {
                if better(next.1, best.1) { next } else { best }
            },
        );
        SweepSummary {
            trials: scored.len(),
            failed: trials.len() - scored.len(),
            best: best.map(|(trial, _)| trial.clone()),
            validation: spread(|scores| scores.validation),
            float: spread(|scores| scores.float),
            binarized: spread(|scores| scores.binarized),
        }
    }
}

impl Spread {
    /// The range of some scores; none of no scores.
    pub fn of(mut scores: Vec<f64>) -> Option<Self> {
        scores.sort_by(f64::total_cmp);
        let (lowest, highest) = (*scores.first()?, *scores.last()?);
        let (low, high) = (scores[(scores.len() - 1) / 2], scores[scores.len() / 2]);
        Some(Spread { lowest, median: (low + high) / 2.0, highest })
    }
}
