//! The BiSE neurons of a layer: each output channel has one window for each input channel.

use pulp::Arch;
use rayon::prelude::*;
use strel_image::Border;

use super::flat::{correlate, dot_windows, whole_vectors};
use super::instructions::arch;
use super::lanes::{sum, sum_rows};
use super::padding::Frame;
use super::sigmoid::{smooth_threshold, smooth_threshold_slope};
use super::vectorized::vectorized;

/// The sizes of a layer of BiSE neurons.
///
/// Weights are `[outputs, inputs, kernel rows, kernel columns]`, biases and scales are
/// `[outputs, inputs]`, the input is `[batch, inputs, height, width]` and the output
/// `[batch, outputs * inputs, height, width]`, neuron `(o, i)` in channel `o * inputs + i`.
#[derive(Clone, Copy, Debug)]
pub struct BiseShape {
    /// Images.
    pub batch: usize,
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// Rows of an image; at least 1.
    pub height: usize,
    /// Columns of an image; at least 1.
    pub width: usize,
    /// Rows and columns of a window; at least 1 each. The origin is at half of it, rounded down.
    pub kernel: (usize, usize),
    /// What lies outside of an image; [`Border::Neutral`] counts as zero.
    pub border: Border,
}

impl BiseShape {
    pub(super) fn pixels(&self) -> usize {
        self.height * self.width
    }

    fn taps(&self) -> usize {
        self.kernel.0 * self.kernel.1
    }

    fn neurons(&self) -> usize {
        self.outputs * self.inputs
    }

    pub(super) fn frame(&self) -> Frame {
        Frame::new(self.height, self.width, self.kernel)
    }

    /// The distance in a padded plane from a pixel's window's first value to each of its values.
    pub(super) fn offsets(&self) -> Vec<usize> {
        let stride = self.frame().stride;
        let (rows, columns) = self.kernel;
        (0..rows).flat_map(|row| (0..columns).map(move |column| row * stride + column)).collect()
    }

    /// The weights of all neurons that read one input channel, `[outputs, taps]`.
    pub(super) fn weights_of_input(&self, weights: &[f32], input: usize) -> Vec<f32> {
        let taps = self.taps();
        (0..self.outputs)
            .flat_map(|o| &weights[(o * self.inputs + input) * taps..][..taps])
            .copied()
            .collect()
    }
}

/// `y = xi(p * (sum_s W(s) x(i + s) - b))` for every neuron, pixel and image.
pub fn bise_forward(shape: &BiseShape, x: &[f32], w: &[f32], b: &[f32], p: &[f32]) -> Vec<f32> {
    let arch = arch();
    let (frame, offsets) = (shape.frame(), shape.offsets());
    let weights: Vec<_> = (0..shape.inputs).map(|i| shape.weights_of_input(w, i)).collect();
    let len = whole_vectors(frame.output_len());
    let reach = offsets[offsets.len() - 1];
    let mut y = vec![0.0; shape.batch * shape.neurons() * shape.pixels()];
    let images = x.par_chunks_exact(shape.inputs * shape.pixels());
    images.zip(y.par_chunks_exact_mut(shape.neurons() * shape.pixels())).for_each_init(
        || (vec![0.0; len + reach], vec![0.0; shape.outputs * len]),
        |(plane, sums), (x, y)| {
            for (input, weights) in weights.iter().enumerate() {
                frame.pad(&x[input * shape.pixels()..][..shape.pixels()], shape.border, plane);
                correlate(arch, plane, &offsets, weights, sums, len);
                for (o, sums) in sums.chunks_exact(len).enumerate() {
                    let neuron = o * shape.inputs + input;
                    let y = &mut y[neuron * shape.pixels()..][..shape.pixels()];
                    threshold_rows(&frame, sums, b[neuron], p[neuron], y);
                }
            }
        },
    );
    y
}

