//! Writing files: whole or not at all, and only where the user may.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file so that its place never holds a part of the content: a temporary file in the same
/// folder is written, then renamed.
///
/// A link stays one, and the file that it leads to is written. A file that is there keeps its mode and, where the
/// system allows it, its owner; if it may not be written it is not replaced either, for root as for others. A hard
/// link to it keeps the old content. What is no regular file, such as a device or a pipe, and standard output by
/// its name (`/dev/stdout`), stays what it is, and the content is written into it.
///
/// # Errors
/// Those of the operating system. The file that was there before, if any, is then unchanged.
pub fn write_atomically(path: impl AsRef<Path>, content: &[u8]) -> io::Result<()> {
    replace(path.as_ref(), |file| file.write_all(content))
}

/// Whether [`write_atomically`] can be expected to write here: to be asked before long work, and changes nothing.
///
/// # Errors
/// Those of the operating system: of a folder that is not there or may not be written to, of a file that may not be
/// written, or of a path that names a folder.
pub fn check_writable(path: impl AsRef<Path>) -> io::Result<()> {
    Place::of(path.as_ref())?.temporary().map(drop)
}

/// [`write_atomically`], the content being written by a function.
pub(super) fn replace<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let place = Place::of(path)?;
    let mut temporary = place.temporary()?;
    write(&mut temporary.file)?;
    Ok(place.fill(temporary)?)
}

/// What a path to write to names.
enum Place {
    /// A regular file, which may be there; no link.
    File { path: PathBuf, old: Option<Metadata> },
    /// A device, a pipe or a socket.
    Stream(PathBuf),
    /// Standard output: a regular file of that name belongs to whoever started the program.
    StandardOutput,
}

impl Place {
    fn of(path: &Path) -> io::Result<Self> {
        if is_standard_output(path) {
            return Ok(Place::StandardOutput);
        }
        match fs::metadata(path) {
            Ok(old) if old.is_file() => {
                let path = fs::canonicalize(path)?;
                // Root may open any file.
                if old.permissions().readonly() {
                    return Err(io::Error::new(
                        io::ErrorKind::PermissionDenied,
                        "the file is read-only",
                    ));
                }
                OpenOptions::new().write(true).open(&path)?;
                Ok(Place::File { path, old: Some(old) })
            }
            Ok(old) if old.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => Ok(Place::Stream(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Place::File { path: end_of_links(path), old: None })
            }
            Err(error) => Err(error),
        }
    }

    /// An empty file for the content: in the folder of a regular file, with its mode.
    fn temporary(&self) -> io::Result<Temporary> {
        let Place::File { path, old } = self else {
            return Temporary::beside(&std::env::temp_dir().join("stream"));
        };
        let temporary = Temporary::beside(path)?;
        if let Some(old) = old {
            keep_owner(&temporary.file, old);
            temporary.file.set_permissions(old.permissions())?;
        }
        Ok(temporary)
    }

    /// Brings the content of a temporary file here.
    fn fill(&self, mut temporary: Temporary) -> io::Result<()> {
        let mut stream: Box<dyn Write> = match self {
            Place::File { path, .. } => return fs::rename(&temporary.path, path),
            Place::Stream(path) => Box::new(OpenOptions::new().write(true).open(path)?),
            Place::StandardOutput => Box::new(io::stdout()),
        };
        temporary.file.rewind()?;
        io::copy(&mut temporary.file, &mut stream)?;
        stream.flush()
    }
}

fn is_standard_output(path: &Path) -> bool {
    ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// The file that a link will lead to once it is there; the path itself if it is no link.
fn end_of_links(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    while let Ok(next) = fs::read_link(&path) {
        path = path.with_file_name("").join(next);
    }
    path
}

/// Gives a file the owner of another, where the system allows it.
fn keep_owner(file: &File, old: &Metadata) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
    #[cfg(not(unix))]
    let _ = (file, old);
}

/// A file under a name that no other call uses, which is removed in the end.
struct Temporary {
    path: PathBuf,
    file: File,
}

impl Temporary {
    /// A new file in the folder of `path`. Its name is short, whatever that of the path is.
    fn beside(path: &Path) -> io::Result<Self> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        if path.file_name().is_none() {
            return Err(io::Error::other("the path names no file"));
        }
        loop {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            let path = path.with_file_name(format!(".strel-{}-{number}.tmp", process::id()));
            match File::options().read(true).write(true).create_new(true).open(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                created => return created.map(|file| Temporary { path, file }),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It is not there any more if it was renamed.
        let _ = fs::remove_file(&self.path);
    }
}
