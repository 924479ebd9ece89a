//! The training loop.

mod untrained;

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use strel_network::FloatNetwork;

use crate::TrainError;
use crate::adam::Adam;
use crate::classify::{self, Accuracy};
use crate::config::{Config, TrainingConfig};
use crate::data::{Classes, Data, Draw, Pair, Sample, Split};
use crate::forward::{apply_float, pixels};
use crate::image_loss::image_loss;
use crate::layers::{BiMoNN, BitSamples, Pass};
use crate::ops;
use crate::projection::project;
use crate::run::Score;
use crate::schedule::Schedule;
use crate::score::mean_dice;
use crate::settle::{Judges, settle_next};
use untrained::untrained;

/// A network in training: the model, the optimizer and the step they have reached.
pub struct Trainer {
    config: Config,
    data: Data,
    device: Device,
    pub(crate) model: BiMoNN,
    pub(crate) optimizer: ModuleOptimizer,
    pub(crate) step: u64,
}

/// What a step learns from.
#[expect(clippy::large_enum_variant, reason = "there is one batch at a time")]
pub enum Batch {
    /// Images to images.
    Pairs(Vec<Pair>),
    /// Images to classes: inputs, and targets `[batch, classes, 1, 1]` with a single 1.
    Classes(BitSamples, Tensor<4>),
}

impl Trainer {
    /// An untrained network, and its data.
    ///
    /// # Errors
    /// The data cannot be read or does not fit the configuration.
    pub fn new(config: Config) -> Result<Self, TrainError> {
        let data = config.data.open()?;
        let wrong = |problem| TrainError::Config { place: "configuration".into(), problem };
        let device = config.backend.device().map_err(wrong)?.autodiff();
        let model = untrained(&config, &data, &device)?;
        Ok(Trainer { config, data, device, model, optimizer: Adam::of_modules(), step: 0 })
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
        let batch = self.next_batch()?;
        self.learn(&batch)
    }

    /// What the next step learns from.
    ///
    /// # Errors
    /// A pair cannot be read.
    pub fn next_batch(&self) -> Result<Batch, TrainError> {
        match &self.data {
            Data::Pairs(_) => Ok(Batch::Pairs(self.next_pairs()?)),
            Data::Classes(classes) => {
                Ok(self.class_batch(&self.next_samples(classes), classes.count()))
            }
        }
    }

    /// What there is to learn from.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The pairs that the next step learns from.
    ///
    /// # Errors
    /// A pair cannot be read, or there are classes to learn, not pairs.
    pub fn next_pairs(&self) -> Result<Vec<Pair>, TrainError> {
        let batch = self.config.training.batch;
        self.pairs(Split::Train, self.step * batch as u64, batch)
    }

    /// The samples that the next step learns from.
    pub fn next_samples(&self, classes: &Classes) -> Vec<Sample> {
        let batch = self.config.training.batch as u64;
        let (seed, split) = (self.config.seed, Split::Train);
        let draw = |index| Draw { seed, split, index };
        (self.step * batch..(self.step + 1) * batch).map(|i| classes.drawn(draw(i))).collect()
    }

    fn class_batch(&self, samples: &[Sample], classes: usize) -> Batch {
        Batch::Classes(classify::inputs(samples), classify::targets(samples, classes, &self.device))
    }

