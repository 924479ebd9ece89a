//! Learns binary morphological networks.

pub mod config;
pub mod data;
mod error;
pub mod forward;
pub mod kernels;
pub mod layers;
pub mod loss;
pub mod ops;
pub mod run;
pub mod score;
pub mod settle;
mod trainer;

pub use config::Config;
pub use error::TrainError;
pub use trainer::Trainer;
