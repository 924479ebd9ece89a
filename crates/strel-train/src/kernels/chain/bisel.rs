//! A BiSEL layer on one image: forward, and backward in one pass.

use pulp::Arch;
use strel_image::Border;
use strel_network::{FloatBisel, NeuronBank};

use super::super::instructions::arch;
use super::frame::{Edge, Frame};
use super::slopes::{through_threshold, through_union};
use super::threshold::Threshold;
use super::union::unite;
use super::windows::{Correlation, Plain, products};

/// A layer, and what all images share.
pub struct Layer<'a> {
    values: &'a FloatBisel,
    arch: Arch,
    frame: Frame,
    edge: Edge,
    /// From a pixel to the first one that its window reads.
    before: (isize, isize),
    /// `p W` of the BiSE neurons, reflected, `[inputs, outputs, kernel rows, kernel columns]`.
    reflected: Vec<f32>,
}

/// The planes of a layer on one image. Planes of inputs are `[inputs, plane]`; those of BiSE neurons
/// are `[outputs * inputs, plane]` and empty where there is no LUI; those of outputs are those of LUI
/// neurons or, without them, of BiSE neurons.
pub struct Planes<'a> {
    pub x: &'a [f32],
    pub bise: &'a mut [f32],
    pub y: &'a [f32],
    /// The gradient for the outputs, 0 around the image.
    pub dy: &'a mut [f32],
    /// Where the gradient for the inputs goes, if anywhere.
    pub dx: Option<&'a mut [f32]>,
}

impl<'a> Layer<'a> {
    pub fn new(values: &'a FloatBisel, frame: Frame, border: Border) -> Self {
        let FloatBisel { inputs, outputs, kernel, ref bise, .. } = *values;
        let taps = kernel.0 * kernel.1;
        let reflected = |neuron: usize| {
            let weights = bise.weights[neuron * taps..][..taps].iter().rev();
            weights.map(move |weight| bise.scale[neuron] * weight)
        };
        Layer {
            values,
            arch: arch(),
            frame,
            edge: Edge::new(frame, kernel, border),
            before: (-(kernel.0 as isize / 2), -(kernel.1 as isize / 2)),
            reflected: (0..inputs)
                .flat_map(|i| (0..outputs).map(move |o| o * inputs + i))
                .flat_map(reflected)
                .collect(),
        }
    }

    pub fn inputs(&self) -> usize {
        self.values.inputs
    }

    pub fn outputs(&self) -> usize {
        if self.has_lui() { self.values.outputs } else { self.neurons() }
    }

    pub fn has_lui(&self) -> bool {
        self.values.lui.is_some()
    }

    /// BiSE neurons.
    pub fn neurons(&self) -> usize {
        self.values.inputs * self.values.outputs
    }

    fn taps(&self) -> usize {
        self.values.kernel.0 * self.values.kernel.1
    }

    /// Writes the outputs; and the border of the inputs, which must have their images.
    pub fn forward(&self, x: &mut [f32], bise: &mut [f32], y: &mut [f32]) {
        let len = self.frame.len();
        x.chunks_exact_mut(len).for_each(|plane| self.edge.fill(plane));
        let Some(lui) = &self.values.lui else { return self.bise_forward(x, y) };
        self.bise_forward(x, bise);
        let FloatBisel { inputs, .. } = *self.values;
        for (o, (y, bise)) in
            y.chunks_exact_mut(len).zip(bise.chunks_exact(inputs * len)).enumerate()
        {
            let planes: Vec<&[f32]> = bise.chunks_exact(len).collect();
            let threshold = Threshold { bias: lui.bias[o], scale: lui.scale[o] };
            unite(self.arch, &planes, &lui.weights[o * inputs..][..inputs], threshold, y);
        }
    }

    fn bise_forward(&self, x: &[f32], y: &mut [f32]) {
        let (len, taps) = (self.frame.len(), self.taps());
        let NeuronBank { weights, bias, scale } = &self.values.bise;
        for (neuron, y) in y.chunks_exact_mut(len).enumerate() {
            let correlation = Correlation {
                frame: &self.frame,
                planes: &[&x[neuron % self.inputs() * len..][..len]],
                weights: &weights[neuron * taps..][..taps],
                kernel: self.values.kernel,
                shift: self.before,
                start: (0, 0),
                size: (self.frame.height, self.frame.width),
                finish: Threshold { bias: bias[neuron], scale: scale[neuron] },
            };
            correlation.write(self.arch, y);
        }
    }

    /// Values that [`backward`](Self::backward) writes an image: for each BiSE neuron the sums over
    /// pixels of `dz x(i + s)` for every tap, then for each that of `dz`; then the same of the LUI
    /// neurons.
    ///
    /// With `z = p (W.x - b)` and `dz` its gradient, those of the parameters follow from these:
    /// `dW = p sum dz x`, `db = -p sum dz`, `dp = W . sum dz x - b sum dz`.
    pub fn sums(&self) -> usize {
        let lui = if self.has_lui() { self.values.outputs * (self.inputs() + 1) } else { 0 };
        self.neurons() * (self.taps() + 1) + lui
    }

