//! Which inputs belong to the sets of neurons.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_network::{NeuronBank, Shape};

use crate::layers::{overwritten, values};
use crate::ops;

/// A number for each neuron and input: the input is a member of the neuron's set if its *membership* is above
/// 0. The first half of the neurons are dilations, the others erosions.
#[derive(Module, Debug)]
pub struct Memberships {
    membership: Param<Tensor<2>>,
    /// What a neuron reads: all of an image, or a window.
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
pub(super) const SCALE: f32 = 80.0;

impl Memberships {
    /// `outputs` sets of a few members each, near a pixel that is drawn for each of them.
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
        Self::of(inputs, outputs, membership, device)
    }

    /// These memberships, `[outputs, inputs]`.
    pub fn of(inputs: Shape, outputs: usize, membership: Vec<f32>, device: &Device) -> Self {
        let data = TensorData::new(membership, [outputs, inputs.pixels()]);
        Memberships { membership: Param::from_data(data, device), inputs }
    }

    /// What a neuron reads.
    pub fn inputs(&self) -> Shape {
        self.inputs
    }

    /// The number of neurons.
    pub fn count(&self) -> usize {
        self.membership.dims()[0]
    }

    /// The device of the parameters.
    pub fn device(&self) -> Device {
        self.membership.val().device()
    }

    /// The memberships, `[outputs, inputs]`.
    #[cfg(test)]
    pub fn tensor(&self) -> Tensor<2> {
        self.membership.val()
    }

    /// What neurons give, `[batch, outputs, height, width]`: `hits` counts the ones among members, `[outputs,
    /// inputs]`, of the same shape.
    pub fn outputs(&self, hits: impl FnOnce(Tensor<2>) -> Tensor<4>) -> Tensor<4> {
        let members = straight_members(self.membership.val());
        let sizes = members.clone().sum_dim(1).squeeze_dim(1);
        ops::outputs_of_hits(hits(members), sizes, dilations(self.count()))
    }

    /// Keeps memberships in their range.
    pub fn clip(&mut self) {
        let clipped = self.membership.val().clamp(-MOST, MOST).detach();
        self.membership = overwritten(&self.membership, clipped);
    }

    /// The neurons over parts of so many inputs each: `[outputs, inputs / part]` of them. A set is united, by a
    /// neuron more, of its parts.
    pub fn bank(&self, part: usize) -> NeuronBank {
        let weights: Vec<f32> =
            values(self.membership.val()).iter().map(|&m| f32::from(u8::from(m > 0.0))).collect();
        let parts = self.inputs.pixels() / part;
        let bias = weights.chunks_exact(part).enumerate().map(|(index, row)| {
            let is_dilation = index / parts < dilations(self.count());
            if is_dilation { 0.5 } else { row.iter().sum::<f32>() - 0.5 }
        });
        let bias: Vec<f32> = bias.collect();
        NeuronBank { scale: vec![SCALE; bias.len()], weights, bias }
    }
}

/// A row or column near another one, mostly nearer than half of the reach.
fn near(at: usize, side: usize, rng: &mut ChaCha8Rng) -> usize {
    let reach = FIRST_REACH / 2.0;
    let away = rng.random_range(-reach..=reach) + rng.random_range(-reach..=reach);
    ((at as f64 + away).round().max(0.0) as usize).min(side - 1)
}

/// How many of the neurons are dilations: the first half.
pub(super) fn dilations(neurons: usize) -> usize {
    neurons.div_ceil(2)
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

    #[test]
    fn neurons_start_with_a_few_members_near_each_other() {
        let device = Device::flex();
        let shape = Shape { channels: 2, height: 20, width: 30 };
        let sets = Memberships::new(shape, 40, &mut ChaCha8Rng::seed_from_u64(3), &device);
        for (neuron, weights) in sets.bank(1200).weights.chunks_exact(1200).enumerate() {
            let members: Vec<usize> = (0..1200).filter(|&i| weights[i] == 1.0).collect();
            assert!((1..=FIRST_MEMBERS[neuron / 20]).contains(&members.len()), "{members:?}");
            let columns = members.iter().map(|i| i % 30);
            let apart = columns.clone().max().unwrap() - columns.min().unwrap();
            assert!(apart as f64 <= 2.0 * FIRST_REACH, "{members:?}");
        }
    }

    #[test]
    fn memberships_stay_in_their_range() {
        let (shape, given) = (Shape::flat(3), [0.1, 2.0, -0.5]);
        let mut sets = Memberships::of(shape, 1, given.to_vec(), &Device::flex().autodiff());
        sets.clip();
        assert_eq!(values(sets.tensor()), [0.1, MOST as f32, -MOST as f32]);
    }
}
