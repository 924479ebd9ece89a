//! What an operator reads outside the image.

use std::fmt;
use std::str::FromStr;

use crate::ImageError;

/// The two elementary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// An OR over the pixels read.
    Dilation,
    /// An AND over the pixels read.
    Erosion,
}

/// The value of the pixels outside the image.
///
/// The laws of morphology (adjunction, idempotence of openings) hold everywhere with the neutral
/// border alone; with a replicated or reflected one they can fail within one structuring element's
/// radius of the image's edge. Duality by complement exchanges `Zero` and `One` and keeps the other
/// borders.
///
/// ```
/// use strel_image::Border;
///
/// assert_eq!("replicate".parse(), Ok(Border::Replicate));
/// assert_eq!(Border::Zero.to_string(), "zero");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Border {
    /// What lies outside is ignored: 0 for a dilation, 1 for an erosion.
    #[default]
    Neutral,
    /// 0 outside.
    Zero,
    /// 1 outside.
    One,
    /// The nearest pixel of the image.
    Replicate,
    /// The image mirrored at its edge, the pixels at the edge twice: `dcba|abcd|dcba`.
    Reflect,
}

impl Border {
    /// Every border, in the order of their declaration.
    pub const ALL: [Border; 5] =
        [Border::Neutral, Border::Zero, Border::One, Border::Replicate, Border::Reflect];

    const NAMES: &str = "neutral, zero, one, replicate, reflect";

    /// The pixel that is read for the one at `at` of a line of `size` pixels, or `None` where that lies
    /// outside and the value there is constant.
    ///
    /// ```
    /// use strel_image::Border;
    ///
    /// assert_eq!(Border::Replicate.source(-2, 5), Some(0));
    /// assert_eq!(Border::Reflect.source(-2, 5), Some(1));
    /// assert_eq!(Border::Zero.source(-2, 5), None);
    /// assert_eq!(Border::Zero.source(2, 5), Some(2));
    /// ```
    pub fn source(self, at: isize, size: usize) -> Option<usize> {
        let size = isize::try_from(size).ok().filter(|size| *size > 0)?;
        let at = match self {
            Border::Replicate => at.clamp(0, size - 1),
            // Mirrored at its edges, a line repeats after twice its length.
            Border::Reflect => at.rem_euclid(2 * size).min((-1 - at).rem_euclid(2 * size)),
            Border::Neutral | Border::Zero | Border::One => at,
        };
        (0..size).contains(&at).then_some(at.cast_unsigned())
    }

    /// The value of every pixel outside, or `None` where it is read from inside the image.
    ///
    /// ```
    /// use strel_image::{Border, Operation};
    ///
    /// assert_eq!(Border::Neutral.constant(Operation::Erosion), Some(true));
    /// assert_eq!(Border::Replicate.constant(Operation::Erosion), None);
    /// ```
    pub fn constant(self, operation: Operation) -> Option<bool> {
        match self {
            Border::Neutral => Some(operation == Operation::Erosion),
            Border::Zero => Some(false),
            Border::One => Some(true),
            Border::Replicate | Border::Reflect => None,
        }
    }
}

impl fmt::Display for Border {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Border::Neutral => "neutral",
            Border::Zero => "zero",
            Border::One => "one",
            Border::Replicate => "replicate",
            Border::Reflect => "reflect",
        })
    }
}

impl FromStr for Border {
    type Err = ImageError;

    /// Reads a lower-case name; anything else is an [`ImageError::UnknownBorder`].
    fn from_str(name: &str) -> Result<Self, ImageError> {
        Border::ALL.into_iter().find(|border| border.to_string() == name).ok_or_else(|| {
            ImageError::UnknownBorder { expected: Border::NAMES, found: name.to_owned() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_listed() {
        let names: Vec<String> = Border::ALL.iter().map(Border::to_string).collect();
        assert_eq!(names.join(", "), Border::NAMES);
        for border in Border::ALL {
            assert_eq!(border.to_string().parse(), Ok(border));
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_list() {
        let error = "Reflect".parse::<Border>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "a border is one of neutral, zero, one, replicate, reflect, not \"Reflect\""
        );
    }
}
