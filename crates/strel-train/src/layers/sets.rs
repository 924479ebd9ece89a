//! Sets of all pixels.

use rand::rngs::ChaCha8Rng;
use rayon::prelude::*;
use strel_network::{FloatDense, Shape};

use super::memberships::{ANY, Decay, SetPart};
use super::{DenseLayer, How, Memberships, Update};
use crate::kernels::{
    BLOCK, Features, Ones, arch, columns_of, map, sums_of_columns, weight_gradient,
};

/// Dilations and erosions of all pixels of all channels, from the first step on.
///
/// A DenseLUI layer learns numbers of which operators may come; this one learns the operators. Each
/// neuron has a set S of inputs; the first half of the neurons are dilations, 1 where an input of S
/// is 1, the others erosions, 1 where all inputs of S are. See [`Memberships`] for how they learn.
///
/// As float neurons, weights are 1 on S and 0 elsewhere, with a bias halfway between the sums that differ:
/// all of them are activated, and binarization loses nothing.
#[derive(Clone)]
pub struct Sets {
    /// The sets.
    pub memberships: Memberships,
}

impl Sets {
    /// `outputs` neurons with a few members each, near a pixel that is drawn for each neuron.
    pub fn new(inputs: Shape, outputs: usize, rng: &mut ChaCha8Rng) -> Self {
        Sets { memberships: Memberships::new(inputs, outputs, rng) }
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatDense {
        let inputs = self.memberships.inputs();
        let neurons = self.memberships.bank(inputs.pixels());
        FloatDense { inputs, outputs: self.memberships.count(), neurons }
    }
}

impl DenseLayer for Sets {
    /// Keeps what neurons count, `[neurons, blocks of samples]` rows: ones of a dilation, zeros of an erosion.
    fn forward(&self, x: &Features, _: How) -> (Features, Vec<f32>) {
        let (samples, sets) = (x.samples(), &self.memberships);
        let (columns, blocks) = (columns_of(x), x.samples().div_ceil(BLOCK));
        let mut counts = vec![[0.0; BLOCK]; sets.count() * blocks];
        let lists = counts.par_chunks_exact_mut(blocks).enumerate().map(|(neuron, counts)| {
            let (members, is_dilation) = (sets.members(neuron), sets.is_dilation(neuron));
            sums_of_columns(&columns, x.count(), members, counts);
            let counts = counts.as_flattened_mut();
            if !is_dilation {
                let size = members.len() as f32;
                counts.iter_mut().for_each(|hits| *hits = size - *hits);
            }
            let samples = (0u32..).zip(&counts[..samples]);
            samples.filter(|(_, count)| (**count > ANY) == is_dilation).map(|(s, _)| s).collect()
        });
        let lists: Vec<Vec<u32>> = lists.collect();
        (Features::Bits(Ones::of_lists(samples, lists)), counts.into_flattened())
    }

