//! TIFF: the first page of a file.

use std::borrow::Cow;
use std::io::Cursor;

use ::tiff::decoder::{BufferLayoutPreference, ChunkType, Decoder};
use ::tiff::encoder::TiffEncoder;
use ::tiff::tags::{PhotometricInterpretation, Tag};
use ::tiff::{ColorType, TiffError};

use super::format::MAX_EXPANSION;
use super::levels::Levels;
use super::{Decoded, FileProblem, Format, fax, packed};
use crate::BitImage;

/// A white row takes one bit in CCITT codes: so wide an image can be compressed by this much.
const FAX_EXPANSION: u64 = 1 << 16;

const UNCOMPRESSED: u16 = 1;
const GROUP3: u16 = 3;
const GROUP4: u16 = 4;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    let mut page = Page::new(bytes)?;
    let method = page.tag(Tag::Compression, UNCOMPRESSED)?;
    let reversed = page.tag(Tag::FillOrder, 1)? == 2;
    match method {
        GROUP3 | GROUP4 => page.decode_fax(method == GROUP4, reversed),
        _ if reversed => Err(Format::Tiff.unsupported("bits in reverse order without CCITT codes")),
        _ => page.decode_samples(),
    }
}

struct Page<'a> {
    bytes: &'a [u8],
    decoder: Decoder<Cursor<&'a [u8]>>,
    height: usize,
    width: usize,
}

impl<'a> Page<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, FileProblem> {
        let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(problem)?;
        let (width, height) = decoder.dimensions().map_err(problem)?;
        Ok(Page { bytes, decoder, height: height as usize, width: width as usize })
    }

    /// A tag's number, or what the format says for a page without the tag.
    fn tag(&mut self, tag: Tag, default: u16) -> Result<u16, FileProblem> {
        Ok(self.decoder.find_tag_unsigned(tag).map_err(problem)?.unwrap_or(default))
    }

    fn check_claim(&self, row_bytes: u64, expansion: u64) -> Result<(), FileProblem> {
        let claim = (self.height as u64, self.width as u64);
        Format::Tiff.check_claim(claim, row_bytes, self.bytes.len(), expansion)
    }

    fn decode_fax(&mut self, group4: bool, reversed: bool) -> Result<Decoded, FileProblem> {
        let row_bytes = packed::row_bytes(self.width) as u64;
        self.check_claim(row_bytes, FAX_EXPANSION)?;
        self.check_fax_kind(group4)?;
        let black_is_zero = PhotometricInterpretation::BlackIsZero.to_u16();
        let inverse = self.tag(Tag::PhotometricInterpretation, 0)? == black_is_zero;
        let ones = self.decode_fax_strips(group4, reversed)?;
        Ok(if inverse { Decoded::White(ones) } else { Decoded::Black(ones) })
    }

    /// The pixels that are stored as 1; the code calls them black, whatever they mean.
    fn decode_fax_strips(&mut self, group4: bool, reversed: bool) -> Result<BitImage, FileProblem> {
        let rows_a_strip = self.decoder.chunk_dimensions().1 as usize;
        let starts = (0..self.height).step_by(rows_a_strip.max(1));
        let strips = self.strips()?;
        if strips.len() < starts.len() {
            let reason = format!("{} strips of the {} expected", strips.len(), starts.len());
            return Err(Format::Tiff.damaged(reason));
        }
        let decode = if group4 { fax::decode_group4 } else { fax::decode_group3 };
        let mut ones = BitImage::new(self.height, self.width);
        for (start, strip) in starts.zip(strips) {
            let rows = start..self.height.min(start + rows_a_strip);
            let code = match reversed {
                true => Cow::Owned(strip.iter().map(|byte| byte.reverse_bits()).collect()),
                false => Cow::Borrowed(strip),
            };
            decode(&code, &mut ones, rows)
                .map_err(|row| Format::Tiff.damaged(format!("the code of row {row}")))?;
        }
        Ok(ones)
    }

    /// Refuses what the decoders of fax codes do not know.
    fn check_fax_kind(&mut self, group4: bool) -> Result<(), FileProblem> {
        let color = self.decoder.colortype().map_err(problem)?;
        if color != ColorType::Gray(1) || self.decoder.get_chunk_type() == ChunkType::Tile {
            return Err(Format::Tiff.unsupported("CCITT codes of tiles, or of more than 1 bit"));
        }
        let two_dimensional = 1;
        if !group4 && self.tag(Tag::Unknown(292), 0)? & two_dimensional != 0 {
            return Err(Format::Tiff.unsupported("two-dimensional CCITT Group 3"));
        }
        Ok(())
    }

    fn strips(&mut self) -> Result<Vec<&'a [u8]>, FileProblem> {
        let offsets = self.decoder.get_tag_u64_vec(Tag::StripOffsets).map_err(problem)?;
        let lengths = self.decoder.get_tag_u64_vec(Tag::StripByteCounts).map_err(problem)?;
        offsets
            .into_iter()
            .zip(lengths)
            .map(|(offset, length)| self.strip(offset, length))
            .collect()
    }

    fn strip(&self, offset: u64, length: u64) -> Result<&'a [u8], FileProblem> {
        let start = usize::try_from(offset).ok();
        let end = start.zip(usize::try_from(length).ok()).and_then(|(a, b)| a.checked_add(b));
        start.zip(end).and_then(|(start, end)| self.bytes.get(start..end)).ok_or_else(|| {
            let size = self.bytes.len();
            let reason = format!("a strip of {length} bytes at byte {offset} of {size}");
            Format::Tiff.damaged(reason)
        })
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
        let mut levels = Levels::new(self.width);
        match bits {
            1 => return Ok(Decoded::White(packed::image(self.height, self.width, &samples))),
            8 => levels.extend(samples.into_iter().map(u16::from), channels as usize, 255),
            _ => {
                let pairs =
                    samples.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]]));
                levels.extend(pairs, channels as usize, u16::MAX);
            }
        }
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

/// A little-endian file of one strip. Rows too wide for the fax encoder are not compressed.
pub(super) fn encode(black: &BitImage) -> Result<Vec<u8>, FileProblem> {
    if black.width() <= fax::MAX_WIDTH {
        write_strip(black, GROUP4, &fax::encode_group4(black))
    } else {
        write_strip(black, UNCOMPRESSED, &packed::bytes(black))
    }
    .map_err(|_| Format::Tiff.unsupported("a file has 4 GiB at most"))
}

fn write_strip(black: &BitImage, method: u16, strip: &[u8]) -> Result<Vec<u8>, TiffError> {
    let (height, width) = (u32::try_from(black.height())?, u32::try_from(black.width())?);
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)?;
    let mut directory = encoder.image_directory()?;
    let offset = directory.write_data(strip)?;
    directory.write_tag(Tag::ImageWidth, width)?;
    directory.write_tag(Tag::ImageLength, height)?;
    directory.write_tag(Tag::BitsPerSample, 1_u16)?;
    directory.write_tag(Tag::Compression, method)?;
    let white_is_zero = PhotometricInterpretation::WhiteIsZero.to_u16();
    directory.write_tag(Tag::PhotometricInterpretation, white_is_zero)?;
    directory.write_tag(Tag::StripOffsets, u32::try_from(offset)?)?;
    directory.write_tag(Tag::SamplesPerPixel, 1_u16)?;
    directory.write_tag(Tag::RowsPerStrip, height)?;
    directory.write_tag(Tag::StripByteCounts, u32::try_from(strip.len())?)?;
    directory.finish()?;
    Ok(bytes.into_inner())
}
