//! The training loop.

use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatNetwork, NetworkError};

use crate::TrainError;
use crate::config::{Config, DataConfig};
use crate::data::{Pair, Pairs, Source, Split, load_pairs};
use crate::forward::{apply_float, row_values};
use crate::layers::BiMoNN;
use crate::score::dice;
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

impl Trainer {
    /// An untrained network, and its data.
    ///
    /// # Errors
    /// The data cannot be read or does not fit the configuration.
    pub fn new(config: Config) -> Result<Self, TrainError> {
        let source = open_source(&config)?;
        let device = Device::flex().autodiff();
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let network = &config.network;
        let model = BiMoNN::new(
            &network.channels,
            network.kernel,
            network.border,
            &config.start(),
            &mut rng,
            &device,
        );
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
        let training = &self.config.training;
        let first = self.step * training.batch as u64;
        let pairs = self.source.pairs(self.config.seed, Split::Train, first, training.batch);
        let x = self.tensor(&pairs, |pair| &pair.input);
        let t = self.tensor(&pairs, |pair| &pair.target);
        let data_loss = training.loss.tensor(self.model.forward(x), t);
        let loss = match training.regularizer.term(&self.model, self.step) {
            Some(term) => data_loss + term,
            None => data_loss,
        };
        let value: f32 = loss.clone().into_scalar();
        if !value.is_finite() {
            return Err(TrainError::Diverged { step: self.step, loss: value });
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        let before = self.model.clone();
        self.model = self.optimizer.step(training.learning_rate, before.clone(), gradients);
        self.model.hold_settled(&before);
        self.step += 1;
        Ok(value)
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
    pub fn held_out(&self, split: Split, count: usize) -> Vec<Pair> {
        self.source.pairs(self.config.seed, split, 0, count)
    }

    /// The mean DICE score of the network as it is on the validation pairs.
    ///
    /// # Errors
    /// Those of [`network`](Self::network).
    pub fn validate(&self) -> Result<f64, TrainError> {
        let network = self.network()?;
        let pairs = self.held_out(Split::Validation, self.config.training.validation);
        let scores =
            pairs.iter().map(|pair| dice(&apply_float(&network, &pair.input), &pair.target));
        Ok(scores.sum::<f64>() / pairs.len() as f64)
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
        let pairs = self.source.pairs(self.config.seed, Split::Train, JUDGES, training.judges);
        let (input, target) =
            (values(&pairs, |pair| &pair.input), values(&pairs, |pair| &pair.target));
        let loss = |output: &[f32]| training.loss.value(output, &target, pairs.len());
        let judges =
            Judges { input: &input, batch: pairs.len(), size: pairs[0].input.size(), loss: &loss };
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

fn open_source(config: &Config) -> Result<Source, TrainError> {
    match &config.data {
        DataConfig::Noisti(noisti) => Ok(Source::Noisti(noisti.clone())),
        DataConfig::Pairs(pairs) => {
            let images = load_pairs(&pairs.inputs, &pairs.targets, &pairs.read_options())?;
            Ok(Source::Pairs(Pairs::new(images, pairs.crop, pairs.validation)?))
        }
    }
}
