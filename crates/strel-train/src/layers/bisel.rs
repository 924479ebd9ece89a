//! The morphological layer.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;
use strel_image::Border;
use strel_network::FloatBisel;
use strel_theory::Threshold;

use super::{Neurons, Pass, Start};
use crate::ops;

/// A BiSEL layer: a BiSE neuron for each pair of an input and an output channel, then one LUI for
/// each output channel over its results. With one input channel there is nothing to unite, and no
/// LUI.
#[derive(Module, Debug)]
pub struct Bisel {
    /// The BiSE neurons, that of output `o` and input `i` at `o * inputs + i`.
    pub bise: Neurons,
    /// The LUI neurons, one an output.
    pub lui: Option<Neurons>,
    #[module(skip)]
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
    /// What lies outside of an image.
    pub border: Border,
}

impl Bisel {
    /// An undecided layer.
    pub fn new(shape: BiselShape, start: &Start, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        let BiselShape { inputs, outputs, kernel, .. } = shape;
        // Channels start with equal weights: each is as good as the next.
        let united = Start { spread: 0.0, input_mean: 0.5, ..*start };
        Bisel {
            bise: Neurons::new(outputs * inputs, kernel.0 * kernel.1, start, rng, device),
            lui: (inputs > 1).then(|| Neurons::new(outputs, inputs, &united, rng, device)),
            shape,
        }
    }

    /// The sizes of the layer.
    pub fn shape(&self) -> BiselShape {
        self.shape
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height, width]`.
    pub fn forward(&self, x: Tensor<4>, pass: Pass) -> Tensor<4> {
        let BiselShape { inputs, outputs, kernel: (rows, columns), border } = self.shape;
        let y = pass.output(bise(
            x,
            self.bise.weights().reshape([outputs, inputs, rows, columns]),
            self.bise.biases().reshape([outputs, inputs]),
            self.bise.scales().reshape([outputs, inputs]),
            border,
            self.bise.threshold(),
        ));
        match &self.lui {
            Some(lui) => pass.output(self::lui(
                y,
                lui.weights(),
                lui.biases(),
                lui.scales(),
                lui.threshold(),
            )),
            None => y,
        }
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

    /// 0, with these gradients for the layer's numbers.
    pub fn with_gradient(&self, gradient: &FloatBisel) -> Tensor<1> {
        let bise = self.bise.with_gradient(&gradient.bise);
        match self.lui.iter().zip(&gradient.lui).next() {
            Some((lui, gradient)) => bise + lui.with_gradient(gradient),
            None => bise,
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
}

/// The fused kernels where they have the threshold, Burn's own operations elsewhere.
fn bise(
    x: Tensor<4>,
    w: Tensor<4>,
    b: Tensor<2>,
    p: Tensor<2>,
    border: Border,
    threshold: Threshold,
) -> Tensor<4> {
    match ops::tanh_factor(threshold).filter(|_| ops::are_fused(&x.device())) {
        Some(factor) => ops::bise(x, w, b, p * factor, border),
        None => ops::smooth_threshold(threshold, ops::portable::bise_sums(x, w, b, p, border)),
    }
}

/// As [`bise`].
fn lui(x: Tensor<4>, w: Tensor<2>, b: Tensor<1>, p: Tensor<1>, threshold: Threshold) -> Tensor<4> {
    match ops::tanh_factor(threshold).filter(|_| ops::are_fused(&x.device())) {
        Some(factor) => ops::lui(x, w, b, p * factor),
        None => ops::smooth_threshold(threshold, ops::portable::lui_sums(x, w, b, p)),
    }
}
