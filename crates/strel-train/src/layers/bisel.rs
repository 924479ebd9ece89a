//! The morphological layer.

use pulp::Arch;
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatBisel, NeuronBank};
use strel_theory::Threshold;

use super::by_image::{How, ImageLayer, OnImage, Pass, Planes};
use super::{Neurons, Start, Update};
use crate::kernels::{
    Correlation, Edge, Excess, Frame, Hard, Plain, Tanh, add_multiple, arch, dot, map,
    multiply_by_slopes, products, sum, tanh_factor, through_threshold, through_union, unite,
    write_values,
};

/// A BiSEL layer: a BiSE neuron for each pair of an input and an output channel, then one LUI for
/// each output channel over its results. With one input channel there is nothing to unite, and no
/// LUI.
#[derive(Clone)]
pub struct Bisel {
    /// The BiSE neurons, that of output `o` and input `i` at `o * inputs + i`.
    pub bise: Neurons,
    /// The LUI neurons, one an output.
    pub lui: Option<Neurons>,
    shape: BiselShape,
}

/// The sizes of a BiSEL layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BiselShape {
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// Rows and columns of the windows.
    pub kernel: (usize, usize),
}

impl Bisel {
    /// An undecided layer.
    pub fn new(shape: BiselShape, start: &Start, rng: &mut ChaCha8Rng) -> Self {
        let BiselShape { inputs, outputs, kernel } = shape;
        // Channels start with equal weights: each is as good as the next.
        let united = Start { spread: 0.0, input_mean: 0.5, ..*start };
        Bisel {
            bise: Neurons::new(outputs * inputs, kernel.0 * kernel.1, start, rng),
            lui: (inputs > 1).then(|| Neurons::new(outputs, inputs, &united, rng)),
            shape,
        }
    }

    /// The sizes of the layer.
    pub fn shape(&self) -> BiselShape {
        self.shape
    }

    /// The layer as plain numbers.
    pub fn to_float(&self) -> FloatBisel {
        FloatBisel {
            inputs: self.shape.inputs,
            outputs: self.shape.outputs,
            kernel: self.shape.kernel,
            bise: self.bise.bank(),
            lui: self.lui.as_ref().map(Neurons::bank),
        }
    }

    /// The banks of neurons of the layer, BiSE before LUI.
    pub fn neurons(&self) -> impl Iterator<Item = &Neurons> {
        std::iter::once(&self.bise).chain(&self.lui)
    }

    /// The same, to be changed.
    pub fn neurons_mut(&mut self) -> impl Iterator<Item = &mut Neurons> {
        std::iter::once(&mut self.bise).chain(&mut self.lui)
    }

    /// Moves the parameters, given the sums of [`OnImage::backward`] over all images, times `share`.
    pub fn learn(&mut self, sums: &[f64], share: f64, how: How, update: &mut Update) {
        let factor = plain_factor(how).unwrap_or(1.0);
        let sums: Vec<f32> = sums.iter().map(|sum| (sum * share) as f32).collect();
        let (bise, lui) = sums.split_at(self.bise.count() * (self.bise.inputs() + 1));
        let banks = self.neurons_mut().zip([bise, lui]);
        banks.for_each(|(neurons, sums)| {
            let gradient = bank_gradient(&neurons.bank(), sums, factor);
            neurons.learn(gradient, update);
        });
    }
}

impl ImageLayer for Bisel {
    fn kernel(&self) -> (usize, usize) {
        self.shape.kernel
    }

    fn on_image<'a>(&'a self, [frame, _]: [Frame; 2], how: How) -> Box<dyn OnImage + 'a> {
        Box::new(BiselOnImage::new(self.to_float(), frame, how))
    }
}

impl ImageLayer for FloatBisel {
    fn kernel(&self) -> (usize, usize) {
        self.kernel
    }

    fn on_image<'a>(&'a self, [frame, _]: [Frame; 2], how: How) -> Box<dyn OnImage + 'a> {
        Box::new(BiselOnImage::new(self.clone(), frame, how))
    }
}

