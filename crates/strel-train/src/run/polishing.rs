//! Polishing at the end of a run.

use std::ops::ControlFlow;
use std::time::Instant;

use serde::Serialize;
use strel_network::{FloatNetwork, Network, Polished};

use super::{Observer, TEST_PAIRS};
use crate::data::Split;
use crate::forward::apply_float;
use crate::score::mean_dice;
use crate::{TrainError, Trainer};

/// What polishing did. Scores are those of the test pairs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Polishing {
    /// Mean DICE of the float network that training ended with.
    pub dice_trained: f64,
    /// Mean DICE of the binarized network before.
    pub dice_before: f64,
    /// Moves that were accepted.
    pub accepted: u64,
    /// Candidates that were evaluated.
    pub evaluations: u64,
    /// Seconds that it took.
    pub seconds: f64,
}

/// The polished network; none where the observer wanted to stop before.
pub fn polish(
    trainer: &Trainer,
    float: &FloatNetwork,
    network: &Network,
    observer: &mut dyn Observer,
) -> Result<Option<(Network, Polishing)>, TrainError> {
    let (start, mut stopped) = (Instant::now(), false);
    let Polished { network: polished, report } = trainer.polish(network, |progress| {
        observer.polished(progress);
        stopped = observer.wants_stop();
        if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if stopped {
        return Ok(None);
    }
    let seconds = start.elapsed().as_secs_f64();
    let (test, mask) =
        (trainer.held_out(Split::Test, TEST_PAIRS)?, trainer.config().training.border_mask);
    let plan = network.plan();
    let plan = plan.one_to_one()?;
    let polishing = Polishing {
        dice_trained: mean_dice(&test, mask, |input| apply_float(float, input)),
        dice_before: mean_dice(&test, mask, |input| plan.apply(input)),
        accepted: report.accepted,
        evaluations: report.evaluations,
        seconds,
    };
    Ok(Some((polished, polishing)))
}
