//! A network as a list of steps, from which all programs are written.

mod lower;
mod reach;

use strel_image::{Border, StructuringElement};

pub(super) use reach::Reach;

use crate::{Dense, Network, NetworkError, Place, Scores, Shape};

/// What a network does, as named steps on named images, and what follows behind the images.
pub(super) struct Steps<'a> {
    pub(super) border: Border,
    /// Number of input images.
    pub(super) inputs: usize,
    /// Each makes one image, of inputs and of images of earlier steps. Images that the outputs do
    /// not depend on are not made.
    pub(super) images: Vec<Step>,
    /// The output images, or those that the head reads: indices of steps.
    pub(super) outputs: Vec<usize>,
    pub(super) head: Vec<Head<'a>>,
}

/// How one image is made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// Letters, digits and underscores, of which the first is a letter.
    pub(super) name: String,
    pub(super) action: Action,
    /// Whether the image is the complement of what the action gives.
    pub(super) complement: bool,
    /// How often height and width of the input were halved.
    pub(super) halvings: u32,
}

/// An operator on images, which are indices of earlier steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// An input of the network.
    Input(usize),
    /// One value everywhere, of the size of another image.
    Constant {
        like: usize,
        value: bool,
    },
    Dilation(usize, StructuringElement),
    Erosion(usize, StructuringElement),
    Union(Vec<usize>),
    Intersection(Vec<usize>),
    /// 1 where the weights of the terms that are 1 sum to more than the threshold, which lies
    /// between the least and the largest sum.
    Gate {
        terms: Vec<Term>,
        threshold: i64,
    },
    MaxPool(usize),
}

/// A term of a gate: what an image has at an offset from the pixel that is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) image: usize,
    pub(super) offset: (isize, isize),
    /// Not 0.
    pub(super) weight: i64,
}

/// A layer on all pixels of all channels.
#[derive(Clone, Copy)]
pub(super) enum Head<'a> {
    Dense(&'a Dense),
    Scores(&'a Scores),
}

impl Head<'_> {
    /// What is read.
    pub(super) fn inputs(&self) -> Shape {
        match self {
            Self::Dense(dense) => dense.inputs,
            Self::Scores(scores) => scores.inputs,
        }
    }
}

impl<'a> Steps<'a> {
    /// The steps of a network.
    ///
    /// # Errors
    /// [`NetworkError::NotExported`] where a layer of images reads a dense layer.
    pub(super) fn new(network: &'a Network) -> Result<Self, NetworkError> {
        lower::steps(network)
    }

    /// The steps of a network of images.
    ///
    /// # Errors
    /// [`NetworkError::NotExported`] where there is a dense layer, or are scores.
    pub(super) fn of_images(network: &'a Network) -> Result<Self, NetworkError> {
        let steps = Self::new(network)?;
        if steps.head.is_empty() {
            return Ok(steps);
        }
        let layer = network.layers().len() - steps.head.len();
        let found = network.layers()[layer].stage().effect.to_string();
        let expected = "layers of images only";
        Err(NetworkError::NotExported { place: Place::layer(layer), found, expected })
    }
}

impl Action {
    /// The images that are read, each with the offsets that it is read at.
    pub(super) fn reads(&self) -> Vec<(usize, Vec<(isize, isize)>)> {
        let here = |image: &usize| (*image, vec![(0, 0)]);
        match self {
            Self::Input(_) | Self::Constant { .. } => Vec::new(),
            Self::Dilation(image, element) => {
                vec![(*image, element.offsets().map(|(dy, dx)| (-dy, -dx)).collect())]
            }
            Self::Erosion(image, element) => vec![(*image, element.offsets().collect())],
            Self::Union(images) | Self::Intersection(images) => images.iter().map(here).collect(),
            Self::Gate { terms, .. } => gathered(terms),
            Self::MaxPool(image) => vec![(*image, vec![(0, 0), (0, 1), (1, 0), (1, 1)])],
        }
    }
}

/// The offsets of each image, in the order of their first terms.
fn gathered(terms: &[Term]) -> Vec<(usize, Vec<(isize, isize)>)> {
    let mut reads: Vec<(usize, Vec<(isize, isize)>)> = Vec::new();
    for term in terms {
        match reads.iter_mut().find(|(image, _)| *image == term.image) {
            Some((_, offsets)) => offsets.push(term.offset),
            None => reads.push((term.image, vec![term.offset])),
        }
    }
    reads
}
