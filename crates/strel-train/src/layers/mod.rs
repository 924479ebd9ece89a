//! The layers of a float network, as Burn modules.

mod bimonn;
mod bisel;
mod bits;
mod builder;
mod carry;
mod dense;
mod init;
mod layer;
mod max_pool;
mod neurons;
mod parametrization;
mod pass;
mod scores;
mod sets;

pub use bimonn::BiMoNN;
pub use bisel::{Bisel, BiselShape};
pub use bits::BitSamples;
pub use builder::{Builder, LayerConfig};
pub use dense::Dense;
pub use init::{Initial, softplus_inverse};
pub use layer::Layer;
pub use max_pool::MaxPool;
pub use neurons::{Neurons, PlainNeuron, Start};
pub use parametrization::{Biases, Weights};
pub use pass::{Pass, straight_through};
pub use scores::Scores;
pub use sets::{Memberships, Sets, WindowSets};

use neurons::{overwritten, values};
