//! Binary morphological networks: float ones as they are learnt, binarized ones as they are run.
//!
//! A [`FloatNetwork`] is a chain of layers of neurons y = xi(p (W.x - b)). [`binarize`] replaces
//! each neuron by the morphological operator that it is, or by the nearest one, and gives a
//! [`Network`]: dilations and erosions by structuring elements, unions and intersections of
//! channels, and complements, which run on images of 64 pixels a word. [`binarize_lossless`] gives
//! formulas and threshold gates where no operator is exact, [`certify`] says what is proved, and
//! [`check`] verifies that.
//!
//! Layers are BiSEL layers (images to images), 2x2 max-pools, dense layers of neurons that read all
//! pixels, and scores of classes at the end of a classifier. An image goes through
//! [`apply`](Network::apply), that of a classifier through [`classify`](Network::classify), many of
//! them through a [`plan`](Network::plan).
//!
//! ```
//! use strel_image::{BitImage, Border};
//! use strel_network::{FloatBisel, FloatNetwork, NeuronBank, binarize};
//! use strel_theory::{Method, Threshold};
//!
//! // One neuron with a window of 1x3 that answers to its left and middle pixel.
//! let layer = FloatBisel {
//!     inputs: 1,
//!     outputs: 1,
//!     kernel: (1, 3),
//!     bise: NeuronBank { weights: vec![2.0, 2.0, 0.1], bias: vec![1.0], scale: vec![3.0] },
//!     lui: None,
//! };
//! let float = FloatNetwork::new(Border::Replicate, Threshold::Tanh, vec![layer])?;
//! let network = binarize(&float, Method::Exact)?;
//!
//! let image: BitImage = "..#....#.".parse()?;
//! assert_eq!(network.apply_one(&image)?.to_string(), "..##...##");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The theory is that of T. Aouad and H. Talbot, "A foundation for exact binarized morphological
//! neural networks" (2023), cited as Aouad & Talbot 2023.

mod apply;
mod bank;
mod binarize;
mod certificate;
mod certify;
mod chain;
mod check;
mod classify;
mod combination;
mod cost;
mod dense;
mod disk;
mod draw;
mod equivalence;
mod error;
pub mod export;
mod file;
mod float_bisel;
mod float_layer;
mod float_network;
mod forward;
mod gate;
mod lossless;
mod network;
mod operator;
pub mod page;
mod place;
mod plan;
mod plane;
mod polish;
mod random;
mod scores;
mod show;
mod symmetric;
mod to_float;

pub use bank::NeuronBank;
pub use binarize::binarize;
pub use certificate::{
    Certificate, Difference, Equality, NearestOperator, NeuronReport, ScoreReport, Verdict,
};
pub use certify::{CertifyBudget, certify};
pub use chain::Shape;
pub use check::{CheckFailure, check};
pub use combination::{Combination, CombinationRule};
pub use dense::Dense;
pub use draw::draw;
pub use equivalence::{Equivalence, equivalence};
pub use error::{FileProblem, NetworkError};
pub use file::AnyNetwork;
pub use float_bisel::FloatBisel;
pub use float_layer::{FloatDense, FloatLayer};
pub use float_network::FloatNetwork;
pub use gate::ThresholdGate;
pub use lossless::binarize_lossless;
pub use network::{Bisel, Layer, Network, OutputChannel};
pub use operator::{Exactness, ExactnessCounts, MorphologicalNeuron, Operator, WindowGate};
pub use place::Place;
pub use plan::NetworkPlan;
pub use plane::Plane;
pub use polish::{
    Loss, PolishOptions, PolishProgress, PolishReport, Polished, TrainingPair, polish,
};
pub use scores::Scores;
