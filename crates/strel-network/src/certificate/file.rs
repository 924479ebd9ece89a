//! Certificates in files.

use std::path::Path;

use serde::{Deserialize, Serialize};
use strel_image::files::write_atomically;

use super::{Certificate, Verdict};
use crate::{FileProblem, NetworkError, disk};

const FORMAT: &str = "strel.certificate";
const VERSION: u32 = 1;

/// What a file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<C> {
    format: String,
    version: u32,
    certificate: C,
}

impl Certificate {
    /// The certificate in JSON, as [`save`](Self::save) writes it.
    pub fn to_json(&self) -> String {
        let entry = Entry { format: FORMAT.to_owned(), version: VERSION, certificate: self };
        serde_json::to_string_pretty(&entry).expect("numbers and names are JSON")
    }

    /// Reads what [`to_json`](Self::to_json) wrote. This checks its form;
    /// [`check`](crate::check) checks what it claims.
    ///
    /// # Errors
    /// [`FileProblem::Json`] for anything else in JSON or not, [`FileProblem::Certificate`] for one
    /// of another format or version, or one that contradicts itself.
    pub fn from_json(json: &[u8]) -> Result<Self, FileProblem> {
        let Entry { format, version, certificate } = serde_json::from_slice(json)?;
        let refuse = |what, expected| Err(FileProblem::Certificate { what, expected });
        if format != FORMAT {
            return refuse(format!("format is {format:?}"), "\"strel.certificate\"");
        }
        if version != VERSION {
            return refuse(format!("version is {version}"), "1: a newer strel may read it");
        }
        Self::validated(certificate)
    }

    /// Writes the certificate as JSON, whole or not at all.
    ///
    /// # Errors
    /// [`NetworkError::File`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), NetworkError> {
        let path = path.as_ref();
        write_atomically(path, self.to_json().as_bytes()).map_err(|error| NetworkError::File {
            path: path.to_owned(),
            problem: Box::new(FileProblem::Write(error)),
        })
    }

    /// Reads a certificate's file.
    ///
    /// # Errors
    /// [`NetworkError::File`] for whatever is wrong with the file; see
    /// [`from_json`](Self::from_json).
    pub fn load(path: impl AsRef<Path>) -> Result<Self, NetworkError> {
        let path = path.as_ref();
        let read = disk::read_limited(path).and_then(|json| Self::from_json(&json));
        read.map_err(|problem| NetworkError::File {
            path: path.to_owned(),
            problem: Box::new(problem),
        })
    }

    fn validated(self) -> Result<Self, FileProblem> {
        let refuse = |what: String, expected| Err(FileProblem::Certificate { what, expected });
        for digest in [&self.float_digest, &self.binarized_digest] {
            if digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
                return refuse(format!("digest is {digest:?}"), "64 hexadecimal digits");
            }
        }
        for neuron in &self.neurons {
            if !neuron.place.is_neuron() {
                return refuse(format!("place is {}", neuron.place), "a neuron");
            }
            for (low, high) in neuron.output_bounds.iter().chain([&neuron.input_bounds]) {
                if !(0.0 <= *low && low < high && *high <= 1.0) {
                    return refuse(format!("bounds are ({low}, {high})"), "0 <= low < high <= 1");
                }
            }
        }
        let bound = self.scores.as_ref().and_then(|scores| scores.bound);
        if bound.is_some_and(|bound| bound < 0.0 || !self.is_proved()) {
            return refuse(
                format!("bound of scores is {bound:?}"),
                "a number of at least 0 where the verdict is PROVED",
            );
        }
        match &self.difference {
            Some(difference) if difference.images().is_none() => {
                refuse("patch is no picture".to_owned(), "rows of '.' and '#', all of one length")
            }
            _ if self.verdict != Verdict::new(&self.neurons, self.difference.is_some()) => refuse(
                format!("verdict is {}", self.verdict),
                "what its neurons and its difference say",
            ),
            _ => Ok(self),
        }
    }
}
