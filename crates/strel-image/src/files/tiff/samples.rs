//! Pages of samples: grey levels, colours, places in a palette, and what comes with them.

use super::super::directory::{Directory, tag};
use super::super::format::MAX_EXPANSION;
use super::super::levels::{Alpha, Levels};
use super::super::{FileProblem, Format, Pixels};
use super::Page;
use super::chunks::Chunks;
use super::codes::Code;

/// What the samples of a pixel stand for.
pub(super) struct SampleKind {
    colours: Colours,
    /// Which sample says how much of the pixel is seen.
    alpha: Option<(usize, Alpha)>,
    /// Whether each sample of a pixel lies in a plane of its own.
    pub planar: bool,
    /// Whether a sample is stored as what it is more than the one before it.
    differences: bool,
}

enum Colours {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    /// Red, green and blue of each place, up to 255.
    Palette(Vec<[u16; 3]>),
}

/// The bits of each sample. Writers disagree about the order of the bits of 9 to 15.
pub(super) fn bits(tags: &Directory) -> Result<u16, FileProblem> {
    let bits = tags.numbers(tag::BITS_PER_SAMPLE)?.unwrap_or_else(|| vec![1]);
    match bits[..] {
        [first, ..] if bits.iter().all(|&bits| bits == first) && matches!(first, 1..=8 | 16) => {
            Ok(first as u16)
        }
        _ => Err(Format::Tiff
            .unsupported(format!("samples of {bits:?} bits; expected 1 to 8 or 16, all alike"))),
    }
}

impl SampleKind {
    /// Reads what the samples stand for. Fax codes are white where they are zero if nothing is said.
    pub(super) fn read(
        tags: &Directory,
        samples: usize,
        bits: u16,
        fax: bool,
    ) -> Result<Self, FileProblem> {
        check_format(tags)?;
        let photometric =
            tags.numbers(tag::PHOTOMETRIC)?.and_then(|values| values.first().copied());
        let colours = match photometric {
            Some(0) => Colours::WhiteIsZero,
            None if fax => Colours::WhiteIsZero,
            Some(1) => Colours::BlackIsZero,
            Some(2) => Colours::Rgb,
            Some(3) => Colours::Palette(palette(tags, bits)?),
            None => return Err(Format::Tiff.damaged("the tag of the colours (262) is missing")),
            Some(other) => {
                let name = match other {
                    4 => " (a transparency mask)",
                    5 => " (CMYK)",
                    6 => " (YCbCr)",
                    8..=10 => " (L*a*b*)",
                    _ => "",
                };
                return Err(Format::Tiff.unsupported(format!("colours of kind {other}{name}")));
            }
        };
        let stored = if matches!(colours, Colours::Rgb) { 3 } else { 1 };
        if samples < stored {
            let reason = format!("pixels of {samples} samples, expected {stored} at least");
            return Err(Format::Tiff.damaged(reason));
        }
        let extra = tags.numbers(tag::EXTRA_SAMPLES)?.unwrap_or_default();
        let alpha = (stored..samples).zip(extra).find_map(|(sample, kind)| match kind {
            1 => Some((sample, Alpha::Premultiplied)),
            2 => Some((sample, Alpha::Straight)),
            _ => None,
        });
        if alpha.is_some() && matches!(colours, Colours::Palette(_)) {
            return Err(Format::Tiff.unsupported("a palette beside transparency"));
        }
        let planar = tags.short(tag::PLANAR_CONFIGURATION, 1)? == 2 && samples > 1;
        let code = Code::of_number(tags.short(tag::COMPRESSION, 1)?)?;
        let differences = match tags.short(tag::PREDICTOR, 1)? {
            1 => false,
            // Readers disagree about differences without these codes, and with samples of other sizes.
            2 if matches!(code, Code::Lzw | Code::Deflate) && matches!(bits, 8 | 16) => true,
            other => {
                let reason =
                    format!("predictor {other} of samples of {bits} bits in code {code:?}");
                return Err(Format::Tiff.unsupported(reason));
            }
        };
        Ok(SampleKind { colours, alpha, planar, differences })
    }

    pub(super) fn is_palette(&self) -> bool {
        matches!(self.colours, Colours::Palette(_))
    }

    pub(super) fn white_is_zero(&self) -> bool {
        matches!(self.colours, Colours::WhiteIsZero)
    }

    /// The samples to take levels from, of all samples of a pixel.
    fn shown(&self, pixel: &[u16], max: u16) -> ([u16; 4], usize) {
        let mut shown = [0; 4];
        let mut count = match &self.colours {
            Colours::WhiteIsZero => {
                shown[0] = max - pixel[0];
                1
            }
            Colours::BlackIsZero => {
                shown[0] = pixel[0];
                1
            }
            Colours::Rgb => {
                shown[..3].copy_from_slice(&pixel[..3]);
                3
            }
            Colours::Palette(palette) => {
                shown[..3].copy_from_slice(&palette[usize::from(pixel[0])]);
                3
            }
        };
        if let Some((alpha, _)) = self.alpha {
            shown[count] = pixel[alpha];
            count += 1;
        }
        (shown, count)
    }
}

