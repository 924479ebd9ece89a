//! One training, and what became of it.

use std::ops::ControlFlow;

use strel::image::{BitImage, Engine};
use strel::network::{FloatNetwork, Network, Polished, Verdict, binarize};
use strel::theory::{ConstantRule, Method};
use strel::train::data::Pair;
use strel::train::score::dice;
use strel::train::{Config, TrainError, Trainer};

use crate::error::CliError;

/// The networks of a training.
pub struct Attempt {
    /// What training ended with.
    pub float: FloatNetwork,
    /// Its operators.
    pub binarized: Network,
    /// What polishing made of them.
    pub polished: Polished,
}

impl Attempt {
    /// Trains, binarizes and polishes.
    pub fn new(config: Config) -> Result<Self, TrainError> {
        let mut trainer = Trainer::new(config)?;
        while !trainer.is_finished() {
            trainer.advance()?;
        }
        let float = trainer.network()?;
        let binarized = binarize(&float, Method::Constant(ConstantRule::Exact))?;
        let polished = trainer.polish(&binarized, |_| ControlFlow::Continue(()))?;
        Ok(Attempt { float, binarized, polished })
    }

    /// The float network of the polished operators.
    pub fn polished_float(&self) -> Result<FloatNetwork, CliError> {
        Ok(self.polished.network.to_float(self.float.threshold())?)
    }
}

/// A verdict, in a table.
pub fn told(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "PROVED",
        Verdict::ProvedHard => "PROVED-HARD",
        Verdict::Refuted | Verdict::Open => "**open**",
    }
}

/// The mean DICE of what an operator makes of the inputs, several at a time.
pub fn mean_dice(pairs: &[Pair], operator: impl Fn(&BitImage) -> BitImage + Sync) -> f64 {
    let one = |pair: &Pair| dice(&operator(&pair.input), &pair.target);
    Engine::default().map(pairs, one).iter().sum::<f64>() / pairs.len() as f64
}

/// The mean DICE of a network.
pub fn network_dice(network: &Network, pairs: &[Pair]) -> Result<f64, CliError> {
    let plan = network.plan();
    let plan = plan.one_to_one()?;
    Ok(mean_dice(pairs, |input| plan.apply(input)))
}
