//! Bytes from the disk.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::FileProblem;

/// The largest file that is read: far above any network, far below any memory.
const LIMIT: u64 = 1 << 30;

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
