//! The bytes of a fax code, read from a file block by block.

use super::super::FileProblem;
use super::super::content::Content;

/// Bytes that are read at a time.
const BLOCK: u64 = 1 << 16;

/// The mark that ends a row, which encoders may leave out after the last one: the decoders look a
/// few bits ahead.
const AFTER: [u8; 2] = [0x00, 0x01];

/// Where a strip's code lies in a file.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Strip {
    pub start: u64,
    pub end: u64,
    /// Whether the first bit of a byte is the lowest one.
    pub reversed: bool,
}

impl Strip {
    /// Bytes of the strip from a place on, not more than some number.
    fn read(&self, content: &Content, place: u64, most: u64) -> Result<Vec<u8>, FileProblem> {
        let mut block = content.part(place, self.end.saturating_sub(place).min(most))?;
        if self.reversed {
            block.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        Ok(block)
    }

    /// Whether the code ends with two marks of eleven zeros and a one, and zeros: not more of them
    /// than fit a block.
    pub(super) fn ends_with_mark(&self, content: &Content) -> bool {
        let place = self.end.saturating_sub(BLOCK).max(self.start);
        let Ok(code) = self.read(content, place, BLOCK) else { return false };
        let length = code.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        let tail = &code[length.saturating_sub(4)..length];
        let bits = tail.iter().fold(0, |bits: u32, &byte| bits << 8 | u32::from(byte));
        bits != 0 && bits >> bits.trailing_zeros() & 0xff_ffff == 0x00_1001
    }
}

/// The bytes of a strip, and the mark after them.
pub(super) struct Code {
    content: Content,
    strip: Strip,
    /// Where the next block begins.
    place: u64,
    block: Vec<u8>,
    /// Bytes of the block that were given.
    given: usize,
    after: std::array::IntoIter<u8, 2>,
}

impl Code {
    pub(super) fn new(content: Content, strip: Strip) -> Self {
        let after = AFTER.into_iter();
        Code { content, strip, place: strip.start, block: Vec::new(), given: 0, after }
    }
}

impl Iterator for Code {
    type Item = Result<u8, FileProblem>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(&byte) = self.block.get(self.given) {
            self.given += 1;
            return Some(Ok(byte));
        }
        if self.place == self.strip.end {
            return self.after.next().map(Ok);
        }
        match self.strip.read(&self.content, self.place, BLOCK) {
            Ok(block) => (self.block, self.given) = (block, 1),
            Err(problem) => return Some(Err(problem)),
        }
        self.place += self.block.len() as u64;
        Some(Ok(self.block[0]))
    }
}
