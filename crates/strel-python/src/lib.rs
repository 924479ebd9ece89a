//! The native half of the Python package `strel`: binary morphology, networks and their theory on NumPy arrays.
//!
//! Classes wrap the values of the Rust crates and never change, so that work runs without Python's
//! lock. Every error becomes a Python exception with the crate's own message.

mod array;
mod border;
mod callback;
mod certificate;
mod channels;
mod element;
mod error;
mod files;
mod float_layers;
mod float_network;
mod gradients;
mod image;
mod image_arg;
mod json;
mod named;
mod network;
mod operators;
mod polish;
mod rank;
mod run;
mod sequence;
mod sets;
mod theory;
mod train;

use pyo3::prelude::*;
use strel_image::Engine;

/// Binary morphology and binary morphological networks; import `strel` instead.
#[pymodule]
mod _strel {
    #[pymodule_export]
    use super::certificate::{Certificate, certify_run};
    #[pymodule_export]
    use super::element::StructuringElement;
    #[pymodule_export]
    use super::files::{decode_image, encode_image, read_image, read_pages, write_image};
    #[pymodule_export]
    use super::float_layers::{FloatBisel, FloatDense, MaxPool, Scores};
    #[pymodule_export]
    use super::float_network::FloatNetwork;
    #[pymodule_export]
    use super::gradients::_gradients;
    #[pymodule_export]
    use super::image::BitImage;
    #[pymodule_export]
    use super::network::Network;
    #[pymodule_export]
    use super::operators::{
        black_tophat, close, dilate, erode, gradient, hit_or_miss, open, white_tophat,
    };
    #[pymodule_export]
    use super::polish::polish;
    #[pymodule_export]
    use super::rank::{median, rank};
    #[pymodule_export]
    use super::run::Run;
    #[pymodule_export]
    use super::sequence::morph;
    #[pymodule_export]
    use super::sets::{complement, difference, intersection, union};
    #[pymodule_export]
    use super::theory::{
        ActivableProjection, NeuronOperator, binarize, is_activated, project_activable,
        project_constant,
    };

    #[pymodule_export]
    use super::train::train;

    use super::{Bound, Engine, PyModule, PyResult, error};

    /// Refuses a bad `STREL_KERNEL` where the package is imported.
    #[pymodule_init]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        Engine::from_environment().map(drop).map_err(error::value)
    }
}
