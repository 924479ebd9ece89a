//! Memberships: learnt numbers that decide which inputs belong to the set of a neuron.

use pulp::{Simd, WithSimd};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rayon::prelude::*;
use strel_network::{NeuronBank, Shape};

use super::parameter::{Parameter, Part};
use crate::kernels::{AdamStep, Elementwise, LANES, arch, exp};

/// A number for each neuron and input: the input is a member of the neuron's set if its *membership* is
/// above 0. The first half of the neurons are dilations, the others erosions.
///
/// A dilation counts its members that are 1, an erosion those that are 0. Outputs are those of the operators: a dilation
/// gives 1 where it counts something, an erosion 0. Gradients are straight-through ones, of a product over the members as if
/// each counted by itself: of `1 - exp(-count)` for a dilation and of `exp(-count)` for an erosion, and of a membership
/// as of what it decides. So a neuron learns where it is undecided, and one that counts much hardly does.
#[derive(Clone)]
pub struct Memberships {
    membership: Parameter,
    /// What a neuron reads: all of an image, or a window.
    inputs: Shape,
    /// The members of each neuron, increasing.
    members: Vec<Vec<u32>>,
}

/// The set of a neuron, to be moved.
pub struct SetPart<'a> {
    part: Part<'a>,
    members: &'a mut Vec<u32>,
}

/// Members at the start, at most, of a dilation and of an erosion.
const FIRST_MEMBERS: [usize; 2] = [12, 4];

/// How far members at the start are from a common pixel, along each side: at most.
const FIRST_REACH: f64 = 5.0;

/// How far memberships start from 0, on either side. With steps of Adam of one thousandth, an input
/// changes sides after a few dozens of them.
const FIRST_MEMBERSHIP: f64 = 0.03;

/// How far memberships get from 0: what is further does not come back in a training.
const MOST: f32 = 0.3;

/// The scale p of the float neurons: sums are 1/2 or more from their bias, and `xi(p / 2)` is 1 to the
/// last bit for thresholds of exponential tails.
pub(super) const SCALE: f32 = 80.0;

impl Memberships {
    /// `outputs` sets of a few members each, near a pixel that is drawn for each of them.
    pub fn new(inputs: Shape, outputs: usize, rng: &mut ChaCha8Rng) -> Self {
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
        Self::of(inputs, outputs, membership)
    }

    /// These memberships, `[outputs, inputs]`.
    pub fn of(inputs: Shape, outputs: usize, membership: Vec<f32>) -> Self {
        assert_eq!(membership.len(), outputs * inputs.pixels(), "a number a neuron and input");
        let members = membership
            .par_chunks_exact(inputs.pixels())
            .map(|row| members_of(row, 0).collect())
            .collect();
        Memberships { membership: Parameter::new(membership), inputs, members }
    }

    /// What a neuron reads.
    pub fn inputs(&self) -> Shape {
        self.inputs
    }

    /// The number of neurons.
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// The members of a neuron, increasing.
    pub fn members(&self, neuron: usize) -> &[u32] {
        &self.members[neuron]
    }

    /// Whether a neuron is a dilation; an erosion otherwise.
    pub fn is_dilation(&self, neuron: usize) -> bool {
        neuron < dilations(self.count())
    }

    /// All parameters, with their names, to be changed; [`refresh`](Self::refresh) follows.
    pub fn parameters_mut(&mut self) -> [(&'static str, &mut Parameter); 1] {
        [("membership", &mut self.membership)]
    }

    /// Lists members anew, of memberships that were changed from outside.
    pub fn refresh(&mut self) {
        let rows = self.membership.values.par_chunks_exact(self.inputs.pixels());
        self.members = rows.map(|row| members_of(row, 0).collect()).collect();
    }

    /// The sets, one after the other, to be moved.
    pub fn parts(&mut self) -> impl IndexedParallelIterator<Item = SetPart<'_>> {
        let parts = self.membership.parts(self.inputs.pixels()).zip(&mut self.members);
        parts.map(|(part, members)| SetPart { part, members })
    }

