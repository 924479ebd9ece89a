//! The float network as its formulas say, pixel by pixel: obvious and slow, for faster programs to
//! be compared with.

use strel_image::{BitImage, Border};
use strel_theory::Neuron;

use crate::bank::FloatNeuron;
use crate::classify::refuse_classifier;
use crate::plane::common_size;
use crate::{FloatBisel, FloatDense, FloatLayer, FloatNetwork, NetworkError, Plane};

impl FloatNetwork {
    /// The outputs y of the last layer, one plane a channel, computed in `f64`.
    ///
    /// Inputs are one plane a channel, with values in `[0, 1]`.
    ///
    /// # Errors
    /// [`NetworkError::ImageCount`], [`NetworkError::ImageSize`], [`NetworkError::InputSize`], and
    /// [`NetworkError::Classifier`] for a network that ends with scores.
    ///
    /// # Cost
    /// One multiplication a weight and pixel: height * width * number of weights.
    pub fn forward(&self, inputs: &[Plane]) -> Result<Vec<Plane>, NetworkError> {
        refuse_classifier(self.classes())?;
        self.features(inputs)
    }

    /// As [`forward`](Self::forward) with every neuron thresholded: its output is 1 iff y > 1/2,
    /// else 0, and that is what the next neuron reads.
    ///
    /// This is what a binarized network computes in which every neuron is activated.
    ///
    /// # Errors
    /// Those of [`forward`](Self::forward).
    pub fn forward_hard(&self, inputs: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        refuse_classifier(self.classes())?;
        self.features_hard(inputs)
    }

    /// What the scores of a classifier read; the outputs of another network.
    pub(crate) fn features(&self, inputs: &[Plane]) -> Result<Vec<Plane>, NetworkError> {
        Ok(self.features_batch(&[inputs])?.remove(0))
    }

    /// As [`features`](Self::features) with every neuron thresholded.
    pub(crate) fn features_hard(&self, inputs: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        Ok(self.features_hard_batch(&[inputs])?.remove(0))
    }

    /// [`features`](Self::features) of many samples.
    pub(crate) fn features_batch(
        &self,
        samples: &[impl AsRef<[Plane]>],
    ) -> Result<Vec<Vec<Plane>>, NetworkError> {
        let xi = self.threshold();
        let samples = samples.iter().map(|sample| sample.as_ref().to_vec()).collect();
        self.evaluate(samples, |neuron, x| xi.value(neuron.scale() * neuron.preactivation(x)))
    }

    /// [`features_hard`](Self::features_hard) of many samples.
    pub(crate) fn features_hard_batch(
        &self,
        samples: &[impl AsRef<[BitImage]>],
    ) -> Result<Vec<Vec<BitImage>>, NetworkError> {
        let planes = |sample: &[BitImage]| sample.iter().map(Plane::from).collect::<Vec<_>>();
        let samples = samples.iter().map(|sample| planes(sample.as_ref())).collect();
        let outputs = self.evaluate(samples, |neuron, x| f64::from(neuron.output(x)))?;
        let images = |sample: &Vec<Plane>| sample.iter().map(Plane::threshold).collect();
        Ok(outputs.iter().map(images).collect())
    }

    /// The outputs of the last layer that gives planes, for each sample, where `output` is the output
    /// of a neuron for its inputs.
    fn evaluate(
        &self,
        mut samples: Vec<Vec<Plane>>,
        output: impl Fn(&Neuron, &[f64]) -> f64,
    ) -> Result<Vec<Vec<Plane>>, NetworkError> {
        for sample in &samples {
            let size = common_size(self.inputs(), sample.iter().map(Plane::size))?;
            self.check_image_size(size)?;
        }
        for layer in self.layers() {
            samples = match layer {
                FloatLayer::Dense(dense) => dense.evaluate(&samples, &output),
                _ => {
                    let next = |sample| self.evaluate_channels(layer, sample, &output);
                    samples.into_iter().map(next).collect()
                }
            };
        }
        Ok(samples)
    }

