//! The layers of a float network, as Burn modules.

mod bimonn;
mod bisel;
mod builder;
mod dense;
mod init;
mod layer;
mod max_pool;
mod neurons;
mod output;
mod parametrization;
mod scores;

pub use bimonn::BiMoNN;
pub use bisel::{Bisel, BiselShape};
pub use builder::{Builder, LayerConfig};
pub use dense::Dense;
pub use init::{Initial, softplus_inverse};
pub use layer::Layer;
pub use max_pool::MaxPool;
pub use neurons::{Neurons, PlainNeuron, Start};
pub use output::{Output, straight_through};
pub use parametrization::{Biases, Weights};
pub use scores::Scores;

use neurons::values;
