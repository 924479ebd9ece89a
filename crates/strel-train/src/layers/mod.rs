//! The layers of a float network, as Burn modules.

mod bimonn;
mod bisel;
mod carry;
mod init;
mod neurons;

pub use bimonn::BiMoNN;
pub use bisel::{Bisel, BiselShape};
pub use init::{Initial, softplus_inverse};
pub use neurons::{Neurons, PlainNeuron, Start, Weights};
