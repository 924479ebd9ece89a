//! Learns binary morphological networks.

pub mod data;
pub mod forward;
pub mod kernels;
pub mod layers;
pub mod ops;
