//! The network, and a step of training.

use strel_image::{BitImage, Border};
use strel_network::{FloatLayer, FloatNetwork, Shape};
use strel_theory::Threshold;

use super::{
    Bisel, ByImage, DenseKind, How, ImageKind, ImageLayer, Neurons, Parameter, Pass, Update,
};
use crate::TrainError;
use crate::data::Pair;
use crate::kernels::{Features, Ones, pixels, write_pixels};
use crate::loss::Loss;
use crate::mask::BorderMask;

/// A binary morphological neural network: a chain of layers, images to images or to scores of
/// classes.
#[derive(Clone)]
pub struct BiMoNN {
    images: Vec<ImageKind>,
    /// The last one gives scores, where there is one.
    dense: Vec<DenseKind>,
    border: Border,
    threshold: Threshold,
}

/// Binary samples of one shape.
#[derive(Clone, Debug, PartialEq)]
pub struct BitSamples {
    features: Features,
    shape: Shape,
}

/// What a network should give.
pub enum Target<'a> {
    /// An image for each image.
    Pairs(&'a [Pair]),
    /// A class for each sample.
    Classes(&'a BitSamples, &'a [usize]),
}

impl BitSamples {
    /// Samples of these channels each.
    ///
    /// # Panics
    /// There is no sample, or a sample has other channels than the first.
    pub fn new<'a>(samples: impl IntoIterator<Item = &'a [BitImage]>) -> Self {
        let samples: Vec<&[BitImage]> = samples.into_iter().collect();
        let (height, width) = samples[0][0].size();
        let shape = Shape { channels: samples[0].len(), height, width };
        BitSamples { features: Features::Bits(Ones::of_images(samples, shape.pixels())), shape }
    }

    /// Rows and columns of an image.
    pub fn size(&self) -> (usize, usize) {
        (self.shape.height, self.shape.width)
    }

    fn count(&self) -> usize {
        self.features.samples()
    }

    /// The pixels of a sample, channel after channel.
    fn write(&self, sample: usize, pixels: &mut [f32]) {
        let Features::Bits(ones) = &self.features else { unreachable!("samples are bits") };
        pixels.fill(0.0);
        ones.of_sample(sample).iter().for_each(|&pixel| pixels[pixel as usize] = 1.0);
    }
}

impl BiMoNN {
    /// The network of these layers, each of which reads what the one before it gives; the neurons of
    /// all of them have this smooth threshold.
    pub fn of(
        images: Vec<ImageKind>,
        dense: Vec<DenseKind>,
        border: Border,
        threshold: Threshold,
    ) -> Self {
        BiMoNN { images, dense, border, threshold }
    }

    /// What lies outside of an image.
    pub fn border(&self) -> Border {
        self.border
    }

    fn how(&self, pass: Pass) -> How {
        How { border: self.border, threshold: self.threshold, pass }
    }

