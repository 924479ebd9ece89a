//! Sums over the windows of all channels: a convolution, as networks call it.

use rayon::prelude::*;

use super::BiseShape;
use super::few::{DotTerms, Terms, correlate_terms};
use super::flat::{LANES, correlate, dot_windows, whole_vectors};
use super::instructions::arch;
use super::lanes::sum_rows;
use super::padding::Frame;

/// The planes of all channels of an image, side by side, and where windows find their values in them.
struct Planes<'a> {
    shape: &'a BiseShape,
    frame: Frame,
    /// Values from one plane to the next.
    slot: usize,
    /// Values of the flat run that covers every output pixel.
    len: usize,
    /// From a pixel's window's first value in the first plane to each of its values.
    offsets: Vec<usize>,
}

impl<'a> Planes<'a> {
    fn new(shape: &'a BiseShape) -> Self {
        let (frame, window) = (shape.frame(), shape.offsets());
        let len = whole_vectors(frame.output_len());
        let slot = len + window[window.len() - 1];
        let of_channel = |channel| window.iter().map(move |offset| channel * slot + offset);
        let offsets = (0..shape.inputs).flat_map(of_channel).collect();
        Planes { shape, frame, slot, len, offsets }
    }

    fn buffer(&self) -> Vec<f32> {
        vec![0.0; self.shape.inputs * self.slot + LANES]
    }

    /// What is not 0 of each channel of an output image, at its places in the flat run.
    fn terms(&self, y: &[f32]) -> Vec<Terms> {
        let rows = |y: &[f32]| {
            let mut terms = Terms::default();
            for (row, y) in y.chunks_exact(self.shape.width).enumerate() {
                terms.push_all(row * self.frame.stride, y);
            }
            terms
        };
        y.chunks_exact(self.shape.pixels()).map(rows).collect()
    }

    fn fill(&self, x: &[f32], planes: &mut [f32]) {
        let channels = x.chunks_exact(self.shape.pixels()).zip(planes.chunks_exact_mut(self.slot));
        channels.for_each(|(x, plane)| self.frame.pad(x, self.shape.border, plane));
    }
}

/// `y(i) = sum over channels c and window pixels s of W(c, s) x(c, i + s)`, `[batch, outputs, height, width]`, for
/// `w` `[outputs, inputs, kernel rows, kernel columns]`.
pub fn window_sums(shape: &BiseShape, x: &[f32], w: &[f32]) -> Vec<f32> {
    let (arch, planes, pixels) = (arch(), Planes::new(shape), shape.pixels());
    let mut y = vec![0.0; shape.batch * shape.outputs * pixels];
    let filters = w.chunks_exact(planes.offsets.len());
    let filters: Vec<Terms> = filters.map(|w| Terms::at(&planes.offsets, w)).collect();
    let are_few = are_few(&filters, w.len());
    let images = x.par_chunks_exact(shape.inputs * pixels);
    images.zip(y.par_chunks_exact_mut(shape.outputs * pixels)).for_each_init(
        || (planes.buffer(), vec![0.0; shape.outputs * planes.len]),
        |(buffer, sums), (x, y)| {
            planes.fill(x, buffer);
            match are_few {
                true => correlate_terms(arch, buffer, &filters, sums, planes.len),
                false => correlate(arch, buffer, &planes.offsets, w, sums, planes.len),
            }
            for (sums, y) in sums.chunks_exact(planes.len).zip(y.chunks_exact_mut(pixels)) {
                let rows = y.chunks_exact_mut(shape.width).zip(sums.chunks(planes.frame.stride));
                rows.for_each(|(y, sums)| y.copy_from_slice(&sums[..shape.width]));
            }
        },
    );
    y
}

/// Whether it is faster to leave out what is 0 of so many numbers.
fn are_few(terms: &[Terms], all: usize) -> bool {
    3 * terms.iter().map(Terms::len).sum::<usize>() <= all
}

