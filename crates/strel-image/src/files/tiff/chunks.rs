//! Strips and tiles, which are decoded as a whole.

use std::ops::Range;

use super::super::content::Content;
use super::super::directory::tag;
use super::super::rows::Rows;
use super::super::{FileProblem, Format, packed};
use super::Page;
use super::codes::Code;
use crate::BitImage;

/// The strips or tiles of a page, from left to right, then from top to bottom, and where samples are in planes, plane
/// by plane.
pub(super) struct Chunks {
    content: Content,
    code: Code,
    reversed: bool,
    /// Where each begins and ends.
    pub places: Vec<(u64, u64)>,
    /// Rows of each; the last strip has fewer.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
    /// How many there are one below the other, and side by side.
    pub down: usize,
    pub across: usize,
    name: &'static str,
}

impl Chunks {
    pub(super) fn read(page: &Page) -> Result<Self, FileProblem> {
        let tags = &page.tags;
        let (name, offsets, lengths) = match page.tiled {
            true => ("tile", tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
            false => ("strip", tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
        };
        let side = |tag, default: usize| {
            let length = tags.number(tag, default as u64)?;
            usize::try_from(length).ok().filter(|&length| length > 0).ok_or_else(|| {
                Format::Tiff.damaged(format!("a {name} has {length} rows or columns, by tag {tag}"))
            })
        };
        let (height, width) = match page.tiled {
            true => (side(tag::TILE_LENGTH, 0)?, side(tag::TILE_WIDTH, 0)?),
            false => (side(tag::ROWS_PER_STRIP, page.height)?.min(page.height), page.width),
        };
        let (down, across) = (page.height.div_ceil(height), page.width.div_ceil(width));
        let planes = if page.kind.planar { page.samples } else { 1 };
        let expected = down.saturating_mul(across).saturating_mul(planes);
        let missing = |what| Format::Tiff.damaged(format!("the {what} of the {name}s are missing"));
        let offsets = tags.numbers(offsets)?.ok_or_else(|| missing("places"))?;
        let lengths = tags.numbers(lengths)?.ok_or_else(|| missing("lengths"))?;
        let found = offsets.len().min(lengths.len());
        if found < expected {
            return Err(Format::Tiff.damaged(format!("found {found} {name}s, expected {expected}")));
        }
        let size = page.content.length();
        let mut places = Vec::with_capacity(expected);
        for (index, (start, length)) in offsets.into_iter().zip(lengths).take(expected).enumerate()
        {
            let end = start.checked_add(length).filter(|&end| end <= size).ok_or_else(|| {
                let reason = format!("{name} {index} ends after byte {size}, the last of the file");
                Format::Tiff.damaged(reason)
            })?;
            places.push((start, end));
        }
        let (content, code, reversed) = (page.content.clone(), page.code, page.reversed);
        Ok(Chunks { content, code, reversed, places, height, width, down, across, name })
    }

    /// Refuses strips that hold fewer rows than they should.
    pub(super) fn check_packed_strips(
        &self,
        row_bytes: usize,
        rows: usize,
    ) -> Result<(), FileProblem> {
        for (index, (start, end)) in self.places.iter().enumerate() {
            let needed = self.height.min(rows - index * self.height) * row_bytes;
            if end - start < needed as u64 {
                let reason = format!("strip {index} has {} bytes, expected {needed}", end - start);
                return Err(Format::Tiff.damaged(reason));
            }
        }
        Ok(())
    }

    /// The first so many bytes of a chunk, decoded.
    pub(super) fn decode(&self, index: usize, bytes: usize) -> Result<Vec<u8>, FileProblem> {
        let (start, end) = self.places[index];
        let mut code = self.content.part(start, end - start)?;
        if self.reversed {
            code.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        self.code.decode(code, bytes)?.ok_or_else(|| {
            let name = self.name;
            Format::Tiff
                .damaged(format!("the code of {name} {index}, expected {bytes} bytes of it"))
        })
    }
}

/// The rows of a page of 1 bit a pixel.
pub(super) struct ChunkRows {
    chunks: Chunks,
    height: usize,
    /// The row that comes next.
    next: usize,
    /// The packed rows of its strip.
    strip: Vec<u8>,
}

impl ChunkRows {
    pub(super) fn new(chunks: Chunks, height: usize) -> Self {
        ChunkRows { chunks, height, next: 0, strip: Vec::new() }
    }
}

impl Rows for ChunkRows {
    fn decode(&mut self, ones: &mut BitImage, mut to: Range<usize>) -> Result<(), FileProblem> {
        let row_bytes = packed::row_bytes(ones.width());
        while !to.is_empty() {
            let (index, row) = (self.next / self.chunks.height, self.next % self.chunks.height);
            if row == 0 {
                let rows = self.chunks.height.min(self.height - self.next);
                self.strip = self.chunks.decode(index, rows * row_bytes)?;
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
