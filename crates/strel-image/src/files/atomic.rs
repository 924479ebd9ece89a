//! Files that appear whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file so that its place never holds a part of the content: a temporary file in the same
/// folder is written, then renamed.
///
/// # Errors
/// Those of the operating system. The file that was there before, if any, is then unchanged.
pub fn write_atomically(path: impl AsRef<Path>, content: &[u8]) -> io::Result<()> {
    replace(path.as_ref(), |file| file.write_all(content))
}

/// Whether [`write_atomically`] can be expected to write here: to be asked before long work, and changes nothing.
///
/// # Errors
/// Those of the operating system: of a folder that is not there or may not be written to, or of a path that names a
/// folder.
pub fn check_writable(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let (temporary, _) = create_beside(path)?;
    fs::remove_file(temporary)
}

/// [`write_atomically`], the content being written by a function.
pub(super) fn replace<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let (temporary, mut file) = create_beside(path)?;
    let written = write(&mut file).and_then(|()| {
        drop(file);
        Ok(fs::rename(&temporary, path)?)
    });
    if written.is_err() {
        // The error that matters is the one above.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A new file in the folder of `path`, under a name that no other call uses.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{number}.tmp", process::id()));
        let temporary = path.with_file_name(hidden);
        match File::create_new(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (temporary, file)),
        }
    }
}
