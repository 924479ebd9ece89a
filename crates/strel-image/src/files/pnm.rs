//! PBM and PGM, plain (P1, P2) and raw (P4, P5). In a PBM file, 1 is black.

use std::io::Write;

use super::blocks::{Blocks, Unwritten};
use super::content::Content;
use super::levels::Levels;
use super::packed::{self, PackedRows};
use super::rows::{Bits, NEITHER};
use super::{Decoded, FileProblem, Foreground, Format, Pixels};
use crate::{BitImage, GreyImage, RowSource, Symmetry};

/// Bytes that are written at a time.
const BLOCK: usize = 1 << 18;

/// Bytes among which the header of a raw image ends.
const HEADER: u64 = 1 << 16;

/// Where the images of a file begin. Between raw ones there are blanks at most; after a plain one anything may follow
/// that is no other image.
pub(super) fn pages(content: &Content) -> Result<Vec<u64>, FileProblem> {
    let mut places = vec![0];
    loop {
        let place = places[places.len() - 1];
        let kind = Kind::at(content, place)?;
        let end = if kind.plain {
            decode_plain(content, place, kind)?.1
        } else {
            Raw::header(content, place)?.end()
        };
        let next = skip_blanks(content, end)?;
        let start = content.part(next, 3)?;
        match start[..] {
            [] => return Ok(places),
            [b'P', b'1'..=b'7', byte] if is_blank(byte) || byte == b'#' => places.push(next),
            _ if kind.plain => return Ok(places),
            [byte, ..] => {
                let found = byte.escape_ascii();
                let expected = "another image or the end of the file";
                return Err(kind
                    .format
                    .damaged(format!("expected {expected} at byte {next}, found '{found}'")));
            }
        }
    }
}

/// The place of the first byte from a place on that is no blank.
fn skip_blanks(content: &Content, mut place: u64) -> Result<u64, FileProblem> {
    loop {
        let bytes = content.part(place, HEADER)?;
        match bytes.iter().position(|&byte| !is_blank(byte)) {
            Some(blanks) => return Ok(place + blanks as u64),
            None if bytes.is_empty() => return Ok(place),
            None => place += bytes.len() as u64,
        }
    }
}

/// The image at a place.
pub(super) fn decode(content: &Content, place: u64) -> Result<Decoded, FileProblem> {
    let kind = Kind::at(content, place)?;
    let pixels = match (kind.plain, kind.format) {
        (true, _) => decode_plain(content, place, kind)?.0,
        (false, Format::Pbm) => raw_bits(content, place)?.decode()?,
        (false, _) => decode_raw_pgm(content, place)?,
    };
    Ok(Decoded { pixels, turn: Symmetry::IDENTITY, resolution: None })
}

/// What the first two bytes of an image say.
#[derive(Clone, Copy)]
struct Kind {
    format: Format,
    /// Whether pixels are decimal numbers.
    plain: bool,
}

impl Kind {
    fn at(content: &Content, place: u64) -> Result<Self, FileProblem> {
        let (format, plain) = match content.part(place, 2)?[..] {
            [b'P', b'1'] => (Format::Pbm, true),
            [b'P', b'4'] => (Format::Pbm, false),
            [b'P', b'2'] => (Format::Pgm, true),
            [b'P', b'5'] => (Format::Pgm, false),
            _ => {
                let reason = format!("an image at byte {place} that is neither PBM nor PGM");
                return Err(Format::Pgm.unsupported(reason));
            }
        };
        Ok(Kind { format, plain })
    }
}

/// A plain image, and where it ends.
fn decode_plain(content: &Content, place: u64, kind: Kind) -> Result<(Pixels, u64), FileProblem> {
    let mut scanner = Scanner::new(kind.format, content, place, content.length())?;
    let decode = if kind.format == Format::Pbm { decode_plain_pbm } else { decode_plain_pgm };
    let pixels = decode(&mut scanner)?;
    Ok((pixels, scanner.place()))
}

fn decode_plain_pbm(scanner: &mut Scanner) -> Result<Pixels, FileProblem> {
    let (height, width) = scanner.size()?;
    // One character a pixel: digits need no blank between them.
    scanner.check_size(height, width)?;
    let mut black = BitImage::new(height, width);
    for row in 0..height {
        for col in 0..width {
            match scanner.next_mark() {
                Some(b'0') => {}
                Some(b'1') => black.set(row, col, true),
                other => return Err(scanner.unexpected("0 or 1", other)),
            }
        }
    }
    Ok(Pixels::Black(black))
}

