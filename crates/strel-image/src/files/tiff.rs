//! TIFF: the first page of a file.

mod chunks;
mod write;

use std::io::{BufReader, Cursor};

use ::tiff::decoder::{BufferLayoutPreference, ChunkType, Decoder};
use ::tiff::tags::{CompressionMethod, PhotometricInterpretation, Tag};
use ::tiff::{ColorType, TiffError};

use super::fax::{FaxRows, Group, Strip};
use super::format::MAX_EXPANSION;
use super::levels::Levels;
use super::packed::{self, PackedRows};
use super::rows::{Bits, Rows, Source};
use super::{Decoded, FileProblem, Foreground, Format};
use chunks::ChunkRows;
pub(super) use write::write;

/// A white row takes one bit in CCITT codes: so wide an image can be compressed by this much.
const FAX_EXPANSION: u64 = 1 << 16;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    let mut page = Page::new(Cursor::new(bytes), bytes.len() as u64)?;
    if page.is_bits_in_strips()? { page.bits()?.decode() } else { page.decode_samples() }
}

/// The rows of a page of 1 bit a pixel.
pub(super) fn bits<'a, S: Source + 'a>(source: S, length: u64) -> Result<Bits<'a>, FileProblem> {
    let mut page = Page::new(source, length)?;
    if page.is_bits_in_strips()? {
        page.bits()
    } else {
        let reason = "TIFF in tiles, or of more than 1 bit a pixel".to_owned();
        Err(FileProblem::NotByRows { reason })
    }
}

struct Page<S: Source> {
    source: S,
    /// Bytes of the file.
    length: u64,
    decoder: Decoder<BufReader<S>>,
    height: usize,
    width: usize,
    method: CompressionMethod,
}

impl<S: Source> Page<S> {
    fn new(mut source: S, length: u64) -> Result<Self, FileProblem> {
        source.rewind().map_err(FileProblem::Read)?;
        let mut decoder = Decoder::new(BufReader::new(source.clone())).map_err(problem)?;
        let (width, height) = decoder.dimensions().map_err(problem)?;
        let method = CompressionMethod::None;
        let (height, width) = (height as usize, width as usize);
        let mut page = Page { source, length, decoder, height, width, method };
        let method = page.tag(Tag::Compression, page.method.to_u16())?;
        page.method = CompressionMethod::from_u16_exhaustive(method);
        if page.is_reversed()? && page.group().is_none() {
            return Err(Format::Tiff.unsupported("bits in reverse order without CCITT codes"));
        }
        Ok(page)
    }

    /// A tag's number, or what the format says for a page without the tag.
    fn tag(&mut self, tag: Tag, default: u16) -> Result<u16, FileProblem> {
        Ok(self.decoder.find_tag_unsigned(tag).map_err(problem)?.unwrap_or(default))
    }

    fn is_reversed(&mut self) -> Result<bool, FileProblem> {
        Ok(self.tag(Tag::FillOrder, 1)? == 2)
    }

    /// The fax code that the page is written in.
    fn group(&self) -> Option<Group> {
        match self.method {
            CompressionMethod::Fax3 => Some(Group::Three),
            CompressionMethod::Fax4 => Some(Group::Four),
            _ => None,
        }
    }

    fn is_bits_in_strips(&mut self) -> Result<bool, FileProblem> {
        let bits = self.decoder.colortype().map_err(problem)? == ColorType::Gray(1);
        let strips = self.decoder.get_chunk_type() == ChunkType::Strip;
        if self.group().is_some() && !(bits && strips) {
            return Err(Format::Tiff.unsupported("CCITT codes of tiles, or of more than 1 bit"));
        }
        Ok(bits && strips)
    }

    fn check_claim(&self, row_bytes: u64, expansion: u64) -> Result<(), FileProblem> {
        let claim = (self.height as u64, self.width as u64);
        Format::Tiff.check_claim(claim, row_bytes, self.length, expansion)
    }

