//! The bytes of an image file.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::FileProblem;

/// Bytes in memory, or in a file that is read where it is needed. A clone is the same content.
#[derive(Clone)]
pub(super) struct Content {
    bytes: Bytes,
    length: u64,
}

#[derive(Clone)]
enum Bytes {
    Memory(Arc<[u8]>),
    File(Arc<Mutex<File>>),
}

impl Content {
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        Content { bytes: Bytes::Memory(bytes.into()), length: bytes.len() as u64 }
    }

    /// Opens a file. What is no regular file, such as a pipe, is read as a whole now.
    pub(super) fn open(path: &Path) -> Result<Self, FileProblem> {
        let metadata = fs::metadata(path).map_err(FileProblem::Read)?;
        if !metadata.is_file() {
            return Ok(Content::of_bytes(&fs::read(path).map_err(FileProblem::Read)?));
        }
        let file = File::open(path).map_err(FileProblem::Read)?;
        Ok(Content { bytes: Bytes::File(Arc::new(Mutex::new(file))), length: metadata.len() })
    }

    /// Number of bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Fills a buffer from a place on.
    pub(super) fn read_at(&self, place: u64, buffer: &mut [u8]) -> Result<(), FileProblem> {
        let read = match &self.bytes {
            Bytes::Memory(bytes) => {
                let start = usize::try_from(place).unwrap_or(usize::MAX);
                let part = bytes.get(start..).and_then(|rest| rest.get(..buffer.len()));
                part.map(|part| buffer.copy_from_slice(part))
                    .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
            }
            Bytes::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(place)).and_then(|_| file.read_exact(buffer))
            }
        };
        read.map_err(FileProblem::Read)
    }

    /// The bytes from a place on, `most` of them or as many as there are.
    pub(super) fn part(&self, place: u64, most: u64) -> Result<Vec<u8>, FileProblem> {
        let mut part = vec![0; self.length.saturating_sub(place).min(most) as usize];
        if !part.is_empty() {
            self.read_at(place, &mut part)?;
        }
        Ok(part)
    }

    /// All bytes.
    pub(super) fn all(&self) -> Result<Vec<u8>, FileProblem> {
        self.part(0, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_memory_hold_the_same() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), b"abcdef").unwrap();
        for content in [Content::of_bytes(b"abcdef"), Content::open(file.path()).unwrap()] {
            assert_eq!(content.all().unwrap(), b"abcdef");
            assert_eq!(content.part(4, 10).unwrap(), b"ef");
            assert_eq!(content.part(9, 10).unwrap(), b"");
            let mut two = [0; 2];
            content.read_at(1, &mut two).unwrap();
            assert_eq!(&two, b"bc");
            for place in [5, 7, u64::MAX] {
                assert!(matches!(content.read_at(place, &mut two), Err(FileProblem::Read(_))));
            }
        }
    }
}
