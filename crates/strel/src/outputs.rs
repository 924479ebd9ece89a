//! Files and folders that commands write.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use strel::image::files::{check_writable, write_atomically};

use crate::error::CliError;

/// Makes a folder, and those above it.
pub fn make_folder(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder).map_err(|source| CliError::Io { path: folder.to_owned(), source })
}

/// Writes a file as a whole or not at all.
pub fn write_file(file: &Path, content: &[u8]) -> Result<(), CliError> {
    write_atomically(file, content).map_err(|source| CliError::Io { path: file.to_owned(), source })
}

/// Refuses outputs that cannot be written, or would overwrite an input or each other: to be asked before
/// long work.
pub fn check_outputs<'a>(
    inputs: &[PathBuf],
    outputs: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), CliError> {
    let outputs: Vec<PathBuf> = outputs.into_iter().cloned().collect();
    keep_inputs(inputs, &outputs)?;
    outputs.iter().try_for_each(|file| {
        check_writable(file).map_err(|source| CliError::Io { path: file.clone(), source })
    })
}

/// Refuses outputs that are an input, or each other, whatever they are called. Cost: a look at each.
pub fn keep_inputs(inputs: &[PathBuf], outputs: &[PathBuf]) -> Result<(), CliError> {
    let read: HashMap<_, _> =
        inputs.iter().filter_map(|input| Some((identity(input)?, input))).collect();
    let mut written = HashMap::new();
    for output in outputs {
        let Some(identity) = identity(output) else { continue };
        if let Some(input) = read.get(&identity) {
            return Err(CliError::Usage(format!(
                "the result {} would overwrite the input {}; name another place for it",
                output.display(),
                input.display()
            )));
        }
        if let Some(other) = written.insert(identity, output) {
            return Err(CliError::Usage(format!(
                "two results would be written to one file: {} and {}; expected a file for each",
                other.display(),
                output.display()
            )));
        }
    }
    Ok(())
}

/// What names of the same file have in common.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// A file that is there: its device and inode.
    #[cfg(unix)]
    Inode(u64, u64),
    /// Its path without links.
    Path(PathBuf),
}

/// The identity of a regular file, or of one to come; devices and pipes are none, and not overwritten.
fn identity(path: &Path) -> Option<Identity> {
    match fs::metadata(path) {
        Ok(file) if !file.is_file() => None,
        #[cfg(unix)]
        Ok(file) => {
            use std::os::unix::fs::MetadataExt;
            Some(Identity::Inode(file.dev(), file.ino()))
        }
        #[cfg(not(unix))]
        Ok(_) => fs::canonicalize(path).ok().map(Identity::Path),
        // A file that is not there yet, perhaps behind links. Links that go in a circle cannot be written.
        Err(error) if error.kind() == ErrorKind::NotFound => match fs::read_link(path) {
            Ok(target) => identity(&path.with_file_name("").join(target)),
            Err(_) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let folder = folder.unwrap_or(Path::new("."));
                let folder = fs::canonicalize(folder).unwrap_or(folder.to_owned());
                Some(Identity::Path(folder.join(path.file_name()?)))
            }
        },
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_of_a_file_are_one() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("a")).unwrap();
        fs::write(at("a/x"), "").unwrap();
        fs::write(at("y"), "").unwrap();
        let refused = |inputs: &[PathBuf], outputs: &[PathBuf]| {
            keep_inputs(inputs, outputs).is_err_and(|error| error.to_string().contains("result"))
        };
        assert!(refused(&[at("a/x")], &[at("a/../a/x")]));
        assert!(!refused(&[at("a/x")], &[at("y"), at("a/z")]));
        assert!(refused(&[], &[at("new"), at("a/../new")]), "files that are not there yet");
        assert!(!refused(&[], &[at("new"), at("a/new")]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink("a/x", at("link")).unwrap();
            symlink("a/to-come", at("early")).unwrap();
            fs::hard_link(at("y"), at("hard")).unwrap();
            assert!(refused(&[at("a/x")], &[at("link")]));
            assert!(refused(&[at("link")], &[at("a/x")]));
            assert!(refused(&[at("y")], &[at("hard")]));
            assert!(refused(&[], &[at("early"), at("a/to-come")]));
            assert!(!refused(&["/dev/null".into()], &["/dev/null".into(), "/dev/null".into()]));
        }
    }
}