/// The gradients of [`bise_forward`].
pub struct BiseGradients {
    /// For the input, `[batch, inputs, height, width]`; none where it was not asked for.
    pub x: Option<Vec<f32>>,
    /// For the weights, `[outputs, inputs, kernel rows, kernel columns]`.
    pub w: Vec<f32>,
    /// For the biases, `[outputs, inputs]`.
    pub b: Vec<f32>,
    /// For the scales, `[outputs, inputs]`.
    pub p: Vec<f32>,
}

/// The gradients of a loss for a layer's parameters, and for its input when `wants_x`, given its
/// input `x`, its output `y` and the loss's gradient `dy` for that output.
///
/// With `z = p (W.x - b)` and `dz` its gradient, everything follows from the sums over pixels of
/// `dz` and of `dz x(i + s)`: `dW = p sum dz x`, `db = -p sum dz`, `dp = W . sum dz x - b sum dz`.
pub fn bise_backward(
    shape: &BiseShape,
    x: &[f32],
    [w, b, p]: [&[f32]; 3],
    y: &[f32],
    dy: &[f32],
    wants_x: bool,
) -> BiseGradients {
    let pass = Backward::new(shape, w, p);
    let (pixels, taps, neurons) = (shape.pixels(), shape.taps(), shape.neurons());
    let mut dx = vec![0.0; if wants_x { x.len() } else { 0 }];
    // One row a image: the sums of `dz x` of every neuron, then those of `dz`.
    let row = neurons * (taps + 1);
    let mut sums = vec![0.0; shape.batch * row];
    let outputs = y.par_chunks_exact(neurons * pixels).zip(dy.par_chunks_exact(neurons * pixels));
    let images = x.par_chunks_exact(shape.inputs * pixels).zip(outputs);
    let images = images.zip(sums.par_chunks_exact_mut(row));
    if wants_x {
        let images = images.zip(dx.par_chunks_exact_mut(shape.inputs * pixels));
        images.for_each_init(
            || pass.scratch(),
            |scratch, (((x, (y, dy)), sums), dx)| pass.image(scratch, x, y, dy, sums, Some(dx)),
        );
    } else {
        images.for_each_init(
            || pass.scratch(),
            |scratch, ((x, (y, dy)), sums)| pass.image(scratch, x, y, dy, sums, None),
        );
    }
    let total = sum_rows(&sums, row);
    let (products, plain) = total.split_at(neurons * taps);
    let dp = (0..neurons).map(|k| {
        let of_neuron = k * taps..(k + 1) * taps;
        let dot: f32 =
            w[of_neuron.clone()].iter().zip(&products[of_neuron]).map(|(w, g)| w * g).sum();
        dot - b[k] * plain[k]
    });
    BiseGradients {
        x: wants_x.then_some(dx),
        w: products.iter().enumerate().map(|(i, g)| p[i / taps] * g).collect(),
        b: plain.iter().zip(p).map(|(g, p)| -p * g).collect(),
        p: dp.collect(),
    }
}

/// What the backward pass of every image shares.
struct Backward<'a> {
    arch: Arch,
    shape: &'a BiseShape,
    frame: Frame,
    offsets: Vec<usize>,
    len: usize,
    /// Per input channel, `p W` of all its neurons, in the order of `transposed`.
    scaled: Vec<Vec<f32>>,
    /// Where in the block of `dz` planes each neuron's each tap finds its value.
    transposed: Vec<usize>,
    /// Zeros before each plane of `dz`, read where a window reaches before the first pixel.
    guard: usize,
}

/// The buffers of one thread.
struct Scratch {
    plane: Vec<f32>,
    dz: Vec<f32>,
    dx: Vec<f32>,
}