fn decode_plain_pgm(scanner: &mut Scanner) -> Result<Pixels, FileProblem> {
    let (height, width) = scanner.size()?;
    let max = scanner.max_level()?;
    scanner.check_size(height, width)?;
    let mut levels = Levels::new(width, 1, None, max);
    for _ in 0..height * width {
        let level = scanner.number(u64::from(max))?;
        levels.extend([level as u16]);
    }
    Ok(Pixels::Levels(levels))
}

/// The header of a raw image.
struct Raw {
    height: usize,
    width: usize,
    /// The highest level; 1 of a PBM image.
    max: u16,
    row_bytes: usize,
    /// Where the rows begin.
    start: u64,
}

impl Raw {
    /// Reads the header at a place. The rows lie in the file.
    fn header(content: &Content, place: u64) -> Result<Self, FileProblem> {
        let Kind { format, .. } = Kind::at(content, place)?;
        let mut scanner = Scanner::new(format, content, place, HEADER)?;
        let (height, width) = scanner.size()?;
        let (max, row_bytes) = match format {
            Format::Pbm => (1, packed::row_bytes(width)),
            _ => match scanner.max_level()? {
                max @ ..=255 => (max, width),
                max => (max, width.saturating_mul(2)),
            },
        };
        scanner.seek_raster(height, row_bytes)?;
        Ok(Raw { height, width, max, row_bytes, start: scanner.place() })
    }

    /// Where the rows end.
    fn end(&self) -> u64 {
        self.start + self.height as u64 * self.row_bytes as u64
    }
}

/// The rows of the raw PBM image at a place.
pub(super) fn raw_bits(content: &Content, place: u64) -> Result<Bits, FileProblem> {
    match Kind::at(content, place)? {
        Kind { format: Format::Pbm, plain: false } => {}
        _ => return Err(FileProblem::NotByRows { reason: NEITHER.to_owned() }),
    }
    let Raw { height, width, start, .. } = Raw::header(content, place)?;
    let content = content.clone();
    let rows = PackedRows { content, starts: vec![start], rows_a_strip: height, next: 0 };
    let (ones, rows, held) = (Foreground::Black, Box::new(rows), 0);
    Ok(Bits { height, width, ones, rows, held, turn: Symmetry::IDENTITY, resolution: None })
}

fn decode_raw_pgm(content: &Content, place: u64) -> Result<Pixels, FileProblem> {
    let raw = Raw::header(content, place)?;
    let raster = content.part(raw.start, raw.end() - raw.start)?;
    let Raw { width, max, .. } = raw;
    if max <= 255 {
        raw_levels(raster.iter().map(|&byte| u16::from(byte)), width, max)
    } else {
        let pairs = raster.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        raw_levels(pairs, width, max)
    }
}

fn raw_levels(
    mut samples: impl Iterator<Item = u16> + Clone,
    width: usize,
    max: u16,
) -> Result<Pixels, FileProblem> {
    let mut levels = Levels::new(width, 1, None, max);
    levels.extend(samples.clone());
    match samples.position(|sample| sample > max) {
        None => Ok(Pixels::Levels(levels)),
        Some(place) => {
            let (row, col) = (place / width, place % width);
            Err(Format::Pgm.damaged(format!("pixel ({row}, {col}) is above {max}")))
        }
    }
}

/// A place in an image, past its first two bytes.
struct Scanner {
    format: Format,
    /// Bytes of the file from some place on: the header at least.
    bytes: Vec<u8>,
    start: u64,
    next: usize,
    /// Bytes of the whole file.
    length: u64,
}

impl Scanner {
    /// Reads some bytes, as far as there are so many, from a place on.
    fn new(format: Format, content: &Content, place: u64, bytes: u64) -> Result<Self, FileProblem> {
        let bytes = content.part(place, bytes)?;
        Ok(Scanner { format, bytes, start: place, next: 2, length: content.length() })
    }

    /// The place of the next byte in the file.
    fn place(&self) -> u64 {
        self.start + self.next as u64
    }

