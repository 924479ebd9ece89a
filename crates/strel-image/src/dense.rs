//! Fully connected binary layers on batches: layers of sets, and the scores of a classifier.
//!
//! A batch of samples is a [`BitImage`](crate::BitImage), one row a sample, one column an input. A
//! classifier is some [`SetLayer`]s and a [`ScoreLayer`]:
//!
//! ```
//! use strel_image::dense::{ScoreLayer, SetLayer, SetNeuron};
//! use strel_image::{BitImage, Engine};
//!
//! let hidden = SetLayer::new(4, vec![
//!     SetNeuron::union([0, 1]),
//!     SetNeuron::intersection([2, 3]),
//! ])?;
//! let last = ScoreLayer::new(2, &[vec![1.0, 0.0], vec![0.0, 1.5]], &[0.0, 0.0])?;
//! let batch: BitImage = "
//!     .#..
//!     .###
//! ".parse()?;
//! assert_eq!(last.classify(&hidden.apply(&batch)), [0, 1]);
//!
//! // With buffers that are used again.
//! let engine = Engine::from_environment()?;
//! let (mut between, mut classes) = (BitImage::new(0, 0), Vec::new());
//! hidden.run_into(&engine, &batch, &mut between)?;
//! last.classify_into(&engine, &between, &mut classes)?;
//! assert_eq!(classes, [0, 1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod columns;
mod deposit;
mod error;
mod exact;
mod gates;
mod neuron;
mod parts;
mod pick;
mod planes;
mod rounding;
mod score_layer;
mod set_layer;
mod weight_sums;
mod weight_tables;

#[cfg(test)]
mod tests;

pub use error::DenseError;
pub use neuron::SetNeuron;
pub use score_layer::{ScoreForm, ScoreLayer};
pub use set_layer::{SetForm, SetLayer};
