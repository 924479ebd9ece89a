//! Directories of TIFF files, in which EXIF keeps its values, too: numbers by the tags that name them.

use super::content::Content;
use super::resolution::{LengthUnit, Resolution};
use super::{FileProblem, Format};
use crate::Symmetry;

/// The numbers of the tags that are read.
pub(super) mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const SUBFILE_TYPE: u16 = 255;
    pub const IMAGE_WIDTH: u16 = 256;
    pub const IMAGE_LENGTH: u16 = 257;
    pub const BITS_PER_SAMPLE: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const SAMPLES_PER_PIXEL: u16 = 277;
    pub const ROWS_PER_STRIP: u16 = 278;
    pub const STRIP_BYTE_COUNTS: u16 = 279;
    pub const X_RESOLUTION: u16 = 282;
    pub const Y_RESOLUTION: u16 = 283;
    pub const PLANAR_CONFIGURATION: u16 = 284;
    pub const T4_OPTIONS: u16 = 292;
    pub const RESOLUTION_UNIT: u16 = 296;
    pub const PREDICTOR: u16 = 317;
    pub const COLOR_MAP: u16 = 320;
    pub const TILE_WIDTH: u16 = 322;
    pub const TILE_LENGTH: u16 = 323;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_BYTE_COUNTS: u16 = 325;
    pub const EXTRA_SAMPLES: u16 = 338;
    pub const SAMPLE_FORMAT: u16 = 339;
}

/// The order and the size of a file's numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub big_endian: bool,
    /// Whether places are numbers of 64 bits: BigTIFF.
    pub big: bool,
}

/// A directory of a file.
pub(super) struct Directory {
    content: Content,
    pub layout: Layout,
    entries: Vec<Entry>,
    /// Where the next one begins, 0 after the last; EXIF data may end before.
    pub next: Option<u64>,
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where its values begin.
    place: u64,
}

impl Layout {
    /// The layout of a file, and where its first directory begins.
    pub(super) fn of_file(content: &Content) -> Result<(Self, u64), FileProblem> {
        let start = content.part(0, 4)?;
        let (big_endian, big) = match start[..] {
            [b'I', b'I', 42, 0] => (false, false),
            [b'I', b'I', 43, 0] => (false, true),
            [b'M', b'M', 0, 42] => (true, false),
            [b'M', b'M', 0, 43] => (true, true),
            _ => return Err(damaged("the header is no header of TIFF")),
        };
        let layout = Layout { big_endian, big };
        let first = if big {
            let [size, zero] = [4, 6].map(|place| layout.read(content, place, 2));
            if (size?, zero?) != (8, 0) {
                return Err(damaged("the header of BigTIFF does not say 8 bytes a place"));
            }
            layout.read(content, 8, 8)?
        } else {
            layout.read(content, 4, 4)?
        };
        Ok((layout, first))
    }

    /// The number of some bytes at a place.
    fn read(self, content: &Content, place: u64, bytes: usize) -> Result<u64, FileProblem> {
        let mut number = [0; 8];
        let read = content.read_at(place, &mut number[..bytes]);
        read.map_err(|_| {
            damaged(format!("the file ends before byte {}", place.saturating_add(bytes as u64)))
        })?;
        Ok(self.number(&number[..bytes]))
    }

    /// The number that up to 8 bytes are.
    pub(super) fn number(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
    }
}

impl Directory {
    /// Reads the directory at a place.
    pub(super) fn read(content: &Content, layout: Layout, place: u64) -> Result<Self, FileProblem> {
        let (count_bytes, entry_bytes, inline) = if layout.big { (8, 20, 8) } else { (2, 12, 4) };
        let count = layout.read(content, place, count_bytes)?;
        let start = place + count_bytes as u64;
        let table = count.saturating_mul(entry_bytes as u64);
        let end = start.saturating_add(table);
        if end > content.length() {
            return Err(damaged(format!(
                "{count} tags from byte {start} on are not all in the file"
            )));
        }
        let bytes = content.part(start, table)?;
        let mut entries = Vec::new();
        for (index, entry) in bytes.chunks_exact(entry_bytes).enumerate() {
            let number = |from: usize, to: usize| layout.number(&entry[from..to]);
            let (tag, kind) = (number(0, 2) as u16, number(2, 4) as u16);
            let count = number(4, 4 + inline);
            let size = count.saturating_mul(size_of_kind(kind));
            let value = start + (index * entry_bytes + 4 + inline) as u64;
            let place = if size <= inline as u64 { value } else { number(4 + inline, entry_bytes) };
            entries.push(Entry { tag, kind, count, place });
        }
        let next = layout.read(content, end, inline).ok();
        Ok(Directory { content: content.clone(), layout, entries, next })
    }

