//! TIFF: pages of 1 bit a pixel row by row, others as a whole.

mod chunks;
mod codes;
mod samples;
mod write;

use std::collections::BTreeSet;

use super::content::Content;
use super::directory::{Directory, Layout, tag};
use super::fax::{FaxRows, Group, Strip};
use super::format::MAX_EXPANSION;
use super::packed::{self, PackedRows};
use super::rows::{Bits, Rows};
use super::{Decoded, FileProblem, Foreground, Format};
use chunks::{ChunkRows, Chunks};
use codes::Code;
use samples::SampleKind;
pub(super) use write::{unwritten, write_page};

/// A white row takes one bit in CCITT codes: so wide an image can be compressed by this much.
const FAX_EXPANSION: u64 = 1 << 16;

/// Where the directories of the pages begin. Images that are reduced ones of others, such as thumbnails, are no pages,
/// unless there are no others.
pub(super) fn pages(content: &Content) -> Result<Vec<u64>, FileProblem> {
    let (layout, mut place) = Layout::of_file(content)?;
    let (mut seen, mut pages, mut reduced) = (BTreeSet::new(), Vec::new(), Vec::new());
    while place != 0 {
        if !seen.insert(place) {
            return Err(Format::Tiff.damaged("the directories of the pages go in a circle"));
        }
        let tags = Directory::read(content, layout, place)?;
        let kind = tags.number(tag::NEW_SUBFILE_TYPE, 0)?;
        if kind & TRANSPARENCY_MASK != 0 {
            return Err(Format::Tiff.unsupported("a page with a transparency mask"));
        }
        let is_reduced = kind & REDUCED != 0 || tags.number(tag::SUBFILE_TYPE, 0)? == OLD_REDUCED;
        if is_reduced {
            reduced.push(place)
        } else {
            pages.push(place)
        }
        let ended = || Format::Tiff.damaged("the file ends before the place of the next page");
        place = tags.next.ok_or_else(ended)?;
    }
    match (pages.is_empty(), reduced.is_empty()) {
        (false, _) => Ok(pages),
        (true, false) => Ok(reduced),
        (true, true) => Err(Format::Tiff.damaged("there is no page")),
    }
}

/// Bits of NewSubfileType.
const REDUCED: u64 = 1;
const TRANSPARENCY_MASK: u64 = 4;

/// The value of SubfileType, which came before it.
const OLD_REDUCED: u64 = 2;

/// The image of the directory at a place.
pub(super) fn decode(content: &Content, place: u64) -> Result<Decoded, FileProblem> {
    let page = Page::read(content, place)?;
    let (turn, resolution) = (page.tags.orientation(), page.tags.resolution());
    let pixels = if page.is_bits_in_strips() {
        let bits = page.bits()?;
        // Codes of blank pages are so short that only what they take can be limited.
        let size = (bits.height as u64, bits.width as u64);
        Format::Tiff.check_memory(size, packed::row_bytes(bits.width) as u64, content.length())?;
        bits.decode()?
    } else {
        page.decode_samples()?
    };
    Ok(Decoded { pixels, turn, resolution })
}

/// The rows of a page of 1 bit a pixel.
pub(super) fn bits(content: &Content, place: u64) -> Result<Bits, FileProblem> {
    let page = Page::read(content, place)?;
    if page.is_bits_in_strips() {
        page.bits()
    } else {
        let reason = "TIFF in tiles, or of more than 1 bit a pixel".to_owned();
        Err(FileProblem::NotByRows { reason })
    }
}

/// A page whose tags are read.
struct Page {
    content: Content,
    tags: Directory,
    height: usize,
    width: usize,
    /// Samples of a pixel, and the bits of each.
    samples: usize,
    bits: u16,
    /// What the samples stand for.
    kind: SampleKind,
    code: Code,
    /// Whether the first bit of a byte is the lowest one.
    reversed: bool,
    tiled: bool,
}

impl Page {
    fn read(content: &Content, place: u64) -> Result<Self, FileProblem> {
        let (layout, _) = Layout::of_file(content)?;
        let tags = Directory::read(content, layout, place)?;
        let side = |tag| {
            let length = tags.number(tag, 0)?;
            usize::try_from(length)
                .map_err(|_| Format::Tiff.damaged(format!("tag {tag} is {length}")))
        };
        let (height, width) = (side(tag::IMAGE_LENGTH)?, side(tag::IMAGE_WIDTH)?);
        let samples = usize::from(tags.short(tag::SAMPLES_PER_PIXEL, 1)?);
        let bits = samples::bits(&tags)?;
        let code = Code::of_number(tags.short(tag::COMPRESSION, 1)?)?;
        let kind = SampleKind::read(&tags, samples, bits, matches!(code, Code::Fax(_)))?;
        let reversed = tags.short(tag::FILL_ORDER, 1)? == 2;
        let tiled = tags.numbers(tag::TILE_WIDTH)?.is_some();
        let content = content.clone();
        let page =
            Page { content, tags, height, width, samples, bits, kind, code, reversed, tiled };
        if matches!(code, Code::Fax(_)) && !page.is_bits_in_strips() {
            return Err(Format::Tiff.unsupported("CCITT codes of tiles, or of more than 1 bit"));
        }
        Ok(page)
    }

    fn is_bits_in_strips(&self) -> bool {
        (self.samples, self.bits, self.tiled) == (1, 1, false) && !self.kind.is_palette()
    }

    fn check_claim(&self, row_bytes: u64, expansion: u64) -> Result<(), FileProblem> {
        let claim = (self.height as u64, self.width as u64);
        Format::Tiff.check_claim(claim, row_bytes, self.content.length(), expansion)
    }

    /// The rows of a page of 1 bit a pixel in strips.
    fn bits(self) -> Result<Bits, FileProblem> {
        let (height, width, mut held) = (self.height, self.width, 0);
        let ones = if self.kind.white_is_zero() { Foreground::Black } else { Foreground::White };
        let row_bytes = packed::row_bytes(width);
        let fax = matches!(self.code, Code::Fax(_));
        self.check_claim(row_bytes as u64, if fax { FAX_EXPANSION } else { MAX_EXPANSION })?;
        let chunks = Chunks::read(&self)?;
        let rows_a_strip = chunks.height;
        let rows: Box<dyn Rows> = match self.code {
            Code::Fax(group) => {
                self.check_fax(group)?;
                let reversed = self.reversed;
                let strip = |&(start, end): &(u64, u64)| Strip { start, end, reversed };
                let strips = chunks.places.iter().map(strip).collect();
                Box::new(FaxRows::new(self.content, group, strips, rows_a_strip))
            }
            Code::None if !self.reversed => {
                chunks.check_packed_strips(row_bytes, height)?;
                let starts = chunks.places.iter().map(|&(start, _)| start).collect();
                Box::new(PackedRows { content: self.content, starts, rows_a_strip, next: 0 })
            }
            _ => {
                held = rows_a_strip.saturating_mul(row_bytes);
                Box::new(ChunkRows::new(chunks, height))
            }
        };
        let (turn, resolution) = (self.tags.orientation(), self.tags.resolution());
        Ok(Bits { height, width, ones, rows, held, turn, resolution })
    }

    /// Refuses what the decoder of Group 3 does not know.
    fn check_fax(&self, group: Group) -> Result<(), FileProblem> {
        let two_dimensional = 1;
        if group == Group::Three && self.tags.number(tag::T4_OPTIONS, 0)? & two_dimensional != 0 {
            return Err(Format::Tiff.unsupported("two-dimensional CCITT Group 3"));
        }
        Ok(())
    }
}
