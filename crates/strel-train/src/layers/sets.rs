//! The layer of sets.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatDense, NeuronBank, Shape};

use super::{overwritten, straight_through, values};

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
        let dilations = dilations(self.count());
        let members = straight_members(self.membership.val());
        let hits = x.clone().matmul(members.clone().narrow(0, 0, dilations).transpose());
        let erosions = self.count() - dilations;
        if erosions == 0 {
            return any(hits);
        }
        let misses = (-x + 1.0).matmul(members.narrow(0, dilations, erosions).transpose());
        Tensor::cat(vec![any(hits), -any(misses) + 1.0], 1)
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

/// 1 where a count `[batch, neurons]` is not 0, as `[batch, neurons, 1, 1]`, with the gradient of
/// `1 - exp(-count)`.
fn any(count: Tensor<2>) -> Tensor<4> {
    let [batch, neurons] = count.dims();
    // Whole counts: 1 - exp(-1) is above 1/2, and 1 - exp(0) is not.
    straight_through((-(-count).exp() + 1.0).reshape([batch, neurons, 1, 1]))
}

/// 1 for a membership above 0, else 0, with the gradient of the membership.
fn straight_members(membership: Tensor<2>) -> Tensor<2> {
    let given = membership.clone().detach();
    given.clone().greater_elem(0.0).float() + (membership - given)
}