    /// The rows of a page of 1 bit a pixel in strips.
    fn bits<'a>(mut self) -> Result<Bits<'a>, FileProblem>
    where
        S: 'a,
    {
        let (height, width, mut held) = (self.height, self.width, 0);
        let black_is_zero = PhotometricInterpretation::BlackIsZero.to_u16();
        let white = self.tag(Tag::PhotometricInterpretation, 0)? == black_is_zero;
        let mut ones = if white { Foreground::White } else { Foreground::Black };
        let rows_a_strip = (self.decoder.chunk_dimensions().1 as usize).max(1);
        let rows: Box<dyn Rows + 'a> = if let Some(group) = self.group() {
            self.check_fax(group)?;
            let strips = self.strips(rows_a_strip)?;
            Box::new(FaxRows::new(self.source, group, strips, rows_a_strip))
        } else {
            let row_bytes = packed::row_bytes(width);
            self.check_claim(row_bytes as u64, MAX_EXPANSION)?;
            if self.method == CompressionMethod::None {
                let starts = self.packed_strips(rows_a_strip)?;
                Box::new(PackedRows { source: self.source, starts, rows_a_strip, next: 0 })
            } else {
                held = rows_a_strip.saturating_mul(row_bytes);
                // The decoder inverts pages whose white is zero.
                ones = Foreground::White;
                Box::new(ChunkRows::new(self.decoder, height, rows_a_strip))
            }
        };
        Ok(Bits { height, width, ones, rows, held })
    }

    /// Refuses what cannot be true, and what the decoders of fax codes do not know.
    fn check_fax(&mut self, group: Group) -> Result<(), FileProblem> {
        let row_bytes = packed::row_bytes(self.width) as u64;
        self.check_claim(row_bytes, FAX_EXPANSION)?;
        let two_dimensional = 1;
        if group == Group::Three && self.tag(Tag::Unknown(292), 0)? & two_dimensional != 0 {
            return Err(Format::Tiff.unsupported("two-dimensional CCITT Group 3"));
        }
        Ok(())
    }

    /// Where the strips lie, all of them inside the file.
    fn strips(&mut self, rows_a_strip: usize) -> Result<Vec<Strip>, FileProblem> {
        let offsets = self.decoder.get_tag_u64_vec(Tag::StripOffsets).map_err(problem)?;
        let lengths = self.decoder.get_tag_u64_vec(Tag::StripByteCounts).map_err(problem)?;
        let (found, expected) =
            (offsets.len().min(lengths.len()), self.height.div_ceil(rows_a_strip));
        if found < expected {
            return Err(Format::Tiff.damaged(format!("{found} strips of the {expected} expected")));
        }
        let reversed = self.is_reversed()?;
        let strip = |(start, length): (u64, u64)| match start.checked_add(length) {
            Some(end) if end <= self.length => Ok(Strip { start, end, reversed }),
            _ => Err(Format::Tiff
                .damaged(format!("a strip of {length} bytes at byte {start} of {}", self.length))),
        };
        offsets.into_iter().zip(lengths).take(expected).map(strip).collect()
    }

    /// Where strips of packed rows begin, all of which are long enough.
    fn packed_strips(&mut self, rows_a_strip: usize) -> Result<Vec<u64>, FileProblem> {
        let strips = self.strips(rows_a_strip)?;
        for (index, strip) in strips.iter().enumerate() {
            let rows = rows_a_strip.min(self.height - index * rows_a_strip);
            let needed = rows as u64 * packed::row_bytes(self.width) as u64;
            if strip.end - strip.start < needed {
                let found = strip.end - strip.start;
                let reason = format!("strip {index} has {found} bytes, expected {needed}");
                return Err(Format::Tiff.damaged(reason));
            }
        }
        Ok(strips.into_iter().map(|strip| strip.start).collect())
    }

    fn decode_samples(&mut self) -> Result<Decoded, FileProblem> {
        let color = self.decoder.colortype().map_err(problem)?;
        let (channels, bits) = match color {
            ColorType::Gray(bits @ (1 | 8 | 16)) => (1, bits),
            ColorType::RGB(bits @ (8 | 16)) => (3, bits),
            ColorType::RGBA(bits @ (8 | 16)) => (4, bits),
            _ => return Err(Format::Tiff.unsupported(format!("pixels are {color:?}"))),
        };
        let row_bytes = (self.width as u64 * channels * u64::from(bits)).div_ceil(8);
        self.check_claim(row_bytes, MAX_EXPANSION)?;
        let samples = self.samples(row_bytes)?;
        let levels_up_to = |max| Levels::new(self.width, channels as usize, max);
        let levels = match bits {
            1 => return Ok(Decoded::White(packed::image(self.height, self.width, &samples))),
            8 => {
                let mut levels = levels_up_to(255);
                levels.extend(samples.into_iter().map(u16::from));
                levels
            }
            _ => {
                let mut levels = levels_up_to(u16::MAX);
                let pairs = samples.chunks_exact(2);
                levels.extend(pairs.map(|pair| u16::from_ne_bytes([pair[0], pair[1]])));
                levels
            }
        };
        Ok(Decoded::Levels(levels))
    }

    /// The uncompressed rows, one after the other; 0 is black.
    fn samples(&mut self, row_bytes: u64) -> Result<Vec<u8>, FileProblem> {
        let layout = self.decoder.image_buffer_layout().map_err(problem)?;
        let BufferLayoutPreference { len, planes: 1, .. } = layout else {
            return Err(Format::Tiff.unsupported("colours in separate planes"));
        };
        if len as u64 != row_bytes * self.height as u64 {
            return Err(Format::Tiff.unsupported(format!("pixels that take {len} bytes in all")));
        }
        let mut samples = vec![0; len];
        self.decoder.read_image_bytes(&mut samples).map_err(problem)?;
        Ok(samples)
    }
}

fn problem(error: TiffError) -> FileProblem {
    match error {
        TiffError::UnsupportedError(reason) => Format::Tiff.unsupported(reason),
        other => Format::Tiff.damaged(other),
    }
}
