//! Networks named on the command line: a run's folder, or a file.

use std::path::{Path, PathBuf};

use strel::network::{AnyNetwork, FloatNetwork, Network};
use strel::train::run::Run;

use crate::cli::ReadArgs;
use crate::error::CliError;

/// The networks behind a path: a run has both, a file has one.
pub struct Networks {
    pub float: Option<FloatNetwork>,
    pub binarized: Option<Network>,
}

impl Networks {
    /// The number of classes of a classifier.
    pub fn classes(&self) -> Option<usize> {
        let float = self.float.as_ref().and_then(FloatNetwork::classes);
        float.or_else(|| self.binarized.as_ref().and_then(Network::classes))
    }
}

/// The files behind a path.
pub fn network_files(path: &Path) -> Vec<PathBuf> {
    match Run::open(path) {
        Ok(run) => run.files(),
        Err(_) => vec![path.to_owned()],
    }
}

/// Loads what a path names.
pub fn networks(path: &Path) -> Result<Networks, CliError> {
    if path.is_dir() {
        let run = Run::open(path)?;
        return Ok(Networks { float: Some(run.float_network()?), binarized: Some(run.network()?) });
    }
    if !path.exists() {
        return Err(CliError::Usage(format!(
            "there is no file or folder {}; expected a run's folder, or the file of a network",
            path.display()
        )));
    }
    Ok(match AnyNetwork::load(path)? {
        AnyNetwork::Float(network) => Networks { float: Some(network), binarized: None },
        AnyNetwork::Binarized(network) => Networks { float: None, binarized: Some(network) },
    })
}

/// Loads the float network that a path names.
pub fn float_network(path: &Path) -> Result<FloatNetwork, CliError> {
    networks(path)?.float.ok_or_else(|| {
        CliError::Usage(format!(
            "{} is a binarized network; expected a run or a float network",
            path.display()
        ))
    })
}

/// Loads the binarized network that a path names.
pub fn binarized_network(path: &Path) -> Result<Network, CliError> {
    networks(path)?.binarized.ok_or_else(|| {
        CliError::Usage(format!(
            "{} is a float network; `strel binarize` makes a binarized one",
            path.display()
        ))
    })
}

/// Refuses level sets to be stacked for a classifier, which gives no image.
pub fn refuse_levels(classifier: &Path, read: &ReadArgs) -> Result<(), CliError> {
    match read.levels {
        None => Ok(()),
        Some(_) => Err(CliError::Usage(format!(
            "{} tells classes; --levels goes with networks from images to images",
            classifier.display()
        ))),
    }
}
