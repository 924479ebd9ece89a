//! Data sets from the network: resumed where they were cut, and checked.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::TrainError;

/// A gzipped file of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its name in the folder, after the address of the data set and a slash.
    pub name: &'static str,
    /// The SHA-256 of its content, unpacked, in hexadecimal: packed files differ among servers.
    pub sha256: &'static str,
}

/// Where MNIST is, and its files (LeCun, Cortes & Burges).
pub const MNIST: (&str, [RemoteFile; 4]) = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    [
        RemoteFile {
            name: "train-images-idx3-ubyte.gz",
            sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        },
        RemoteFile {
            name: "train-labels-idx1-ubyte.gz",
            sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        },
        RemoteFile {
            name: "t10k-images-idx3-ubyte.gz",
            sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        },
        RemoteFile {
            name: "t10k-labels-idx1-ubyte.gz",
            sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
    ],
);

/// How far a download is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchProgress {
    /// Bytes that are there.
    pub done: u64,
    /// Bytes in all, where the server says so.
    pub all: Option<u64>,
}

/// Brings a file of the server `base` into a folder, and returns its path.
///
/// A file that is already there is only checked. What arrives is kept in a file of the same name with
/// `.part` at its end, which takes its final name once its content has the right sum; where a
/// connection was cut, the next call goes on from there.
///
/// # Errors
/// The server cannot be reached, answers with an error, or stops in between (the part is kept); the
/// content has another sum or is damaged (the part is removed); a file of this name is there with another content
/// (it is left alone); or the folder cannot be written to.
pub fn fetch(
    file: &RemoteFile,
    base: &str,
    folder: &Path,
    progress: impl FnMut(FetchProgress),
) -> Result<PathBuf, TrainError> {
    let path = folder.join(file.name);
    if path.exists() {
        return check(&path, file.sha256)?.map(|()| path.clone()).map_err(|problem| {
            TrainError::Data(format!("{}: {problem}; remove it to fetch it", path.display()))
        });
    }
    let part = folder.join(format!("{}.part", file.name));
    let url = format!("{}/{}", base.trim_end_matches('/'), file.name);
    download(&url, &part, progress)?;
    if let Err(problem) = check(&part, file.sha256)? {
        std::fs::remove_file(&part).map_err(|source| unwritten(&part, source))?;
        return Err(TrainError::Data(format!("{url}: {problem}")));
    }
    std::fs::rename(&part, &path).map_err(|source| unwritten(&path, source))?;
    Ok(path)
}

/// Appends to `part` what it lacks of the file at `url`.
fn download(
    url: &str,
    part: &Path,
    mut progress: impl FnMut(FetchProgress),
) -> Result<(), TrainError> {
    let wrong = |problem: String| TrainError::Data(format!("{url}: {problem}"));
    let failed = |source| unwritten(part, source);
    let there = part.metadata().map_or(0, |part| part.len());
    let answer = ask(url, there).map_err(|error| {
        wrong(format!("{error}; expected a file on a server that answers, http:// or https://"))
    })?;
    let mut done = match answer.status().as_u16() {
        206 => there,
        // The server sends the whole file.
        200 => 0,
        // There is nothing after what is there.
        416 if there > 0 => return Ok(()),
        status => return Err(wrong(format!("the server answers with status {status}"))),
    };
    let mut file = OpenOptions::new().create(true).append(true).open(part).map_err(failed)?;
    file.set_len(done).map_err(failed)?;
    let all = answer.body().content_length().map(|rest| done + rest);
    let mut content = answer.into_body().into_reader();
    let mut block = vec![0; BLOCK];
    loop {
        let read = content.read(&mut block).map_err(|error| {
            wrong(format!("cut after {done} bytes, which are kept: {error}; fetch again to go on"))
        })?;
        if read == 0 {
            return Ok(());
        }
        file.write_all(&block[..read]).map_err(failed)?;
        done += read as u64;
        progress(FetchProgress { done, all });
    }
}

/// Asks for a file from a byte on.
fn ask(url: &str, from: u64) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .build();
    let request = Agent::from(config).get(url);
    match from {
        0 => request.call(),
        _ => request.header("Range", format!("bytes={from}-")).call(),
    }
}

/// Says what is wrong with the unpacked content of a gzipped file, if it has not this SHA-256.
fn check(path: &Path, sha256: &str) -> Result<Result<(), String>, TrainError> {
    let packed =
        File::open(path).map_err(|source| TrainError::Read { path: path.to_owned(), source })?;
    let mut sum = Sha256::new();
    if let Err(error) = io::copy(&mut MultiGzDecoder::new(BufReader::new(packed)), &mut sum) {
        return Ok(Err(format!("the gzipped content is damaged: {error}")));
    }
    let found: String = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    match found == sha256 {
        true => Ok(Ok(())),
        false => Ok(Err(format!("the content has SHA-256 {found}, expected {sha256}"))),
    }
}

fn unwritten(path: &Path, source: io::Error) -> TrainError {
    TrainError::Write { path: path.to_owned(), source }
}

/// Bytes that are read together.
const BLOCK: usize = 1 << 16;

/// How long a server may be silent before it answers.
const PATIENCE: Duration = Duration::from_secs(30);
