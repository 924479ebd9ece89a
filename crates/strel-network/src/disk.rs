//! Bytes to and from the disk.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::FileProblem;

/// The largest file that is read: far above any network, far below any memory.
const LIMIT: u64 = 1 << 30;

/// Writes a file that is there as a whole or not at all: a temporary file beside it is renamed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The bytes of a regular file of at most [`LIMIT`] bytes.
pub(crate) fn read_limited(path: &Path) -> Result<Vec<u8>, FileProblem> {
    let refused = |found: String| FileProblem::NotReadable { found, limit: LIMIT };
    // Asked before it is opened, since opening a pipe waits for a writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(refused("no regular file".to_owned()));
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > LIMIT {
        return Err(refused(format!("a file of {length} bytes")));
    }
    let mut bytes = Vec::new();
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}
