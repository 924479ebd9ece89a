//! PNG.

use std::io::Cursor;

use ::png::{
    BitDepth, ColorType, Compression, Decoder, DecodingError, Encoder, Filter, Transformations,
};

use super::levels::Levels;
use super::{Decoded, FileProblem, Format, packed};
use crate::{BitImage, GreyImage};

/// Deflate makes at most this many bytes of one.
const EXPANSION: u64 = 1032;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    let header = decoder.read_header_info().map_err(damaged)?;
    let binary = (header.color_type, header.bit_depth) == (ColorType::Grayscale, BitDepth::One);
    let (height, width) = (header.height as usize, header.width as usize);
    let bits = header.color_type.samples() as u64 * header.bit_depth as u64;
    let row_bytes = (u64::from(header.width) * bits).div_ceil(8);
    let claim = (height as u64, width as u64);
    Format::Png.check_claim(claim, row_bytes, bytes.len() as u64, EXPANSION)?;
    if !binary {
        decoder.set_transformations(Transformations::EXPAND);
    }
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size().ok_or_else(|| damaged(DecodingError::LimitsExceeded))?;
    // Palettes and few bits are expanded to whole bytes.
    Format::Png.check_memory(claim, (size / height) as u64, bytes.len() as u64)?;
    let mut samples = vec![0; size];
    reader.next_frame(&mut samples).map_err(damaged)?;
    reader.finish().map_err(damaged)?;
    if binary {
        return Ok(Decoded::White(packed::image(height, width, &samples)));
    }
    let (color, depth) = reader.output_color_type();
    let max = if depth == BitDepth::Sixteen { u16::MAX } else { 255 };
    let mut levels = Levels::new(width, color.samples(), max);
    if depth == BitDepth::Sixteen {
        levels.extend(samples.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
    } else {
        levels.extend(samples.into_iter().map(u16::from));
    }
    Ok(Decoded::Levels(levels))
}

fn damaged(error: DecodingError) -> FileProblem {
    Format::Png.damaged(error)
}

pub(super) fn encode(white: &BitImage) -> Result<Vec<u8>, FileProblem> {
    write(white.size(), ColorType::Grayscale, BitDepth::One, &packed::bytes(white))
}

/// One plane is grey, three are colours; all are of one size.
pub(super) fn encode_planes(planes: &[GreyImage]) -> Result<Vec<u8>, FileProblem> {
    let color = if planes.len() == 3 { ColorType::Rgb } else { ColorType::Grayscale };
    let pixels = 0..planes[0].levels().len();
    let samples: Vec<u8> =
        pixels.flat_map(|pixel| planes.iter().map(move |plane| plane.levels()[pixel])).collect();
    write(planes[0].size(), color, BitDepth::Eight, &samples)
}

fn write(
    (height, width): (usize, usize),
    color: ColorType,
    depth: BitDepth,
    data: &[u8],
) -> Result<Vec<u8>, FileProblem> {
    let side = |length| u32::try_from(length).map_err(|_| too_large());
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, side(width)?, side(height)?);
    encoder.set_color(color);
    encoder.set_depth(depth);
    // Sixty times as fast as a balanced compression, and a quarter larger, on scanned pages.
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Up);
    let mut writer = encoder.write_header().map_err(|_| too_large())?;
    writer.write_image_data(data).map_err(|_| too_large())?;
    writer.finish().map_err(|_| too_large())?;
    Ok(bytes)
}

/// The one way in which writing to memory can fail.
fn too_large() -> FileProblem {
    Format::Png.unsupported("a side has 2^31 pixels at most")
}
