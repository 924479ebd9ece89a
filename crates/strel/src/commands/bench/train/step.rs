//! A training step of the noisti preset.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use strel::image::BitImage;
use strel::image::files::{Foreground, write, write_atomically};
use strel::network::{FloatNetwork, NeuronBank};
use strel::train::data::Pair;
use strel::train::forward::forward;
use strel::train::{Batch, Config, Trainer};

use crate::error::CliError;

/// The regularizers of a step; the first is none.
pub const REGULARIZERS: [&str; 5] = ["none", "constant", "uniform", "normal", "activable"];

/// A network at its first step, and a batch to learn from again and again.
pub struct Step {
    trainer: Trainer,
    pairs: Vec<Pair>,
    batch: Batch,
}

impl Step {
    pub fn new(seed: u64, quick: bool, regularizer: &str) -> Result<Self, CliError> {
        let batch = if quick { 4 } else { 256 };
        let settings = [
            format!("seed={seed}"),
            format!("training.batch={batch}"),
            format!("training.regularizer.kind={regularizer}"),
        ];
        let trainer = Trainer::new(Config::noisti().with_settings(&settings)?)?;
        let pairs = trainer.next_pairs()?;
        let batch = Batch::Pairs(pairs.clone());
        Ok(Step { trainer, pairs, batch })
    }

    pub fn config(&self) -> &Config {
        self.trainer.config()
    }

    /// Rows and columns of an image.
    pub fn size(&self) -> (usize, usize) {
        self.pairs[0].input.size()
    }

    /// Forward pass, loss, backward pass and Adam.
    pub fn advance(&mut self) -> Result<(), CliError> {
        self.trainer.learn(&self.batch)?;
        Ok(())
    }

    /// The same, to be timed.
    pub fn work(mut self) -> Box<dyn FnMut()> {
        Box::new(move || self.advance().expect("a few steps of the preset stay finite"))
    }

    /// What another program needs for the same step: the pairs, all images below each other, the
    /// network, and the loss to compare with.
    pub fn write_values(&self, folder: &Path) -> Result<(), CliError> {
        let failed = |source| CliError::Io { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let save = |name: &str, image: fn(&Pair) -> &BitImage| {
            write(folder.join(name), &stacked(&self.pairs, image), Foreground::Black)
        };
        save("inputs.pbm", |pair| &pair.input)?;
        save("targets.pbm", |pair| &pair.target)?;
        let network = self.trainer.network()?;
        let values = json!({
            "batch": self.pairs.len(),
            "learning_rate": self.config().training.learning_rate,
            "layers": layers(&network),
            "loss": self.loss(&network),
        });
        write_atomically(folder.join("step.json"), values.to_string().as_bytes()).map_err(failed)
    }

    /// The loss of the batch, added in double precision: single precision loses digits over its
    /// million terms.
    fn loss(&self, network: &FloatNetwork) -> f64 {
        let numbers = |image: fn(&Pair) -> &BitImage| -> Vec<f32> {
            let pixels = self.pairs.iter().flat_map(|pair| image(pair).pixels());
            pixels.map(|pixel| f32::from(u8::from(pixel))).collect()
        };
        let (inputs, targets) = (numbers(|pair| &pair.input), numbers(|pair| &pair.target));
        let count = self.pairs.len();
        let outputs = forward(network.bisels(), network.border(), inputs, self.size());
        self.config().training.loss.value(&outputs, &targets, count)
    }
}

/// The images of one size below each other.
fn stacked(pairs: &[Pair], image: fn(&Pair) -> &BitImage) -> BitImage {
    let (height, width) = image(&pairs[0]).size();
    BitImage::from_fn(pairs.len() * height, width, |row, col| {
        image(&pairs[row / height]).get(row % height, col)
    })
}

fn layers(network: &FloatNetwork) -> Vec<Value> {
    let bank = |bank: &NeuronBank| {
        let NeuronBank { weights, bias, scale } = bank;
        json!({ "weights": weights, "bias": bias, "scale": scale })
    };
    network
        .bisels()
        .map(|layer| {
            json!({
                "inputs": layer.inputs,
                "outputs": layer.outputs,
                "kernel": layer.kernel,
                "bise": bank(&layer.bise),
                "lui": layer.lui.as_ref().map(bank),
            })
        })
        .collect()
}