    /// Height and width, which a file gives in the other order.
    fn size(&mut self) -> Result<(usize, usize), FileProblem> {
        let largest = u64::from(u32::MAX);
        let width = self.number(largest)?;
        let height = self.number(largest)?;
        if height == 0 || width == 0 {
            return Err(FileProblem::NoPixels { height, width });
        }
        Ok((height as usize, width as usize))
    }

    fn max_level(&mut self) -> Result<u16, FileProblem> {
        match self.number(u64::from(u16::MAX))? {
            0 => Err(self.format.damaged("the highest level is 0, expected 1 to 65535")),
            max => Ok(max as u16),
        }
    }

    /// The next byte that is neither a blank nor in a comment, and moves behind it.
    fn next_mark(&mut self) -> Option<u8> {
        loop {
            match *self.bytes.get(self.next)? {
                b'#' => self.skip_comment(),
                byte => {
                    self.next += 1;
                    if !is_blank(byte) {
                        return Some(byte);
                    }
                }
            }
        }
    }

    /// Moves to the end of the line.
    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.next..];
        self.next += rest.iter().position(|&byte| is_line_end(byte)).unwrap_or(rest.len());
    }

    /// The next decimal number.
    fn number(&mut self, largest: u64) -> Result<u64, FileProblem> {
        let mut number = match self.next_mark() {
            Some(digit @ b'0'..=b'9') => u64::from(digit - b'0'),
            other => return Err(self.unexpected("a number", other)),
        };
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.next) {
            number = number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.next += 1;
        }
        if number > largest {
            let end = self.place();
            let reason = format!("a number before byte {end} is above {largest}");
            return Err(self.format.damaged(reason));
        }
        Ok(number)
    }

    /// Moves to the raw rows, which begin after one blank; a comment may stand before it.
    fn seek_raster(&mut self, height: usize, row_bytes: usize) -> Result<(), FileProblem> {
        if self.bytes.get(self.next) == Some(&b'#') {
            self.skip_comment();
        }
        let delimiter = self.bytes.get(self.next).copied();
        self.next += 1;
        if !delimiter.is_some_and(is_blank) {
            return Err(self.unexpected("a blank", delimiter));
        }
        self.check_size(height, row_bytes)
    }

    /// Refuses rows of so many bytes at least that are not all in the file.
    fn check_size(&self, height: usize, row_bytes: usize) -> Result<(), FileProblem> {
        let place = self.place();
        let left = self.length.saturating_sub(place);
        if height.checked_mul(row_bytes).is_some_and(|needed| needed as u64 <= left) {
            return Ok(());
        }
        Err(self.format.damaged(format!(
            "expected {height} rows of {row_bytes} bytes at least from byte {place}, \
             but the file ends after {left} bytes"
        )))
    }

    /// A problem with the byte before this place.
    fn unexpected(&self, expected: &str, found: Option<u8>) -> FileProblem {
        self.format.damaged(match found {
            Some(byte) => {
                let place = self.place() - 1;
                format!("expected {expected} at byte {place}, found '{}'", byte.escape_ascii())
            }
            None => format!("expected {expected}, found the end of the file"),
        })
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Writes a raw PBM file.
pub(super) fn write_pbm<S: RowSource>(
    mut out: impl Write,
    mut blocks: Blocks<S>,
) -> Result<(), Unwritten<S::Error>> {
    let (height, width) = blocks.size();
    write!(out, "P4\n{width} {height}\n").map_err(FileProblem::Write)?;
    let rows = (BLOCK / packed::row_bytes(width)).max(1);
    while let Some(black) = blocks.next(rows)? {
        out.write_all(&packed::bytes(black)).map_err(FileProblem::Write)?;
    }
    Ok(())
}

/// A raw PGM file of grey levels.
pub(super) fn encode_levels(image: &GreyImage) -> Vec<u8> {
    let (height, width) = image.size();
    let mut bytes = format!("P5\n{width} {height}\n255\n").into_bytes();
    bytes.extend(image.levels());
    bytes
}

pub(super) fn encode_pgm(white: &BitImage) -> Vec<u8> {
    let mut bytes = format!("P5\n{} {}\n255\n", white.width(), white.height()).into_bytes();
    for words in white.rows() {
        let pixel = |col: usize| words[col / 64] >> (col % 64) & 1 == 1;
        bytes.extend((0..white.width()).map(|col| if pixel(col) { 255 } else { 0 }));
    }
    bytes
}
