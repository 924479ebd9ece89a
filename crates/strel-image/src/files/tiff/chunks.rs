//! Strips that are decoded as a whole: PackBits, LZW, deflate.

use std::io::{Read, Seek};
use std::ops::Range;

use ::tiff::decoder::Decoder;

use super::super::rows::Rows;
use super::super::{FileProblem, packed};
use super::problem;
use crate::BitImage;

/// The rows of a page of 1 bit a pixel; a 1 is white.
pub(super) struct ChunkRows<R: Read + Seek> {
    decoder: Decoder<R>,
    height: usize,
    rows_a_strip: usize,
    /// The row that comes next.
    next: usize,
    /// The packed rows of its strip.
    strip: Vec<u8>,
}

impl<R: Read + Seek> ChunkRows<R> {
    pub(super) fn new(decoder: Decoder<R>, height: usize, rows_a_strip: usize) -> Self {
        ChunkRows { decoder, height, rows_a_strip, next: 0, strip: Vec::new() }
    }
}

impl<R: Read + Seek> Rows for ChunkRows<R> {
    fn decode(&mut self, ones: &mut BitImage, mut to: Range<usize>) -> Result<(), FileProblem> {
        let row_bytes = packed::row_bytes(ones.width());
        while !to.is_empty() {
            let (index, row) = (self.next / self.rows_a_strip, self.next % self.rows_a_strip);
            if row == 0 {
                let rows = self.rows_a_strip.min(self.height - self.next);
                self.strip.resize(rows * row_bytes, 0);
                let chunk = self.decoder.read_chunk_bytes(index as u32, &mut self.strip);
                chunk.map_err(problem)?;
            }
            let rows = to.len().min(self.strip.len() / row_bytes - row);
            let part = &self.strip[row * row_bytes..][..rows * row_bytes];
            packed::unpack(part, ones, to.start..to.start + rows);
            self.next += rows;
            to.start += rows;
        }
        Ok(())
    }
}
