//! The codes of fax machines, CCITT Group 3 (one-dimensional) and Group 4: rows as runs of white
//! and black pixels.

mod code;

use std::ops::Range;

use ::fax::decoder::{DecodeStatus, Group3Decoder, Group4Decoder};
use ::fax::encoder::Encoder;
use ::fax::{Color, VecWriter};

use super::content::Content;
use super::rows::Rows;
use super::{FileProblem, Format};
use crate::BitImage;
use crate::words::{BITS, set_run};
use code::Code;
pub(super) use code::Strip;

/// The widest row that the encoder takes.
pub(super) const MAX_WIDTH: usize = i16::MAX as usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// One-dimensional.
    Three,
    Four,
}

/// Fax codes in strips of a file, each of as many rows but the last.
pub(super) struct FaxRows {
    content: Content,
    group: Group,
    strips: Vec<Strip>,
    rows_a_strip: usize,
    /// The row that comes next.
    next: usize,
    decoder: Decoder,
}

/// The decoder of a strip.
enum Decoder {
    Group3(Group3Decoder<Code>),
    Group4(Group4Decoder<Code>),
    /// Rows after the mark that ends a code are white: some encoders leave out the last white rows.
    White,
}

impl FaxRows {
    pub(super) fn new(
        content: Content,
        group: Group,
        strips: Vec<Strip>,
        rows_a_strip: usize,
    ) -> Self {
        FaxRows { content, group, strips, rows_a_strip, next: 0, decoder: Decoder::White }
    }

    /// The decoder of a strip, at its first row.
    fn begin(&self, strip: usize, width: usize) -> Option<Decoder> {
        let code = Code::new(self.content.clone(), self.strips[strip]);
        match self.group {
            Group::Three => Group3Decoder::new(code).ok().map(Decoder::Group3),
            Group::Four => Group4Decoder::new(code, width as u32).ok().map(Decoder::Group4),
        }
    }

    /// Decodes the next row; `None` where it is damaged.
    fn decode_row(&mut self, ones: &mut BitImage, to: usize) -> Option<()> {
        let strip = self.next / self.rows_a_strip;
        if self.next.is_multiple_of(self.rows_a_strip) {
            self.decoder = self.begin(strip, ones.width())?;
        }
        ones.row_mut(to).fill(0);
        match &mut self.decoder {
            Decoder::White => {}
            Decoder::Group3(decoder) => {
                decoder.advance().ok()?;
                let whole = decoder.transitions().last() == Some(&(ones.width() as u32));
                whole.then(|| draw(ones, to, decoder.transitions()))??;
            }
            Decoder::Group4(decoder) => match decoder.advance().ok()? {
                DecodeStatus::Incomplete => draw(ones, to, decoder.transition())?,
                // The decoder takes zeros for an end, as there are in a hole of a file.
                DecodeStatus::End => {
                    let ended = self.strips[strip].ends_with_mark(&self.content);
                    ended.then(|| self.decoder = Decoder::White)?;
                }
            },
        }
        self.next += 1;
        Some(())
    }
}

impl Rows for FaxRows {
    fn decode(&mut self, ones: &mut BitImage, to: Range<usize>) -> Result<(), FileProblem> {
        for row in to {
            if self.decode_row(ones, row).is_none() {
                return Err(Format::Tiff.damaged(format!("the code of row {}", self.next)));
            }
        }
        Ok(())
    }
}

/// Draws the black runs of a row, given the columns at which the colour changes, white first.
fn draw(black: &mut BitImage, row: usize, changes: &[u32]) -> Option<()> {
    let width = black.width();
    if !changes.is_sorted() {
        return None;
    }
    let words = black.row_mut(row);
    for run in changes.chunks(2).filter(|run| (run[0] as usize) < width) {
        let end = run.get(1).map_or(width, |&end| width.min(end as usize));
        set_run(words, run[0] as usize..end);
    }
    Some(())
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
