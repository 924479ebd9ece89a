//! The crate's public interface against its definitions and laws.

mod bit_image;
mod morphology;
mod random;
mod structuring_element;
