//! Sets of the pixels of a window.

use pulp::Arch;
use rand::rngs::ChaCha8Rng;
use rayon::prelude::*;
use strel_network::{FloatBisel, NeuronBank, Shape};

use super::by_image::{How, ImageLayer, OnImage, Planes};
use super::memberships::{ANY, SCALE};
use super::{BiselShape, Memberships, Update};
use crate::kernels::{
    DotTerms, Edge, Elementwise, Excess, Frame, Plain, Terms, arch, map, offset_sums,
};

/// Dilations and erosions by windows of all channels, from the first step on: a BiSEL layer whose neurons
/// learn as those of [`Sets`](super::Sets) do.
///
/// Each output channel has a set S of pixels of a window, in all input channels; the first half of the outputs are
/// 1 where a pixel of S is 1, the others where all are. As float neurons, there is a BiSE neuron for each
/// input channel by its part of S, a constant where there is none, and a LUI neuron that unites or intersects them.
#[derive(Clone)]
pub struct WindowSets {
    /// The sets.
    pub memberships: Memberships,
}

impl WindowSets {
    /// A layer with a few members of each set, near a pixel of the window that is drawn for each.
    pub fn new(shape: BiselShape, rng: &mut ChaCha8Rng) -> Self {
        let BiselShape { inputs, outputs, kernel: (height, width) } = shape;
        let window = Shape { channels: inputs, height, width };
        WindowSets { memberships: Memberships::new(window, outputs, rng) }
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatBisel {
        let Shape { channels: inputs, height, width } = self.memberships.inputs();
        let outputs = self.memberships.count();
        let bise = self.memberships.bank(height * width);
        let is_dilation = |output: usize| self.memberships.is_dilation(output);
        let bias = |output| if is_dilation(output) { 0.5 } else { inputs as f32 - 0.5 };
        let lui = (inputs > 1).then(|| NeuronBank {
            weights: vec![1.0; outputs * inputs],
            bias: (0..outputs).map(bias).collect(),
            scale: vec![SCALE; outputs],
        });
        FloatBisel { inputs, outputs, kernel: (height, width), bise, lui }
    }

    /// Moves the memberships, given the sums of [`OnImage::backward`] over all images, times `share`.
    pub fn learn(&mut self, sums: &[f64], share: f64, update: &Update) {
        let gradients = sums.par_chunks_exact(self.memberships.inputs().pixels());
        self.memberships.parts().zip(gradients).for_each(|(mut part, sums)| {
            let gradient: Vec<f32> = sums.iter().map(|sum| (sum * share) as f32).collect();
            part.learn(update.step, &gradient);
        });
    }
}

impl ImageLayer for WindowSets {
    fn kernel(&self) -> (usize, usize) {
        let Shape { height, width, .. } = self.memberships.inputs();
        (height, width)
    }

    fn on_image<'a>(&'a self, [frame, _]: [Frame; 2], how: How) -> Box<dyn OnImage + 'a> {
        Box::new(WindowSetsOnImage::new(&self.memberships, frame, how))
    }
}

/// The layer on one image. What neurons count is kept.
struct WindowSetsOnImage<'a> {
    sets: &'a Memberships,
    arch: Arch,
    frame: Frame,
    edge: Edge,
    /// From a pixel of the first plane to each place that its window reads, in all planes.
    places: Vec<isize>,
    /// Those of the members of each output.
    members: Vec<Vec<isize>>,
    decays: Decays,
}

impl<'a> WindowSetsOnImage<'a> {
    fn new(sets: &'a Memberships, frame: Frame, how: How) -> Self {
        let Shape { channels, height, width } = sets.inputs();
        let [len, stride] = [frame.len(), frame.stride].map(usize::cast_signed);
        let place = |channel: usize, row: usize, col: usize| {
            let [channel, row, col] = [channel, row, col].map(usize::cast_signed);
            let [before, left] = [height / 2, width / 2].map(usize::cast_signed);
            channel * len + (row - before) * stride + col - left
        };
        let places: Vec<isize> = (0..channels)
            .flat_map(|channel| (0..height).map(move |row| (channel, row)))
            .flat_map(|(channel, row)| (0..width).map(move |col| place(channel, row, col)))
            .collect();
        let of_members = |output: usize| {
            sets.members(output).iter().map(|&member| places[member as usize]).collect()
        };
        let members: Vec<Vec<isize>> = (0..sets.count()).map(of_members).collect();
        WindowSetsOnImage {
            decays: Decays::up_to(members.iter().map(Vec::len).max().unwrap_or_default()),
            sets,
            arch: arch(),
            frame,
            edge: Edge::new(frame, (height, width), how.border),
            places,
            members,
        }
    }

    /// The gradient for what an output counts of ones, where it is not 0: 1 more is one zero less.
    fn terms(&self, counts: &[f32], dy: &[f32]) -> Terms {
        let mut terms = Terms::default();
        let first = self.places[0];
        let row_starts = (0..self.frame.height).map(|row| self.frame.at(row.cast_signed(), 0));
        for at in row_starts.flat_map(|start| start..start + self.frame.width) {
            // Below a max-pool, most are.
            if dy[at] != 0.0 {
                terms.push(at.wrapping_add_signed(first), dy[at] * self.decays.of(counts[at]));
            }
        }
        terms
    }
}

