//! What can go wrong in training.

use std::io;
use std::path::PathBuf;

use strel_image::files::FileError;
use strel_network::NetworkError;

use crate::run::Run;

/// An error of this crate. Its message says what was wrong, where, and what was expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A file or folder could not be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A configuration is wrong.
    #[error("{place}: {problem}")]
    Config {
        /// The file, or where else the configuration comes from.
        place: String,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// The data is not what training needs.
    #[error("{0}")]
    Data(String),
    /// Several things are wrong, one a line.
    #[error("{}", lines(.0))]
    Several(Vec<TrainError>),
    /// Another process trains the run.
    #[error("run {} {}; wait for it, or stop it", folder.display(), Run::BUSY)]
    Busy {
        /// The folder of the run.
        folder: PathBuf,
    },
    /// An image file is wrong.
    #[error(transparent)]
    Image(#[from] FileError),
    /// A network or its file is wrong.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The loss is not a number any more.
    #[error(
        "the loss of step {step} is {loss}; the last checkpoint is kept: try a lower `learning-rate`"
    )]
    Diverged {
        /// The step.
        step: u64,
        /// Its loss.
        loss: f32,
    },
    /// A checkpoint does not fit the run.
    #[error("checkpoint {}: {problem}", path.display())]
    Checkpoint {
        /// The checkpoint.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

impl TrainError {
    /// What went well, or everything that went wrong.
    ///
    /// # Errors
    /// The only error, or [`TrainError::Several`].
    pub(crate) fn all<T>(results: impl Iterator<Item = Result<T, Self>>) -> Result<Vec<T>, Self> {
        let (mut good, mut errors) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(value) => good.push(value),
                Err(error) => errors.push(error),
            }
        }
        match errors.len() {
            0 => Ok(good),
            1 => Err(errors.remove(0)),
            _ => Err(TrainError::Several(errors)),
        }
    }
}

fn lines(errors: &[TrainError]) -> String {
    errors.iter().map(TrainError::to_string).collect::<Vec<_>>().join("\n")
}
