//! A chain of BiSEL layers on a batch, image by image.
//!
//! All that lies between the input and the gradients of one image stays in the processor's caches,
//! and is forgotten when the next image comes.
//!
//! | module | what |
//! | --- | --- |
//! | `bisel` | a layer on an image |
//! | `windows` | correlations, and the sums that gradients of weights need |
//! | `union`, `threshold`, `slopes` | LUI neurons, the smooth threshold, gradients through both |
//! | `frame` | images in planes, with their borders |

mod bisel;
mod frame;
mod slopes;
mod threshold;
mod union;
mod vectors;
mod windows;

use rayon::prelude::*;
use strel_image::Border;
use strel_network::FloatBisel;

use bisel::{Layer, Planes};
use frame::Frame;
use vectors::sum_rows;

/// Layers, each of which reads what the one before gives, for images of one size.
pub struct Chain<'a> {
    layers: Vec<Layer<'a>>,
    frame: Frame,
}

/// The loss of a batch, and its gradients for the parameters of every layer, in their places.
#[derive(Clone, Debug, PartialEq)]
pub struct LossGradients {
    /// The mean loss of the images.
    pub loss: f64,
    /// A gradient for each parameter.
    pub layers: Vec<FloatBisel>,
}

impl<'a> Chain<'a> {
    /// At least one layer; images of at least one pixel.
    ///
    /// # Panics
    /// There is no layer.
    pub fn new(
        layers: impl IntoIterator<Item = &'a FloatBisel>,
        border: Border,
        size: (usize, usize),
    ) -> Self {
        let layers: Vec<&FloatBisel> = layers.into_iter().collect();
        let largest = layers.iter().fold((1, 1), |(rows, columns), layer| {
            (layer.kernel.0.max(rows), layer.kernel.1.max(columns))
        });
        assert!(!layers.is_empty(), "at least one layer");
        let frame = Frame::new(size, largest);
        let layers = layers.into_iter().map(|layer| Layer::new(layer, frame, border)).collect();
        Chain { layers, frame }
    }

    /// The outputs `[batch, outputs, height, width]` for inputs `[batch, inputs, height, width]`.
    pub fn forward(&self, input: &[f32]) -> Vec<f32> {
        let [read, written] =
            [self.inputs(), self.outputs()].map(|count| count * self.frame.pixels());
        let mut output = vec![0.0; input.len() / read * written];
        let images = input.par_chunks_exact(read).zip(output.par_chunks_exact_mut(written));
        images.for_each_init(
            || Values::new(self),
            |values, (x, y)| {
                values.load(&self.frame, x);
                values.forward(self);
                values.store(&self.frame, y);
            },
        );
        output
    }

    /// The mean of a loss over so many images, and its gradients.
    ///
    /// `input` writes an image `[inputs, height, width]`. `loss` gives the loss of an image for
    /// outputs `[outputs, height, width]`, and writes its gradient for them. Images are shared out
    /// among threads, but added in order, so that the number of threads changes no bit.
    pub fn gradients(
        &self,
        images: usize,
        input: impl Fn(usize, &mut [f32]) + Sync,
        loss: impl Fn(usize, &[f32], &mut [f32]) -> f64 + Sync,
    ) -> LossGradients {
        let row: usize = self.layers.iter().map(Layer::sums).sum();
        let (mut losses, mut sums) = (vec![0.0; images], vec![0.0; images * row]);
        let found = losses.par_iter_mut().zip(sums.par_chunks_exact_mut(row)).enumerate();
        found.for_each_init(
            || Work::new(self),
            |work, (image, (value, sums))| {
                input(image, &mut work.input);
                work.values.load(&self.frame, &work.input);
                work.values.forward(self);
                work.values.store(&self.frame, &mut work.output);
                *value = loss(image, &work.output, &mut work.gradient);
                work.backward(self, sums);
            },
        );
        let total = sum_rows(&sums, row);
        let total: Vec<f32> = total.iter().map(|sum| (sum / images as f64) as f32).collect();
        let mut rest = total.as_slice();
        let layers = self.layers.iter().map(|layer| {
            let (sums, others) = rest.split_at(layer.sums());
            rest = others;
            layer.gradients(sums)
        });
        let layers = layers.collect();
        LossGradients { loss: losses.iter().sum::<f64>() / images as f64, layers }
    }

    fn inputs(&self) -> usize {
        self.layers[0].inputs()
    }

    fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs()
    }
}

/// What one image is on its way through the layers.
struct Values {
    /// The planes that each layer reads; the last ones are the output.
    x: Vec<Vec<f32>>,
    /// The planes of the BiSE neurons of each layer with LUI neurons.
    bise: Vec<Vec<f32>>,
}

impl Values {
    fn new(chain: &Chain) -> Self {
        let planes = |count: usize| vec![0.0; count * chain.frame.len()];
        let bise = |layer: &Layer| if layer.has_lui() { layer.neurons() } else { 0 };
        let counts = chain.layers.iter().map(Layer::inputs).chain([chain.outputs()]);
        Values {
            x: counts.map(planes).collect(),
            bise: chain.layers.iter().map(bise).map(planes).collect(),
        }
    }

    fn load(&mut self, frame: &Frame, image: &[f32]) {
        let planes = self.x[0].chunks_exact_mut(frame.len());
        planes.zip(image.chunks_exact(frame.pixels())).for_each(|(x, image)| frame.load(image, x));
    }

    fn store(&self, frame: &Frame, image: &mut [f32]) {
        let planes = self.x[self.x.len() - 1].chunks_exact(frame.len());
        planes
            .zip(image.chunks_exact_mut(frame.pixels()))
            .for_each(|(x, image)| frame.store(x, image));
    }

    fn forward(&mut self, chain: &Chain) {
        for (k, layer) in chain.layers.iter().enumerate() {
            let (read, written) = self.x.split_at_mut(k + 1);
            layer.forward(&mut read[k], &mut self.bise[k], &mut written[0]);
        }
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
    fn new(chain: &Chain) -> Self {
        let values = Values::new(chain);
        let [input, output] =
            [chain.inputs(), chain.outputs()].map(|count| vec![0.0; count * chain.frame.pixels()]);
        let dx = values.x[1..].iter().map(|planes| vec![0.0; planes.len()]).collect();
        Work { values, dx, input, gradient: output.clone(), output }
    }

    fn backward(&mut self, chain: &Chain, mut sums: &mut [f32]) {
        let Work { values, dx, gradient, .. } = self;
        let (frame, last) = (&chain.frame, chain.layers.len() - 1);
        let planes = dx[last].chunks_exact_mut(frame.len());
        planes
            .zip(gradient.chunks_exact(frame.pixels()))
            .for_each(|(d, image)| frame.load(image, d));
        for (k, layer) in chain.layers.iter().enumerate().rev() {
            let (others, own) = sums.split_at_mut(sums.len() - layer.sums());
            sums = others;
            let (before, after) = dx.split_at_mut(k);
            let planes = Planes {
                x: &values.x[k],
                bise: &mut values.bise[k],
                y: &values.x[k + 1],
                dy: &mut after[0],
                dx: before.last_mut().map(Vec::as_mut_slice),
            };
            layer.backward(planes, own);
        }
    }
}
