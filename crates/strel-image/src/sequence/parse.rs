//! Sequences read from text.

use std::str::FromStr;

use super::shape::Shape;
use super::{Operator, Sequence, Step};
use crate::{ImageError, StructuringElement};

const OPERATOR: &str = "an operator (d, e, o, c, tw, tb, g, m or !)";
const ELEMENT: &str = r"an element (like 5.3, D3, X3, /5, \5 or [.#/##])";

impl FromStr for Sequence {
    type Err = ImageError;

    /// Reads a sequence.
    ///
    /// ```
    /// use strel_image::Sequence;
    ///
    /// let error = "o5.5 + c3".parse::<Sequence>().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "character 10 of the sequence: expected '.' and the height, found the end"
    /// );
    /// ```
    ///
    /// # Errors
    /// [`ImageError::UnknownStep`], and [`ImageError::SequenceElement`] for an element that cannot
    /// be; both with the place in the text.
    fn from_str(text: &str) -> Result<Self, ImageError> {
        let mut reader = Reader { text, rest: text };
        let mut steps = vec![reader.step()?];
        while !reader.at_end() {
            if !reader.skip("+") {
                return Err(reader.expected("'+' or the end"));
            }
            steps.push(reader.step()?);
        }
        Ok(Sequence { steps })
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn step(&mut self) -> Result<Step, ImageError> {
        if self.skip("!") {
            return Ok(Step::Complement);
        }
        let operator = Operator::ALL.into_iter().find(|operator| self.skip(operator.letters()));
        let operator = operator.ok_or_else(|| self.expected(OPERATOR))?;
        self.skip_blanks();
        let place = self.place();
        let shape = self.shape()?;
        let element = shape.element().map_err(|reason| refused(place, reason))?;
        Ok(Step::Apply { operator, shape, element })
    }

    fn shape(&mut self) -> Result<Shape, ImageError> {
        if self.skip("D") {
            Ok(Shape::Disk { radius: self.number("a radius")? })
        } else if self.skip("X") {
            Ok(Shape::Cross { radius: self.number("a radius")? })
        } else if self.skip("/") {
            Ok(Shape::Rising { length: self.number("a length")? })
        } else if self.skip("\\") {
            Ok(Shape::Falling { length: self.number("a length")? })
        } else if self.skip("[") {
            self.picture().map(Shape::Picture)
        } else {
            let width = self.number(ELEMENT)?;
            if !self.skip(".") {
                return Err(self.expected("'.' and the height"));
            }
            Ok(Shape::Rectangle { width, height: self.number("a height")? })
        }
    }

    /// The element of a picture, whose bracket is already read.
    fn picture(&mut self) -> Result<StructuringElement, ImageError> {
        let place = self.place();
        let drawn = |character: char| {
            matches!(character, '.' | '#' | 'O' | 'o' | '/') || character.is_ascii_whitespace()
        };
        let end = self.rest.find(|character| !drawn(character)).unwrap_or(self.rest.len());
        let (picture, rest) = self.rest.split_at(end);
        self.rest = rest;
        if !self.skip("]") {
            return Err(self.expected("'.', '#', 'O', 'o', '/' or ']'"));
        }
        let rows = picture.split(['/', '\n']).map(str::trim).filter(|row| !row.is_empty());
        let element = rows.collect::<Vec<_>>().join("\n").parse();
        element.map_err(|reason| refused(place, reason))
    }

    fn number(&mut self, expected: &'static str) -> Result<usize, ImageError> {
        self.skip_blanks();
        let end = self.rest.find(|character: char| !character.is_ascii_digit());
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if digits.is_empty() {
            return Err(self.expected(expected));
        }
        self.rest = rest;
        // A number too large for the type is too large for an element.
        Ok(digits.parse().unwrap_or(usize::MAX))
    }

    /// Moves behind some ASCII letters, small or capital, if they come next.
    fn skip(&mut self, letters: &str) -> bool {
        self.skip_blanks();
        let next = self.rest.get(..letters.len());
        let found = next.is_some_and(|next| next.eq_ignore_ascii_case(letters));
        if found {
            self.rest = &self.rest[letters.len()..];
        }
        found
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest.is_empty()
    }

    /// The character that comes next, counted from 1.
    fn place(&self) -> usize {
        self.text[..self.text.len() - self.rest.len()].chars().count() + 1
    }

    fn expected(&mut self, expected: &'static str) -> ImageError {
        self.skip_blanks();
        let found = match self.rest.chars().next() {
            Some(character) => format!("{character:?}"),
            None => "the end".to_owned(),
        };
        ImageError::UnknownStep { place: self.place(), expected, found }
    }
}

fn refused(place: usize, reason: ImageError) -> ImageError {
    ImageError::SequenceElement { place, reason: Box::new(reason) }
}
