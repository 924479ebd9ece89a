//! The training loop.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_network::FloatNetwork;

use crate::TrainError;
use crate::classify;
use crate::config::{Config, NetworkConfig, TrainingConfig};
use crate::data::{Classes, Data, Draw, Pair, Sample, Source, Split};
use crate::forward::apply_float;
use crate::kernels::AdamStep;
use crate::layers::{BiMoNN, BitSamples, Builder, Pass, Target, Update};
use crate::loss::Loss;
use crate::mask::BorderMask;
use crate::projection::project;
use crate::schedule::Schedule;
use crate::score::{Accuracy, Score, mean_dice};
use crate::settle::{Judges, settle_next};

/// A network in training, and the step that it has reached.
pub struct Trainer {
    config: Config,
    data: Data,
    pub(crate) model: BiMoNN,
    pub(crate) step: u64,
}

/// What a step learns from.
pub enum Batch {
    /// Images to images.
    Pairs(Vec<Pair>),
    /// Samples, and the class of each.
    Classes(BitSamples, Vec<usize>),
}

impl Trainer {
    /// An untrained network, and its data.
    ///
    /// # Errors
    /// The data cannot be read or does not fit the configuration.
    pub fn new(config: Config) -> Result<Self, TrainError> {
        let data = config.data.open()?;
        let model = untrained(&config, &data)?;
        Ok(Trainer { config, data, model, step: 0 })
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
                let samples = self.next_samples(classes);
                let classes = samples.iter().map(|sample| sample.class).collect();
                Ok(Batch::Classes(classify::inputs(&samples), classes))
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

    /// Does one step of the optimizer on a batch and returns its loss; no neuron settles.
    ///
    /// # Errors
    /// The loss is NaN or infinite; there is nothing to go on with then.
    ///
    /// # Panics
    /// There is no pair, or they differ in size.
    pub fn learn(&mut self, batch: &Batch) -> Result<f32, TrainError> {
        let TrainingConfig { schedule, learning_rate, steps, regularizer, .. } =
            self.config.training;
        let rate = schedule.learning_rate(learning_rate, self.step, steps);
        let step = AdamStep::new(self.step + 1, rate);
        let mut update = Update { regularizer: regularizer.at(self.step), ..Update::new(step) };
        let loss = self.model.learn(&batch.target(), self.pass(), self.loss(), &mut update) as f32;
        if !loss.is_finite() {
            return Err(TrainError::Diverged { step: self.step, loss });
        }
        self.step += 1;
        let Schedule { sharpening, .. } = schedule;
        if sharpening != 1.0 {
            self.model.sharpen(schedule.growth(steps));
        }
        let project_every = self.config.training.project_every;
        if project_every > 0 && self.step.is_multiple_of(project_every) {
            project(&mut self.model);
        }
        Ok(loss)
    }

    fn loss(&self) -> (Loss, BorderMask) {
        (self.config.training.loss, self.config.training.border_mask)
    }

    /// What neurons give in this step.
    fn pass(&self) -> Pass {
        let TrainingConfig { steps, smooth, .. } = self.config.training;
        let is_smooth = smooth >= 1.0 || self.step < (steps as f64 * smooth).round() as u64;
        match is_smooth {
            true => Pass::Smooth,
            false => Pass::Hard,
        }
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
        let share =
            |pass| classify::accuracy(classes, split, |x: &BitSamples| self.model.scores(x, pass));
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
        let (loss, mask) = self.loss();
        let judges = Judges { pairs: &pairs, loss, mask, batch: training.batch };
        settle_next(&mut self.model, &judges);
        Ok(())
    }
}

impl Batch {
    fn target(&self) -> Target<'_> {
        match self {
            Batch::Pairs(pairs) => Target::Pairs(pairs),
            Batch::Classes(samples, classes) => Target::Classes(samples, classes),
        }
    }
}

/// An undecided network for the data.
fn untrained(config: &Config, data: &Data) -> Result<BiMoNN, TrainError> {
    let rng = &mut ChaCha8Rng::seed_from_u64(config.seed);
    let NetworkConfig { channels, layers, kernel, border, threshold, carry, .. } = &config.network;
    let (kernel, border, threshold) = (*kernel, *border, *threshold);
    let mut builder = Builder { kernel, border, threshold, start: config.start(), rng };
    match data {
        Data::Pairs(source) => {
            check_mask(config, source)?;
            let mut model = builder.images(channels);
            if *carry {
                model.carry_input();
            }
            Ok(model)
        }
        Data::Classes(classes) => {
            let wrong = |problem| TrainError::Config { place: "`layers`".into(), problem };
            builder.classifier(layers, classes.shape(), classes.count()).map_err(wrong)
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

/// The first training pair that judges candidates: beyond those that any run trains on.
const JUDGES: u64 = 1 << 48;
