//! Discrete descent on a binarized network.

mod doubt;
mod draft;
mod loss;
mod mirror;
mod moves;
mod search;
mod step;
#[cfg(test)]
mod tests;
mod trace;
mod update;

use std::ops::ControlFlow;

use strel_image::{BitImage, Engine};

pub use loss::Loss;

use crate::plane::common_size;
use crate::{FloatNetwork, Network, NetworkError};
use draft::Draft;
use search::Search;

/// Images to learn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingPair {
    /// One an input channel of the network, all of one size.
    pub inputs: Vec<BitImage>,
    /// What the output channels should be, of the size of the inputs.
    pub targets: Vec<BitImage>,
}

/// How [`polish`] searches.
#[derive(Clone, Debug, PartialEq)]
pub struct PolishOptions {
    /// What is made small: the mean of it over the training pairs.
    pub loss: Loss,
    /// The seed of all randomness.
    pub seed: u64,
    /// Candidate networks that may be evaluated; the search ends after the moves that are
    /// evaluated together by then.
    pub budget: u64,
    /// Pairs on which a candidate must be better before it is tried on twice as many, and so on; at
    /// least 1.
    pub batch: usize,
    /// Candidates that are evaluated before the best of them is taken, at least 1. With 1, each
    /// improvement is taken at once; with more than there are, the descent is steepest.
    pub block: usize,
    /// Rows and columns that a pixel of a structuring element may be away from its origin; pixels
    /// that are further away already may only go. `None` stands for the furthest one of the
    /// network's elements, at least 1.
    pub reach: Option<(usize, usize)>,
    /// Whether the border may become another one, too.
    pub free_border: bool,
    /// Moves are tried in random order; with the float network that the network comes from, those first
    /// of which its weights are in doubt.
    pub doubts: Option<FloatNetwork>,
    /// Kernel and threads; the result does not depend on them.
    pub engine: Engine,
}

impl Default for PolishOptions {
    fn default() -> Self {
        Self {
            loss: Loss::default(),
            seed: 0,
            budget: 50_000,
            batch: 8,
            block: 64,
            reach: None,
            free_border: false,
            doubts: None,
            engine: Engine::default(),
        }
    }
}

/// Where a search is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolishProgress {
    /// Candidates evaluated so far.
    pub evaluations: u64,
    /// Moves accepted so far.
    pub accepted: u64,
    /// The lowest mean loss so far.
    pub loss: f64,
}

/// What a search did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolishReport {
    /// The mean loss of the network as it was given.
    pub before: f64,
    /// The mean loss of the polished network, never above `before`.
    pub after: f64,
    /// Moves accepted.
    pub accepted: u64,
    /// Candidates evaluated.
    pub evaluations: u64,
}

/// A polished network.
#[derive(Clone, Debug, PartialEq)]
pub struct Polished {
    /// The best network that was found.
    pub network: Network,
    /// How.
    pub report: PolishReport,
}

/// Improves the operators of a network directly, by the loss of its outputs on training pairs.
///
/// A move flips a pixel of a structuring element, or moves it, turns a dilation into an erosion by
/// the same support or back, a union into an intersection or back, takes a channel in or out, or
/// complements; or it changes a pixel of an operation and of the opposite one that reads its
/// result, as for an opening by another element, or translates the two against each other; or it
/// complements what is between two layers, which changes what they read outside of the image, where
/// that is a constant. A move is accepted if the mean loss over all pairs gets less. Where no move
/// helps, a neuron and the channel that it reads are changed by a few random moves, or replaced by a
/// mirror image of another neuron and its channel; a descent among their moves follows, and what is
/// no better is dropped (iterated local search; Lourenço, Martin & Stützle, "Iterated Local Search",
/// 2003).
///
/// Constants are operators without pixels, and get some. Gates, unions of erosions and intersections
/// of dilations stay as they are. Operators of the result stand for themselves: those that moved are
/// marked [`Exactness::Activated`](crate::Exactness), and [`Network::to_float`] is a float network
/// that they are proved equal to. Whoever has validation pairs scores the result on them.
///
/// `observer` hears after each block of candidates, and may end the search, which then returns the
/// best network so far.
///
/// # Errors
/// [`NetworkError::NotBisel`] for a network with other layers; [`NetworkError::NoPair`];
/// [`NetworkError::Pair`] for a pair of another number of images than the network has channels, or
/// of several sizes.
///
/// # Cost
/// Memory for the results of all neurons for all pairs, a bit a pixel. Time for a candidate: only
/// what a move changes, on `batch` pairs for most of them.
///
/// ```
/// use std::ops::ControlFlow;
/// use strel_image::{BitImage, Border, StructuringElement, dilate};
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
/// use strel_network::{PolishOptions, TrainingPair, polish};
///
/// let wanted: StructuringElement = "
///     .#.
///     .O#
///     ...
/// ".parse()?;
/// let image: BitImage = "
///     #.....
///     ...#..
///     ......
///     .#....
/// ".parse()?;
/// let targets = vec![dilate(&image, &wanted, Border::Replicate)];
/// let pairs = [TrainingPair { inputs: vec![image], targets }];
///
/// let start = MorphologicalNeuron::activated(Operator::Dilation("O".parse()?));
/// let network = Network::new(Border::Replicate, vec![Layer::Bisel(Bisel::one_to_one(start))])?;
/// let options = PolishOptions { budget: 500, ..PolishOptions::default() };
/// let polished = polish(&network, &pairs, &options, |_| ControlFlow::Continue(()))?;
/// assert_eq!(polished.report.after, 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn polish(
    network: &Network,
    pairs: &[TrainingPair],
    options: &PolishOptions,
    observer: impl FnMut(&PolishProgress) -> ControlFlow<()>,
) -> Result<Polished, NetworkError> {
    let draft = Draft::new(network)?;
    check(network, pairs)?;
    let mut search = Search::new(&draft, pairs, options, observer);
    let (before, best) = search.run(draft);
    let mean = |sum: f64| sum / pairs.len() as f64;
    let report = PolishReport {
        before: mean(before),
        after: mean(best.loss()),
        accepted: search.accepted,
        evaluations: search.evaluations,
    };
    Ok(Polished { network: best.draft.network()?, report })
}

fn check(network: &Network, pairs: &[TrainingPair]) -> Result<(), NetworkError> {
    if pairs.is_empty() {
        return Err(NetworkError::NoPair);
    }
    for (index, TrainingPair { inputs, targets }) in pairs.iter().enumerate() {
        let wrong = |problem| NetworkError::Pair { pair: index + 1, problem };
        let size = common_size(network.inputs(), inputs.iter().map(BitImage::size))
            .map_err(|error| wrong(error.to_string()))?;
        let (expected, found) = (network.outputs(), targets.len());
        if found != expected {
            return Err(wrong(format!("{found} targets, expected {expected}: one a channel")));
        }
        if let Some((height, width)) = targets.iter().map(BitImage::size).find(|t| *t != size) {
            return Err(wrong(format!(
                "a target is {height}x{width}, expected {}x{} as the inputs",
                size.0, size.1
            )));
        }
    }
    Ok(())
}
