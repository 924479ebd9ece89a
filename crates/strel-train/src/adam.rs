//! The optimizer.

use burn::optim::{
    Adam as BurnAdam, AdamConfig, AdamState, AdaptiveMomentumState, LearningRate, ModuleOptimizer,
    Optimizer,
};
use burn::tensor::{Device, Tensor};

use crate::kernels::AdamStep;
use crate::ops;

/// Adam (Kingma & Ba 2015) with the epsilon of its paper; Burn's default is a thousand times larger.
///
/// On the CPU a step is one pass over the parameters, with the bits of Burn's; elsewhere it is Burn's.
/// States are Burn's, too.
#[derive(Clone)]
pub struct Adam {
    portable: BurnAdam,
}

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

impl Default for Adam {
    fn default() -> Self {
        let config = AdamConfig::new().with_beta_1(BETA_1).with_beta_2(BETA_2);
        Adam { portable: config.with_epsilon(EPSILON).build() }
    }
}

impl Adam {
    /// An optimizer of whole networks.
    pub fn of_modules() -> ModuleOptimizer {
        ModuleOptimizer::from(Adam::default())
    }
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        parameters: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        if !ops::are_fused(&parameters.device()) {
            return self.portable.step(rate, parameters, gradient, state);
        }
        let AdaptiveMomentumState { time, moment_1, moment_2, .. } = match state {
            Some(state) => state.momentum,
            None => {
                let zeros = || Tensor::zeros(parameters.dims(), &parameters.device());
                AdaptiveMomentumState::new(0, zeros(), zeros())
            }
        };
        let step = AdamStep::new(time + 1, rate, (BETA_1, BETA_2), EPSILON);
        let [parameters, moment_1, moment_2] =
            ops::adam(step, parameters, gradient, [moment_1, moment_2]);
        let momentum = AdaptiveMomentumState::new(time + 1, moment_1, moment_2);
        (parameters, Some(AdamState::new(momentum)))
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        BurnAdam::to_device(state, device)
    }
}
