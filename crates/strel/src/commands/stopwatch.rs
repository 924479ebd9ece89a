//! Repeated timings of short pieces of work.

use std::time::{Duration, Instant};

/// How long to time.
pub struct Effort {
    /// The least time of a sample.
    pub sample: Duration,
    /// Samples of each piece of work.
    pub rounds: usize,
}

impl Effort {
    /// For medians to publish.
    pub const FULL: Self = Effort { sample: Duration::from_millis(4), rounds: 25 };

    /// To see that it runs.
    pub const QUICK: Self = Effort { sample: Duration::from_micros(100), rounds: 3 };
}

/// A piece of work, and how long it took, a sample at a time.
pub struct Stopwatch {
    work: Box<dyn FnMut()>,
    /// Pieces of work that are done at a time.
    pieces: u32,
    /// How often they are done in a sample.
    repeats: u32,
    /// Seconds of one piece of work, a number a sample.
    samples: Vec<f64>,
}

impl Stopwatch {
    /// Does the work until `sample` has passed, so that caches are warm, and fixes how often it is
    /// done in a sample.
    pub fn new(sample: Duration, work: Box<dyn FnMut()>) -> Self {
        Self::of_pieces(1, sample, work)
    }

    /// The same of work that is so many pieces at a time.
    pub fn of_pieces(pieces: u32, sample: Duration, mut work: Box<dyn FnMut()>) -> Self {
        let (start, mut repeats) = (Instant::now(), 0);
        while repeats == 0 || start.elapsed() < sample {
            work();
            repeats += 1;
        }
        Stopwatch { work, pieces, repeats, samples: Vec::new() }
    }

    /// Takes one more sample and returns its seconds for one piece of work, after work that is not
    /// counted: other work may have had the caches since the last sample.
    pub fn sample(&mut self) -> f64 {
        (self.work)();
        let start = Instant::now();
        (0..self.repeats).for_each(|_| (self.work)());
        let seconds = start.elapsed().as_secs_f64() / f64::from(self.pieces * self.repeats);
        self.samples.push(seconds);
        seconds
    }

    /// The least of the samples.
    pub fn least(&self) -> f64 {
        self.samples.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The median of the samples.
    pub fn median(&self) -> f64 {
        let mut samples = self.samples.clone();
        samples.sort_by(f64::total_cmp);
        samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
    }
}
