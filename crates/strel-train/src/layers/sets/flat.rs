//! Sets of all pixels.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatDense, Shape};

use super::Memberships;
use crate::kernels::Ones;
use crate::ops;

/// Dilations and erosions of all pixels of all channels, from the first step on.
///
/// A DenseLUI layer learns numbers of which operators may come; this one learns the operators. Each
/// neuron has a set S of inputs; the first half of the neurons are dilations, 1 where an input of S
/// is 1, the others erosions, 1 where all inputs of S are. An input is in S if its *membership* is
/// above 0. Outputs are those of the operators; gradients are straight-through ones, of a product
/// over the members as if each counted by itself: of `1 - exp(-hits)` for a dilation, of
/// `exp(-misses)` for an erosion, with `hits` the members that are 1 and `misses` those that are 0, and
/// of a membership as of what it decides. So a neuron learns where it is undecided, and one of many hits
/// or misses hardly does.
///
/// As float neurons, weights are 1 on S and 0 elsewhere, with a bias halfway between the sums that differ:
/// all of them are activated, and binarization loses nothing.
#[derive(Module, Debug)]
pub struct Sets {
    memberships: Memberships,
}

impl Sets {
    /// `outputs` neurons with a few members each, near a pixel that is drawn for each neuron.
    pub fn new(inputs: Shape, outputs: usize, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        Sets { memberships: Memberships::new(inputs, outputs, rng, device) }
    }

    /// `[batch, channels, height, width]` to `[batch, outputs, 1, 1]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, ..] = x.dims();
        let x = x.reshape([batch, self.memberships.inputs().pixels()]);
        self.outputs(|members| x.matmul(members.transpose()))
    }

    /// The same for bits; none where there is no fused kernel for them.
    pub(in crate::layers) fn of_bits(&self, x: &Arc<Ones>) -> Option<Tensor<4>> {
        let fused = ops::are_fused(&self.memberships.device());
        fused.then(|| self.outputs(|members| ops::sums_of_bits(x, members)))
    }

    fn outputs(&self, hits: impl FnOnce(Tensor<2>) -> Tensor<2>) -> Tensor<4> {
        self.memberships.outputs(|members| {
            let hits = hits(members);
            let [batch, outputs] = hits.dims();
            hits.reshape([batch, outputs, 1, 1])
        })
    }

    /// Keeps memberships in their range.
    pub fn clip(&mut self) {
        self.memberships.clip();
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatDense {
        let inputs = self.memberships.inputs();
        let neurons = self.memberships.bank(inputs.pixels());
        FloatDense { inputs, outputs: self.memberships.count(), neurons }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::TensorData;

    use crate::layers::values;

    const SHAPE: Shape = Shape { channels: 1, height: 2, width: 2 };

    /// A dilation by inputs 0 and 1, another by input 3, an erosion by inputs 1 and 2.
    const MEMBERSHIP: [f32; 12] =
        [0.1, 2.0, -0.1, -0.2, -0.1, -0.1, -0.1, 0.1, -0.2, 0.1, 0.3, -0.1];

    fn layer(device: &Device) -> Sets {
        Sets { memberships: Memberships::of(SHAPE, 3, MEMBERSHIP.to_vec(), device) }
    }

    /// All binary images of four pixels.
    fn inputs(device: &Device) -> Tensor<4> {
        let pixels =
            (0..16).flat_map(|image| (0..4).map(move |i| f32::from((image >> i & 1) as u8)));
        Tensor::from_data(TensorData::new(pixels.collect::<Vec<_>>(), [16, 1, 2, 2]), device)
    }

    #[test]
    fn neurons_are_dilations_and_then_erosions() {
        let device = Device::flex();
        let found = values(layer(&device).forward(inputs(&device)));
        for (image, found) in found.chunks_exact(3).enumerate() {
            let expected = [image & 0b0011 != 0, image & 0b1000 != 0, image & 0b0110 == 0b0110];
            assert_eq!(found, expected.map(|on| f32::from(u8::from(on))), "image {image:04b}");
        }
    }

    #[test]
    fn gradients_are_those_of_products_over_members() {
        let device = Device::flex().autodiff();
        let (layer, x) = (layer(&device), inputs(&device).require_grad());
        let slopes: Vec<f32> = (0..48).map(|i| ((i * 7 % 11) as f32) - 5.0).collect();
        let dy = Tensor::from_data(TensorData::new(slopes.clone(), [16, 3, 1, 1]), &device);
        let gradients = (layer.forward(x.clone()) * dy).sum().backward();
        let of_members = values(layer.memberships.tensor().grad(&gradients).unwrap());
        let of_inputs = values(x.grad(&gradients).unwrap());
        let (mut members, mut expected_x) = (vec![0.0; 12], vec![0.0; 64]);
        for image in 0..16usize {
            for neuron in 0..3 {
                let erodes = neuron == 2;
                // What counts: ones for a dilation, zeros for an erosion.
                let counts = |i: usize| (image >> i & 1 == 1) != erodes;
                let is_member = |i: usize| MEMBERSHIP[neuron * 4 + i] > 0.0;
                let count = (0..4).filter(|&i| counts(i) && is_member(i)).count();
                let slope = slopes[image * 3 + neuron] * (-(count as f32)).exp();
                for i in 0..4 {
                    let sign = if erodes { -1.0 } else { 1.0 };
                    members[neuron * 4 + i] += if counts(i) { sign * slope } else { 0.0 };
                    expected_x[image * 4 + i] += if is_member(i) { slope } else { 0.0 };
                }
            }
        }
        let close = |found: &[f32], expected: &[f32]| {
            let pairs = found.iter().zip(expected);
            assert!(
                pairs.clone().all(|(a, b)| (a - b).abs() < 1e-4),
                "{found:?}, not {expected:?}"
            );
        };
        close(&of_members, &members);
        close(&of_inputs, &expected_x);
    }
}
