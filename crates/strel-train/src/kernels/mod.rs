//! The fused training kernels: all layers of a network, the loss and all gradients, image by image.
//!
//! Everything here works on plain `f32` numbers. Images are independent, so they are shared out among
//! threads; a sum over a batch is always added up in the order of its images, which makes results the
//! same for every number of threads. Vector code for the processor at hand is chosen at run time.
//!
//! | module | what |
//! | --- | --- |
//! | `chain` | a network on a batch: outputs, or loss and gradients |
//! | `bisel` | a layer on an image |
//! | `windows` | correlations, the sums that weights' gradients need |
//! | `union`, `threshold`, `slopes` | LUI neurons, the smooth threshold, gradients through both |
//! | `frame` | images in planes, with their borders |

mod bisel;
mod chain;
mod frame;
mod pixels;
mod slopes;
mod threshold;
mod union;
mod vectors;
mod windows;

pub use chain::{Chain, LossGradients};
pub use pixels::write_pixels;

/// The instruction set that the kernels run on here, for reports: for example `AVX2 and FMA`.
pub fn instruction_set() -> String {
    let arch = format!("{:?}", pulp::Arch::new());
    match arch.split('(').next().unwrap_or_default() {
        "V3" => "AVX2 and FMA".into(),
        "V4" => "AVX-512".into(),
        other => other.into(),
    }
}
