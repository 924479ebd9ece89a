//! PBM and PGM, plain (P1, P2) and raw (P4, P5). In a PBM file, 1 is black.

use std::io::{Cursor, Write};

use super::blocks::{Blocks, Unwritten};
use super::levels::Levels;
use super::packed::{self, PackedRows};
use super::rows::{Bits, Source};
use super::{Decoded, FileProblem, Foreground, Format};
use crate::{BitImage, GreyImage, RowSource};

/// Bytes that are written at a time.
const BLOCK: usize = 1 << 18;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, FileProblem> {
    match &bytes[..2] {
        b"P1" => decode_plain_pbm(Scanner::new(Format::Pbm, bytes)),
        b"P4" => raw_bits(Cursor::new(bytes), bytes, bytes.len() as u64)?.decode(),
        b"P2" => decode_plain_pgm(Scanner::new(Format::Pgm, bytes)),
        _ => decode_raw_pgm(Scanner::new(Format::Pgm, bytes)),
    }
}

fn decode_plain_pbm(mut scanner: Scanner) -> Result<Decoded, FileProblem> {
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
    Ok(Decoded::Black(black))
}

/// The rows of a raw PBM file of some length. Its first bytes hold the header.
pub(super) fn raw_bits<'a, S: Source + 'a>(
    source: S,
    start: &[u8],
    length: u64,
) -> Result<Bits<'a>, FileProblem> {
    let mut scanner = Scanner { length, ..Scanner::new(Format::Pbm, start) };
    let (height, width) = scanner.size()?;
    scanner.seek_raster(height, packed::row_bytes(width))?;
    let starts = vec![scanner.place as u64];
    let rows = PackedRows { source, starts, rows_a_strip: height, next: 0 };
    Ok(Bits { height, width, ones: Foreground::Black, rows: Box::new(rows), held: 0 })
}

fn decode_plain_pgm(mut scanner: Scanner) -> Result<Decoded, FileProblem> {
    let (height, width) = scanner.size()?;
    let max = scanner.max_level()?;
    scanner.check_size(height, width)?;
    let mut levels = Levels::new(width, 1, max);
    for _ in 0..height * width {
        let level = scanner.number(u64::from(max))?;
        levels.extend([level as u16]);
    }
    Ok(Decoded::Levels(levels))
}

fn decode_raw_pgm(mut scanner: Scanner) -> Result<Decoded, FileProblem> {
    let (height, width) = scanner.size()?;
    let max = scanner.max_level()?;
    if max <= 255 {
        let raster = scanner.raster(height, width)?;
        raw_levels(raster.iter().map(|&byte| u16::from(byte)), width, max)
    } else {
        let raster = scanner.raster(height, width.saturating_mul(2))?;
        let pairs = raster.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        raw_levels(pairs, width, max)
    }
}

fn raw_levels(
    mut samples: impl Iterator<Item = u16> + Clone,
    width: usize,
    max: u16,
) -> Result<Decoded, FileProblem> {
    let mut levels = Levels::new(width, 1, max);
    levels.extend(samples.clone());
    match samples.position(|sample| sample > max) {
        None => Ok(Decoded::Levels(levels)),
        Some(place) => {
            let (row, col) = (place / width, place % width);
            Err(Format::Pgm.damaged(format!("pixel ({row}, {col}) is above {max}")))
        }
    }
}

/// A place in a file, past its first two bytes.
struct Scanner<'a> {
    format: Format,
    /// The first bytes of the file at least.
    bytes: &'a [u8],
    place: usize,
    /// Bytes of the whole file.
    length: u64,
}

impl<'a> Scanner<'a> {
    fn new(format: Format, bytes: &'a [u8]) -> Self {
        Scanner { format, bytes, place: 2, length: bytes.len() as u64 }
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
            match *self.bytes.get(self.place)? {
                b'#' => self.skip_comment(),
                byte => {
                    self.place += 1;
                    if !is_blank(byte) {
                        return Some(byte);
                    }
                }
            }
        }
    }

    /// Moves to the end of the line.
    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.place..];
        self.place += rest.iter().position(|&byte| is_line_end(byte)).unwrap_or(rest.len());
    }

    /// The next decimal number.
    fn number(&mut self, largest: u64) -> Result<u64, FileProblem> {
        let mut number = match self.next_mark() {
            Some(digit @ b'0'..=b'9') => u64::from(digit - b'0'),
            other => return Err(self.unexpected("a number", other)),
        };
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.place) {
            number = number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.place += 1;
        }
        if number > largest {
            let end = self.place;
            let reason = format!("a number before byte {end} is above {largest}");
            return Err(self.format.damaged(reason));
        }
        Ok(number)
    }

    /// The raw rows.
    fn raster(&mut self, height: usize, row_bytes: usize) -> Result<&'a [u8], FileProblem> {
        let size = self.seek_raster(height, row_bytes)?;
        Ok(&self.bytes[self.place..self.place + size])
    }

    /// Moves to the raw rows, which begin after one blank; a comment may stand before it. Returns
    /// the bytes that they take.
    fn seek_raster(&mut self, height: usize, row_bytes: usize) -> Result<usize, FileProblem> {
        if self.bytes.get(self.place) == Some(&b'#') {
            self.skip_comment();
        }
        let delimiter = self.bytes.get(self.place).copied();
        self.place += 1;
        if !delimiter.is_some_and(is_blank) {
            return Err(self.unexpected("a blank", delimiter));
        }
        self.check_size(height, row_bytes)
    }

    /// The bytes that the rows take at least, all of which must be left.
    fn check_size(&self, height: usize, row_bytes: usize) -> Result<usize, FileProblem> {
        let left = self.length - self.place as u64;
        let fits = |&needed: &usize| needed as u64 <= left;
        height.checked_mul(row_bytes).filter(fits).ok_or_else(|| {
            self.format.damaged(format!(
                "expected {height} rows of {row_bytes} bytes at least from byte {}, \
                 but the file ends after {left} bytes",
                self.place
            ))
        })
    }

    /// A problem with the byte before this place.
    fn unexpected(&self, expected: &str, found: Option<u8>) -> FileProblem {
        self.format.damaged(match found {
            Some(byte) => {
                let place = self.place - 1;
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
