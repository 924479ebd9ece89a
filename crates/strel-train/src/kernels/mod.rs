//! The kernels of training: loops over slices of 32-bit numbers, in vector code for the processor at hand, which is
//! chosen at run time; `STREL_KERNEL` forces another.
//!
//! | module | what |
//! | --- | --- |
//! | `frame`, `pixels` | images in planes, with their borders |
//! | `windows`, `union`, `terms` | correlations, sums over channels, sums over few pixels, and what their gradients need |
//! | `threshold`, `slopes`, `softplus` | smooth functions and gradients through them |
//! | `features`, `sums`, `transpose` | batches of samples, weighted sums of them |
//! | `adam` | the optimizer |
//! | `penalty`, `constant_set`, `activable`, `row` | regularizers |
//! | `instructions`, `vectors` | vectors of the processor |

mod activable;
mod adam;
mod constant_set;
mod features;
mod frame;
mod instructions;
mod penalty;
mod pixels;
mod row;
mod slopes;
mod softplus;
mod sums;
mod terms;
mod threshold;
mod transpose;
mod union;
mod vectors;
mod windows;

pub use adam::AdamStep;
pub use features::{Features, Ones};
pub use frame::{Edge, Frame};
pub use instructions::{arch, instruction_set};
pub use penalty::Penalties;
pub use pixels::{pixels, write_pixels};
pub use slopes::{through_threshold, through_union};
pub use softplus::{Softplus, SoftplusSlope};
pub use sums::{
    BLOCK, columns_of, feature_gradient, sums_in_blocks, sums_of_columns, weight_gradient,
    wide_weight_gradient,
};
pub use terms::{DotTerms, Terms, offset_sums};
pub use threshold::{Excess, Hard, Tanh, exp, multiply_by_slopes, tanh_factor, write_values};
pub use union::unite;
pub use vectors::{Elementwise, LANES, add_multiple, dot, map, multiply, sum, sum_rows};
pub use windows::{Correlation, Plain, products};
