//! Texts that show an image, one character a pixel and one line a row.
//!
//! In a doctest no row may begin with `##` or be a `#` alone: rustdoc has a meaning of its own for
//! both.

use std::fmt;
use std::str::FromStr;

use crate::{BitImage, ImageError};

/// The rows of a picture, without the blank lines around it and the indentation that they share.
pub(crate) struct Picture<'a> {
    rows: Vec<Row<'a>>,
    indentation: usize,
    width: usize,
}

struct Row<'a> {
    line: usize,
    pixels: &'a str,
}

/// One character of a picture: the pixel it stands for and its place in the text.
pub(crate) struct Cell {
    pub(crate) row: usize,
    pub(crate) col: usize,
    pub(crate) character: char,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl<'a> Picture<'a> {
    /// Splits a text into rows of one width.
    pub(crate) fn new(text: &'a str) -> Result<Self, ImageError> {
        let numbered = text.lines().enumerate().map(|(index, text)| (index + 1, text.trim_end()));
        let mut lines: Vec<(usize, &str)> =
            numbered.skip_while(|(_, text)| text.is_empty()).collect();
        while lines.last().is_some_and(|(_, text)| text.is_empty()) {
            lines.pop();
        }
        let indentation = lines.iter().map(|(_, text)| indentation(text)).min().unwrap_or(0);
        let rows: Vec<Row> = lines
            .iter()
            .map(|&(line, text)| Row { line, pixels: text.get(indentation..).unwrap_or("") })
            .collect();
        let width = rows.first().map_or(0, Row::width);
        match rows.iter().find(|row| row.width() != width) {
            Some(row) => Err(ImageError::RaggedPicture {
                line: row.line,
                expected: width,
                found: row.width(),
            }),
            None => Ok(Picture { rows, indentation, width }),
        }
    }

    pub(crate) fn height(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The characters, row by row.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> {
        self.rows.iter().enumerate().flat_map(move |(row, Row { line, pixels })| {
            let column = move |col| self.indentation + col + 1;
            pixels.chars().enumerate().map(move |(col, character)| Cell {
                row,
                col,
                character,
                line: *line,
                column: column(col),
            })
        })
    }
}

impl Row<'_> {
    fn width(&self) -> usize {
        self.pixels.chars().count()
    }
}

impl Cell {
    pub(crate) fn unknown(&self, expected: &'static str) -> ImageError {
        ImageError::UnknownCharacter {
            line: self.line,
            column: self.column,
            expected,
            found: self.character,
        }
    }
}

/// Bytes of ASCII blanks that a line begins with; an empty line shares every indentation.
fn indentation(line: &str) -> usize {
    if line.is_empty() {
        usize::MAX
    } else {
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }
}

/// Writes rows of characters, a line break between two rows.
pub(crate) fn write(
    f: &mut fmt::Formatter<'_>,
    (height, width): (usize, usize),
    separator: char,
    character: impl Fn(usize, usize) -> char,
) -> fmt::Result {
    use fmt::Write;
    for row in 0..height {
        if row > 0 {
            f.write_char(separator)?;
        }
        (0..width).try_for_each(|col| f.write_char(character(row, col)))?;
    }
    Ok(())
}

impl fmt::Display for BitImage {
    /// The image as a picture, without a line break after the last row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.size(), '\n', |row, col| if self.get(row, col) { '#' } else { '.' })
    }
}

impl FromStr for BitImage {
    type Err = ImageError;

    /// Reads a picture; one without rows is the image of 0x0.
    ///
    /// # Errors
    /// [`ImageError::UnknownCharacter`] and [`ImageError::RaggedPicture`], with their place in the
    /// text.
    fn from_str(text: &str) -> Result<Self, ImageError> {
        let picture = Picture::new(text)?;
        let mut image = BitImage::new(picture.height(), picture.width());
        for cell in picture.cells() {
            match cell.character {
                '#' => image.set(cell.row, cell.col, true),
                '.' => {}
                _ => return Err(cell.unknown("'.' and '#'")),
            }
        }
        Ok(image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        Picture::new(text).unwrap().rows.iter().map(|row| row.pixels.to_owned()).collect()
    }

    #[test]
    fn blank_lines_around_and_shared_indentation_are_dropped() {
        assert_eq!(rows("\n\n   .#  \n   ##\n  \n"), [".#", "##"]);
        assert_eq!(rows(".#\n##"), [".#", "##"]);
        assert_eq!(rows(" \n\n"), [""; 0]);
    }

    #[test]
    fn rows_of_different_widths_are_refused() {
        let error = Picture::new("\n  ..\n  ...\n").err().unwrap();
        assert_eq!(error, ImageError::RaggedPicture { line: 3, expected: 2, found: 3 });
        let error = Picture::new("..\n\n..").err().unwrap();
        assert_eq!(error, ImageError::RaggedPicture { line: 2, expected: 2, found: 0 });
    }

    #[test]
    fn places_are_those_of_the_text() {
        let picture = Picture::new("\n    ..\n    .x\n").unwrap();
        let cell = picture.cells().last().unwrap();
        assert_eq!((cell.row, cell.col, cell.line, cell.column), (1, 1, 3, 6));
        assert_eq!(
            cell.unknown("'.' and '#'").to_string(),
            "line 3, column 6 of the picture: expected one of '.' and '#', found 'x'"
        );
    }
}