    /// Writes the sums, and the gradient for the inputs if it is wanted.
    pub fn backward(&self, planes: Planes, sums: &mut [f32]) {
        let Planes { x, bise, y, dy, dx } = planes;
        let (len, taps) = (self.frame.len(), self.taps());
        let (found, rest) = sums.split_at_mut(self.neurons() * taps);
        let (plain, of_lui) = rest.split_at_mut(self.neurons());
        let pairs = y.chunks_exact(len).zip(dy.chunks_exact_mut(len));
        let dz = match &self.values.lui {
            Some(lui) => {
                self.lui_backward(lui, pairs, bise, (plain, of_lui));
                &*bise
            }
            None => {
                for (plain, (y, dy)) in plain.iter_mut().zip(pairs) {
                    *plain = through_threshold(self.arch, y, dy);
                }
                &*dy
            }
        };
        let dz: Vec<&[f32]> = dz.chunks_exact(len).collect();
        for (neuron, (dz, found)) in dz.iter().zip(found.chunks_exact_mut(taps)).enumerate() {
            let x = &x[neuron % self.inputs() * len..][..len];
            products(self.arch, &self.frame, (dz, x), self.values.kernel, self.before, found);
        }
        let dx = dx.into_iter().flat_map(|dx| dx.chunks_exact_mut(len));
        dx.enumerate().for_each(|(input, dx)| self.input_gradient(input, &dz, dx));
    }

    /// Turns the outputs of BiSE neurons into gradients for what they threshold.
    fn lui_backward<'p>(
        &self,
        lui: &NeuronBank,
        pairs: impl Iterator<Item = (&'p [f32], &'p mut [f32])>,
        bise: &mut [f32],
        (plain, of_lui): (&mut [f32], &mut [f32]),
    ) {
        let (inputs, len) = (self.inputs(), self.frame.len());
        let (lui_products, lui_plain) = of_lui.split_at_mut(self.neurons());
        let mut neurons = bise.chunks_exact_mut(len).enumerate();
        for (o, (y, dy)) in pairs.enumerate() {
            lui_plain[o] = through_threshold(self.arch, y, dy);
            for (neuron, x) in neurons.by_ref().take(inputs) {
                let factor = lui.scale[o] * lui.weights[neuron];
                (lui_products[neuron], plain[neuron]) = through_union(self.arch, dy, x, factor);
            }
        }
    }

    fn input_gradient(&self, input: usize, dz: &[&[f32]], dx: &mut [f32]) {
        let FloatBisel { inputs, outputs, kernel: (rows, columns), .. } = *self.values;
        let of_input: Vec<&[f32]> = dz.iter().skip(input).step_by(inputs).copied().collect();
        let taps = outputs * self.taps();
        let after = |kernel: usize, before: isize| before + kernel as isize - 1;
        let correlation = Correlation {
            frame: &self.frame,
            planes: &of_input,
            weights: &self.reflected[input * taps..][..taps],
            kernel: (rows, columns),
            shift: (-after(rows, self.before.0), -after(columns, self.before.1)),
            start: self.before,
            size: (self.frame.height + rows - 1, self.frame.width + columns - 1),
            finish: Plain,
        };
        correlation.write(self.arch, dx);
        self.edge.fold(dx);
    }

    /// The gradients for the parameters, in their places, given the sums of all images.
    pub fn gradients(&self, sums: &[f32]) -> FloatBisel {
        let (bise, lui) = sums.split_at(self.neurons() * (self.taps() + 1));
        FloatBisel {
            bise: bank_gradient(&self.values.bise, bise),
            lui: self.values.lui.as_ref().map(|bank| bank_gradient(bank, lui)),
            ..*self.values
        }
    }
}

fn bank_gradient(bank: &NeuronBank, sums: &[f32]) -> NeuronBank {
    let NeuronBank { weights, bias, scale } = bank;
    let (products, plain) = sums.split_at(weights.len());
    let inputs = weights.len() / bias.len();
    let dot = |neuron: usize| -> f32 {
        let of_neuron = neuron * inputs..(neuron + 1) * inputs;
        weights[of_neuron.clone()].iter().zip(&products[of_neuron]).map(|(w, g)| w * g).sum()
    };
    NeuronBank {
        weights: products.iter().enumerate().map(|(i, g)| scale[i / inputs] * g).collect(),
        bias: plain.iter().zip(scale).map(|(g, p)| -p * g).collect(),
        scale: plain.iter().zip(bias).enumerate().map(|(n, (g, b))| dot(n) - b * g).collect(),
    }
}
