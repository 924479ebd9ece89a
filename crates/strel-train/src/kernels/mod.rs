//! The fused training kernels: convolution, bias, scale and threshold of a
//! layer in one pass over each image, and all of their gradients in another.
//!
//! Everything here works on plain `f32` slices of shape `[batch, channel, row,
//! column]`. Images are independent, so they are shared out among threads; a
//! sum over a batch is always added up in the order of its images, which makes
//! results the same for every number of threads.

mod bise;
mod flat;
mod lanes;
mod lui;
mod padding;
mod sigmoid;

pub use bise::{BiseGradients, BiseShape, bise_backward, bise_forward};
pub use lui::{LuiGradients, LuiShape, lui_backward, lui_forward};

/// The instruction set that the kernels run on here, for reports: for example `AVX2 and FMA`.
pub fn instruction_set() -> String {
    let arch = format!("{:?}", pulp::Arch::new());
    match arch.split('(').next().unwrap_or_default() {
        "V3" => "AVX2 and FMA".into(),
        "V4" => "AVX-512".into(),
        other => other.into(),
    }
}