impl<'a> Backward<'a> {
    fn new(shape: &'a BiseShape, w: &[f32], p: &[f32]) -> Self {
        let (frame, offsets) = (shape.frame(), shape.offsets());
        let len = whole_vectors(frame.output_len());
        let guard = offsets[offsets.len() - 1];
        let taps = shape.taps();
        let scaled_w: Vec<f32> = w.iter().enumerate().map(|(i, w)| w * p[i / taps]).collect();
        let slot = Self::slot(&frame, len, guard);
        Backward {
            arch: arch(),
            shape,
            frame,
            len,
            scaled: (0..shape.inputs).map(|i| shape.weights_of_input(&scaled_w, i)).collect(),
            transposed: (0..shape.outputs)
                .flat_map(|o| offsets.iter().map(move |offset| o * slot + guard - offset))
                .collect(),
            offsets,
            guard,
        }
    }

    /// Values a plane of `dz` takes: the guard before it, and zeros after it up to the end of the
    /// padded image.
    fn slot(frame: &Frame, len: usize, guard: usize) -> usize {
        guard + whole_vectors(frame.len()).max(len)
    }

    fn scratch(&self) -> Scratch {
        let slot = Self::slot(&self.frame, self.len, self.guard);
        Scratch {
            plane: vec![0.0; self.len + self.guard],
            dz: vec![0.0; self.shape.outputs * slot],
            dx: vec![0.0; whole_vectors(self.frame.len())],
        }
    }

    fn image(
        &self,
        scratch: &mut Scratch,
        x: &[f32],
        y: &[f32],
        dy: &[f32],
        sums: &mut [f32],
        mut dx: Option<&mut [f32]>,
    ) {
        let (shape, pixels, taps) = (self.shape, self.shape.pixels(), self.shape.taps());
        let slot = Self::slot(&self.frame, self.len, self.guard);
        let (products, plain) = sums.split_at_mut(shape.neurons() * taps);
        for input in 0..shape.inputs {
            self.frame.pad(&x[input * pixels..][..pixels], shape.border, &mut scratch.plane);
            for (o, dz) in scratch.dz.chunks_exact_mut(slot).enumerate() {
                let neuron = o * shape.inputs + input;
                let of_neuron = neuron * pixels..(neuron + 1) * pixels;
                let dz = &mut dz[self.guard..][..self.len];
                plain[neuron] = slope_rows(&self.frame, &y[of_neuron.clone()], &dy[of_neuron], dz);
                let products = &mut products[neuron * taps..][..taps];
                dot_windows(self.arch, dz, &scratch.plane, &self.offsets, products, self.len);
            }
            if let Some(dx) = &mut dx {
                let len = scratch.dx.len();
                let weights = &self.scaled[input];
                correlate(self.arch, &scratch.dz, &self.transposed, weights, &mut scratch.dx, len);
                let dx = &mut dx[input * pixels..][..pixels];
                self.frame.fold(&scratch.dx, shape.border, dx);
            }
        }
    }
}

/// Thresholds the rows of a flat plane of window sums into an image.
fn threshold_rows(frame: &Frame, sums: &[f32], b: f32, p: f32, y: &mut [f32]) {
    vectorized(
        #[inline(always)]
        || {
            for (y, sums) in y.chunks_exact_mut(frame.width).zip(sums.chunks(frame.stride)) {
                for (y, sum) in y.iter_mut().zip(sums) {
                    *y = smooth_threshold(p * (sum - b));
                }
            }
        },
    );
}

/// Writes `dz = dy xi'(z)` to the rows of a flat plane, whose border columns stay 0, and returns
/// its sum.
fn slope_rows(frame: &Frame, y: &[f32], dy: &[f32], dz: &mut [f32]) -> f32 {
    vectorized(
        #[inline(always)]
        || {
            let images = y.chunks_exact(frame.width).zip(dy.chunks_exact(frame.width));
            for ((y, dy), dz) in images.zip(dz.chunks_mut(frame.stride)) {
                for ((dz, y), dy) in dz.iter_mut().zip(y).zip(dy) {
                    *dz = dy * smooth_threshold_slope(*y);
                }
            }
            sum(dz)
        },
    )
}
