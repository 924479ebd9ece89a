//! Descent, and descent again from elsewhere.

use std::ops::ControlFlow;

use strel_image::Engine;

use super::doubt::Doubts;
use super::draft::{At, Draft};
use super::moves::{Move, Neighbourhood, kick};
use super::step::Offset;
use super::trace::Trace;
use super::{PolishOptions, PolishProgress, TrainingPair};
use crate::random::Random;

/// By how much a batch of pairs grows where no move is accepted.
const GROWTH: usize = 4;

pub(super) struct Search<'a, O> {
    pairs: &'a [TrainingPair],
    options: &'a PolishOptions,
    reach: Offset,
    doubts: Option<Doubts>,
    /// The engine of a thread that evaluates a candidate.
    alone: Engine,
    random: Random,
    observer: O,
    pub evaluations: u64,
    pub accepted: u64,
    stopped: bool,
}

impl<'a, O: FnMut(&PolishProgress) -> ControlFlow<()>> Search<'a, O> {
    pub fn new(
        start: &Draft,
        pairs: &'a [TrainingPair],
        options: &'a PolishOptions,
        observer: O,
    ) -> Self {
        let (rows, cols) = options.reach.unwrap_or_else(|| furthest(start));
        Self {
            pairs,
            options,
            reach: (rows.try_into().unwrap_or(isize::MAX), cols.try_into().unwrap_or(isize::MAX)),
            doubts: options.doubts.as_ref().map(Doubts::new),
            alone: Engine::new(options.engine.kernel(), 1).expect("the kernel of an engine"),
            random: Random::new(options.seed),
            observer,
            evaluations: 0,
            accepted: 0,
            stopped: false,
        }
    }

    /// The loss of the network at the start, and the best network found.
    pub fn run(&mut self, start: Draft) -> (f64, Trace<'a>) {
        let start = self.trace(start);
        let before = start.loss();
        let mut best = self.descend(start, f64::INFINITY, None);
        if self.options.free_border {
            best = self.at_other_borders(best);
        }
        while !self.is_over() && best.loss() > 0.0 {
            // The kicked network is evaluated, too: the search ends even where nothing moves.
            self.evaluations += 1;
            let (kicked, focus) = kick(&best.draft, self.reach, &mut self.random);
            let mut found = self.descend(self.trace(kicked), best.loss(), Some(&focus));
            if found.loss() < best.loss() {
                found = self.descend(found, best.loss(), None);
            }
            // One that is as good leads elsewhere.
            if found.loss() <= best.loss() {
                best = found;
            }
        }
        (before, best)
    }

    /// The best of a network and of where descents lead from it with other borders: what a border is
    /// worth shows only when the operators have got used to it.
    fn at_other_borders(&mut self, mut best: Trace<'a>) -> Trace<'a> {
        for chosen in Neighbourhood::new(&best.draft, self.reach, None).edges(true) {
            if self.is_over() || best.loss() == 0.0 {
                break;
            }
            self.evaluations += 1;
            if let Some(changed) = chosen.apply(&best.draft) {
                let found = self.descend(self.trace(changed), best.loss(), None);
                if found.loss() < best.loss() {
                    best = found;
                }
            }
        }
        best
    }

    fn trace(&self, draft: Draft) -> Trace<'a> {
        Trace::new(draft, self.pairs, self.options.loss, &self.options.engine)
    }

    fn is_over(&self) -> bool {
        self.stopped || self.evaluations >= self.options.budget
    }

    /// Takes what lowers the loss until nothing does: moves of one step, where none of those helps
    /// moves of two, then all of them tried on larger batches of pairs, unless the loss is above
    /// `best` even so (variable neighbourhood descent; Mladenovic & Hansen, "Variable neighborhood
    /// search", 1997).
    fn descend(&mut self, mut trace: Trace<'a>, best: f64, focus: Option<&[At]>) -> Trace<'a> {
        let (mut doubles, mut batch) = (false, self.options.batch.max(1));
        while !self.is_over() {
            let neighbours = Neighbourhood::new(&trace.draft, self.reach, focus);
            let mut moves = if doubles {
                let edges = match focus {
                    None => neighbours.edges(self.options.free_border),
                    Some(_) => Vec::new(),
                };
                [neighbours.double(), neighbours.translations(), edges].concat()
            } else {
                neighbours.single()
            };
            self.random.shuffle(&mut moves);
            if let Some(doubts) = &self.doubts {
                doubts.sort(&mut moves);
            }
            let before = trace.loss();
            for block in moves.chunks(self.options.block.max(1)) {
                if !self.is_over() {
                    trace = self.improve(trace, block, batch, best);
                }
            }
            if trace.loss() < before {
                doubles = false;
            } else if !doubles {
                doubles = true;
            } else if trace.loss() < best && batch < self.pairs.len() {
                (doubles, batch) = (false, batch.saturating_mul(GROWTH));
            } else {
                break;
            }
        }
        trace
    }

    /// Takes the best of some moves, if one lowers the loss.
    fn improve(&mut self, trace: Trace<'a>, moves: &[Move], batch: usize, best: f64) -> Trace<'a> {
        let mut order: Vec<usize> = (0..self.pairs.len()).collect();
        self.random.shuffle(&mut order);
        self.evaluations += moves.len() as u64;
        let found = self.options.engine.map(moves, |chosen| {
            let changed = chosen.apply(&trace.draft)?;
            let loss = trace.lower_loss(&changed, &order, batch, &self.alone)?;
            Some((loss, changed))
        });
        let lowest = found.into_iter().flatten().min_by(|left, right| left.0.total_cmp(&right.0));
        let trace = match lowest {
            Some((_, changed)) => {
                self.accepted += 1;
                self.trace(changed)
            }
            None => trace,
        };
        let loss = trace.loss().min(best) / self.pairs.len() as f64;
        let (evaluations, accepted) = (self.evaluations, self.accepted);
        self.stopped = (self.observer)(&PolishProgress { evaluations, accepted, loss }).is_break();
        trace
    }
}

/// Rows and columns from its origin to the furthest pixel of a network's elements, 1 at least.
fn furthest(draft: &Draft) -> (usize, usize) {
    let channels = draft.layers.iter().flat_map(|layer| &layer.outputs);
    let operators = channels.flat_map(|channel| &channel.neurons).map(|neuron| &neuron.operator);
    let offsets = operators.flat_map(|o| o.elements()).flat_map(|element| element.offsets());
    offsets.fold((1, 1), |(rows, cols), (dy, dx)| {
        (rows.max(dy.unsigned_abs()), cols.max(dx.unsigned_abs()))
    })
}
