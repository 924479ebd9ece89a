//! One neuron of a binary morphological network, as mathematics on slices.
//!
//! A neuron computes y = xi(p (W.x - b)) from inputs x in `[0, 1]`, and outputs 1 iff y > 1/2. This crate answers, in
//! `f64` and without any knowledge of images or of learning:
//!
//! - is it a dilation, an erosion or a constant, for every input? ([`activation`], [`counterexample`])
//! - how close to 0 and 1 are its outputs then? ([`Fit::output_bounds`], [`AlmostBinary`], [`Threshold`])
//! - if it is none, which operator is nearest? ([`constant_projection`], [`activable_projection`],
//!   [`binarize`])
//! - the same for inputs and outputs in `[-1, 1]` ([`Neuron::symmetric`], [`AlmostBinary::from_symmetric`])
//! - which formula equals it without any loss? ([`lossless`])
//!
//! The theory is that of T. Aouad and H. Talbot, "A foundation for exact binarized morphological neural networks"
//! (2023), cited as Aouad & Talbot 2023.

mod activable_set;
mod activation;
mod almost_binary;
mod binarize;
mod cone;
mod constant_set;
mod counterexample;
mod error;
mod gate;
mod integer;
mod lossless;
mod minimal_sets;
mod neuron;
mod operator;
mod split;
mod symmetric;
mod threshold;

pub use activable_set::{ActivableProjection, Metric, activable_projection};
pub use activation::{Activation, Fit, activation};
pub use almost_binary::{AlmostBinary, InputBounds};
pub use binarize::{BinarizedNeuron, Method, binarize};
pub use constant_set::{ConstantProjection, ConstantRule, constant_projection};
pub use counterexample::counterexample;
pub use error::TheoryError;
pub use lossless::{Lossless, LosslessBudget, LosslessNeuron, lossless};
pub use neuron::Neuron;
pub use operator::{Operation, SetOperator};
pub use split::{ConePoint, SplitWeights, project_onto_dilations};
pub use threshold::Threshold;
