//! The configuration of a run.

mod data;
mod named;
mod network;
mod training;

use std::path::Path;

use serde::{Deserialize, Serialize};
use strel_theory::Threshold;

pub use data::DataConfig;
pub use network::NetworkConfig;

pub use training::TrainingConfig;

use crate::layers::Start;
use crate::loss::Loss;
use crate::polish::PolishConfig;
use crate::ranges::expect;
use crate::suggestion::{did_you_mean, in_words, of_serde};
use crate::{TrainError, toml_file};

/// Everything that a run depends on. Two runs of the same configuration give the same bits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// All randomness comes from here.
    #[serde(default)]
    pub seed: u64,
    /// What to learn from.
    pub data: DataConfig,
    /// What learns.
    pub network: NetworkConfig,
    /// How it learns.
    #[serde(default)]
    pub training: TrainingConfig,
    /// What becomes of the binarized network.
    #[serde(default)]
    pub polish: PolishConfig,
}

impl Config {
    /// The published task of noised sticks.
    pub fn noisti() -> Self {
        Self::embedded(include_str!("../../../experiments/noisti.toml"))
    }

    /// Handwritten digits, told apart by sets of their pixels.
    pub fn mnist() -> Self {
        Self::embedded(include_str!("../../../experiments/mnist.toml"))
    }

    /// Handwritten digits, told apart by sets of the pixels of windows.
    pub fn mnist_windows() -> Self {
        Self::embedded(include_str!("../../../experiments/mnist-windows.toml"))
    }

    /// Handwritten digits, told apart by neurons of any weights, which become threshold gates.
    pub fn mnist_gates() -> Self {
        Self::embedded(include_str!("../../../experiments/mnist-gates.toml"))
    }

    /// A network for pairs of images in two folders.
    ///
    /// # Errors
    /// The name of a folder is not UTF-8, as that of a configuration must be.
    pub fn pairs(inputs: &Path, targets: &Path) -> Result<Self, TrainError> {
        data::check_name(inputs)?;
        data::check_name(targets)?;
        let mut config = Self::embedded(include_str!("../../../experiments/pairs.toml"));
        if let DataConfig::Pairs(pairs) = &mut config.data {
            (pairs.inputs, pairs.targets) = (inputs.to_owned(), targets.to_owned());
        }
        Ok(config)
    }

    fn embedded(text: &str) -> Self {
        Self::from_toml(text, "embedded preset").expect("embedded presets are valid")
    }

    /// Reads a configuration; `place` names it in errors.
    ///
    /// # Errors
    /// The text is no TOML, has an unknown key, lacks one, or a value is out of range.
    pub fn from_toml(text: &str, place: &str) -> Result<Self, TrainError> {
        let wrong = |problem| TrainError::Config { place: place.into(), problem };
        let config: Config = toml_file::parse(text).map_err(wrong)?;
        config.check().map_err(wrong)?;
        Ok(config)
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// Those of [`from_toml`](Self::from_toml), and those of reading.
    pub fn load(path: &Path) -> Result<Self, TrainError> {
        let text = toml_file::read(path, "a configuration")?;
        Self::from_toml(&text, &path.display().to_string())
    }

    /// The configuration as TOML, every key written out.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("configurations are tables of plain values")
    }

    /// The same with some values replaced; each setting is `key.path=value`, the value in TOML (a
    /// bare word is a string).
    ///
    /// # Errors
    /// A setting has another form, names an unknown key, or gives a value out of range.
    pub fn with_settings<S: AsRef<str>>(&self, settings: &[S]) -> Result<Self, TrainError> {
        let mut table: toml::Table =
            toml::from_str(&self.to_toml()).expect("written configurations can be read");
        for setting in settings {
            let setting = setting.as_ref();
            let wrong =
                |problem: String| TrainError::Config { place: format!("--set {setting}"), problem };
            let (key, value) = setting
                .split_once('=')
                .ok_or_else(|| wrong("expected key=value, like training.steps=1000".into()))?;
            let value = toml::from_str::<toml::Table>(&format!("v = {value}"))
                .ok()
                .and_then(|mut table| table.remove("v"))
                .unwrap_or_else(|| toml::Value::String(value.to_owned()));
            insert(&mut table, key, value).map_err(wrong)?;
            // Keys are judged one by one, values only together: some fit only with others.
            toml::from_str::<Config>(&table.to_string())
                .map_err(|error| wrong(in_words(error.message()) + &of_serde(error.message())))?;
        }
        Self::from_toml(&table.to_string(), "--set")
    }

