//! The codes of fax machines, CCITT Group 3 (one-dimensional) and Group 4: rows as runs of white
//! and black pixels.

use std::convert::Infallible;
use std::ops::Range;

use ::fax::decoder::{DecodeStatus, Group3Decoder, Group4Decoder};
use ::fax::encoder::Encoder;
use ::fax::{Color, VecWriter};

use crate::BitImage;
use crate::words::{BITS, set_run};

/// The widest row that the encoder takes.
pub(super) const MAX_WIDTH: usize = i16::MAX as usize;

/// Decodes some rows of an image from Group 4. The error is the row that is damaged.
///
/// Rows after the mark that ends a code are white: some encoders leave out the last white rows.
pub(super) fn decode_group4(
    code: &[u8],
    black: &mut BitImage,
    rows: Range<usize>,
) -> Result<(), usize> {
    let Ok(mut decoder) = Group4Decoder::new(bits_of(code), black.width() as u32);
    for row in rows {
        match decoder.advance() {
            Ok(DecodeStatus::Incomplete) => draw(black, row, decoder.transition())?,
            // The decoder takes zeros for an end, as there are in a hole of a file.
            Ok(DecodeStatus::End) if ends_with_mark(code) => break,
            _ => return Err(row),
        }
    }
    Ok(())
}

/// Whether a code ends with two marks of eleven zeros and a one, and zeros.
fn ends_with_mark(code: &[u8]) -> bool {
    let length = code.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let tail = &code[length.saturating_sub(4)..length];
    let bits = tail.iter().fold(0, |bits: u32, &byte| bits << 8 | u32::from(byte));
    bits != 0 && bits >> bits.trailing_zeros() & 0xff_ffff == 0x00_1001
}

/// Decodes some rows of an image from one-dimensional Group 3. The error is the row that is
/// damaged.
pub(super) fn decode_group3(
    code: &[u8],
    black: &mut BitImage,
    rows: Range<usize>,
) -> Result<(), usize> {
    let mut decoder = Group3Decoder::new(bits_of(code)).map_err(|_| rows.start)?;
    for row in rows {
        decoder.advance().map_err(|_| row)?;
        if decoder.transitions().last() != Some(&(black.width() as u32)) {
            return Err(row);
        }
        draw(black, row, decoder.transitions())?;
    }
    Ok(())
}

/// A code and the mark that ends a row, which encoders may leave out after the last one: the
/// decoders look a few bits ahead.
fn bits_of(code: &[u8]) -> impl Iterator<Item = Result<u8, Infallible>> {
    code.iter().copied().chain([0x00, 0x01]).map(Ok)
}

/// Draws the black runs of a row, given the columns at which the colour changes, white first.
fn draw(black: &mut BitImage, row: usize, changes: &[u32]) -> Result<(), usize> {
    let width = black.width();
    if !changes.is_sorted() {
        return Err(row);
    }
    let words = black.row_mut(row);
    for run in changes.chunks(2).filter(|run| (run[0] as usize) < width) {
        let end = run.get(1).map_or(width, |&end| width.min(end as usize));
        set_run(words, run[0] as usize..end);
    }
    Ok(())
}

/// The Group 4 code of an image at most [`MAX_WIDTH`] pixels wide.
pub(super) fn encode_group4(black: &BitImage) -> Vec<u8> {
    let width = black.width();
    let mut encoder = Encoder::new(VecWriter::new());
    for words in black.rows() {
        let pixels = (0..width).map(|col| match words[col / BITS] >> (col % BITS) & 1 {
            0 => Color::White,
            _ => Color::Black,
        });
        let Ok(()) = encoder.encode_line(pixels, width as u32);
    }
    let Ok(writer) = encoder.finish();
    writer.finish()
}
