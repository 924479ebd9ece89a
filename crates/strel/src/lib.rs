//! The front of strel: binary morphological networks, learnt, proved and run.
//!
//! This crate gathers the others under one name, and holds the command line. Data flows one way:
//!
//! ```text
//! images -> float network -> neurons as operators -> binarized network -> images, reports
//!  data        train               theory                network           image
//! ```

pub use strel_image as image;
pub use strel_network as network;
pub use strel_theory as theory;
pub use strel_train as train;
