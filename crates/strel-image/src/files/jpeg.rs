//! JPEG.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::levels::Levels;
use super::{Decoded, FileProblem, Format};

/// A block of 8x8 pixels takes one bit at least.
const EXPANSION: u64 = 512;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    let damaged = |error| Format::Jpeg.damaged(error);
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or((0, 0));
    let claim = (height as u64, width as u64);
    Format::Jpeg.check_claim(claim, claim.1, bytes.len() as u64, EXPANSION)?;
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let (space, channels) = if grey { (ColorSpace::Luma, 1) } else { (ColorSpace::RGB, 3) };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    let samples = decoder.decode().map_err(damaged)?;
    let mut levels = Levels::new(width, channels, 255);
    levels.extend(samples.into_iter().map(u16::from));
    Ok(Decoded::Levels(levels))
}