    /// The outputs of a layer that gives images, or the inputs of one that gives scores.
    fn evaluate_channels(
        &self,
        layer: &FloatLayer,
        channels: Vec<Plane>,
        output: impl Fn(&Neuron, &[f64]) -> f64,
    ) -> Vec<Plane> {
        match layer {
            FloatLayer::Bisel(bisel) => bisel.evaluate(&channels, self.border(), &output),
            FloatLayer::MaxPool { .. } => channels.iter().map(Plane::max_pool).collect(),
            FloatLayer::Dense(_) | FloatLayer::Scores(_) => channels,
        }
    }
}

impl FloatDense {
    /// Each neuron is unpacked once for all samples.
    fn evaluate(
        &self,
        samples: &[Vec<Plane>],
        output: impl Fn(&Neuron, &[f64]) -> f64,
    ) -> Vec<Vec<Plane>> {
        let values = |channels: &Vec<Plane>| -> Vec<f64> {
            channels.iter().flat_map(Plane::values).copied().collect()
        };
        let inputs: Vec<Vec<f64>> = samples.iter().map(values).collect();
        let mut outputs = vec![Vec::with_capacity(self.outputs); samples.len()];
        for index in 0..self.outputs {
            let neuron = self.neuron(index);
            let neuron = neuron.view();
            for (outputs, inputs) in outputs.iter_mut().zip(&inputs) {
                outputs.push(Plane::from_fn(1, 1, |_, _| output(&neuron, inputs)));
            }
        }
        outputs
    }
}

impl FloatBisel {
    /// Row by row; each window is read once for all outputs.
    fn evaluate(
        &self,
        channels: &[Plane],
        border: Border,
        output: impl Fn(&Neuron, &[f64]) -> f64,
    ) -> Vec<Plane> {
        let (height, width) = channels[0].size();
        if height * width == 0 {
            return vec![channels[0].clone(); self.outputs];
        }
        // Each neuron is unpacked once for all rows: BiSE neurons `[outputs, inputs]`, LUI neurons `[outputs]`.
        let bises = (0..self.outputs * self.inputs)
            .map(|index| self.bise_neuron(index / self.inputs, index % self.inputs));
        let (bises, luis): (Vec<_>, Vec<_>) =
            (bises.collect(), (0..self.outputs).map(|index| self.lui_neuron(index)).collect());
        let bises: Vec<Neuron> = bises.iter().map(FloatNeuron::view).collect();
        let luis: Vec<Option<Neuron>> =
            luis.iter().map(|lui| lui.as_ref().map(FloatNeuron::view)).collect();
        let mut outputs = vec![Vec::with_capacity(height * width); self.outputs];
        // What the LUI neurons read, pixel by pixel: `[outputs, columns, inputs]`.
        let mut united = vec![0.0; self.outputs * width * self.inputs];
        for row in 0..height {
            for (input, channel) in channels.iter().enumerate() {
                let windows = self.windows(channel, row, border);
                let pixels = windows.chunks_exact(self.window());
                let united = united.chunks_exact_mut(width * self.inputs);
                for (bises, united) in bises.chunks_exact(self.inputs).zip(united) {
                    let bise = &bises[input];
                    let places = united[input..].iter_mut().step_by(self.inputs);
                    places.zip(pixels.clone()).for_each(|(y, x)| *y = output(bise, x));
                }
            }
            let rows = united.chunks_exact(width * self.inputs).zip(&mut outputs);
            for (lui, (united, outputs)) in luis.iter().zip(rows) {
                match lui {
                    Some(lui) => {
                        outputs.extend(united.chunks_exact(self.inputs).map(|x| output(lui, x)));
                    }
                    None => outputs.extend_from_slice(united),
                }
            }
        }
        let plane = |values| Plane::new(height, width, values).expect("a value a pixel");
        outputs.into_iter().map(plane).collect()
    }

    /// What a BiSE neuron reads at each pixel of a row, in the order of its weights.
    fn windows(&self, channel: &Plane, row: usize, border: Border) -> Vec<f64> {
        let ((_, width), (rows, cols)) = (channel.size(), self.kernel);
        let place = |start: usize, step: usize, origin: usize| {
            (start + step).cast_signed() - origin.cast_signed()
        };
        let mut windows = Vec::with_capacity(width * self.window());
        for col in 0..width {
            for (i, j) in (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))) {
                let (i, j) = (place(row, i, rows / 2), place(col, j, cols / 2));
                windows.push(channel.read(i, j, border));
            }
        }
        windows
    }
}
