//! Network files: safetensors with JSON metadata.
//!
//! | metadata    | float network                      | binarized network        |
//! |-------------|------------------------------------|--------------------------|
//! | `format`    | `strel.float-network`              | `strel.network`          |
//! | `version`   | `1`                                | `1`                      |
//! | `border`    | `replicate`, `reflect`, `zero` or `one` | the same                 |
//! | `threshold` | `tanh`, `logistic`, `arctan`, `erf`| -                        |
//! | `layers`    | JSON: sizes                        | JSON: sizes and operators|
//!
//! Layers of all kinds are in files of version 1; programs from before dense layers refuse those.
//! Numbers are in tensors of type F32, sets of pixels and channels in tensors of type BOOL, the
//! weights of threshold gates in tensors of type I64. Names count layers, channels and neurons from 1,
//! as error messages do.
//!
//! Where a binarized network is read, the JSON of [`to_json`](crate::export::to_json) will do, too.

mod archive;
mod binarized;
mod float;
mod operators;

use std::path::Path;

use sha2::{Digest, Sha256};
use strel_image::files::write_atomically;

use crate::export::{OPERATORS_FORMAT, read_json};
use crate::{FileProblem, FloatNetwork, Network, NetworkError, disk};
use archive::{Archive, ArchiveReader};

/// A network of either kind, from a file.
///
/// ```no_run
/// use strel_network::AnyNetwork;
///
/// match AnyNetwork::load("run/network.safetensors")? {
///     AnyNetwork::Float(network) => println!("float, {} layers", network.layers().len()),
///     AnyNetwork::Binarized(network) => println!("binarized, {} layers", network.layers().len()),
/// }
/// # Ok::<(), strel_network::NetworkError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum AnyNetwork {
    /// A float network.
    Float(FloatNetwork),
    /// A binarized network.
    Binarized(Network),
}

impl AnyNetwork {
    /// Reads a network file, whichever kind it holds: safetensors, or the JSON of a binarized network.
    ///
    /// # Errors
    /// [`NetworkError::File`] for whatever is wrong with the file; nothing in it is taken on trust.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, NetworkError> {
        load(path.as_ref(), |content| match content {
            Content::Json(text) => Ok(Self::Binarized(read_json(text)?)),
            Content::Archive(archive) => match archive.format()? {
                float::FORMAT => Ok(Self::Float(float::read(archive)?)),
                binarized::FORMAT => Ok(Self::Binarized(binarized::read(archive)?)),
                found => Err(FileProblem::Format {
                    expected: "strel.network or strel.float-network",
                    found: found.to_owned(),
                }),
            },
        })
    }
}

impl FloatNetwork {
    /// Writes the network to a safetensors file, whole or not at all: what was at `path` is replaced
    /// when the new file is complete. Equal networks give equal bytes.
    ///
    /// # Errors
    /// [`NetworkError::File`].
    ///
    /// ```
    /// # use strel_image::Border;
    /// # use strel_network::{FloatBisel, NeuronBank};
    /// # use strel_theory::Threshold;
    /// use strel_network::FloatNetwork;
    ///
    /// # let bise = NeuronBank { weights: vec![1.0; 9], bias: vec![0.5], scale: vec![1.0] };
    /// # let layer = FloatBisel { inputs: 1, outputs: 1, kernel: (3, 3), bise, lui: None };
    /// # let network = FloatNetwork::new(Border::One, Threshold::Erf, vec![layer])?;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("float.safetensors");
    /// network.save(&path)?;
    /// assert_eq!(FloatNetwork::load(&path)?, network);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), NetworkError> {
        save(path.as_ref(), float::write(self))
    }

    /// Reads a float network.
    ///
    /// # Errors
    /// [`NetworkError::File`] for whatever is wrong with the file, a binarized network included.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, NetworkError> {
        load(path.as_ref(), |content| match content {
            Content::Json(_) => Err(FileProblem::Format {
                expected: float::FORMAT,
                found: OPERATORS_FORMAT.to_owned(),
            }),
            Content::Archive(archive) => {
                archive.expect_format(float::FORMAT)?;
                float::read(archive)
            }
        })
    }
}

impl Network {
    /// Writes the network to a safetensors file, whole or not at all: what was at `path` is replaced
    /// when the new file is complete. Equal networks give equal bytes.
    ///
    /// # Errors
    /// [`NetworkError::File`].
    ///
    /// ```
    /// # use strel_image::Border;
    /// # use strel_network::{Bisel, Layer, MorphologicalNeuron, Operator};
    /// use strel_network::Network;
    ///
    /// # let erosion = MorphologicalNeuron::activated(Operator::Erosion("O#".parse()?));
    /// # let network = Network::new(Border::One, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("network.safetensors");
    /// network.save(&path)?;
    /// assert_eq!(Network::load(&path)?, network);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), NetworkError> {
        save(path.as_ref(), binarized::write(self))
    }

    /// Reads a binarized network: safetensors, or the JSON of [`to_json`](crate::export::to_json).
    ///
    /// # Errors
    /// [`NetworkError::File`] for whatever is wrong with the file, a float network included.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, NetworkError> {
        load(path.as_ref(), |content| match content {
            Content::Json(text) => read_json(text),
            Content::Archive(archive) => {
                archive.expect_format(binarized::FORMAT)?;
                binarized::read(archive)
            }
        })
    }
}

impl FloatNetwork {
    /// The SHA-256 digest of the bytes that [`save`](Self::save) writes, in hexadecimal.
    pub fn digest(&self) -> String {
        digest(float::write(self))
    }

    /// The number of bytes that [`save`](Self::save) writes.
    pub fn file_size(&self) -> usize {
        float::write(self).into_bytes().len()
    }
}

impl Network {
    /// The SHA-256 digest of the bytes that [`save`](Self::save) writes, in hexadecimal.
    pub fn digest(&self) -> String {
        digest(binarized::write(self))
    }

    /// The number of bytes that [`save`](Self::save) writes.
    pub fn file_size(&self) -> usize {
        binarized::write(self).into_bytes().len()
    }
}

fn digest(archive: Archive) -> String {
    Sha256::digest(archive.into_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn save(path: &Path, archive: Archive) -> Result<(), NetworkError> {
    write_atomically(path, &archive.into_bytes())
        .map_err(|error| at(path, FileProblem::Write(error)))
}

/// What a file holds.
enum Content<'a, 'b> {
    Archive(&'a mut ArchiveReader<'b>),
    Json(&'b [u8]),
}

fn load<T>(
    path: &Path,
    read: impl FnOnce(Content) -> Result<T, FileProblem>,
) -> Result<T, NetworkError> {
    let parse = || {
        let bytes = disk::read_limited(path)?;
        if is_json(&bytes) {
            return read(Content::Json(&bytes));
        }
        let mut archive = ArchiveReader::new(&bytes)?;
        let network = read(Content::Archive(&mut archive))?;
        archive.expect_nothing_left()?;
        Ok(network)
    };
    parse().map_err(|problem| at(path, problem))
}

/// Whether a file is JSON. Safetensors begin with a length in 8 bytes, of which the last ones are 0.
fn is_json(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(8)];
    bytes.trim_ascii_start().starts_with(b"{") && !start.contains(&0)
}

fn at(path: &Path, problem: FileProblem) -> NetworkError {
    NetworkError::File { path: path.to_owned(), problem: Box::new(problem) }
}