    fn backward(
        &mut self,
        x: &Features,
        kept: Vec<f32>,
        dy: &[f32],
        wants_dx: bool,
        _: How,
        update: &mut Update,
    ) -> Option<Vec<f32>> {
        let (samples, features, neurons) = (x.samples(), x.count(), self.memberships.count());
        let mut slopes = vec![[0.0; BLOCK]; neurons.div_ceil(BLOCK) * samples];
        let blocks = slopes.par_chunks_exact_mut(samples).enumerate();
        let per_neuron = samples.div_ceil(BLOCK) * BLOCK;
        blocks.for_each_init(
            || vec![0.0; per_neuron],
            |decays, (block, rows)| {
                let counts = kept[block * BLOCK * per_neuron..].chunks_exact(per_neuron);
                for (n, counts) in counts.take(BLOCK).enumerate() {
                    map(arch(), Decay, counts, decays);
                    let dy = dy.iter().skip(block * BLOCK + n).step_by(neurons);
                    let rows = rows.iter_mut().zip(&*decays).zip(dy);
                    rows.for_each(|((row, decay), dy)| row[n] = decay * dy);
                }
            },
        );
        let dx = wants_dx.then(|| self.feature_gradient(&slopes, [samples, features]));
        let dilations = (0..neurons).filter(|&n| self.memberships.is_dilation(n)).count();
        let step = update.step;
        let mut parts: Vec<SetPart> = self.memberships.parts().collect();
        let blocks = parts.par_chunks_mut(BLOCK).zip(slopes.par_chunks_exact(samples)).enumerate();
        blocks.for_each_init(
            || vec![0.0; BLOCK * features],
            |gradient, (block, (parts, slopes))| {
                let gradient = &mut gradient[..parts.len() * features];
                weight_gradient(x, slopes, gradient);
                let rows = parts.iter_mut().zip(gradient.chunks_exact_mut(features));
                for (n, (part, gradient)) in rows.enumerate() {
                    // An erosion counts its members that are 0.
                    if block * BLOCK + n >= dilations {
                        let all: f32 = slopes.iter().map(|row| row[n]).sum();
                        gradient.iter_mut().for_each(|value| *value -= all);
                    }
                    part.learn(step, gradient);
                }
            },
        );
        dx
    }
}

impl Sets {
    /// An input has the slopes of the neurons of which it is a member.
    fn feature_gradient(
        &self,
        slopes: &[[f32; BLOCK]],
        [samples, features]: [usize; 2],
    ) -> Vec<f32> {
        let mut dx = vec![0.0; samples * features];
        dx.par_chunks_exact_mut(features).enumerate().for_each(|(sample, dx)| {
            for neuron in 0..self.memberships.count() {
                let slope = slopes[neuron / BLOCK * samples + sample][neuron % BLOCK];
                self.memberships.members(neuron).iter().for_each(|&i| dx[i as usize] += slope);
            }
        });
        dx
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::AdamStep;
    use crate::layers::{Pass, gradients_of};
    use strel_image::Border;
    use strel_theory::Threshold;

    const SHAPE: Shape = Shape { channels: 1, height: 2, width: 2 };
    const HOW: How = How { border: Border::Zero, threshold: Threshold::Tanh, pass: Pass::Smooth };

    /// A dilation by inputs 0 and 1, another by input 3, an erosion by inputs 1 and 2.
    const MEMBERSHIP: [f32; 12] =
        [0.1, 0.2, -0.1, -0.2, -0.1, -0.1, -0.1, 0.1, -0.2, 0.1, 0.3, -0.1];

    fn layer() -> Sets {
        Sets { memberships: Memberships::of(SHAPE, 3, MEMBERSHIP.to_vec()) }
    }

    /// All binary images of four pixels, as bits and as numbers.
    fn inputs() -> [Features; 2] {
        let list = |i: u32| (0..16).filter(|image| image >> i & 1 == 1).collect();
        let bits = Features::Bits(Ones::of_lists(16, (0..4).map(list)));
        let numbers = Features::Numbers { samples: 16, values: bits.to_values() };
        [bits, numbers]
    }

    #[test]
    fn neurons_are_dilations_and_then_erosions() {
        for x in inputs() {
            let found = layer().forward(&x, HOW).0.to_values();
            for (image, found) in found.chunks_exact(3).enumerate() {
                let expected = [image & 0b0011 != 0, image & 0b1000 != 0, image & 0b0110 == 0b0110];
                assert_eq!(found, expected.map(|on| f32::from(u8::from(on))), "image {image:04b}");
            }
        }
    }

    #[test]
    fn gradients_are_those_of_products_over_members() {
        let dy: Vec<f32> = (0..48).map(|i| ((i * 7 % 11) as f32) - 5.0).collect();
        let (mut members, mut of_inputs) = (vec![0.0; 12], vec![0.0; 64]);
        for (image, neuron) in (0..16usize).flat_map(|image| (0..3).map(move |n| (image, n))) {
            let erodes = neuron == 2;
            // What counts: ones for a dilation, zeros for an erosion.
            let counts = |i: usize| (image >> i & 1 == 1) != erodes;
            let is_member = |i: usize| MEMBERSHIP[neuron * 4 + i] > 0.0;
            let count = (0..4).filter(|&i| counts(i) && is_member(i)).count();
            let slope = dy[image * 3 + neuron] * (-(count as f32)).exp();
            for i in 0..4 {
                let sign = if erodes { -1.0 } else { 1.0 };
                members[neuron * 4 + i] += if counts(i) { sign * slope } else { 0.0 };
                of_inputs[image * 4 + i] += if is_member(i) { slope } else { 0.0 };
            }
        }
        let close = |found: &[f32], expected: &[f32]| {
            let mut pairs = found.iter().zip(expected);
            assert!(pairs.all(|(a, b)| (a - b).abs() < 1e-4), "{found:?}, not {expected:?}");
        };
        for x in inputs() {
            let mut layer = layer();
            let kept = layer.forward(&x, HOW).1;
            let update = &mut Update::new(AdamStep::probe());
            let dx = layer.backward(&x, kept, &dy, true, HOW, update).unwrap();
            close(&gradients_of(layer.memberships.parameters_mut()), &members);
            close(&dx, &of_inputs);
        }
    }
}
