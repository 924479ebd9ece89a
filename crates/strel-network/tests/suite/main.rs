//! The crate's public interface against its definitions.

mod apply;
mod binarize;
mod certify;
mod check;
mod draw;
mod file;
mod float_network;
mod lossless;
mod naive;
mod random;
mod show;
