//! The layers of a network in training, each with its own gradients.
//!
//! A network is a chain. Layers that read and give images come first and run image by image, see [`ByImage`]; dense
//! layers follow, and run on batches. Each layer is a file: its parameters, what it gives, its gradients, and the plain
//! numbers that it stands for. To add one, write such a file, add it to [`ImageKind`] or [`DenseKind`], and to the
//! [`builder`].
//!
//! ```text
//! images ── ImageLayer ── ImageLayer ── features ── DenseLayer ── DenseLayer ── scores
//!               │             │                         │             │
//!               └── sums ─────┴── Neurons, Memberships ─┴─────────────┘
//!                                 parametrization, regularizer, Adam
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | `network` | the chain, a step of training |
//! | `by_image` | image layers, image by image |
//! | `bisel`, `window_sets`, `max_pool` | image layers |
//! | `dense`, `sets`, `scores` | dense layers |
//! | `neurons`, `parametrization`, `memberships`, `parameter`, `update` | what is learnt, and how it moves |
//! | `builder`, `init` | undecided networks |

mod bisel;
mod builder;
mod by_image;
mod dense;
#[cfg(test)]
mod differences;
#[cfg(test)]
pub(crate) use differences::gradients_of;
mod init;
mod max_pool;
mod memberships;
mod network;
mod neurons;
mod parameter;
mod parametrization;
mod scores;
#[cfg(test)]
mod set_and_read;
mod sets;
mod update;
mod window_sets;

pub use bisel::{Bisel, BiselShape};
pub use builder::{Builder, LayerConfig};
pub use by_image::{ByImage, How, ImageLayer, Pass};
pub use dense::Dense;
pub use max_pool::MaxPool;
pub use memberships::Memberships;
pub use network::{BiMoNN, BitSamples, Target};
pub use neurons::{Neurons, PlainNeuron, SHARPNESS, Start};
pub use parameter::Parameter;
pub use parametrization::{Biases, Weights};
pub use scores::Scores;
pub use sets::Sets;
pub use update::Update;
pub use window_sets::WindowSets;

use strel_network::FloatLayer;

use crate::kernels::Features;

/// A layer that reads and gives a row of features for each sample.
pub trait DenseLayer {
    /// What it gives for some samples, and what [`backward`](Self::backward) needs to know of it.
    fn forward(&self, x: &Features, how: How) -> (Features, Vec<f32>);

    /// Moves the parameters, given what was read and kept, and the gradient `[samples, outputs]` for what was given;
    /// returns that for the inputs, `[samples, inputs]`, if it is wanted.
    fn backward(
        &mut self,
        x: &Features,
        kept: Vec<f32>,
        dy: &[f32],
        wants_dx: bool,
        how: How,
        update: &mut Update,
    ) -> Option<Vec<f32>>;
}

/// One of the image layers.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "a network has few layers")]
pub enum ImageKind {
    /// Neurons on windows of single channels whose results are combined.
    Bisel(Bisel),
    /// Dilations and erosions by windows of all channels.
    WindowSets(WindowSets),
    /// The maximum of 2x2 values of each channel.
    MaxPool(MaxPool),
}

impl ImageKind {
    /// The layer.
    pub fn layer(&self) -> &dyn ImageLayer {
        match self {
            ImageKind::Bisel(bisel) => bisel,
            ImageKind::WindowSets(sets) => sets,
            ImageKind::MaxPool(pool) => pool,
        }
    }

    /// Moves the parameters, given the sums of all images, times `share`.
    fn learn(&mut self, sums: &[f64], share: f64, how: How, update: &mut Update) {
        match self {
            ImageKind::Bisel(bisel) => bisel.learn(sums, share, how, update),
            ImageKind::WindowSets(sets) => sets.learn(sums, share, update),
            ImageKind::MaxPool(_) => {}
        }
    }

    fn to_float(&self) -> FloatLayer {
        match self {
            ImageKind::Bisel(bisel) => FloatLayer::Bisel(bisel.to_float()),
            ImageKind::WindowSets(sets) => FloatLayer::Bisel(sets.to_float()),
            ImageKind::MaxPool(pool) => FloatLayer::MaxPool { channels: pool.channels },
        }
    }

    fn banks(&self) -> Vec<&Neurons> {
        match self {
            ImageKind::Bisel(bisel) => bisel.neurons().collect(),
            ImageKind::WindowSets(_) | ImageKind::MaxPool(_) => Vec::new(),
        }
    }

    fn banks_mut(&mut self) -> Vec<&mut Neurons> {
        match self {
            ImageKind::Bisel(bisel) => bisel.neurons_mut().collect(),
            ImageKind::WindowSets(_) | ImageKind::MaxPool(_) => Vec::new(),
        }
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut Parameter)> {
        match self {
            ImageKind::Bisel(bisel) => {
                let named = bisel.neurons_mut().zip(["bise", "lui"]);
                named.flat_map(|(bank, name)| named_in(name, bank.parameters_mut())).collect()
            }
            ImageKind::WindowSets(sets) => named(sets.memberships.parameters_mut()),
            ImageKind::MaxPool(_) => Vec::new(),
        }
    }
}

/// One of the dense layers.
#[derive(Clone)]
pub enum DenseKind {
    /// Neurons that each read all pixels of all channels.
    Dense(Dense),
    /// Dilations and erosions of all pixels of all channels.
    Sets(Sets),
    /// Scores of classes; only as the last layer.
    Scores(Scores),
}

impl DenseKind {
    fn layer(&self) -> &dyn DenseLayer {
        match self {
            DenseKind::Dense(dense) => dense,
            DenseKind::Sets(sets) => sets,
            DenseKind::Scores(scores) => scores,
        }
    }

    fn layer_mut(&mut self) -> &mut dyn DenseLayer {
        match self {
            DenseKind::Dense(dense) => dense,
            DenseKind::Sets(sets) => sets,
            DenseKind::Scores(scores) => scores,
        }
    }

    fn to_float(&self) -> FloatLayer {
        match self {
            DenseKind::Dense(dense) => FloatLayer::Dense(dense.to_float()),
            DenseKind::Sets(sets) => FloatLayer::Dense(sets.to_float()),
            DenseKind::Scores(scores) => FloatLayer::Scores(scores.to_float()),
        }
    }

    fn bank(&self) -> Option<&Neurons> {
        match self {
            DenseKind::Dense(dense) => Some(&dense.neurons),
            DenseKind::Sets(_) | DenseKind::Scores(_) => None,
        }
    }

    fn bank_mut(&mut self) -> Option<&mut Neurons> {
        match self {
            DenseKind::Dense(dense) => Some(&mut dense.neurons),
            DenseKind::Sets(_) | DenseKind::Scores(_) => None,
        }
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut Parameter)> {
        match self {
            DenseKind::Dense(dense) => named(dense.neurons.parameters_mut()),
            DenseKind::Sets(sets) => named(sets.memberships.parameters_mut()),
            DenseKind::Scores(scores) => named(scores.parameters_mut()),
        }
    }
}

fn named<'a, const N: usize>(
    parameters: [(&'static str, &'a mut Parameter); N],
) -> Vec<(String, &'a mut Parameter)> {
    parameters.into_iter().map(|(name, parameter)| (name.to_owned(), parameter)).collect()
}

fn named_in<'a, const N: usize>(
    place: &str,
    parameters: [(&'static str, &'a mut Parameter); N],
) -> Vec<(String, &'a mut Parameter)> {
    let name = |(name, parameter)| (format!("{place}.{name}"), parameter);
    parameters.into_iter().map(name).collect()
}
