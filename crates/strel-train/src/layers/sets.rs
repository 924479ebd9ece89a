//! The layer of sets.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatDense, NeuronBank, Shape};

use super::{overwritten, straight_through, values};
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
    membership: Param<Tensor<2>>,
    #[module(skip)]
    inputs: Shape,
}

/// Members at the start, at most, of a dilation and of an erosion.
const FIRST_MEMBERS: [usize; 2] = [12, 4];

/// How far members at the start are from a common pixel, along each side: at most.
const FIRST_REACH: f64 = 5.0;

/// How far memberships start from 0, on either side. With steps of Adam of one thousandth, an input
/// changes sides after a few dozens of them.
const FIRST_MEMBERSHIP: f64 = 0.03;

/// How far memberships get from 0: what is further does not come back in a training.
const MOST: f64 = 0.3;

/// The scale p of the float neurons: sums are 1/2 or more from their bias, and `xi(p / 2)` is 1 to the
/// last bit for thresholds of exponential tails.
const SCALE: f32 = 80.0;

impl Sets {
    /// `outputs` neurons with a few members each, near a pixel that is drawn for each neuron.
    pub fn new(inputs: Shape, outputs: usize, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        let count = inputs.pixels();
        let mut membership = vec![-FIRST_MEMBERSHIP as f32; outputs * count];
        for (neuron, row) in membership.chunks_exact_mut(count).enumerate() {
            let most = FIRST_MEMBERS[usize::from(neuron >= dilations(outputs))];
            let [i, j] = [inputs.height, inputs.width].map(|side| rng.random_range(0..side));
            for _ in 0..rng.random_range(2..=most) {
                let channel = rng.random_range(0..inputs.channels);
                let [i, j] =
                    [(i, inputs.height), (j, inputs.width)].map(|(at, side)| near(at, side, rng));
                row[(channel * inputs.height + i) * inputs.width + j] = FIRST_MEMBERSHIP as f32;
            }
        }
        let data = TensorData::new(membership, [outputs, count]);
        Sets { membership: Param::from_data(data, device), inputs }
    }

    /// The number of neurons.
    pub fn count(&self) -> usize {
        self.membership.dims()[0]
    }

    /// `[batch, channels, height, width]` to `[batch, outputs, 1, 1]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, ..] = x.dims();
        let x = x.reshape([batch, self.inputs.pixels()]);
        self.outputs(|members| x.matmul(members.transpose()))
    }

    /// The same for bits; none where there is no fused kernel for them.
    pub(super) fn of_bits(&self, x: &Arc<Ones>) -> Option<Tensor<4>> {
        let fused = ops::are_fused(&self.membership.val().device());
        fused.then(|| self.outputs(|members| ops::sums_of_bits(x, members)))
    }

    /// The outputs, where `hits` counts the ones among members `[outputs, inputs]`, `[batch, outputs]`.
    fn outputs(&self, hits: impl FnOnce(Tensor<2>) -> Tensor<2>) -> Tensor<4> {
        let (dilations, neurons) = (dilations(self.count()), self.count());
        let members = straight_members(self.membership.val());
        let sizes = members.clone().sum_dim(1).transpose();
        let hits = hits(members);
        let [batch, _] = hits.dims();
        let union = any(hits.clone().narrow(1, 0, dilations));
        let y = match neurons - dilations {
            0 => union,
            erosions => {
                let part = |tensor: Tensor<2>| tensor.narrow(1, dilations, erosions);
                let misses = part(sizes) - part(hits);
                Tensor::cat(vec![union, -any(misses) + 1.0], 1)
            }
        };
        y.reshape([batch, neurons, 1, 1])
    }

    /// Keeps memberships in their range.
    pub fn clip(&mut self) {
        let clipped = self.membership.val().clamp(-MOST, MOST).detach();
        self.membership = overwritten(&self.membership, clipped);
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatDense {
        let (outputs, count) = (self.count(), self.inputs.pixels());
        let weights: Vec<f32> =
            values(self.membership.val()).iter().map(|&m| f32::from(u8::from(m > 0.0))).collect();
        let bias = weights.chunks_exact(count).enumerate().map(|(neuron, row)| {
            if neuron < dilations(outputs) { 0.5 } else { row.iter().sum::<f32>() - 0.5 }
        });
        let bias = bias.collect();
        let neurons = NeuronBank { weights, bias, scale: vec![SCALE; outputs] };
        FloatDense { inputs: self.inputs, outputs, neurons }
    }
}

/// A row or column near another one, mostly nearer than half of the reach.
fn near(at: usize, side: usize, rng: &mut ChaCha8Rng) -> usize {
    let reach = FIRST_REACH / 2.0;
    let away = rng.random_range(-reach..=reach) + rng.random_range(-reach..=reach);
    ((at as f64 + away).round().max(0.0) as usize).min(side - 1)
}

/// How many of the neurons are dilations: the first half.
fn dilations(neurons: usize) -> usize {
    neurons.div_ceil(2)
}

/// 1 where a count is not 0, else 0, with the gradient of `1 - exp(-count)`.
fn any(count: Tensor<2>) -> Tensor<2> {
    // Whole counts: 1 - exp(-1) is above 1/2, and 1 - exp(0) is not.
    straight_through(-(-count).exp() + 1.0)
}

/// 1 for a membership above 0, else 0, with the gradient of the membership.
fn straight_members(membership: Tensor<2>) -> Tensor<2> {
    let given = membership.clone().detach();
    given.clone().greater_elem(0.0).float() + (membership - given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    const SHAPE: Shape = Shape { channels: 1, height: 2, width: 2 };

    /// A dilation by inputs 0 and 1, another by input 3, an erosion by inputs 1 and 2.
    const MEMBERSHIP: [f32; 12] =
        [0.1, 2.0, -0.1, -0.2, -0.1, -0.1, -0.1, 0.1, -0.2, 0.1, 0.3, -0.1];

    fn layer(device: &Device) -> Sets {
        let data = TensorData::new(MEMBERSHIP.to_vec(), [3, 4]);
        Sets { membership: Param::from_data(data, device), inputs: SHAPE }
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
        let of_members = values(layer.membership.val().grad(&gradients).unwrap());
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

    #[test]
    fn neurons_start_with_a_few_members_near_each_other() {
        let device = Device::flex();
        let shape = Shape { channels: 2, height: 20, width: 30 };
        let layer = Sets::new(shape, 40, &mut ChaCha8Rng::seed_from_u64(3), &device);
        for (neuron, weights) in layer.to_float().neurons.weights.chunks_exact(1200).enumerate() {
            let members: Vec<usize> = (0..1200).filter(|&i| weights[i] == 1.0).collect();
            assert!((1..=FIRST_MEMBERS[neuron / 20]).contains(&members.len()), "{members:?}");
            let columns = members.iter().map(|i| i % 30);
            let apart = columns.clone().max().unwrap() - columns.min().unwrap();
            assert!(apart as f64 <= 2.0 * FIRST_REACH, "{members:?}");
        }
    }

    #[test]
    fn memberships_stay_in_their_range() {
        let mut layer = layer(&Device::flex().autodiff());
        layer.clip();
        let expected = MEMBERSHIP.map(|m| m.min(MOST as f32));
        assert_eq!(values(layer.membership.val()), expected);
        assert_ne!(expected, MEMBERSHIP);
    }
}
