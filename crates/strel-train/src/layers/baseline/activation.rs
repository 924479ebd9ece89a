//! What follows the weights of an ordinary layer.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::module::batch_norm_train;
use burn::tensor::{Device, Tensor};

use super::Baseline;
use crate::layers::Pass;

/// Batch normalisation of each channel (Ioffe & Szegedy 2015), then the activation.
#[derive(Module, Debug)]
pub struct Activation {
    norm: BatchNorm,
    #[module(skip)]
    baseline: Baseline,
}

impl Activation {
    /// Of so many channels.
    pub fn new(channels: usize, baseline: Baseline, device: &Device) -> Self {
        Activation { norm: BatchNormConfig::new(channels).init(device), baseline }
    }

    /// `[batch, channels, height, width]`, in and out.
    ///
    /// In training, means and variances are those of the batch, and are gathered. Outside, they are
    /// the gathered ones; but those are the quantized network's, so that a smooth pass of a quantized
    /// network takes those of the given batch instead.
    pub fn forward(&self, x: Tensor<4>, pass: Pass) -> Tensor<4> {
        let in_training = x.device().is_autodiff();
        let normalised = if self.baseline.is_quantized() && pass == Pass::Smooth && !in_training {
            let BatchNorm { gamma, beta, epsilon, .. } = &self.norm;
            batch_norm_train(x, gamma.val(), beta.val(), *epsilon).output
        } else {
            self.norm.forward(x)
        };
        self.baseline.activations(normalised, pass)
    }

    /// Finishes what a step gathered: Burn leaves the last batch's share aside until it is asked for,
    /// and a checkpoint would lack it.
    pub fn gather(&self) {
        self.norm.running_mean.value_sync();
        self.norm.running_var.value_sync();
    }

    /// The number of channels.
    pub fn channels(&self) -> usize {
        self.norm.gamma.dims()[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::TensorData;

    #[test]
    fn what_training_gathers_is_what_evaluation_normalises_by() {
        let device = Device::flex().autodiff();
        let layer = Activation::new(2, Baseline::BinaryConnect, &device);
        let values: Vec<f32> = (0..48).map(|i| (i as f32 * 0.61).sin() + (i % 2) as f32).collect();
        let x = TensorData::new(values, [4, 2, 2, 3]);
        let in_training = Tensor::<4>::from_data(x.clone(), &device);
        let mut y = layer.forward(in_training.clone(), Pass::Hard);
        for _ in 0..200 {
            y = layer.forward(in_training.clone(), Pass::Hard);
            layer.gather();
        }
        let outside = Tensor::from_data(x, &Device::flex());
        let numbers = |tensor: Tensor<4>| tensor.into_data().try_to_vec::<f32>().unwrap();
        let found = numbers(layer.valid().forward(outside, Pass::Hard));
        let expected = numbers(y);
        assert!(expected.iter().any(|y| *y > 0.5) && expected.contains(&0.0));
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{found}, in training {expected}");
        }
    }
}