/// The factor of the hyperbolic tangent that neurons give, where their slopes follow from that alone: where it is
/// neither thresholded nor another smooth threshold.
fn plain_factor(how: How) -> Option<f32> {
    tanh_factor(how.threshold).filter(|_| how.pass == Pass::Smooth)
}

/// Gradients of neurons, given for each of them the sums over pixels of `dz x(i + s)` for every tap s, then for each that
/// of `dz`. With `z = factor p (W.x - b)` and `dz` its gradient:
///
/// ```text
/// dW = factor p sum dz x,   db = -factor p sum dz,   dp = factor (W . sum dz x - b sum dz).
/// ```
fn bank_gradient(bank: &NeuronBank, sums: &[f32], factor: f32) -> NeuronBank {
    let NeuronBank { weights, bias, scale } = bank;
    let (products, plain) = sums.split_at(weights.len());
    let inputs = weights.len() / bias.len();
    let dot = |neuron: usize| -> f32 {
        let of_neuron = neuron * inputs..(neuron + 1) * inputs;
        weights[of_neuron.clone()].iter().zip(&products[of_neuron]).map(|(w, g)| w * g).sum()
    };
    let scale_of = |neuron: usize| factor * scale[neuron];
    let of_scale = |(n, (g, b)): (usize, (&f32, &f32))| factor * (dot(n) - b * g);
    NeuronBank {
        weights: products.iter().enumerate().map(|(i, g)| scale_of(i / inputs) * g).collect(),
        bias: plain.iter().enumerate().map(|(n, g)| -scale_of(n) * g).collect(),
        scale: plain.iter().zip(bias).enumerate().map(of_scale).collect(),
    }
}

/// The layer on one image.
///
/// Where slopes follow from outputs, the outputs of BiSE neurons are kept for the LUI neurons. Elsewhere, what all
/// neurons threshold is kept after them: `z = p (W.x - b)`.
struct BiselOnImage {
    values: FloatBisel,
    arch: Arch,
    frame: Frame,
    edge: Edge,
    /// From a pixel to the first one that its window reads.
    before: (isize, isize),
    /// `factor p W` of the BiSE neurons, reflected, `[inputs, outputs, kernel rows, kernel columns]`.
    reflected: Vec<f32>,
    threshold: Threshold,
    pass: Pass,
    /// Of the hyperbolic tangent, where slopes follow from outputs.
    factor: Option<f32>,
}

impl BiselOnImage {
    fn new(values: FloatBisel, frame: Frame, how: How) -> Self {
        let FloatBisel { inputs, outputs, kernel, ref bise, .. } = values;
        let (taps, factor) = (kernel.0 * kernel.1, plain_factor(how));
        let reflected = |neuron: usize| {
            let scale = factor.unwrap_or(1.0) * bise.scale[neuron];
            let weights = bise.weights[neuron * taps..][..taps].iter().rev();
            weights.map(move |weight| scale * weight)
        };
        let reflected = (0..inputs)
            .flat_map(|i| (0..outputs).map(move |o| o * inputs + i))
            .flat_map(reflected)
            .collect();
        BiselOnImage {
            reflected,
            values,
            arch: arch(),
            frame,
            edge: Edge::new(frame, kernel, how.border),
            before: (-(kernel.0 as isize / 2), -(kernel.1 as isize / 2)),
            threshold: how.threshold,
            pass: how.pass,
            factor,
        }
    }

    /// BiSE neurons.
    fn neurons(&self) -> usize {
        self.values.inputs * self.values.outputs
    }

    fn taps(&self) -> usize {
        self.values.kernel.0 * self.values.kernel.1
    }

    /// The planes that are kept of BiSE neurons' outputs, of what they threshold, and of what LUI neurons do.
    fn kept_planes(&self) -> [usize; 3] {
        let has_lui = self.values.lui.is_some();
        let of_lui = if has_lui { self.values.outputs } else { 0 };
        match self.factor {
            Some(_) => [if has_lui { self.neurons() } else { 0 }, 0, 0],
            None => [if has_lui { self.neurons() } else { 0 }, self.neurons(), of_lui],
        }
    }

