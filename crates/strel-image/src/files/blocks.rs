//! What writers take: the rows of a source, block by block.

use std::io;

use super::{FileProblem, Foreground};
use crate::{BitImage, RowSource};

/// Why a file was not written.
#[derive(Debug)]
pub(super) enum Unwritten<E> {
    /// Its rows did not come.
    Source(E),
    /// It does not go.
    File(FileProblem),
}

impl<E> From<io::Error> for Unwritten<E> {
    fn from(error: io::Error) -> Self {
        Unwritten::File(FileProblem::Write(error))
    }
}

impl<E> From<FileProblem> for Unwritten<E> {
    fn from(problem: FileProblem) -> Self {
        Unwritten::File(problem)
    }
}

/// The rows of a source, black being the set.
pub(super) struct Blocks<'a, S> {
    source: &'a mut S,
    foreground: Foreground,
    block: BitImage,
    left: usize,
}

impl<'a, S: RowSource> Blocks<'a, S> {
    /// The rows of a source that has some.
    pub(super) fn new(source: &'a mut S, foreground: Foreground) -> Self {
        let (height, width) = source.size();
        Blocks { source, foreground, block: BitImage::new(0, width), left: height }
    }

    /// Height and width of the whole image.
    pub(super) fn size(&self) -> (usize, usize) {
        self.source.size()
    }

    /// The next rows, as many as are asked for or left; `None` after the last.
    pub(super) fn next(&mut self, rows: usize) -> Result<Option<&BitImage>, Unwritten<S::Error>> {
        let rows = rows.min(self.left);
        if rows == 0 {
            return Ok(None);
        }
        if self.block.height() != rows {
            self.block = BitImage::new(rows, self.block.width());
        }
        self.source.read_rows(&mut self.block, 0..rows).map_err(Unwritten::Source)?;
        if self.foreground == Foreground::White {
            self.block.complement_in_place();
        }
        self.left -= rows;
        Ok(Some(&self.block))
    }
}
