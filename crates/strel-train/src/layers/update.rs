//! The update of parameters in a step of training: Adam and the regularizer.

use crate::kernels::AdamStep;
use crate::regularizer::Distance;

/// How the parameters of a step move, beside their gradients.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// The step of the optimizer.
    pub step: AdamStep,
    /// R, and what it is multiplied by, if it counts at this step.
    pub regularizer: Option<(Distance, f64)>,
    /// The sum of R over all neurons that were moved, times its coefficient.
    pub penalty: f64,
}

impl Update {
    /// A step without a regularizer.
    pub fn new(step: AdamStep) -> Self {
        Update { step, regularizer: None, penalty: 0.0 }
    }
}