    fn split_kept<'k>(&self, kept: &'k mut [f32]) -> [&'k mut [f32]; 3] {
        let [bise, z_bise, _] = self.kept_planes().map(|planes| planes * self.frame.len());
        let (bise, rest) = kept.split_at_mut(bise);
        let (z_bise, z_lui) = rest.split_at_mut(z_bise);
        [bise, z_bise, z_lui]
    }

    /// The outputs of the BiSE neurons, and what they threshold where it is kept.
    fn bise_forward(&self, x: &[f32], z: &mut [f32], y: &mut [f32]) {
        let (len, taps) = (self.frame.len(), self.taps());
        let NeuronBank { weights, bias, scale } = &self.values.bise;
        for neuron in 0..self.neurons() {
            let of_neuron = neuron * len..(neuron + 1) * len;
            let (bias, scale) = (bias[neuron], scale[neuron]);
            let planes = &[&x[neuron % self.values.inputs * len..][..len]];
            let weights = &weights[neuron * taps..][..taps];
            match self.factor {
                Some(factor) => {
                    let finish = Tanh { bias, scale: factor * scale };
                    self.correlation(planes, weights, finish).write(self.arch, &mut y[of_neuron]);
                }
                None => {
                    let z = &mut z[of_neuron.clone()];
                    let finish = Excess { bias, scale };
                    self.correlation(planes, weights, finish).write(self.arch, z);
                    self.write_outputs(z, &mut y[of_neuron]);
                }
            }
        }
    }

    fn correlation<'c, F>(
        &'c self,
        planes: &'c [&'c [f32]],
        weights: &'c [f32],
        finish: F,
    ) -> Correlation<'c, F> {
        Correlation {
            frame: &self.frame,
            planes,
            weights,
            kernel: self.values.kernel,
            shift: self.before,
            start: (0, 0),
            size: (self.frame.height, self.frame.width),
            finish,
        }
    }

    fn lui_forward(&self, lui: &NeuronBank, bise: &[f32], z: &mut [f32], y: &mut [f32]) {
        let (len, inputs) = (self.frame.len(), self.values.inputs);
        for (o, planes) in bise.chunks_exact(inputs * len).enumerate() {
            let of_neuron = o * len..(o + 1) * len;
            let planes: Vec<&[f32]> = planes.chunks_exact(len).collect();
            let weights = &lui.weights[o * inputs..][..inputs];
            let (bias, scale) = (lui.bias[o], lui.scale[o]);
            match self.factor {
                Some(factor) => {
                    let finish = Tanh { bias, scale: factor * scale };
                    unite(self.arch, &planes, weights, finish, &mut y[of_neuron]);
                }
                None => {
                    let z = &mut z[of_neuron.clone()];
                    unite(self.arch, &planes, weights, Excess { bias, scale }, z);
                    self.write_outputs(z, &mut y[of_neuron]);
                }
            }
        }
    }

    /// What neurons give that threshold these numbers.
    fn write_outputs(&self, z: &[f32], y: &mut [f32]) {
        match self.pass {
            Pass::Smooth => write_values(self.arch, self.threshold, z, y),
            Pass::Hard => map(self.arch, Hard, z, y),
        }
    }

    /// Turns the gradient for the outputs of a neuron into that for what it thresholds, and returns its sum.
    fn through(&self, y: &[f32], z: &[f32], d: &mut [f32]) -> f32 {
        if self.factor.is_some() {
            return through_threshold(self.arch, y, d);
        }
        multiply_by_slopes(self.arch, self.threshold, z, d);
        sum(self.arch, d)
    }

    /// Turns the outputs of the BiSE neurons into gradients for what they threshold.
    fn lui_backward(
        &self,
        lui: &NeuronBank,
        (y, dy): (&[f32], &mut [f32]),
        [bise, z_bise, z_lui]: [&mut [f32]; 3],
        (plain, of_lui): (&mut [f32], &mut [f32]),
    ) {
        let (inputs, len) = (self.values.inputs, self.frame.len());
        let (lui_products, lui_plain) = of_lui.split_at_mut(self.neurons());
        for (o, d) in dy.chunks_exact_mut(len).enumerate() {
            let z = if z_lui.is_empty() { &[][..] } else { &z_lui[o * len..][..len] };
            lui_plain[o] = self.through(&y[o * len..][..len], z, d);
            for neuron in o * inputs..(o + 1) * inputs {
                let x = &mut bise[neuron * len..][..len];
                let factor = self.factor.unwrap_or(1.0) * lui.scale[o] * lui.weights[neuron];
                (lui_products[neuron], plain[neuron]) = match self.factor {
                    Some(_) => through_union(self.arch, d, x, factor),
                    None => {
                        let product = dot(self.arch, d, x);
                        x.fill(0.0);
                        add_multiple(self.arch, factor, d, x);
                        (product, self.through(&[], &z_bise[neuron * len..][..len], x))
                    }
                };
            }
        }
    }

    fn input_gradient(&self, input: usize, dz: &[&[f32]], dx: &mut [f32]) {
        let FloatBisel { inputs, outputs, kernel: (rows, columns), .. } = self.values;
        let of_input: Vec<&[f32]> = dz.iter().skip(input).step_by(inputs).copied().collect();
        let taps = outputs * self.taps();
        let after = |kernel: usize, before: isize| before + kernel as isize - 1;
        let correlation = Correlation {
            shift: (-after(rows, self.before.0), -after(columns, self.before.1)),
            start: self.before,
            size: (self.frame.height + rows - 1, self.frame.width + columns - 1),
            ..self.correlation(&of_input, &self.reflected[input * taps..][..taps], Plain)
        };
        correlation.write(self.arch, dx);
        self.edge.fold(dx);
    }
}

