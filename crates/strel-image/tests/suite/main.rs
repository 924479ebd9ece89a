//! The crate's public interface against its definitions and laws.

mod bit_image;
mod files;
mod level_sets;
mod morphology;
mod operators;
mod plan;
mod random;
mod sequence;
mod stream;
mod structuring_element;