impl OnImage for WindowSetsOnImage<'_> {
    fn inputs(&self) -> usize {
        self.sets.inputs().channels
    }

    fn outputs(&self) -> usize {
        self.members.len()
    }

    fn kept(&self) -> usize {
        self.outputs() * self.frame.len()
    }

    /// The gradient for each membership.
    fn sums(&self) -> usize {
        self.outputs() * self.places.len()
    }

    fn forward(&self, x: &mut [f32], kept: &mut [f32], y: &mut [f32]) {
        let (frame, len) = (&self.frame, self.frame.len());
        x.chunks_exact_mut(len).for_each(|plane| self.edge.fill(plane));
        let planes = kept.chunks_exact_mut(len).zip(y.chunks_exact_mut(len)).enumerate();
        for (output, (counts, y)) in planes {
            let members = &self.members[output];
            if self.sets.is_dilation(output) {
                offset_sums(self.arch, frame, x, members, Plain, counts);
                map(self.arch, IsAny { if_any: 1.0 }, counts, y);
            } else {
                let zeros = Excess { bias: members.len() as f32, scale: -1.0 };
                offset_sums(self.arch, frame, x, members, zeros, counts);
                map(self.arch, IsAny { if_any: 0.0 }, counts, y);
            }
        }
    }

    fn backward(&self, planes: Planes, sums: &mut [f32]) {
        let Planes { x, kept, dy, dx, .. } = planes;
        let (len, first) = (self.frame.len(), self.places[0]);
        let terms: Vec<Terms> = kept
            .chunks_exact(len)
            .zip(dy.chunks_exact(len))
            .map(|(counts, dy)| self.terms(counts, dy))
            .collect();
        let offsets: Vec<usize> =
            self.places.iter().map(|place| (place - first).cast_unsigned()).collect();
        let columns = self.sets.inputs().width;
        let found = DotTerms { x, offsets: &offsets, columns, planes: &terms, out: &mut *sums };
        self.arch.dispatch(found);
        let rows = sums.chunks_exact_mut(self.places.len()).zip(&terms).enumerate();
        for (_, (sums, terms)) in rows.filter(|(output, _)| !self.sets.is_dilation(*output)) {
            // An erosion counts its members that are 0.
            let all: f32 = terms.iter().map(|(_, slope)| slope).sum();
            sums.iter_mut().for_each(|sum| *sum -= all);
        }
        if let Some(dx) = dx {
            dx.fill(0.0);
            for (members, terms) in self.members.iter().zip(&terms) {
                for (place, slope) in terms.iter() {
                    let at = place.wrapping_add_signed(-first);
                    members.iter().for_each(|&m| dx[at.wrapping_add_signed(m)] += slope);
                }
            }
            dx.chunks_exact_mut(len).for_each(|plane| self.edge.fold(plane));
        }
    }
}

/// One number where something is counted, its complement where nothing is.
#[derive(Clone, Copy)]
struct IsAny {
    if_any: f32,
}

impl Elementwise for IsAny {
    #[inline(always)]
    fn of<S: pulp::Simd>(self, simd: S, count: S::f32s) -> S::f32s {
        let [any, yes, no] = [ANY, self.if_any, 1.0 - self.if_any].map(|v| simd.splat_f32s(v));
        simd.select_f32s(simd.greater_than_f32s(count, any), yes, no)
    }
}

/// `exp(-count)`; counts of bits are whole numbers, of which there are few.
struct Decays(Vec<f32>);

impl Decays {
    fn up_to(most: usize) -> Self {
        Decays((0..=most).map(|count| (-(count as f32)).exp()).collect())
    }

    fn of(&self, count: f32) -> f32 {
        match self.0.get(count as usize) {
            Some(&decay) if (count as usize) as f32 == count => decay,
            _ => (-count).exp(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use strel_image::{BitImage, Border};
    use strel_network::{CertifyBudget, FloatLayer, FloatNetwork, Verdict, binarize, certify};
    use strel_theory::{ConstantRule, Method, Threshold};

    use crate::kernels::pixels;
    use crate::layers::{ByImage, Pass};

    const SIZE: (usize, usize) = (6, 7);

    fn layer(inputs: usize) -> WindowSets {
        let shape = BiselShape { inputs, outputs: 5, kernel: (3, 4) };
        WindowSets::new(shape, &mut ChaCha8Rng::seed_from_u64(7))
    }

    #[test]
    fn outputs_are_those_of_the_float_layer_and_of_its_operators() {
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        for (inputs, border) in [(1, Border::Replicate), (3, Border::Zero), (2, Border::Reflect)] {
            let layer = layer(inputs);
            let images: Vec<BitImage> = (0..inputs)
                .map(|_| BitImage::from_fn(SIZE.0, SIZE.1, |_, _| rng.random_bool(0.6)))
                .collect();
            let how = How { border, threshold: Threshold::Tanh, pass: Pass::Smooth };
            let x: Vec<f32> = images.iter().flat_map(pixels).collect();
            let chain = ByImage::new(&[&layer], how, SIZE);
            let found = chain.forward(1, |_, input| input.copy_from_slice(&x));

            let float = vec![FloatLayer::Bisel(layer.to_float())];
            let network = FloatNetwork::new(border, Threshold::Tanh, float).unwrap();
            let expected = network.forward_hard(&images).unwrap();
            let expected: Vec<f32> = expected.iter().flat_map(pixels).collect();
            assert_eq!(found, expected, "{border:?}");
            assert!(found.contains(&0.0) && found.contains(&1.0));
        }
    }

    #[test]
    fn every_neuron_is_an_operator() {
        let layer = FloatLayer::Bisel(layer(3).to_float());
        let float = FloatNetwork::new(Border::Zero, Threshold::Tanh, vec![layer]).unwrap();
        let method = Method::Constant(ConstantRule::Exact);
        let binarized = binarize(&float, method).unwrap();
        let certificate = certify(&float, &binarized, CertifyBudget::default()).unwrap();
        assert_eq!(certificate.verdict, Verdict::Proved);
    }
}
