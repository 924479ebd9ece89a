//! Sets of the pixels of a window.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::{FloatBisel, NeuronBank, Shape};

use super::Memberships;
use super::memberships::{SCALE, dilations};
use crate::layers::BiselShape;
use crate::ops;

/// Dilations and erosions by windows of all channels, from the first step on: a BiSEL layer whose neurons
/// learn as those of [`Sets`](super::Sets) do.
///
/// Each output channel has a set S of pixels of a window, in all input channels; the first half of the outputs are
/// 1 where a pixel of S is 1, the others where all are. As float neurons, there is a BiSE neuron for each
/// input channel by its part of S, a constant where there is none, and a LUI neuron that unites or intersects them.
#[derive(Module, Debug)]
pub struct WindowSets {
    memberships: Memberships,
    #[module(skip)]
    border: Border,
}

impl WindowSets {
    /// A layer with a few members of each set, near a pixel of the window that is drawn for each.
    pub fn new(shape: BiselShape, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        let BiselShape { inputs, outputs, kernel: (height, width), border } = shape;
        let window = Shape { channels: inputs, height, width };
        WindowSets { memberships: Memberships::new(window, outputs, rng, device), border }
    }

    /// `[batch, channels, height, width]` to `[batch, outputs, height, width]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let Shape { channels, height, width } = self.memberships.inputs();
        let outputs = self.memberships.count();
        self.memberships.outputs(|members| {
            let windows = members.reshape([outputs, channels, height, width]);
            ops::window_sums(x, windows, self.border)
        })
    }

    /// Keeps memberships in their range.
    pub fn clip(&mut self) {
        self.memberships.clip();
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatBisel {
        let Shape { channels: inputs, height, width } = self.memberships.inputs();
        let outputs = self.memberships.count();
        let bise = self.memberships.bank(height * width);
        let is_dilation = |output: usize| output < dilations(outputs);
        let bias = |output| if is_dilation(output) { 0.5 } else { inputs as f32 - 0.5 };
        let lui = (inputs > 1).then(|| NeuronBank {
            weights: vec![1.0; outputs * inputs],
            bias: (0..outputs).map(bias).collect(),
            scale: vec![SCALE; outputs],
        });
        FloatBisel { inputs, outputs, kernel: (height, width), bise, lui }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::TensorData;
    use rand::{RngExt, SeedableRng};
    use strel_image::BitImage;
    use strel_network::{CertifyBudget, FloatLayer, FloatNetwork, Verdict, binarize, certify};
    use strel_theory::{ConstantRule, Method, Threshold};

    use crate::layers::values;

    const SIZE: (usize, usize) = (6, 7);

    fn layer(inputs: usize, border: Border, device: &Device) -> WindowSets {
        let shape = BiselShape { inputs, outputs: 5, kernel: (3, 4), border };
        WindowSets::new(shape, &mut ChaCha8Rng::seed_from_u64(7), device)
    }

    #[test]
    fn outputs_are_those_of_the_float_layer_and_of_its_operators() {
        let device = Device::flex();
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        for (inputs, border) in [(1, Border::Replicate), (3, Border::Zero), (2, Border::Reflect)] {
            let layer = layer(inputs, border, &device);
            let images: Vec<BitImage> = (0..inputs)
                .map(|_| BitImage::from_fn(SIZE.0, SIZE.1, |_, _| rng.random_bool(0.6)))
                .collect();
            let pixels = images.iter().flat_map(|image| image.pixels().map(f32::from));
            let x = TensorData::new(pixels.collect::<Vec<_>>(), [1, inputs, SIZE.0, SIZE.1]);
            let found = values(layer.forward(Tensor::from_data(x, &device)));

            let float = vec![FloatLayer::Bisel(layer.to_float())];
            let network = FloatNetwork::new(border, Threshold::Tanh, float).unwrap();
            let expected = network.forward_hard(&images).unwrap();
            let expected: Vec<f32> =
                expected.iter().flat_map(|image| image.pixels().map(f32::from)).collect();
            assert_eq!(found, expected, "{border:?}");
            assert!(found.contains(&0.0) && found.contains(&1.0));
        }
    }

    #[test]
    fn every_neuron_is_an_operator() {
        let layer = layer(3, Border::Zero, &Device::flex()).to_float();
        let network =
            FloatNetwork::new(Border::Zero, Threshold::Tanh, vec![FloatLayer::Bisel(layer)]);
        let method = Method::Constant(ConstantRule::Exact);
        let float = network.unwrap();
        let binarized = binarize(&float, method).unwrap();
        let certificate = certify(&float, &binarized, CertifyBudget::default()).unwrap();
        assert_eq!(certificate.verdict, Verdict::Proved);
    }
}
