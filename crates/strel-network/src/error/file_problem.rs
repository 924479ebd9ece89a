//! What can be wrong with files.

use thiserror::Error;

use crate::NetworkError;

/// What can be wrong with the file of a network or of a certificate.
#[derive(Debug, Error)]
pub enum FileProblem {
    /// The operating system does not let it be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// The operating system does not let it be written.
    #[error("the file cannot be written: {0}")]
    Write(std::io::Error),
    /// Not a regular file, or one that is too large to be a network.
    #[error("{found}, expected a regular file of at most {limit} bytes")]
    NotReadable {
        /// What it is.
        found: String,
        /// The largest size that is read.
        limit: u64,
    },
    /// The bytes are no safetensors file, or not all of it.
    #[error("damaged, or no safetensors file: {0}; expected a network that strel wrote")]
    Safetensors(#[from] safetensors::SafeTensorError),
    /// A safetensors file of another program.
    #[error("the format is {found}, expected {expected}")]
    Format {
        /// The formats that would do.
        expected: &'static str,
        /// The format in the metadata.
        found: String,
    },
    /// A file of a later version of this crate.
    #[error("the format's version is {found:?}, expected {expected:?}: a newer strel may read it")]
    Version {
        /// The version that this crate reads.
        expected: &'static str,
        /// The version in the metadata.
        found: String,
    },
    /// Metadata that is missing or means nothing.
    #[error("metadata {key:?}: {problem}")]
    Metadata {
        /// Its key.
        key: String,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A tensor that the metadata speaks of is not there.
    #[error("tensor {name:?} is missing, expected {expected}")]
    MissingTensor {
        /// Its name.
        name: String,
        /// Its type and shape.
        expected: String,
    },
    /// A tensor that the metadata does not speak of.
    #[error("tensor {name:?} belongs to no neuron of the network")]
    SurplusTensor {
        /// Its name.
        name: String,
    },
    /// A tensor of another type or shape than the metadata says.
    #[error("tensor {name:?} is {found}, expected {expected}")]
    Tensor {
        /// Its name.
        name: String,
        /// Type and shape that it should have.
        expected: String,
        /// Type and shape that it has.
        found: String,
    },
    /// A value of a tensor that means nothing.
    #[error("tensor {name:?}: value {index} is {found}, expected {expected}")]
    Value {
        /// Name of the tensor.
        name: String,
        /// Index of the value, from 0.
        index: usize,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: u8,
    },
    /// The file is no certificate in JSON.
    #[error("no certificate: {0}; expected one that strel wrote")]
    Json(#[from] serde_json::Error),
    /// The text is no network in JSON.
    #[error("no network in JSON: {0}")]
    Operators(serde_json::Error),
    /// A certificate that contradicts itself.
    #[error("the certificate's {what}, expected {expected}")]
    Certificate {
        /// What is wrong.
        what: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The file is well formed, but its network is not.
    #[error(transparent)]
    Network(Box<NetworkError>),
}

impl From<NetworkError> for FileProblem {
    fn from(error: NetworkError) -> Self {
        Self::Network(Box::new(error))
    }
}