/// Refuses samples that are no whole numbers from 0 on.
fn check_format(tags: &Directory) -> Result<(), FileProblem> {
    let formats = tags.numbers(tag::SAMPLE_FORMAT)?.unwrap_or_default();
    match formats.into_iter().find(|format| !matches!(format, 1 | 4)) {
        None => Ok(()),
        Some(format) => {
            let name = match format {
                2 => "signed numbers",
                3 => "floating-point numbers",
                5 | 6 => "complex numbers",
                _ => "of an unknown format",
            };
            Err(Format::Tiff.unsupported(format!("samples that are {name}")))
        }
    }
}

/// The colours of a palette, by the higher bytes of 16 bits; where all of those are zero, the lower bytes were meant.
fn palette(tags: &Directory, bits: u16) -> Result<Vec<[u16; 3]>, FileProblem> {
    let places = 1 << bits;
    let map = tags.numbers(tag::COLOR_MAP)?.unwrap_or_default();
    if map.len() < 3 * places {
        let reason = format!("a palette of {} numbers, expected {}", map.len(), 3 * places);
        return Err(Format::Tiff.damaged(reason));
    }
    let shift = if map.iter().all(|&value| value < 256) { 0 } else { 8 };
    let value = |index: usize| (map[index] >> shift).min(255) as u16;
    Ok((0..places).map(|place| [0, 1, 2].map(|plane| value(plane * places + place))).collect())
}

impl Page {
    pub(super) fn decode_samples(&self) -> Result<Pixels, FileProblem> {
        let row_bits =
            (self.width as u64).saturating_mul(self.samples as u64 * u64::from(self.bits));
        self.check_claim(row_bits.div_ceil(8), MAX_EXPANSION)?;
        let size = (self.height as u64, self.width as u64);
        let row_samples = (self.width as u64).saturating_mul(self.samples as u64);
        Format::Tiff.check_memory(size, row_samples, self.content.length())?;
        let chunks = Chunks::read(self)?;
        let max = u16::MAX >> (16 - self.bits);
        let (colours, top) = match self.kind.colours {
            Colours::Rgb => (3, max),
            Colours::Palette(_) => (3, 255),
            _ => (1, max),
        };
        let alpha = self.kind.alpha.map(|(_, alpha)| alpha);
        let mut levels = Levels::new(self.width, colours, alpha, top);
        for down in 0..chunks.down {
            let band = self.band(&chunks, down)?;
            levels.extend(band.chunks_exact(self.samples).flat_map(|pixel| {
                let (shown, count) = self.kind.shown(pixel, max);
                shown.into_iter().take(count)
            }));
        }
        Ok(if (self.bits, colours, alpha) == (1, 1, None) {
            Pixels::White(levels.white(None).expect("black and white"))
        } else {
            Pixels::Levels(levels)
        })
    }

    /// All samples of the pixels of a row of chunks, pixel by pixel.
    fn band(&self, chunks: &Chunks, down: usize) -> Result<Vec<u16>, FileProblem> {
        let rows = chunks.height.min(self.height - down * chunks.height);
        let planes = if self.kind.planar { self.samples } else { 1 };
        // Samples of a pixel in one chunk.
        let together = self.samples / planes;
        let row_samples = chunks.width.saturating_mul(together);
        let row_bytes = row_samples.saturating_mul(usize::from(self.bits)).div_ceil(8);
        let claim = (chunks.height as u64, chunks.width as u64);
        Format::Tiff.check_claim(claim, row_bytes as u64, self.content.length(), MAX_EXPANSION)?;
        // Tiles have all of their rows, whether or not those are in the image; strips have not.
        let mut band = vec![0; rows * self.width * self.samples];
        for plane in 0..planes {
            for across in 0..chunks.across {
                let index = (plane * chunks.down + down) * chunks.across + across;
                let bytes = chunks.decode(index, rows * row_bytes)?;
                let first = across * chunks.width;
                let cols = chunks.width.min(self.width - first);
                for (row, bytes) in bytes.chunks_exact(row_bytes).enumerate() {
                    let samples = self.unpack(bytes, row_samples, together);
                    let start = (row * self.width + first) * self.samples + plane;
                    if planes == 1 {
                        band[start..][..cols * together]
                            .copy_from_slice(&samples[..cols * together]);
                    } else {
                        let places = band[start..].iter_mut().step_by(self.samples);
                        places.zip(&samples[..cols]).for_each(|(place, &sample)| *place = sample);
                    }
                }
            }
        }
        Ok(band)
    }

    /// The samples of a row of a chunk, of which `together` belong to a pixel.
    fn unpack(&self, bytes: &[u8], count: usize, together: usize) -> Vec<u16> {
        let mut samples: Vec<u16> = match self.bits {
            8 => bytes.iter().map(|&byte| byte.into()).collect(),
            16 => bytes.chunks_exact(2).map(|pair| self.tags.layout.number(pair) as u16).collect(),
            bits => (0..count).map(|index| packed_sample(bytes, index, bits.into())).collect(),
        };
        if self.kind.differences {
            let max = u16::MAX >> (16 - self.bits);
            for index in together..samples.len() {
                samples[index] = samples[index].wrapping_add(samples[index - together]) & max;
            }
        }
        samples
    }
}

/// A sample of a few bits, the first of which is the highest.
fn packed_sample(bytes: &[u8], index: usize, bits: usize) -> u16 {
    let bit = |place: usize| u16::from(bytes[place / 8] >> (7 - place % 8) & 1);
    (index * bits..(index + 1) * bits).fold(0, |sample, place| sample << 1 | bit(place))
}