/// The gradients of [`window_sums`].
pub struct WindowGradients {
    /// For the input, `[batch, inputs, height, width]`; none where it was not asked for.
    pub x: Option<Vec<f32>>,
    /// For the weights, `[outputs, inputs, kernel rows, kernel columns]`.
    pub w: Vec<f32>,
}

/// The gradients of a loss, given its gradient `dy` for the sums; summed over the images in their order.
pub fn window_sums_backward(
    shape: &BiseShape,
    x: &[f32],
    w: &[f32],
    dy: &[f32],
    wants_x: bool,
) -> WindowGradients {
    let (arch, planes, pixels) = (arch(), Planes::new(shape), shape.pixels());
    let row = w.len();
    let mut sums = vec![0.0; shape.batch * row];
    let images = x.par_chunks_exact(shape.inputs * pixels);
    let images = images.zip(dy.par_chunks_exact(shape.outputs * pixels));
    images.zip(sums.par_chunks_exact_mut(row)).for_each_init(
        || (planes.buffer(), vec![0.0; shape.outputs * planes.len]),
        |(buffer, slopes), ((x, dy), sums)| {
            planes.fill(x, buffer);
            let terms = planes.terms(dy);
            if are_few(&terms, dy.len()) {
                let (x, offsets, columns) = (&buffer[..], &planes.offsets[..], shape.kernel.1);
                return arch.dispatch(DotTerms { x, offsets, columns, planes: &terms, out: sums });
            }
            // What lies between the rows stays 0.
            for (slopes, dy) in slopes.chunks_exact_mut(planes.len).zip(dy.chunks_exact(pixels)) {
                let rows = dy.chunks_exact(shape.width).zip(slopes.chunks_mut(planes.frame.stride));
                rows.for_each(|(dy, slopes)| slopes[..shape.width].copy_from_slice(dy));
            }
            dot_windows(arch, slopes, buffer, &planes.offsets, sums, planes.len);
        },
    );
    let x = wants_x.then(|| gradient_of_inputs(shape, w, dy));
    WindowGradients { x, w: sum_rows(&sums, row) }
}

/// Each value of a padded plane has the slopes of the windows that it is in.
fn gradient_of_inputs(shape: &BiseShape, w: &[f32], dy: &[f32]) -> Vec<f32> {
    let (arch, frame, pixels) = (arch(), shape.frame(), shape.pixels());
    let (window, len) = (shape.offsets(), whole_vectors(frame.len()));
    // Zeros before each plane of slopes, where a window begins before the first pixel.
    let guard = window[window.len() - 1];
    let slot = guard + len;
    let of_output = |output| window.iter().map(move |offset| output * slot + guard - offset);
    let offsets: Vec<usize> = (0..shape.outputs).flat_map(of_output).collect();
    let weights: Vec<f32> =
        (0..shape.inputs).flat_map(|input| shape.weights_of_input(w, input)).collect();
    let mut dx = vec![0.0; shape.batch * shape.inputs * pixels];
    let images = dx.par_chunks_exact_mut(shape.inputs * pixels);
    images.zip(dy.par_chunks_exact(shape.outputs * pixels)).for_each_init(
        || (vec![0.0; shape.outputs * slot], vec![0.0; shape.inputs * len]),
        |(slopes, planes), (dx, dy)| {
            for (slopes, dy) in slopes.chunks_exact_mut(slot).zip(dy.chunks_exact(pixels)) {
                let rows = slopes[guard..].chunks_mut(frame.stride);
                let rows = dy.chunks_exact(shape.width).zip(rows);
                rows.for_each(|(dy, slopes)| slopes[..shape.width].copy_from_slice(dy));
            }
            correlate(arch, slopes, &offsets, &weights, planes, len);
            for (plane, dx) in planes.chunks_exact(len).zip(dx.chunks_exact_mut(pixels)) {
                frame.fold(plane, shape.border, dx);
            }
        },
    );
    dx
}
