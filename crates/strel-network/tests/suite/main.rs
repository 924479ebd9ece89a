//! The crate's public interface against its definitions.

mod apply;
mod architecture;
mod binarize;
mod certify;
mod check;
mod classify;
mod draw;
mod export;
mod file;
mod float_network;
mod layers;
mod lossless;
mod naive;
mod polish;
mod random;
mod show;
mod symmetric;
mod to_float;