    fn by_image(&self, size: (usize, usize), how: How) -> Option<ByImage<'_>> {
        let layers: Vec<&dyn ImageLayer> = self.images.iter().map(ImageKind::layer).collect();
        (!layers.is_empty()).then(|| ByImage::new(&layers, how, size))
    }

    /// The scores `[samples, classes]` of a classifier.
    pub fn scores(&self, x: &BitSamples, pass: Pass) -> Vec<f32> {
        let how = self.how(pass);
        let first = self.features(x, how);
        let layers = self.dense.iter().map(DenseKind::layer);
        layers.fold(first, |x, layer| layer.forward(&x, how).0).to_values()
    }

    /// The outputs for the inputs of a target: images or scores, one after the other.
    pub fn outputs(&self, target: &Target, pass: Pass) -> Vec<f32> {
        match target {
            Target::Classes(x, _) => self.scores(x, pass),
            Target::Pairs(pairs) => {
                let chain = self.by_image(pairs[0].input.size(), self.how(pass));
                let write = |index: usize, x: &mut [f32]| write_pixels(&pairs[index].input, x);
                chain.map_or(Vec::new(), |chain| chain.forward(pairs.len(), write))
            }
        }
    }

    /// What the dense layers read.
    fn features(&self, x: &BitSamples, how: How) -> Features {
        let Some(chain) = self.by_image(x.size(), how) else { return x.features.clone() };
        let values = chain.forward(x.count(), |sample, pixels| x.write(sample, pixels));
        Features::Numbers { samples: x.count(), values }
    }

    /// Does one step on a batch, and returns its loss: the mean loss of pairs or samples, and the regularizer.
    ///
    /// Parameters move as soon as their gradients are known. Where the loss of the batch is not finite, they stay as they
    /// were.
    ///
    /// # Panics
    /// The batch is empty, its images differ in size, or the network is of the other kind.
    pub fn learn(
        &mut self,
        target: &Target,
        pass: Pass,
        (loss, mask): (Loss, BorderMask),
        update: &mut Update,
    ) -> f64 {
        let data_loss = match target {
            Target::Pairs(pairs) => self.learn_pairs(pairs, self.how(pass), loss, mask, update),
            Target::Classes(x, classes) => {
                self.learn_classes(x, classes, self.how(pass), loss, update)
            }
        };
        data_loss + update.penalty
    }

    fn learn_pairs(
        &mut self,
        pairs: &[Pair],
        how: How,
        loss: Loss,
        mask: BorderMask,
        update: &mut Update,
    ) -> f64 {
        let size = pairs[0].input.size();
        let chain = self.by_image(size, how).expect("images to images");
        let found = chain.gradients(
            pairs.len(),
            |index, x| write_pixels(&pairs[index].input, x),
            |index, y, dy| {
                let target = pixels(&pairs[index].target);
                let (y, t) = (mask.values(y, size), mask.values(&target, size));
                mask.embed(&loss.gradient(&y, &t), size, dy);
                loss.value(&y, &t, 1)
            },
        );
        drop(chain);
        let share = 1.0 / pairs.len() as f64;
        if found.loss.is_finite() {
            self.learn_images(&found.layers, share, how, update);
        }
        found.loss * share
    }

    fn learn_images(&mut self, sums: &[Vec<f64>], share: f64, how: How, update: &mut Update) {
        let layers = self.images.iter_mut().zip(sums);
        layers.for_each(|(layer, sums)| layer.learn(sums, share, how, update));
    }

    fn learn_classes(
        &mut self,
        x: &BitSamples,
        classes: &[usize],
        how: How,
        loss: Loss,
        update: &mut Update,
    ) -> f64 {
        let mut read = vec![self.features(x, how)];
        let mut kept = Vec::new();
        for layer in &self.dense {
            let (y, keeps) = layer.layer().forward(&read[read.len() - 1], how);
            read.push(y);
            kept.push(keeps);
        }
        let scores = read.pop().expect("a classifier has scores").to_values();
        let (value, mut dy) = classes_loss(loss, &scores, classes);
        if !value.is_finite() {
            return value;
        }
        let has_images = !self.images.is_empty();
        let layers = self.dense.iter_mut().zip(&read).zip(kept).enumerate().rev();
        for (index, ((layer, x), kept)) in layers {
            let wants_dx = index > 0 || has_images;
            let layer = layer.layer_mut();
            dy = layer.backward(x, kept, &dy, wants_dx, how, update).unwrap_or_default();
        }
        // Forward once more: to keep what it takes for all samples would cost more.
        let found = self.by_image(x.size(), how).map(|chain| {
            let len = chain.output_len();
            let slopes = |sample: usize| &dy[sample * len..][..len];
            chain.gradients(
                x.count(),
                |sample, pixels| x.write(sample, pixels),
                |sample, _, gradient| {
                    gradient.copy_from_slice(slopes(sample));
                    0.0
                },
            )
        });
        if let Some(found) = found {
            self.learn_images(&found.layers, 1.0, how, update);
        }
        value
    }

    /// The BiSEL layers, first to last.
    pub fn bisels(&self) -> impl Iterator<Item = &Bisel> {
        self.images.iter().filter_map(|layer| match layer {
            ImageKind::Bisel(bisel) => Some(bisel),
            _ => None,
        })
    }

    /// The same, to be changed.
    pub fn bisels_mut(&mut self) -> impl Iterator<Item = &mut Bisel> {
        self.images.iter_mut().filter_map(|layer| match layer {
            ImageKind::Bisel(bisel) => Some(bisel),
            _ => None,
        })
    }

    /// The banks of neurons that become operators, first to last; scores are none, and sets are operators.
    pub fn banks(&self) -> impl Iterator<Item = &Neurons> {
        let of_images = self.images.iter().flat_map(ImageKind::banks);
        of_images.chain(self.dense.iter().filter_map(DenseKind::bank))
    }

    /// The same, to be changed.
    pub fn banks_mut(&mut self) -> impl Iterator<Item = &mut Neurons> {
        let of_images = self.images.iter_mut().flat_map(ImageKind::banks_mut);
        of_images.chain(self.dense.iter_mut().filter_map(DenseKind::bank_mut))
    }

    /// All parameters with their names, like `0.bise.weight`, to be changed; [`refresh`](Self::refresh) follows.
    pub fn parameters_mut(&mut self) -> impl Iterator<Item = (String, &mut Parameter)> {
        let of_images = self.images.iter_mut().map(ImageKind::parameters_mut);
        let layers = of_images.chain(self.dense.iter_mut().map(DenseKind::parameters_mut));
        layers.enumerate().flat_map(|(index, parameters)| {
            parameters.into_iter().map(move |(name, found)| (format!("{index}.{name}"), found))
        })
    }

    /// Makes anew what layers know of parameters that were changed from outside.
    pub fn refresh(&mut self) {
        for layer in &mut self.images {
            if let ImageKind::WindowSets(sets) = layer {
                sets.memberships.refresh();
            }
        }
        for layer in &mut self.dense {
            if let DenseKind::Sets(sets) = layer {
                sets.memberships.refresh();
            }
        }
    }

    /// The network as plain numbers, those that a smooth pass computes with.
    ///
    /// # Errors
    /// A parameter is NaN or infinite; the error names its neuron.
    pub fn to_float(&self) -> Result<FloatNetwork, TrainError> {
        let of_images = self.images.iter().map(ImageKind::to_float);
        let layers: Vec<FloatLayer> =
            of_images.chain(self.dense.iter().map(DenseKind::to_float)).collect();
        Ok(FloatNetwork::new(self.border, self.threshold, layers)?)
    }

    /// Neurons that have become operators, and all neurons.
    pub fn settled(&self) -> (usize, usize) {
        let done = self.banks().map(Neurons::settled_count).sum();
        (done, self.banks().map(Neurons::count).sum())
    }

    /// Which neurons have become operators, bank by bank.
    pub fn settled_flags(&self) -> Vec<Vec<bool>> {
        self.banks().map(|neurons| neurons.settled_flags().to_vec()).collect()
    }

    /// Says which neurons have become operators; false, and nothing is changed, where the flags are
    /// those of another network.
    pub fn set_settled_flags(&mut self, flags: Vec<Vec<bool>>) -> bool {
        let sizes = self.settled_flags().iter().map(Vec::len).collect::<Vec<_>>();
        if sizes != flags.iter().map(Vec::len).collect::<Vec<_>>() {
            return false;
        }
        let banks = self.banks_mut().zip(flags);
        banks.for_each(|(neurons, flags)| neurons.set_settled_flags(flags));
        true
    }

    /// Multiplies the scales p of all neurons that have not settled.
    pub fn sharpen(&mut self, factor: f64) {
        self.banks_mut().for_each(|bank| bank.sharpen(factor));
    }
}

