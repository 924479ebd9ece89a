//! Learns binary morphological networks.
//!
//! A [`Config`] says everything that a training depends on; a [`run::Run`] is a folder with all that
//! comes out of one. Between them a [`Trainer`] steps through the data:
//!
//! ```text
//! data ── layer ── layer ── ... ── loss         each layer knows its own gradients
//!           └── Adam └── Adam                   and moves as soon as they are known
//!                 │
//!          settle: neurons become operators, one by one
//!                 │
//!          strel_network::FloatNetwork -> binarize, certify
//! ```
//!
//! ```
//! use strel_train::{Config, Trainer};
//!
//! let settings = ["data.noisti.size=16", "network.kernel=[3, 3]", "training.batch=2"];
//! let mut trainer = Trainer::new(Config::noisti().with_settings(&settings)?)?;
//! let loss = trainer.advance()?;
//! assert!(loss > 0.0 && loss < 1.0);
//! assert_eq!(trainer.network()?.layers().len(), 2);
//! # Ok::<(), strel_train::TrainError>(())
//! ```

pub mod classify;
pub mod config;
pub mod data;
mod error;
pub mod forward;
#[doc(hidden)]
pub mod gradients;
pub mod journal;
mod kernels;
mod layers;
pub mod loss;
pub mod mask;
pub mod polish;
mod projection;
mod ranges;
pub mod regularizer;
pub mod run;
pub mod schedule;
pub mod score;
mod settle;
pub mod suggestion;
pub mod sweep;
mod text;
mod toml_file;
mod trainer;

pub use config::Config;
pub use error::TrainError;
pub use kernels::instruction_set;
pub use layers::{Biases, BitSamples, LayerConfig, Weights};
pub use trainer::{Batch, Trainer};
