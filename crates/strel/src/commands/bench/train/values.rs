//! What another program needs to do the same step: images, all below each other, the network, and the
//! loss to compare with.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use strel::image::BitImage;
use strel::image::files::{Foreground, write, write_atomically};
use strel::network::{FloatLayer, FloatNetwork, NeuronBank, Plane, Scores};
use strel::train::data::{Data, Pair, Sample};
use strel::train::forward::forward;

use super::step::Step;
use crate::error::CliError;

impl Step {
    pub fn write_values(&self, folder: &Path) -> Result<(), CliError> {
        let failed = |source| CliError::Io { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let values = match self.trainer.data() {
            Data::Pairs(_) => self.write_pairs(folder)?,
            Data::Classes(classes) => {
                self.write_samples(folder, &self.trainer.next_samples(classes))?
            }
        };
        write_atomically(folder.join("step.json"), values.to_string().as_bytes()).map_err(failed)
    }

    fn write_pairs(&self, folder: &Path) -> Result<Value, CliError> {
        let pairs = self.trainer.next_pairs()?;
        let save = |name: &str, image: fn(&Pair) -> &BitImage| {
            let images: Vec<&BitImage> = pairs.iter().map(image).collect();
            write(folder.join(name), &stacked(&images), Foreground::Black)
        };
        save("inputs.pbm", |pair| &pair.input)?;
        save("targets.pbm", |pair| &pair.target)?;
        let network = self.trainer.network()?;
        Ok(json!({
            "batch": pairs.len(),
            "learning_rate": self.config().training.learning_rate,
            "layers": bisels(&network),
            "loss": self.pairs_loss(&network, &pairs),
        }))
    }

    /// The loss of the batch, added in double precision: single precision loses digits over its
    /// million terms.
    fn pairs_loss(&self, network: &FloatNetwork, pairs: &[Pair]) -> f64 {
        let numbers = |image: fn(&Pair) -> &BitImage| -> Vec<f32> {
            let pixels = pairs.iter().flat_map(|pair| image(pair).pixels());
            pixels.map(|pixel| f32::from(u8::from(pixel))).collect()
        };
        let (inputs, targets) = (numbers(|pair| &pair.input), numbers(|pair| &pair.target));
        let outputs = forward(network.bisels(), network.border(), inputs, self.size());
        self.config().training.loss.value(&outputs, &targets, pairs.len())
    }

    /// Weights are numbers of 32 bits, little-endian, in a file of their own: they are millions.
    fn write_samples(&self, folder: &Path, samples: &[Sample]) -> Result<Value, CliError> {
        let images: Vec<&BitImage> = samples.iter().map(|sample| &sample.channels[0]).collect();
        write(folder.join("inputs.pbm"), &stacked(&images), Foreground::Black)?;
        let network = self.trainer.network()?;
        let [FloatLayer::Dense(dense), FloatLayer::Scores(scores)] = network.layers() else {
            return Err(CliError::Usage("a step of one dense layer and scores is written".into()));
        };
        let NeuronBank { weights, bias, scale } = &dense.neurons;
        let bytes: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
        let path = folder.join("weights.f32");
        write_atomically(&path, &bytes).map_err(|source| CliError::Io { path, source })?;
        let Scores { weights, bias: offsets, classes, .. } = scores;
        Ok(json!({
            "batch": samples.len(),
            "learning_rate": self.config().training.learning_rate,
            "neurons": { "bias": bias, "scale": scale },
            "scores": { "weights": weights, "bias": offsets },
            "classes": samples.iter().map(|sample| sample.class).collect::<Vec<_>>(),
            "loss": self.samples_loss(&network, samples, *classes)?,
        }))
    }

    fn samples_loss(
        &self,
        network: &FloatNetwork,
        samples: &[Sample],
        classes: usize,
    ) -> Result<f64, CliError> {
        let (mut scores, mut targets) = (Vec::new(), vec![0.0; samples.len() * classes]);
        for (index, sample) in samples.iter().enumerate() {
            let planes: Vec<Plane> = sample.channels.iter().map(Plane::from).collect();
            scores.extend(network.scores(&planes)?.into_iter().map(|score| score as f32));
            targets[index * classes + sample.class] = 1.0;
        }
        Ok(self.config().training.loss.value(&scores, &targets, samples.len()))
    }
}

/// The images of one size below each other.
fn stacked(images: &[&BitImage]) -> BitImage {
    let (height, width) = images[0].size();
    BitImage::from_fn(images.len() * height, width, |row, col| {
        images[row / height].get(row % height, col)
    })
}

fn bisels(network: &FloatNetwork) -> Vec<Value> {
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