impl OnImage for BiselOnImage {
    fn inputs(&self) -> usize {
        self.values.inputs
    }

    fn outputs(&self) -> usize {
        self.values.outputs
    }

    fn kept(&self) -> usize {
        self.kept_planes().iter().sum::<usize>() * self.frame.len()
    }

    /// For each BiSE neuron the sums over pixels of `dz x(i + s)` for every tap s, then for each that of `dz`; then the
    /// same of the LUI neurons.
    fn sums(&self) -> usize {
        let lui = self.values.lui.iter().map(|_| self.values.outputs * (self.values.inputs + 1));
        self.neurons() * (self.taps() + 1) + lui.sum::<usize>()
    }

    fn forward(&self, x: &mut [f32], kept: &mut [f32], y: &mut [f32]) {
        x.chunks_exact_mut(self.frame.len()).for_each(|plane| self.edge.fill(plane));
        let [bise, z_bise, z_lui] = self.split_kept(kept);
        let Some(lui) = &self.values.lui else { return self.bise_forward(x, z_bise, y) };
        self.bise_forward(x, z_bise, bise);
        self.lui_forward(lui, bise, z_lui, y);
    }

    fn backward(&self, planes: Planes, sums: &mut [f32]) {
        let Planes { x, kept, y, dy, dx } = planes;
        let (len, taps) = (self.frame.len(), self.taps());
        let (found, rest) = sums.split_at_mut(self.neurons() * taps);
        let (plain, of_lui) = rest.split_at_mut(self.neurons());
        let [bise, z_bise, z_lui] = self.split_kept(kept);
        let dz = match &self.values.lui {
            Some(lui) => {
                self.lui_backward(lui, (y, dy), [&mut *bise, z_bise, z_lui], (plain, of_lui));
                &*bise
            }
            None => {
                for (neuron, (plain, d)) in
                    plain.iter_mut().zip(dy.chunks_exact_mut(len)).enumerate()
                {
                    let z =
                        if z_bise.is_empty() { &[][..] } else { &z_bise[neuron * len..][..len] };
                    *plain = self.through(&y[neuron * len..][..len], z, d);
                }
                &*dy
            }
        };
        let dz: Vec<&[f32]> = dz.chunks_exact(len).collect();
        for (neuron, (dz, found)) in dz.iter().zip(found.chunks_exact_mut(taps)).enumerate() {
            let x = &x[neuron % self.values.inputs * len..][..len];
            products(self.arch, &self.frame, (dz, x), self.values.kernel, self.before, found);
        }
        let dx = dx.into_iter().flat_map(|dx| dx.chunks_exact_mut(len));
        dx.enumerate().for_each(|(input, dx)| self.input_gradient(input, &dz, dx));
    }
}