    /// The first directory of EXIF data.
    pub(super) fn of_exif(bytes: &[u8]) -> Result<Self, FileProblem> {
        let content = Content::of_bytes(bytes);
        let (layout, first) = Layout::of_file(&content)?;
        Directory::read(&content, layout, first)
    }

    /// The values of a tag, of as many bytes as their kind has.
    fn bytes(&self, tag: u16) -> Result<Option<(u16, Vec<u8>)>, FileProblem> {
        let Some(entry) = self.entries.iter().find(|entry| entry.tag == tag) else {
            return Ok(None);
        };
        let size = entry.count.saturating_mul(size_of_kind(entry.kind));
        let end = entry.place.saturating_add(size);
        if end > self.content.length() {
            let count = entry.count;
            return Err(damaged(format!("{count} values of tag {tag} are not all in the file")));
        }
        Ok(Some((entry.kind, self.content.part(entry.place, size)?)))
    }

    /// The values of a tag, which are whole numbers from 0 on.
    pub(super) fn numbers(&self, tag: u16) -> Result<Option<Vec<u64>>, FileProblem> {
        let Some((kind, bytes)) = self.bytes(tag)? else { return Ok(None) };
        if !matches!(kind, BYTE | SHORT | LONG | IFD | LONG8 | IFD8) {
            return Err(damaged(format!("tag {tag} is of kind {kind}; expected whole numbers")));
        }
        let numbers = bytes.chunks_exact(size_of_kind(kind) as usize);
        Ok(Some(numbers.map(|bytes| self.layout.number(bytes)).collect()))
    }

    /// The one value of a tag, or what the format says for a directory without the tag.
    pub(super) fn number(&self, tag: u16, default: u64) -> Result<u64, FileProblem> {
        let numbers = self.numbers(tag)?;
        Ok(numbers.and_then(|numbers| numbers.first().copied()).unwrap_or(default))
    }

    /// The one value of a tag, as one of 16 bits.
    pub(super) fn short(&self, tag: u16, default: u16) -> Result<u16, FileProblem> {
        let number = self.number(tag, default.into())?;
        u16::try_from(number).map_err(|_| damaged(format!("tag {tag} is {number}")))
    }

    /// The one value of a tag, a fraction.
    fn fraction(&self, tag: u16) -> Option<f64> {
        let (kind, bytes) = self.bytes(tag).ok()??;
        let number = |bytes: &[u8]| self.layout.number(bytes) as f64;
        match kind {
            RATIONAL if bytes.len() >= 8 => Some(number(&bytes[..4]) / number(&bytes[4..8])),
            SHORT | LONG => bytes.chunks_exact(size_of_kind(kind) as usize).next().map(number),
            _ => None,
        }
    }

    /// What brings the image as it is stored to how it is to be seen. Numbers that are not of the format, which some
    /// programs write where they know none, say that nothing is to be done.
    pub(super) fn orientation(&self) -> Symmetry {
        let flips =
            |transposed, upside_down, mirrored| Symmetry { transposed, upside_down, mirrored };
        match self.short(tag::ORIENTATION, 1) {
            Ok(2) => flips(false, false, true),
            Ok(3) => flips(false, true, true),
            Ok(4) => flips(false, true, false),
            Ok(5) => flips(true, false, false),
            Ok(6) => flips(true, false, true),
            Ok(7) => flips(true, true, true),
            Ok(8) => flips(true, true, false),
            _ => Symmetry::IDENTITY,
        }
    }

    /// The resolution, if it is told.
    pub(super) fn resolution(&self) -> Option<Resolution> {
        let unit = match self.short(tag::RESOLUTION_UNIT, 2) {
            Ok(2) => LengthUnit::Inch,
            Ok(3) => LengthUnit::Centimetre,
            _ => LengthUnit::Unknown,
        };
        Resolution::new(self.fraction(tag::X_RESOLUTION)?, self.fraction(tag::Y_RESOLUTION)?, unit)
    }
}

const BYTE: u16 = 1;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const IFD: u16 = 13;
const LONG8: u16 = 16;
const IFD8: u16 = 18;

/// Bytes of a value.
fn size_of_kind(kind: u16) -> u64 {
    match kind {
        SHORT | 8 => 2,
        LONG | 9 | 11 | IFD => 4,
        RATIONAL | 10 | 12 | LONG8 | 17 | IFD8 => 8,
        _ => 1,
    }
}

fn damaged(reason: impl std::fmt::Display) -> FileProblem {
    Format::Tiff.damaged(reason)
}
