//! The one error type of this crate.

mod file_problem;

use std::path::PathBuf;

use strel_image::{Border, ImageError};
use strel_theory::TheoryError;
use thiserror::Error;

use crate::Place;
pub use file_problem::FileProblem;

/// What can be wrong with a network, with the images given to it, or with its file.
#[derive(Debug, Error)]
pub enum NetworkError {
    /// A network without layers.
    #[error("the network has no layer")]
    NoLayer,
    /// A border that depends on the operation.
    #[error(
        "the border is {0}, expected replicate, reflect, zero or one: a neuron is no operation yet while it trains"
    )]
    Border(Border),
    /// A layer that does not read what the layer before it gives.
    #[error("{place} reads {found} channels, but the layer before it gives {expected}")]
    Channels {
        /// The layer.
        place: Place,
        /// Output channels of the layer before.
        expected: usize,
        /// Its input channels.
        found: usize,
    },
    /// A layer that reads channels of another size than the layer before it gives.
    #[error(
        "{place} reads {}x{} pixels a channel, but the layer before it gives {}x{}",
        found.0, found.1, expected.0, expected.1
    )]
    LayerSize {
        /// The layer.
        place: Place,
        /// Height and width that the layer before gives.
        expected: (usize, usize),
        /// Height and width that it reads.
        found: (usize, usize),
    },
    /// Scores that another layer would read.
    #[error("{place} gives scores, expected it to be the last layer")]
    ScoresNotLast {
        /// The layer.
        place: Place,
    },
    /// A count or a size of a layer that cannot be.
    #[error("{place}: {what} is {found}, expected {expected}")]
    Size {
        /// The layer or neuron.
        place: Place,
        /// What was counted.
        what: &'static str,
        /// What it should be.
        expected: String,
        /// What it is.
        found: usize,
    },
    /// A weight, bias or scale that is NaN or infinite.
    #[error("{place}: the {what} is {value}, expected a finite number")]
    NotFinite {
        /// The neuron.
        place: Place,
        /// `"weight"`, `"bias"` or `"scale"`.
        what: &'static str,
        /// The value.
        value: f32,
    },
    /// LUI neurons are there exactly where a layer has several input channels.
    #[error(
        "{place} {} LUI neurons for its {inputs} input channels, expected them iff there are several",
        if *present { "has" } else { "lacks" }
    )]
    Lui {
        /// The layer.
        place: Place,
        /// Its input channels.
        inputs: usize,
        /// Whether it has LUI neurons.
        present: bool,
    },
    /// Sizes whose product is no number of weights.
    #[error("{place} has more weights than any memory holds")]
    TooLarge {
        /// The layer.
        place: Place,
    },
    /// A set of pixels or channels without members; a constant says what is meant.
    #[error("{place}: the set of an operator is empty, expected a constant instead")]
    EmptySet {
        /// The neuron.
        place: Place,
    },
    /// A threshold gate whose sums could overflow.
    #[error("{place}: the gate's weights sum to 2^63 or more, in absolute value")]
    GateTooHeavy {
        /// The neuron.
        place: Place,
    },
    /// A neuron that cannot be binarized as asked.
    #[error("{place}: {source}")]
    Neuron {
        /// The neuron.
        place: Place,
        /// Why, and by how much it misses.
        source: TheoryError,
    },
    /// A structuring element that cannot be made from a neuron's window.
    #[error("{place}: {source}")]
    Element {
        /// The neuron.
        place: Place,
        /// Why.
        source: ImageError,
    },
    /// A float network and a binarized one that cannot be compared.
    #[error(
        "{place}: {what} is {binarized} in the binarized network, {float} in the float network"
    )]
    Mismatch {
        /// The layer or neuron.
        place: Place,
        /// What differs.
        what: &'static str,
        /// What it is in the float network.
        float: String,
        /// What it is in the binarized network.
        binarized: String,
    },
    /// A number of images that is not that of the network's input channels.
    #[error("{found} input images, expected {expected}: one a channel")]
    ImageCount {
        /// The network's input channels.
        expected: usize,
        /// The images that were given.
        found: usize,
    },
    /// Input images of several sizes.
    #[error("image {channel} is {}x{}, expected {}x{} as image 1", found.0, found.1, expected.0, expected.1)]
    ImageSize {
        /// Number of the image, from 1.
        channel: usize,
        /// Height and width of the first image.
        expected: (usize, usize),
        /// Height and width of this one.
        found: (usize, usize),
    },
    /// Input images of a size that a layer cannot read.
    #[error(
        "the images are {}x{}, expected {expected}: {place} reads {}x{} pixels a channel",
        found.0, found.1, reads.0, reads.1
    )]
    InputSize {
        /// Height and width of the images.
        found: (usize, usize),
        /// The sizes that would do.
        expected: String,
        /// The layer that reads channels of one size only.
        place: Place,
        /// Height and width of those.
        reads: (usize, usize),
    },
    /// A classifier that was to give images.
    #[error("the network gives scores of {classes} classes, no images: call scores or classify")]
    Classifier {
        /// Its classes.
        classes: usize,
    },
    /// A network of images that was to give scores.
    #[error("the network gives images, no scores: its last layer is no layer of scores")]
    NoClassifier,
    /// Values that do not fill a plane.
    #[error("a plane of {height}x{width} takes {height} * {width} values, not {found}")]
    PlaneLength {
        /// Rows of the plane.
        height: usize,
        /// Columns of the plane.
        width: usize,
        /// Values that were given.
        found: usize,
    },
    /// A network that has more than one channel where one image was given, or is wanted.
    #[error("the network takes {inputs} images to {outputs}, expected 1 to 1")]
    NotOneToOne {
        /// Its input channels.
        inputs: usize,
        /// Its output channels.
        outputs: usize,
    },
    /// A layer that is no BiSEL layer where only those will do.
    #[error("{place} is {found}, expected BiSEL layers only")]
    NotBisel {
        /// The layer.
        place: Place,
        /// What it is.
        found: String,
    },
    /// A layer that an export has no form for.
    #[error("{place} is {found}, expected {expected}")]
    NotExported {
        /// The layer.
        place: Place,
        /// What it is.
        found: String,
        /// What the export has a form for.
        expected: &'static str,
    },
    /// An operator that no single neuron of weights 1 and 0 is.
    #[error(
        "{place} is {found}, expected a dilation, an erosion, a union, an intersection or a constant"
    )]
    NotNeuron {
        /// The neuron.
        place: Place,
        /// What it is.
        found: &'static str,
    },
    /// Nothing to learn from.
    #[error("there is no pair of images to learn from")]
    NoPair,
    /// A pair of inputs and targets that the network cannot learn from.
    #[error("pair {pair}: {problem}")]
    Pair {
        /// Number of the pair, from 1.
        pair: usize,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A file that could not be written, or that holds no valid network.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Box<FileProblem>,
    },
}
