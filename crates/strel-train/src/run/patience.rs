//! Early stopping: a run ends where its validation score has not grown for some lines of its log.

use super::Metric;

/// The best line of a log, and how many have followed it.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    /// Lines that may follow the best one; 0 waits for ever, and keeps nothing.
    lines: u64,
    best: Option<(u64, f64)>,
    since: u64,
}

impl Patience {
    /// For a log with these lines.
    pub fn new(lines: u64, log: &[Metric]) -> Self {
        let mut patience = Patience { lines, ..Patience::default() };
        log.iter().for_each(|metric| {
            patience.judge(metric);
        });
        patience
    }

    /// Reads one more line; true where its network is the one to keep: the first of the best.
    pub fn judge(&mut self, metric: &Metric) -> bool {
        if self.lines == 0 {
            return false;
        }
        self.since += 1;
        let better = self.best.is_none_or(|(_, score)| metric.score.value() > score);
        if better {
            (self.best, self.since) = (Some((metric.step, metric.score.value())), 0);
        }
        better
    }

    /// Whether to stop.
    pub fn is_over(&self) -> bool {
        self.lines > 0 && self.since >= self.lines
    }

    /// The step whose network is to be kept; none where the last one is.
    pub fn kept_step(&self) -> Option<u64> {
        self.best.map(|(step, _)| step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Score;

    fn log(scores: &[f64]) -> Vec<Metric> {
        let metric = |(step, &dice)| {
            let score = Score::Dice(dice);
            Metric { step, loss: 1.0, score, settled: 0, neurons: 1, seconds: 1.0 }
        };
        (1..).zip(scores).map(metric).collect()
    }

    #[test]
    fn the_first_of_the_best_is_kept_and_lines_after_it_are_counted() {
        let scores = [0.1, 0.5, 0.4, 0.5, 0.6, 0.2, 0.6];
        let states = (0..=7).map(|n| {
            let patience = Patience::new(2, &log(&scores[..n]));
            (patience.kept_step(), patience.is_over())
        });
        let kept = [None, Some(1), Some(2), Some(2), Some(2), Some(5), Some(5), Some(5)];
        let over = [false, false, false, false, true, false, false, true];
        assert_eq!(states.collect::<Vec<_>>(), kept.into_iter().zip(over).collect::<Vec<_>>());
    }

    #[test]
    fn without_patience_nothing_is_kept_and_nothing_stops() {
        let patience = Patience::new(0, &log(&[0.5; 9]));
        assert_eq!((patience.kept_step(), patience.is_over()), (None, false));
    }
}
