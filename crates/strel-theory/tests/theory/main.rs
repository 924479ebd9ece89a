//! Every claim of the crate against brute force on small cases.

mod activable_set;
mod activation;
mod constant_set;
mod exact;
mod lossless;
mod neuron;
mod oracles;
mod symmetric;
mod twelve;
