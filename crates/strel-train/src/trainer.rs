//! The training loop.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatNetwork, NetworkError};

use crate::TrainError;
use crate::classify::{self, Accuracy};
use crate::config::{Config, NetworkConfig, TrainingConfig};
use crate::data::{Classes, Data, Draw, Pair, Sample, Source, Split};
use crate::forward::{apply_float, pixels};
use crate::image_loss::image_loss;
use crate::layers::{BiMoNN, Builder};
use crate::projection::project;
use crate::run::Score;
use crate::schedule::Schedule;
use crate::score::mean_dice;
use crate::settle::{Judges, settle_next};

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
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Batch {
    /// Images to images.
    Pairs(Vec<Pair>),
    /// Images to classes: inputs `[batch, channels, height, width]`, and targets `[batch, classes, 1,
    /// 1]` with a single 1.
    Classes(Tensor<4>, Tensor<4>),
}

impl Trainer {
    /// An untrained network, and its data.
    ///
    /// # Errors
    /// The data cannot be read or does not fit the configuration.
    pub fn new(config: Config) -> Result<Self, TrainError> {
        let data = config.data.open()?;
        let device = Device::flex().autodiff();
        let model = model(&config, &data, &device)?;
        Ok(Trainer { config, data, device, model, optimizer: adam(), step: 0 })
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
        let batch = match &self.data {
            Data::Pairs(_) => Batch::Pairs(self.next_pairs()?),
            Data::Classes(classes) => {
                self.class_batch(&self.next_samples(classes), classes.count())
            }
        };
        self.learn(&batch)
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
    fn next_samples(&self, classes: &Classes) -> Vec<Sample> {
        let batch = self.config.training.batch as u64;
        let (seed, split) = (self.config.seed, Split::Train);
        let draw = |index| Draw { seed, split, index };
        (self.step * batch..(self.step + 1) * batch).map(|i| classes.drawn(draw(i))).collect()
    }

    /// Samples as tensors.
    ///
    /// # Panics
    /// There is no sample, or they differ in shape.
    pub fn class_batch(&self, samples: &[Sample], classes: usize) -> Batch {
        Batch::Classes(
            classify::inputs(samples, &self.device),
            classify::targets(samples, classes, &self.device),
        )
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
        let data_loss = match batch {
            Batch::Pairs(pairs) => self.pairs_loss(pairs),
            Batch::Classes(x, t) => self.tensor_loss(x.clone(), t.clone()),
        };
        match self.config.training.regularizer.term(&self.model, self.step) {
            Some(term) => data_loss + term,
            None => data_loss,
        }
    }

    fn pairs_loss(&self, pairs: &[Pair]) -> Tensor<1> {
        let TrainingConfig { loss, border_mask: mask, .. } = self.config.training;
        let fused = self.is_smooth().then(|| image_loss(&self.model, pairs, loss, mask)).flatten();
        fused.unwrap_or_else(|| {
            let tensor = |image| self.tensor(pairs, image);
            self.tensor_loss(tensor(|pair| &pair.input), tensor(|pair| &pair.target))
        })
    }

    /// The same in tensors, for every network.
    fn tensor_loss(&self, x: Tensor<4>, t: Tensor<4>) -> Tensor<1> {
        let TrainingConfig { loss, border_mask: mask, .. } = self.config.training;
        let y = match self.is_smooth() {
            true => self.model.forward(x),
            false => self.model.forward_hard(x),
        };
        loss.tensor(mask.tensor(y), mask.tensor(t))
    }

    /// Whether the neurons of this step are smooth ones.
    fn is_smooth(&self) -> bool {
        let TrainingConfig { steps, smooth, .. } = self.config.training;
        smooth >= 1.0 || self.step < (steps as f64 * smooth).round() as u64
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
            Data::Classes(classes) => Ok(Score::Accuracy(self.accuracy(classes))),
        }
    }

    fn validation_dice(&self) -> Result<f64, TrainError> {
        let network = self.network()?;
        let TrainingConfig { validation, border_mask: mask, .. } = self.config.training;
        let pairs = self.held_out(Split::Validation, validation)?;
        Ok(mean_dice(&pairs, mask, |input| apply_float(&network, input)))
    }

    fn accuracy(&self, classes: &Classes) -> Accuracy {
        let model = self.model.valid();
        let device = Device::flex();
        Accuracy {
            float: classify::accuracy(classes, &device, |x| model.forward(x)),
            hard: classify::accuracy(classes, &device, |x| model.forward_hard(x)),
        }
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

/// Adam with the epsilon of its paper; Burn's default is a thousand times larger.
pub(crate) fn adam() -> ModuleOptimizer {
    AdamConfig::new().with_epsilon(1e-8).init()
}

/// The first training pair that judges candidates: beyond those that any run trains on.
const JUDGES: u64 = 1 << 48;

/// The pixels of all images, as 0.0 and 1.0.
fn values(pairs: &[Pair], image: fn(&Pair) -> &strel_image::BitImage) -> Vec<f32> {
    pairs.iter().flat_map(|pair| pixels(image(pair))).collect()
}

/// An undecided network for the data.
fn model(config: &Config, data: &Data, device: &Device) -> Result<BiMoNN, TrainError> {
    let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
    let (network, start) = (&config.network, config.start());
    match data {
        Data::Pairs(source) => {
            check_mask(config, source)?;
            let NetworkConfig { channels, kernel, border, .. } = network;
            let mut model = BiMoNN::new(channels, *kernel, *border, &start, &mut rng, device);
            if network.carry {
                model.carry_input();
            }
            Ok(model)
        }
        Data::Classes(classes) => {
            let NetworkConfig { kernel, border, .. } = *network;
            let mut builder = Builder { kernel, border, start, rng: &mut rng, device };
            let wrong = |problem| TrainError::Config { place: "`layers`".into(), problem };
            let built = builder.classifier(&network.layers, classes.shape(), classes.count());
            built.map_err(wrong)
        }
    }
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
