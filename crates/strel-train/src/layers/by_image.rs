//! A chain of layers that read and give images, image by image.
//!
//! All that lies between the input and the gradients of one image stays in the processor's caches, and is forgotten
//! when the next image comes:
//!
//! ```text
//! for each image, on any thread:
//!     x[0] = input
//!     for each layer k:           x[k + 1] = forward(x[k]), and what backward needs of it is kept
//!     dx[last] = gradient of the loss for the output
//!     for each layer k, backward: dx[k], sums[image][k] = backward(x[k], kept[k], x[k + 1], dx[k + 1])
//! sums[k] = the sums of the images, added in their order, in double precision
//! ```
//!
//! What gradients of parameters are made of are sums over pixels: see each layer for its own.

use rayon::prelude::*;
use strel_image::Border;
use strel_theory::Threshold;

use crate::kernels::{Frame, sum_rows};

/// What neurons give in a forward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Their smooth outputs `y = xi(p (W.x - b))`.
    Smooth,
    /// 1 where `y > 1/2`, else 0, with the gradient of `y`: a straight-through estimator (Bengio, Leonard & Courville
    /// 2013). What is learnt is then what the thresholded network computes.
    Hard,
}

/// What all layers of a pass have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct How {
    /// What lies outside of an image.
    pub border: Border,
    /// The smooth threshold xi.
    pub threshold: Threshold,
    /// What neurons give.
    pub pass: Pass,
}

/// A layer that reads and gives images.
pub trait ImageLayer {
    /// Rows and columns of its windows.
    fn kernel(&self) -> (usize, usize);

    /// Rows and columns of the images that it gives for images of this size.
    fn output_size(&self, size: (usize, usize)) -> (usize, usize) {
        size
    }

    /// The layer with its numbers as they are now, for images in one frame, and outputs in another; the same one
    /// where the size stays.
    fn on_image<'a>(&'a self, frames: [Frame; 2], how: How) -> Box<dyn OnImage + 'a>;
}

/// A layer on one image. Planes are those of a [`Frame`].
pub trait OnImage: Send + Sync {
    /// Planes that it reads.
    fn inputs(&self) -> usize;

    /// Planes that it gives.
    fn outputs(&self) -> usize;

    /// Numbers that [`backward`](Self::backward) needs of the forward pass beside inputs and outputs.
    fn kept(&self) -> usize;

    /// Sums that [`backward`](Self::backward) writes.
    fn sums(&self) -> usize;

    /// Writes the outputs, and the border of the inputs, which have their images.
    fn forward(&self, x: &mut [f32], kept: &mut [f32], y: &mut [f32]);

    /// Writes the sums that gradients of parameters are made of, and the gradient for the inputs if it is wanted.
    fn backward(&self, planes: Planes, sums: &mut [f32]);
}

/// The planes of a layer on one image.
pub struct Planes<'a> {
    /// What it read, with its border.
    pub x: &'a [f32],
    /// What its forward pass kept; it may be overwritten.
    pub kept: &'a mut [f32],
    /// What it gave.
    pub y: &'a [f32],
    /// The gradient for that, 0 around the image; it may be overwritten.
    pub dy: &'a mut [f32],
    /// Where the gradient for the inputs goes, if anywhere: 0 around the image.
    pub dx: Option<&'a mut [f32]>,
}

/// Layers, each of which reads what the one before gives, for images of one size.
pub struct ByImage<'a> {
    layers: Vec<Box<dyn OnImage + 'a>>,
    /// Of what each layer reads, and of the output.
    frames: Vec<Frame>,
}

/// A loss of some images, and the sums of each layer that gradients are made of.
pub struct LossSums {
    /// The sum of the losses.
    pub loss: f64,
    /// The sums over all images, layer by layer.
    pub layers: Vec<Vec<f64>>,
}

