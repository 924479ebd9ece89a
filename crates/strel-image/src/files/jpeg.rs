//! JPEG.

use jpeg_decoder::{Decoder, PixelFormat};

use super::directory::Directory;
use super::levels::Levels;
use super::resolution::LengthUnit;
use super::{Decoded, FileProblem, Format, Pixels, Resolution};

/// A block of 8x8 pixels takes one bit at least.
const EXPANSION: u64 = 512;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    let mut decoder = Decoder::new(bytes);
    decoder.read_info().map_err(problem)?;
    let info = decoder.info().ok_or_else(|| Format::Jpeg.damaged("there is no frame"))?;
    let claim = (u64::from(info.height), u64::from(info.width));
    Format::Jpeg.check_claim(claim, claim.1, bytes.len() as u64, EXPANSION)?;
    let colours = match info.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::RGB24 => 3,
        PixelFormat::CMYK32 => return Err(Format::Jpeg.unsupported("colours are CMYK")),
        PixelFormat::L16 => return Err(Format::Jpeg.unsupported("samples of 16 bits")),
    };
    Format::Jpeg.check_memory(claim, claim.1 * colours, bytes.len() as u64)?;
    let samples = decoder.decode().map_err(problem)?;
    let mut levels = Levels::new(info.width.into(), colours as usize, None, 255).inexact();
    levels.extend(samples.into_iter().map(u16::from));
    // What else a damaged EXIF block holds is not needed to read the pixels.
    let exif = decoder.exif_data().and_then(|exif| Directory::of_exif(exif).ok());
    let turn = exif.as_ref().map(Directory::orientation).unwrap_or_default();
    let resolution = jfif(bytes).or_else(|| exif.and_then(|exif| exif.resolution()));
    Ok(Decoded { pixels: Pixels::Levels(levels), turn, resolution })
}

fn problem(error: jpeg_decoder::Error) -> FileProblem {
    match error {
        jpeg_decoder::Error::Unsupported(reason) => Format::Jpeg.unsupported(format!("{reason:?}")),
        other => Format::Jpeg.damaged(other),
    }
}

/// The resolution of the JFIF segment, which is the first if there is one.
fn jfif(bytes: &[u8]) -> Option<Resolution> {
    let segment = bytes.strip_prefix(b"\xff\xd8\xff\xe0")?;
    let density = segment.get(2..)?.strip_prefix(b"JFIF\0")?.get(2..7)?;
    let unit = match density[0] {
        1 => LengthUnit::Inch,
        2 => LengthUnit::Centimetre,
        _ => return None,
    };
    let number = |at: usize| f64::from(u16::from_be_bytes([density[at], density[at + 1]]));
    Resolution::new(number(1), number(3), unit)
}
