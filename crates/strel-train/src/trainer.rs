//! The training loop.

use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatNetwork, NetworkError};

use crate::TrainError;
use crate::config::{Config, TrainingConfig};
use crate::data::{Pair, Source, Split};
use crate::forward::{apply_float, row_values};
use crate::layers::BiMoNN;
use crate::projection::project;
use crate::schedule::Schedule;
use crate::score::mean_dice;
use crate::settle::{Judges, settle_next};

/// A network in training: the model, the optimizer and the step they have reached.
pub struct Trainer {
    config: Config,
    source: Source,
    device: Device,
    pub(crate) model: BiMoNN,
    pub(crate) optimizer: ModuleOptimizer,
    pub(crate) step: u64,
}

/// Pairs as tensors `[pairs, 1, height, width]`.
pub struct Batch {
    x: Tensor<4>,
    t: Tensor<4>,
}

impl Trainer {
    /// An untrained network, and its data.
    ///
    /// # Errors
    /// The data cannot be read or does not fit the configuration.
    pub fn new(config: Config) -> Result<Self, TrainError> {
        let source = config.data.open()?;
        check_mask(&config, &source)?;
        let device = Device::flex().autodiff();
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let network = &config.network;
        let mut model = BiMoNN::new(
            &network.channels,
            network.kernel,
            network.border,
            &config.start(),
            &mut rng,
            &device,
        );
        if network.carry {
            model.carry_input();
        }
        Ok(Trainer { config, source, device, model, optimizer: adam(), step: 0 })
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Steps done.
    pub fn step_count(&self) -> u64 {
        self.step
    }

    /// Whether all steps are done.
    pub fn is_finished(&self) -> bool {
        self.step >= self.config.training.steps
    }

    /// Does one step and returns its loss.
    ///
    /// # Errors
    /// The loss is NaN or infinite; the parameters stay as they were.
    pub fn advance(&mut self) -> Result<f32, TrainError> {
        self.settle_if_due()?;
        self.learn(&self.batch(&self.next_pairs()?))
    }

    /// The pairs that the next step learns from.
    ///
    /// # Errors
    /// A pair cannot be read.
    pub fn next_pairs(&self) -> Result<Vec<Pair>, TrainError> {
        let batch = self.config.training.batch;
        self.pairs(Split::Train, self.step * batch as u64, batch)
    }

    /// Pairs as tensors.
    ///
    /// # Panics
    /// There is no pair, or they differ in size.
    pub fn batch(&self, pairs: &[Pair]) -> Batch {
        Batch {
            x: self.tensor(pairs, |pair| &pair.input),
            t: self.tensor(pairs, |pair| &pair.target),
        }
    }

    /// Does one step of the optimizer on a batch and returns its loss; no neuron settles.
    ///
    /// # Errors
    /// The loss is NaN or infinite; the parameters stay as they were.
    pub fn learn(&mut self, batch: &Batch) -> Result<f32, TrainError> {
        let loss = self.loss(batch);
        let value: f32 = loss.clone().into_scalar();
        if !value.is_finite() {
            return Err(TrainError::Diverged { step: self.step, loss: value });
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        let before = self.model.clone();
        let training = &self.config.training;
        let Schedule { sharpening, .. } = training.schedule;
        let rate =
            training.schedule.learning_rate(training.learning_rate, self.step, training.steps);
        self.model = self.optimizer.step(rate, before.clone(), gradients);
        self.step += 1;
        if sharpening != 1.0 {
            self.model.sharpen(training.schedule.growth(training.steps));
        }
        if training.project_every > 0 && self.step.is_multiple_of(training.project_every) {
            project(&mut self.model);
        }
        self.model.hold_settled(&before);
        Ok(value)
    }

    fn loss(&self, batch: &Batch) -> Tensor<1> {
        let TrainingConfig { loss, border_mask: mask, regularizer, .. } = &self.config.training;
        let y = self.model.forward(batch.x.clone());
        let data_loss = loss.tensor(mask.tensor(y), mask.tensor(batch.t.clone()));
        match regularizer.term(&self.model, self.step) {
            Some(term) => data_loss + term,
            None => data_loss,
        }
    }

    /// The network as it is now.
    ///
    /// # Errors
    /// A parameter is NaN or infinite; the error names its neuron.
    pub fn network(&self) -> Result<FloatNetwork, NetworkError> {
        self.model.to_float()
    }

    /// Neurons that have become operators, and all neurons.
    pub fn settled(&self) -> (usize, usize) {
        self.model.settled()
    }

    /// Pairs of a split that is no training data.
    ///
    /// # Errors
    /// An image file cannot be read any more.
    pub fn held_out(&self, split: Split, count: usize) -> Result<Vec<Pair>, TrainError> {
        self.pairs(split, 0, count)
    }

    /// Pairs `from` to `from + count` of a split.
    pub(crate) fn pairs(
        &self,
        split: Split,
        from: u64,
        count: usize,
    ) -> Result<Vec<Pair>, TrainError> {
        self.source.pairs(self.config.seed, split, from, count)
    }

    /// The mean DICE score of the network as it is on the validation pairs.
    ///
    /// # Errors
    /// Those of [`network`](Self::network) and [`held_out`](Self::held_out).
    pub fn validate(&self) -> Result<f64, TrainError> {
        let network = self.network()?;
        let TrainingConfig { validation, border_mask: mask, .. } = self.config.training;
        let pairs = self.held_out(Split::Validation, validation)?;
        Ok(mean_dice(&pairs, mask, |input| apply_float(&network, input)))
    }

    /// Neurons settle at even distances over the steps after the free ones, the last with a
    /// distance to go.
    fn settle_if_due(&mut self) -> Result<(), TrainError> {
        let training = &self.config.training;
        let free = (training.steps as f64 * training.free).round() as u64;
        let (done, all) = self.settled();
        let due = (training.steps.saturating_sub(free) * done as u64) / (all as u64 + 1) + free;
        if self.step < due || done == all || training.free >= 1.0 {
            return Ok(());
        }
        let pairs = self.pairs(Split::Train, JUDGES, training.judges)?;
        let (input, target) =
            (values(&pairs, |pair| &pair.input), values(&pairs, |pair| &pair.target));
        let (size, mask) = (pairs[0].input.size(), training.border_mask);
        let target = mask.values(&target, size);
        let loss =
            |output: &[f32]| training.loss.value(&mask.values(output, size), &target, pairs.len());
        let judges = Judges { input: &input, batch: pairs.len(), size, loss: &loss };
        settle_next(&mut self.model, &judges);
        Ok(())
    }

    fn tensor(&self, pairs: &[Pair], image: fn(&Pair) -> &strel_image::BitImage) -> Tensor<4> {
        let (height, width) = image(&pairs[0]).size();
        let shape = [pairs.len(), 1, height, width];
        Tensor::from_data(TensorData::new(values(pairs, image), shape), &self.device)
    }
}

/// Adam with the epsilon of its paper; Burn's default is a thousand times larger.
pub(crate) fn adam() -> ModuleOptimizer {
    AdamConfig::new().with_epsilon(1e-8).init()
}

/// The first training pair that judges candidates: beyond those that any run trains on.
const JUDGES: u64 = 1 << 48;

/// The pixels of all images, as 0.0 and 1.0.
fn values(pairs: &[Pair], image: fn(&Pair) -> &strel_image::BitImage) -> Vec<f32> {
    let rows = |pair| {
        let image = image(pair);
        (0..image.height()).flat_map(move |row| row_values(image, row))
    };
    pairs.iter().flat_map(rows).collect()
}

fn check_mask(config: &Config, source: &Source) -> Result<(), TrainError> {
    let pair = source.pairs(config.seed, Split::Train, 0, 1)?.remove(0);
    let (mask, size) = (config.training.border_mask, pair.input.size());
    if mask.leaves_some(size) {
        return Ok(());
    }
    Err(TrainError::Data(format!(
        "`border-mask` is {} pixels: it leaves nothing of images of {} x {}",
        mask.0, size.0, size.1
    )))
}