impl<'a> ByImage<'a> {
    /// At least one layer; images of at least one pixel.
    ///
    /// # Panics
    /// There is no layer.
    pub fn new(layers: &[&'a dyn ImageLayer], how: How, size: (usize, usize)) -> Self {
        assert!(!layers.is_empty(), "at least one layer");
        let largest = layers.iter().map(|layer| layer.kernel());
        let largest = largest.fold((1, 1), |a, b| (a.0.max(b.0), a.1.max(b.1)));
        let mut frames = vec![Frame::new(size, largest)];
        let mut prepared = Vec::new();
        for layer in layers {
            let frame = frames[frames.len() - 1];
            let size = layer.output_size((frame.height, frame.width));
            let after = Frame::new(size, largest);
            prepared.push(layer.on_image([frame, after], how));
            frames.push(after);
        }
        ByImage { layers: prepared, frames }
    }

    /// Values of an input, `[channels, height, width]`.
    pub fn input_len(&self) -> usize {
        self.layers[0].inputs() * self.frames[0].pixels()
    }

    /// Values of an output, `[channels, height, width]`.
    pub fn output_len(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs() * self.last_frame().pixels()
    }

    fn last_frame(&self) -> Frame {
        self.frames[self.frames.len() - 1]
    }

    /// The outputs for so many images, one after the other; `input` writes one.
    pub fn forward(&self, images: usize, input: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
        let mut output = vec![0.0; images * self.output_len()];
        output.par_chunks_exact_mut(self.output_len().max(1)).enumerate().for_each_init(
            || (Values::new(self), vec![0.0; self.input_len()]),
            |(values, x), (image, y)| {
                input(image, x);
                values.forward(self, x);
                values.store(self, y);
            },
        );
        output
    }

    /// The sum of a loss over so many images, and the sums that its gradients are made of.
    ///
    /// `input` writes an image. `loss` gives the loss of an image for its output, and writes its gradient for that.
    /// Images are shared out among threads, but added in order, so that the number of threads changes no bit.
    pub fn gradients(
        &self,
        images: usize,
        input: impl Fn(usize, &mut [f32]) + Sync,
        loss: impl Fn(usize, &[f32], &mut [f32]) -> f64 + Sync,
    ) -> LossSums {
        let row: usize = self.layers.iter().map(|layer| layer.sums()).sum();
        let (mut losses, mut sums) = (vec![0.0; images], vec![0.0; images * row]);
        let rows = sums.par_chunks_exact_mut(row.max(1));
        losses.par_iter_mut().zip(rows).enumerate().for_each_init(
            || Work::new(self),
            |work, (image, (value, sums))| {
                input(image, &mut work.input);
                work.values.forward(self, &work.input);
                work.values.store(self, &mut work.output);
                *value = loss(image, &work.output, &mut work.gradient);
                work.backward(self, sums);
            },
        );
        let total = sum_rows(&sums, row.max(1));
        let mut rest = total.as_slice();
        let layers = self.layers.iter().map(|layer| {
            let (sums, others) = rest.split_at(layer.sums());
            rest = others;
            sums.to_vec()
        });
        LossSums { layers: layers.collect(), loss: losses.iter().sum() }
    }
}

/// What one image is on its way through the layers.
struct Values {
    /// The planes that each layer reads; the last ones are the output.
    x: Vec<Vec<f32>>,
    /// What each layer keeps.
    kept: Vec<Vec<f32>>,
}

impl Values {
    fn new(chain: &ByImage) -> Self {
        let last = chain.layers.last().map(|layer| layer.outputs());
        let counts = chain.layers.iter().map(|layer| layer.inputs()).chain(last);
        let planes = counts.zip(&chain.frames).map(|(count, frame)| vec![0.0; count * frame.len()]);
        Values {
            x: planes.collect(),
            kept: chain.layers.iter().map(|layer| vec![0.0; layer.kept()]).collect(),
        }
    }

    fn forward(&mut self, chain: &ByImage, input: &[f32]) {
        chain.frames[0].load_all(input, &mut self.x[0]);
        for (k, layer) in chain.layers.iter().enumerate() {
            let (read, written) = self.x.split_at_mut(k + 1);
            layer.forward(&mut read[k], &mut self.kept[k], &mut written[0]);
        }
    }

    fn store(&self, chain: &ByImage, output: &mut [f32]) {
        let frame = chain.last_frame();
        let planes = self.x[self.x.len() - 1].chunks_exact(frame.len());
        let images = output.chunks_exact_mut(frame.pixels().max(1));
        planes.zip(images).for_each(|(plane, image)| frame.store(plane, image));
    }
}

/// The buffers of a thread.
struct Work {
    values: Values,
    /// The gradients for what each layer but the first reads, and for the output.
    dx: Vec<Vec<f32>>,
    input: Vec<f32>,
    output: Vec<f32>,
    /// That for the output.
    gradient: Vec<f32>,
}

impl Work {
    fn new(chain: &ByImage) -> Self {
        let values = Values::new(chain);
        let dx = values.x[1..].iter().map(|planes| vec![0.0; planes.len()]).collect();
        let output = vec![0.0; chain.output_len()];
        let input = vec![0.0; chain.input_len()];
        Work { values, dx, input, gradient: output.clone(), output }
    }

    fn backward(&mut self, chain: &ByImage, mut sums: &mut [f32]) {
        let Work { values, dx, gradient, .. } = self;
        let last = chain.layers.len() - 1;
        chain.last_frame().load_all(gradient, &mut dx[last]);
        for (k, layer) in chain.layers.iter().enumerate().rev() {
            let (others, own) = sums.split_at_mut(sums.len() - layer.sums());
            sums = others;
            let (before, after) = dx.split_at_mut(k);
            let planes = Planes {
                x: &values.x[k],
                kept: &mut values.kept[k],
                y: &values.x[k + 1],
                dy: &mut after[0],
                dx: before.last_mut().map(Vec::as_mut_slice),
            };
            layer.backward(planes, own);
        }
    }
}
