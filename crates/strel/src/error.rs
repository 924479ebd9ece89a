//! What ends a command with exit code 2.

use std::io;
use std::path::PathBuf;

use strel::image::ImageError;
use strel::image::files::FileError;
use strel::network::NetworkError;
use strel::theory::TheoryError;
use strel::train::TrainError;

/// An error of the command line; its message is all that the user sees.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A combination of arguments that makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A file or folder cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The terminal or pipe that results go to is gone.
    #[error("cannot print: {0}")]
    Output(#[from] io::Error),
    /// An error of an image file.
    #[error(transparent)]
    File(#[from] FileError),
    /// An error of the engine.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// An error of a network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// An error of a neuron.
    #[error(transparent)]
    Theory(#[from] TheoryError),
    /// An error of training.
    #[error(transparent)]
    Train(#[from] TrainError),
}
