//! The fused training kernels.
//!
//! [`Chain`] finds the loss of a whole network of BiSEL layers and all gradients, image by image. The
//! other functions are single layers, for networks with other layers in between: convolution, bias,
//! scale and threshold in one pass over each image, and all of their gradients in another.
//!
//! Everything here works on plain `f32` slices of shape `[batch, channel, row,
//! column]`. Images are independent, so they are shared out among threads; a
//! sum over a batch is always added up in the order of its images, which makes
//! results the same for every number of threads. Vector code for the processor
//! at hand is chosen at run time; `STREL_KERNEL` forces another.

mod activable;
mod adam;
mod bise;
mod bit_sums;
mod chain;
mod constant_set;
mod dense;
mod exp;
mod few;
mod flat;
mod hits;
mod instructions;
mod lanes;
mod lui;
mod max_pool;
mod ones;
mod padding;
mod penalty;
mod pixels;
mod row;
mod sigmoid;
mod softplus;
mod transpose;
mod vectorized;
mod window_sums;

pub use adam::{AdamStep, adam_step};
pub use bise::{BiseGradients, BiseShape, bise_backward, bise_forward};
pub use bit_sums::{bit_sums, bit_sums_backward};
pub use chain::{Chain, LossGradients};
pub use dense::{DenseGradients, DenseOutputs, dense_backward, dense_forward};
pub use hits::{HitGradients, Hits};
pub use instructions::instruction_set;
pub use lui::{LuiGradients, LuiShape, lui_backward, lui_forward};
pub use max_pool::{max_pool, max_pool_backward};
pub use ones::Ones;
pub use penalty::Penalties;
pub use pixels::write_pixels;
pub use softplus::{softplus, softplus_backward};
pub use window_sums::{WindowGradients, window_sums, window_sums_backward};