    /// The neurons over parts of so many inputs each: `[outputs, inputs / part]` of them. A set is united, by a
    /// neuron more, of its parts.
    pub fn bank(&self, part: usize) -> NeuronBank {
        let is_member = |&membership: &f32| f32::from(u8::from(membership > 0.0));
        let weights: Vec<f32> = self.membership.values.iter().map(is_member).collect();
        let parts = self.inputs.pixels() / part;
        let bias = weights.chunks_exact(part).enumerate().map(|(index, row)| {
            if self.is_dilation(index / parts) { 0.5 } else { row.iter().sum::<f32>() - 0.5 }
        });
        let bias: Vec<f32> = bias.collect();
        NeuronBank { scale: vec![SCALE; bias.len()], weights, bias }
    }
}

impl SetPart<'_> {
    /// Moves the memberships of the neuron along their gradient, keeps them in their range, and lists its members anew.
    pub fn learn(&mut self, step: AdamStep, gradient: &[f32]) {
        self.part.learn(step, gradient);
        arch().dispatch(Clip { values: self.part.values, members: self.members });
    }
}

/// The members among memberships from a first one on, increasing.
fn members_of(membership: &[f32], first: u32) -> impl Iterator<Item = u32> {
    membership.iter().zip(first..).filter(|(value, _)| **value > 0.0).map(|(_, index)| index)
}

/// Keeps memberships in their range, and lists the positive ones.
struct Clip<'a> {
    values: &'a mut [f32],
    members: &'a mut Vec<u32>,
}

impl WithSimd for Clip<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Clip { values, members } = self;
        members.clear();
        let (low, high) = (simd.splat_f32s(-MOST), simd.splat_f32s(MOST));
        let (blocks, rest) = values.as_chunks_mut::<LANES>();
        for (block, first) in blocks.iter_mut().zip((0..).step_by(LANES)) {
            let mut most = low;
            for vector in S::as_mut_simd_f32s(block).0 {
                *vector = simd.min_f32s(simd.max_f32s(*vector, low), high);
                most = simd.max_f32s(most, *vector);
            }
            // Most blocks have no member.
            if simd.reduce_max_f32s(most) > 0.0 {
                members.extend(members_of(block, first));
            }
        }
        let first = (blocks.len() * LANES) as u32;
        rest.iter_mut().for_each(|value| *value = value.clamp(-MOST, MOST));
        members.extend(members_of(rest, first));
    }
}

/// `exp(-count)`, the slope of what neurons give, for counts of at least 0.
#[derive(Clone, Copy)]
pub struct Decay;

impl Elementwise for Decay {
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, count: S::f32s) -> S::f32s {
        let limit = simd.splat_f32s(87.0);
        exp(simd, simd.neg_f32s(simd.min_f32s(count, limit)))
    }
}

/// The count above which `1 - exp(-count)` is above 1/2.
pub const ANY: f32 = std::f32::consts::LN_2;

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

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn neurons_start_with_a_few_members_near_each_other() {
        let shape = Shape { channels: 2, height: 20, width: 30 };
        let sets = Memberships::new(shape, 40, &mut ChaCha8Rng::seed_from_u64(3));
        for (neuron, weights) in sets.bank(1200).weights.chunks_exact(1200).enumerate() {
            let members: Vec<usize> = (0..1200).filter(|&i| weights[i] == 1.0).collect();
            assert!((1..=FIRST_MEMBERS[neuron / 20]).contains(&members.len()), "{members:?}");
            let columns = members.iter().map(|i| i % 30);
            let apart = columns.clone().max().unwrap() - columns.min().unwrap();
            assert!(apart as f64 <= 2.0 * FIRST_REACH, "{members:?}");
        }
    }

    #[test]
    fn memberships_stay_in_their_range_and_members_are_the_positive_ones() {
        let given: Vec<f32> = (0..37).map(|i| ((i * 7 % 11) as f32 - 8.0) / 5.0).collect();
        let mut sets = Memberships::of(Shape::flat(37), 1, given.clone());
        let expected: Vec<u32> = (0..37).filter(|&i| given[i as usize] > 0.0).collect();
        assert_eq!(sets.members(0), expected);
        sets.parts().for_each(|mut part| part.learn(AdamStep::probe(), &[-1.0; 37]));
        let clipped = given.iter().map(|value| value.clamp(-MOST, MOST));
        assert_eq!(sets.membership.values, clipped.collect::<Vec<_>>());
        assert_eq!(sets.members(0), expected);
        sets.parameters_mut()[0].1.values[36] = 0.1;
        sets.refresh();
        assert!(sets.members(0).contains(&36));
    }
}
