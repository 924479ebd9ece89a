//! Binary images packed 64 pixels a word, structuring elements, and mathematical morphology on
//! them.
//!
//! A binary image is a set X of pixels. A flat [`StructuringElement`] B is a set of offsets around
//! an origin, and the two operators that everything else is made of are, in Minkowski's convention,
//!
//! * the dilation, X shifted by each offset b of B and united: pixel i reads x(i - b), an OR;
//! * the erosion, the pixels at which B fits inside X: pixel i reads x(i + b), an AND.
//!
//! ```
//! use strel_image::{BitImage, Border, StructuringElement, dilate};
//!
//! let image: BitImage = "
//!     ......
//!     ..#...
//!     ......
//! ".parse()?;
//! let element: StructuringElement = "
//!     O##
//! ".parse()?;
//! let dilated: BitImage = "
//!     ......
//!     ..###.
//!     ......
//! ".parse()?;
//! assert_eq!(dilate(&image, &element, Border::Neutral), dilated);
//! # Ok::<(), strel_image::ImageError>(())
//! ```

mod aligned;
mod bit_image;
mod border;
mod bytes;
mod claim;
pub mod dense;
mod engine;
mod error;
pub mod files;
mod grey_image;
mod kernel;
mod level_sets;
mod morphology;
pub mod naive;
mod picture;
mod plan;
mod pool;
mod rank;
mod recent;
mod row_source;
mod sequence;
mod set_operations;
mod shapes;
mod stream;
mod structuring_element;
mod symmetry;
mod words;

pub use bit_image::BitImage;
pub use border::{Border, Operation};
pub use engine::{Engine, kernel_name};
pub use error::ImageError;
pub use grey_image::GreyImage;
pub use kernel::Kernel;
pub use level_sets::{LevelSets, Stacked};
pub use morphology::{
    black_top_hat, close, dilate, erode, gradient, hit_or_miss, inner_gradient, open,
    outer_gradient, white_top_hat,
};
pub use plan::{GateTerm, Operand, Plan, PlanBuilder, PlanCost};
pub use pool::{max_pool, max_pool_into};
pub use rank::{median, rank, threshold_gate};
pub use row_source::RowSource;
pub use sequence::Sequence;
pub use stream::PlannedRows;
pub use structuring_element::StructuringElement;
pub use symmetry::Symmetry;