/// The mean loss of scores `[samples, classes]`, and its gradient.
fn classes_loss(loss: Loss, scores: &[f32], classes: &[usize]) -> (f64, Vec<f32>) {
    let (samples, count) = (classes.len(), scores.len() / classes.len());
    let (mut sum, mut gradient) = (0.0, Vec::with_capacity(scores.len()));
    for (scores, &class) in scores.chunks_exact(count).zip(classes) {
        let mut target = vec![0.0; count];
        target[class] = 1.0;
        sum += loss.value(scores, &target, 1);
        let slopes = loss.gradient(scores, &target);
        gradient.extend(slopes.into_iter().map(|slope| slope / samples as f32));
    }
    (sum / samples as f64, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::ChaCha8Rng;
    use strel_network::Plane;

    use crate::layers::{Biases, Builder, LayerConfig, Start, Weights};

    const SHAPE: Shape = Shape { channels: 2, height: 7, width: 9 };

    /// A network of BiSEL, max-pool and dense layers.
    fn mixed(kernel: (usize, usize), threshold: Threshold) -> BiMoNN {
        let layers = [LayerConfig::Bisel(3), LayerConfig::MaxPool, LayerConfig::Dense(5)];
        let layers = [&layers[..], &[LayerConfig::Dense(4)]].concat();
        let weights = Weights::Normalised;
        let biases = Biases::Softplus;
        let start = Start { weights, biases, spread: 1.0, input_mean: 0.4, scale: 4.0 };
        let rng = &mut ChaCha8Rng::seed_from_u64(7);
        let mut builder = Builder { kernel, border: Border::Replicate, threshold, start, rng };
        builder.classifier(&layers, SHAPE, 3).unwrap()
    }

    #[test]
    fn networks_in_training_compute_what_their_plain_numbers_do() {
        let channels = [0, 1].map(|channel| {
            BitImage::from_fn(7, 9, |i, j| {
                ((channel * 63 + i * 9 + j) as f32 * 0.377).fract() >= 0.5
            })
        });
        let (planes, x) = (channels.each_ref().map(Plane::from), BitSamples::new([&channels[..]]));
        for kernel in [(3, 3), (2, 4), (1, 5)] {
            for threshold in Threshold::ALL {
                let model = mixed(kernel, threshold);
                let float = model.to_float().unwrap();
                assert_eq!(float.threshold(), threshold);
                let expected = float.scores(&planes).unwrap();
                for (found, expected) in model.scores(&x, Pass::Smooth).iter().zip(&expected) {
                    let found = f64::from(*found);
                    assert!(
                        (found - expected).abs() < 1e-5,
                        "{threshold}: {found}, not {expected}"
                    );
                }
                let hard = float.scores_hard(&channels).unwrap();
                for (found, expected) in model.scores(&x, Pass::Hard).iter().zip(&hard) {
                    assert!(
                        (f64::from(*found) - expected).abs() < 1e-5,
                        "{threshold}, thresholded"
                    );
                }
            }
        }
    }

    #[test]
    fn layers_that_have_nothing_to_read_are_named() {
        let (weights, biases) = (Weights::Softplus, Biases::Softplus);
        let start = Start { weights, biases, spread: 1.0, input_mean: 0.5, scale: 1.0 };
        let complaint = |layers: &[LayerConfig]| {
            let (rng, kernel) = (&mut ChaCha8Rng::seed_from_u64(1), (3, 3));
            let (border, threshold) = (Border::Zero, Threshold::Tanh);
            let mut builder = Builder { kernel, border, threshold, start, rng };
            builder.classifier(layers, SHAPE, 3).err().expect("wrong")
        };
        let pools = [LayerConfig::MaxPool; 3];
        assert!(complaint(&pools).starts_with("layer 3: nothing is left"));
        let window = [LayerConfig::Dense(2), LayerConfig::Bisel(2)];
        assert!(complaint(&window).starts_with("layer 2: it reads images"));
    }
}