    /// What neurons start as.
    pub fn start(&self) -> Start {
        let NetworkConfig { weights, biases, spread, bias, scale, .. } = self.network;
        Start { weights, biases, spread, input_mean: bias, scale }
    }

    fn check(&self) -> Result<(), String> {
        self.data.check()?;
        self.network.check()?;
        self.training.check()?;
        self.polish.check()?;
        self.check_parametrizations()?;
        if self.data.has_classes() { self.check_classifier() } else { self.check_images() }
    }

    fn check_parametrizations(&self) -> Result<(), String> {
        let (NetworkConfig { weights, biases, .. }, training) = (&self.network, &self.training);
        let clamped = biases.are_clamped();
        let range = "softplus, raw or symmetric where weights are raw: the bounds are those of \
                     positive weights";
        expect(!clamped || weights.are_positive(), "biases", name(biases), range)?;
        let moves = training.free < 1.0 || training.project_every > 0;
        let range = "softplus, raw or symmetric, or `free` of 1 and `project-every` of 0: neurons \
                     become some that are out of bounds";
        expect(!clamped || !moves, "biases", name(biases), range)
    }

    fn check_images(&self) -> Result<(), String> {
        self.network.check_channels()?;
        let range = "none: only classifiers have them; images take `channels`, like [1, 3, 1]";
        let layers = &self.network.layers;
        expect(layers.is_empty(), "layers", format!("{layers:?}"), range)?;
        let fits = self.training.loss != Loss::CrossEntropy;
        expect(fits, "loss", "cross-entropy", "mse, bce, dice or squared-hinge for images")?;
        let xi = self.network.threshold;
        let fits = xi == Threshold::Tanh || self.training.free >= 1.0;
        expect(fits, "threshold", xi, "tanh, or `free` of 1: no neuron may settle")
    }

    fn check_classifier(&self) -> Result<(), String> {
        let NetworkConfig { channels, layers, carry, .. } = &self.network;
        let range = "none: a classifier takes `layers`, like [{ dense = 512 }]";
        expect(channels.is_empty(), "channels", format!("{channels:?}"), range)?;
        expect(!layers.is_empty(), "layers", "[]", "at least one, like [{ dense = 512 }]")?;
        expect(!carry, "carry", carry, "false for a classifier")?;
        let budget = self.polish.budget;
        expect(budget == 0, "polish.budget", budget, "0 for a classifier")?;
        let training = &self.training;
        let fits = training.loss == Loss::CrossEntropy;
        expect(fits, "loss", name(&training.loss), "cross-entropy for a classifier")?;
        expect(training.free >= 1.0, "free", training.free, "1 for a classifier")?;
        let mask = training.border_mask.0;
        expect(mask == 0, "border-mask", mask, "0 for a classifier")
    }
}

/// The name that a configuration has for a value.
fn name(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default().replace('"', "")
}

/// Puts a value at a dotted path of existing tables.
fn insert(table: &mut toml::Table, key: &str, value: toml::Value) -> Result<(), String> {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
            Ok(())
        }
        Some((head, rest)) => match table.get_mut(head) {
            Some(toml::Value::Table(inner)) => insert(inner, rest, value),
            _ => Err(format!(
                "there is no table `{head}`; the config.toml of any run shows every key{}",
                did_you_mean(head, table.keys().map(String::as_str))
            )),
        },
    }
}
