//! PNG.

use std::io::Cursor;

use ::png::{
    BitDepth, ColorType, Compression, Decoder, DecodingError, Encoder, Filter, PixelDimensions,
    Reader, Transformations, Unit,
};

use super::directory::Directory;
use super::levels::{Alpha, Levels};
use super::resolution::LengthUnit;
use super::{Decoded, FileProblem, Format, Pixels, Resolution, packed};
use crate::{BitImage, GreyImage};

/// Deflate makes at most this many bytes of one.
const EXPANSION: u64 = 1032;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    let mut reader = open(bytes, Transformations::IDENTITY)?;
    let info = reader.info();
    let bits = (info.color_type, info.bit_depth) == (ColorType::Grayscale, BitDepth::One);
    // Rows that are packed as they are need not be unpacked first.
    let packed = bits && info.trns.is_none();
    if !packed {
        reader = open(bytes, Transformations::EXPAND)?;
    }
    let info = reader.info();
    if info.animation_control().is_some_and(|animation| animation.num_frames > 1) {
        return Err(Format::Png.unsupported("an animation of several images"));
    }
    let (height, width) = (info.height as usize, info.width as usize);
    let size = reader.output_buffer_size().ok_or_else(|| damaged(DecodingError::LimitsExceeded))?;
    let row_bytes = (size / height) as u64;
    Format::Png.check_memory((height as u64, width as u64), row_bytes, bytes.len() as u64)?;
    let mut samples = vec![0; size];
    reader.next_frame(&mut samples).map_err(damaged)?;
    reader.finish().map_err(damaged)?;
    let pixels = if packed {
        Pixels::White(packed::image(height, width, &samples))
    } else {
        let levels = levels(width, &samples, reader.output_color_type());
        if bits { Pixels::White(levels.white(None)?) } else { Pixels::Levels(levels) }
    };
    // What else a damaged EXIF block holds is not needed to read the pixels.
    let info = reader.info();
    let exif = info.exif_metadata.as_deref().and_then(|exif| Directory::of_exif(exif).ok());
    let turn = exif.as_ref().map(Directory::orientation).unwrap_or_default();
    let dims = info.pixel_dims.and_then(resolution);
    let resolution = dims.or_else(|| exif.and_then(|exif| exif.resolution()));
    Ok(Decoded { pixels, turn, resolution })
}

/// Reads all that comes before the pixels.
fn open(bytes: &[u8], as_what: Transformations) -> Result<Reader<Cursor<&[u8]>>, FileProblem> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    let header = decoder.read_header_info().map_err(damaged)?;
    let bits = header.color_type.samples() as u64 * header.bit_depth as u64;
    let row_bytes = (u64::from(header.width) * bits).div_ceil(8);
    let claim = (header.height.into(), header.width.into());
    Format::Png.check_claim(claim, row_bytes, bytes.len() as u64, EXPANSION)?;
    decoder.set_transformations(as_what);
    decoder.read_info().map_err(damaged)
}

/// The levels of expanded samples.
fn levels(width: usize, samples: &[u8], (color, depth): (ColorType, BitDepth)) -> Levels {
    let colours = if matches!(color, ColorType::Rgb | ColorType::Rgba) { 3 } else { 1 };
    let alpha = matches!(color, ColorType::GrayscaleAlpha | ColorType::Rgba);
    let max = if depth == BitDepth::Sixteen { u16::MAX } else { 255 };
    let mut levels = Levels::new(width, colours, alpha.then_some(Alpha::Straight), max);
    if depth == BitDepth::Sixteen {
        levels.extend(samples.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
    } else {
        levels.extend(samples.iter().map(|&sample| sample.into()));
    }
    levels
}

fn resolution(dims: PixelDimensions) -> Option<Resolution> {
    let (unit, per_unit) = match dims.unit {
        Unit::Meter => (LengthUnit::Centimetre, 100.0),
        Unit::Unspecified => (LengthUnit::Unknown, 1.0),
    };
    Resolution::new(f64::from(dims.xppu) / per_unit, f64::from(dims.yppu) / per_unit, unit)
}

fn damaged(error: DecodingError) -> FileProblem {
    Format::Png.damaged(error)
}

/// The content of a file of 1 bit a pixel.
pub(super) fn encode(
    white: &BitImage,
    resolution: Option<Resolution>,
) -> Result<Vec<u8>, FileProblem> {
    let rows = packed::bytes(white);
    write(white.size(), ColorType::Grayscale, BitDepth::One, &rows, resolution)
}

/// One plane is grey, three are colours; all are of one size.
pub(super) fn encode_planes(
    planes: &[GreyImage],
    resolution: Option<Resolution>,
) -> Result<Vec<u8>, FileProblem> {
    let color = if planes.len() == 3 { ColorType::Rgb } else { ColorType::Grayscale };
    let pixels = 0..planes[0].levels().len();
    let samples: Vec<u8> =
        pixels.flat_map(|pixel| planes.iter().map(move |plane| plane.levels()[pixel])).collect();
    write(planes[0].size(), color, BitDepth::Eight, &samples, resolution)
}

fn write(
    (height, width): (usize, usize),
    color: ColorType,
    depth: BitDepth,
    data: &[u8],
    resolution: Option<Resolution>,
) -> Result<Vec<u8>, FileProblem> {
    let side = |length| u32::try_from(length).map_err(|_| too_large());
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, side(width)?, side(height)?);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_pixel_dims(resolution.map(|resolution| {
        let (xppu, yppu) = resolution.per_metre();
        let known = resolution.unit != LengthUnit::Unknown;
        let unit = if known { Unit::Meter } else { Unit::Unspecified };
        PixelDimensions { xppu, yppu, unit }
    }));
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
