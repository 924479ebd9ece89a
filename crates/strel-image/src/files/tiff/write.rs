//! TIFF files of 1 bit a pixel, written strip by strip.

use std::io::{Seek, Write};

use ::tiff::encoder::{DirectoryEncoder, Rational, TiffEncoder, TiffKindStandard};
use ::tiff::tags::{CompressionMethod, PhotometricInterpretation, ResolutionUnit, Tag};
use ::tiff::{TiffError, TiffResult};

use super::super::blocks::{Blocks, Unwritten};
use super::super::resolution::{LengthUnit, fraction};
use super::super::{FileProblem, Format, Resolution, fax, packed};
use crate::{BitImage, RowSource};

/// Bytes of the packed rows of a strip: pages of usual sizes have one strip.
const STRIP: usize = 2 << 20;

/// Writes a page of a little-endian file. Rows too wide for the fax encoder are not compressed.
pub(in super::super) fn write_page<W: Write + Seek, S: RowSource>(
    encoder: &mut TiffEncoder<W>,
    mut blocks: Blocks<S>,
    resolution: Option<Resolution>,
) -> Result<(), Unwritten<S::Error>> {
    let (height, width) = blocks.size();
    let (method, encode): (_, fn(&BitImage) -> Vec<u8>) = match width {
        ..=fax::MAX_WIDTH => (CompressionMethod::Fax4, fax::encode_group4),
        _ => (CompressionMethod::None, packed::bytes),
    };
    let rows_a_strip = (STRIP / packed::row_bytes(width)).clamp(1, height);
    let mut directory = encoder.image_directory().map_err(unwritten)?;
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    while let Some(black) = blocks.next(rows_a_strip)? {
        let strip = encode(black);
        let offset = directory.write_data(&strip[..]).map_err(unwritten)?;
        // The whole strip must lie in the 4 GiB.
        let end = u32::try_from(offset + strip.len() as u64).map_err(|_| too_large())?;
        offsets.push(offset as u32);
        lengths.push(end - offset as u32);
    }
    let written = write_tags(&mut directory, (height, width), method, rows_a_strip)
        .and_then(|()| directory.write_tag(Tag::StripOffsets, &offsets[..]))
        .and_then(|()| directory.write_tag(Tag::StripByteCounts, &lengths[..]))
        .and_then(|()| {
            resolution.map_or(Ok(()), |resolution| write_resolution(&mut directory, resolution))
        })
        .and_then(|()| directory.finish());
    Ok(written.map_err(unwritten)?)
}

fn write_tags<W: Write + Seek>(
    directory: &mut DirectoryEncoder<'_, W, TiffKindStandard>,
    (height, width): (usize, usize),
    method: CompressionMethod,
    rows_a_strip: usize,
) -> TiffResult<()> {
    directory.write_tag(Tag::ImageWidth, u32::try_from(width)?)?;
    directory.write_tag(Tag::ImageLength, u32::try_from(height)?)?;
    directory.write_tag(Tag::BitsPerSample, 1_u16)?;
    directory.write_tag(Tag::Compression, method.to_u16())?;
    let white_is_zero = PhotometricInterpretation::WhiteIsZero.to_u16();
    directory.write_tag(Tag::PhotometricInterpretation, white_is_zero)?;
    directory.write_tag(Tag::SamplesPerPixel, 1_u16)?;
    directory.write_tag(Tag::RowsPerStrip, u32::try_from(rows_a_strip)?)
}

fn write_resolution<W: Write + Seek>(
    directory: &mut DirectoryEncoder<'_, W, TiffKindStandard>,
    resolution: Resolution,
) -> TiffResult<()> {
    let ratio = |number| {
        let (n, d) = fraction(number);
        Rational { n, d }
    };
    let unit = match resolution.unit {
        LengthUnit::Unknown => ResolutionUnit::None,
        LengthUnit::Inch => ResolutionUnit::Inch,
        LengthUnit::Centimetre => ResolutionUnit::Centimeter,
    };
    directory.write_tag(Tag::XResolution, ratio(resolution.horizontal))?;
    directory.write_tag(Tag::YResolution, ratio(resolution.vertical))?;
    directory.write_tag(Tag::ResolutionUnit, unit.to_u16())
}

/// Why a file was not written.
pub(in super::super) fn unwritten(error: TiffError) -> FileProblem {
    match error {
        TiffError::IoError(error) => FileProblem::Write(error),
        _ => too_large(),
    }
}

fn too_large() -> FileProblem {
    Format::Tiff.unsupported("a file has 4 GiB at most")
}
