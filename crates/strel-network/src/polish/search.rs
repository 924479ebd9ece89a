//! The descent.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use strel_image::Engine;

use super::draft::Draft;
use super::moves::{self, Move};
use super::trace::Trace;
use super::{PolishOptions, Progress, TrainingPair};
use crate::random::Random;

pub(super) struct Search<'a, O> {
    pairs: &'a [TrainingPair],
    options: &'a PolishOptions,
    alone: Engine,
    random: Random,
    observer: O,
    pub evaluations: u64,
    pub accepted: u64,
    stopped: bool,
}

impl<'a, O: FnMut(&Progress) -> ControlFlow<()>> Search<'a, O> {
    pub fn new(pairs: &'a [TrainingPair], options: &'a PolishOptions, observer: O) -> Self {
        let alone = Engine::new(options.engine.kernel(), 1).expect("the engine's own kernel");
        let random = Random::new(options.seed);
        Self { pairs, options, alone, random, observer, evaluations: 0, accepted: 0, stopped: false }
    }

    pub fn trace(&self, draft: Draft) -> Trace<'a> {
        Trace::new(draft, self.pairs, self.options.loss, &self.options.engine)
    }

    /// The best network that the budget finds.
    pub fn run(&mut self, start: Draft) -> Trace<'a> {
        let mut best = self.trace(start);
        best = self.descend(best, f64::INFINITY);
        while !self.is_over() {
            let kicked = moves::kick(&best.draft, self.options.reach, &mut self.random);
            let from = self.trace(kicked);
            let limit = best.loss();
            let found = self.descend(from, limit);
            if found.loss() <= limit {
                best = found;
            }
        }
        best
    }

    fn is_over(&self) -> bool {
        self.stopped || self.evaluations >= self.options.budget
    }

    fn descend(&mut self, mut trace: Trace<'a>, best: f64) -> Trace<'a> {
        let mut tier = 0;
        let mut batch = self.options.batch.clamp(1, self.pairs.len());
        while !self.is_over() {
            let mut moves = match tier {
                0 => moves::single(&trace.draft, self.options.reach),
                _ => moves::double(&trace.draft, self.options.reach),
            };
            self.random.shuffle(&mut moves);
            let before = trace.loss();
            for block in moves.chunks(self.options.block) {
                if self.is_over() {
                    break;
                }
                trace = self.improve(trace, block, batch, best);
            }
            if trace.loss() < before {
                tier = 0;
            } else if tier == 0 {
                tier = 1;
            } else if trace.loss() >= best {
                break;
            } else if batch < self.pairs.len() {
                (tier, batch) = (0, (4 * batch).min(self.pairs.len()));
            } else {
                break;
            }
        }
        trace
    }

    fn improve(&mut self, trace: Trace<'a>, moves: &[Move], batch: usize, best: f64) -> Trace<'a> {
        let mut order: Vec<usize> = (0..self.pairs.len()).collect();
        self.random.shuffle(&mut order);
        let found = self.losses(&trace, moves, &order, batch);
        let Some((index, loss)) = found.into_iter().min_by(|left, right| left.1.total_cmp(&right.1)) else { return trace };
        let changed = moves[index].apply(&trace.draft).expect("it was evaluated");
        self.accepted += 1;
        let progress = Progress { evaluations: self.evaluations, accepted: self.accepted, loss: loss.min(best) / self.pairs.len() as f64 };
        self.stopped = (self.observer)(&progress).is_break();
        self.trace(changed)
    }

    /// The moves with a loss below the limit.
    fn losses(&mut self, trace: &Trace, moves: &[Move], order: &[usize], batch: usize) -> Vec<(usize, f64)> {
        self.evaluations += moves.len() as u64;
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Vec::new());
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(step) = moves.get(index) else { break };
                let loss = step.apply(&trace.draft).and_then(|changed| trace.better_loss(&changed, order, batch, &self.alone));
                if let Some(loss) = loss {
                    found.lock().expect("no thread panics").push((index, loss));
                }
            }
        };
        thread::scope(|scope| {
            for _ in 1..self.options.engine.threads() {
                scope.spawn(work);
            }
            work();
        });
        let mut found = found.into_inner().expect("no thread panics");
        found.sort_by_key(|(index, _)| *index);
        found
    }
}
