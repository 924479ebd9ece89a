//! Learns binary morphological networks.

pub mod kernels;
pub mod ops;