    /// Does one step of the optimizer on a batch and returns its loss; no neuron settles.
    ///
    /// # Errors
    /// The loss is NaN or infinite; the parameters stay as they were.
    ///
    /// # Panics
    /// There is no pair, or they differ in size.
    pub fn learn(&mut self, batch: &Batch) -> Result<f32, TrainError> {
        let loss = self.loss(batch);
        let value: f32 = loss.clone().into_scalar();
        if !value.is_finite() {
            return Err(TrainError::Diverged { step: self.step, loss: value });
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        // Without settled neurons nobody else holds the parameters, and they are changed in place.
        let before = (self.settled().0 > 0).then(|| self.model.clone());
        let model = self.model.take();
        let training = &self.config.training;
        let Schedule { sharpening, .. } = training.schedule;
        let rate =
            training.schedule.learning_rate(training.learning_rate, self.step, training.steps);
        self.model = self.optimizer.step(rate, model, gradients);
        self.model.finish_step();
        self.step += 1;
        if sharpening != 1.0 {
            self.model.sharpen(training.schedule.growth(training.steps));
        }
        if training.project_every > 0 && self.step.is_multiple_of(training.project_every) {
            project(&mut self.model);
        }
        if let Some(before) = before {
            self.model.hold_settled(&before);
        }
        Ok(value)
    }

    fn loss(&self, batch: &Batch) -> Tensor<1> {
        let data_loss = match batch {
            Batch::Pairs(pairs) => self.pairs_loss(pairs),
            Batch::Classes(x, t) => {
                let y = self.model.pass_bits(x, self.pass(), &self.device);
                self.config.training.loss.tensor(y, t.clone())
            }
        };
        match self.config.training.regularizer.term(&self.model, self.step) {
            Some(term) => data_loss + term,
            None => data_loss,
        }
    }

    fn pairs_loss(&self, pairs: &[Pair]) -> Tensor<1> {
        let TrainingConfig { loss, border_mask: mask, .. } = self.config.training;
        let is_fused = self.pass() == Pass::Smooth && ops::are_fused(&self.device);
        let fused = is_fused.then(|| image_loss(&self.model, pairs, loss, mask)).flatten();
        fused.unwrap_or_else(|| {
            let tensor = |image| self.tensor(pairs, image);
            self.tensor_loss(tensor(|pair| &pair.input), tensor(|pair| &pair.target))
        })
    }

    /// The same in tensors, for every network.
    fn tensor_loss(&self, x: Tensor<4>, t: Tensor<4>) -> Tensor<1> {
        let TrainingConfig { loss, border_mask: mask, .. } = self.config.training;
        let y = match self.pass() {
            Pass::Smooth => self.model.forward(x),
            Pass::Hard => self.model.forward_hard(x),
        };
        loss.tensor(mask.tensor(y), mask.tensor(t))
    }

    /// What neurons give in this step.
    fn pass(&self) -> Pass {
        let TrainingConfig { steps, smooth, .. } = self.config.training;
        let is_smooth = smooth >= 1.0 || self.step < (steps as f64 * smooth).round() as u64;
        if is_smooth { Pass::Smooth } else { Pass::Hard }
    }

    /// The network as it is now.
    ///
    /// # Errors
    /// A parameter is NaN or infinite; the error names its neuron.
    pub fn network(&self) -> Result<FloatNetwork, TrainError> {
        self.model.to_float()
    }

    /// Neurons that have become operators, and all neurons.
    pub fn settled(&self) -> (usize, usize) {
        self.model.settled()
    }

    /// Pairs of a split that is no training data.
    ///
    /// # Errors
    /// An image file cannot be read any more, or there are classes to learn, not pairs.
    pub fn held_out(&self, split: Split, count: usize) -> Result<Vec<Pair>, TrainError> {
        self.pairs(split, 0, count)
    }

    /// The score of the network as it is on validation data: of a classifier, on all of it.
    ///
    /// # Errors
    /// Those of [`network`](Self::network) and [`held_out`](Self::held_out).
    pub fn validate(&self) -> Result<Score, TrainError> {
        match &self.data {
            Data::Pairs(_) => Ok(Score::Dice(self.validation_dice()?)),
            Data::Classes(classes) => {
                Ok(Score::Accuracy(self.accuracy(classes, Split::Validation)))
            }
        }
    }

    fn validation_dice(&self) -> Result<f64, TrainError> {
        let network = self.network()?;
        let TrainingConfig { validation, border_mask: mask, .. } = self.config.training;
        let pairs = self.held_out(Split::Validation, validation)?;
        Ok(mean_dice(&pairs, mask, |input| apply_float(&network, input)))
    }

    /// The accuracies on all samples of a split, of the network in training.
    pub fn accuracy(&self, classes: &Classes, split: Split) -> Accuracy {
        let (model, device) = (self.model.valid(), self.device.clone().without_autodiff());
        let share =
            |pass| classify::accuracy(classes, split, |x| model.pass_bits(x, pass, &device));
        Accuracy { float: share(Pass::Smooth), hard: share(Pass::Hard) }
    }

    /// Pairs `from` to `from + count` of a split.
    pub(crate) fn pairs(
        &self,
        split: Split,
        from: u64,
        count: usize,
    ) -> Result<Vec<Pair>, TrainError> {
        match &self.data {
            Data::Pairs(source) => source.pairs(self.config.seed, split, from, count),
            Data::Classes(_) => {
                Err(TrainError::Data("the data has classes, not pairs of images".into()))
            }
        }
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
        let judges = Judges { input: &input, size, loss: &loss };
        settle_next(&mut self.model, &judges);
        Ok(())
    }

    fn tensor(&self, pairs: &[Pair], image: fn(&Pair) -> &strel_image::BitImage) -> Tensor<4> {
        let (height, width) = image(&pairs[0]).size();
        let shape = [pairs.len(), 1, height, width];
        Tensor::from_data(TensorData::new(values(pairs, image), shape), &self.device)
    }
}

/// The first training pair that judges candidates: beyond those that any run trains on.
const JUDGES: u64 = 1 << 48;

/// The pixels of all images, as 0.0 and 1.0.
fn values(pairs: &[Pair], image: fn(&Pair) -> &strel_image::BitImage) -> Vec<f32> {
    pairs.iter().flat_map(|pair| pixels(image(pair))).collect()
}
