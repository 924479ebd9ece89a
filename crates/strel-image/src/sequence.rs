//! Sequences of operators, written as text.

mod parse;
mod shape;

use std::fmt;

use crate::{Border, Operand, Plan, PlanBuilder, StructuringElement};
use shape::Shape;

/// Operators that are applied one after the other, written as Leptonica writes them: `o5.5 + c3.3`
/// is an opening by a square of 5x5 pixels, then a closing by one of 3x3.
///
/// A step is an operator and a structuring element; `+` stands between two steps. Blanks do not
/// count, capitals are as good as small letters.
///
/// | operator | |
/// | --- | --- |
/// | `d`, `e` | [dilation](crate::dilate), [erosion](crate::erode) |
/// | `o`, `c` | [opening](crate::open), [closing](crate::close) |
/// | `tw`, `tb` | [white](crate::white_top_hat) and [black](crate::black_top_hat) top-hat |
/// | `g` | [gradient](crate::gradient) |
/// | `m` | [median](crate::median) |
/// | `!` | complement; it has no element |
///
/// | element | |
/// | --- | --- |
/// | `5.3` | a [rectangle](StructuringElement::rectangle) of width 5 and height 3; `5.1` is a row, `1.5` a column |
/// | `D3` | the [disk](StructuringElement::disk) of radius 3 |
/// | `X3` | the [cross](StructuringElement::cross) whose arms reach 3 pixels |
/// | `/5`, `\5` | a [line](StructuringElement::line) of 5 pixels at 45 and at 135 degrees |
/// | `[.#/##]` | a picture, its rows separated by `/` or line breaks; `O` or `o` marks the origin |
///
/// Origins are those of the functions that make the elements: (height / 2, width / 2) for
/// rectangles. Elements have [`Sequence::MAX_PIXELS`] pixels at most.
///
/// With [`Border::Zero`], Leptonica's `pixMorphSequence` computes the same pixels for `d`, `e` and
/// `o`; its closings add a margin of zeros first, which differs next to the image's edge. Its `r`,
/// `x` and `b` change an image's size, and are not understood.
///
/// ```
/// use strel_image::{BitImage, Border, Sequence};
///
/// let sequence: Sequence = "c3.1 + o1.2".parse()?;
/// let image: BitImage = "
///     ..#.#..
///     ..#.#..
///     .......
///     ....#..
/// ".parse()?;
/// let cleaned: BitImage = "
///     ..###..
///     ..###..
///     .......
///     .......
/// ".parse()?;
/// assert_eq!(sequence.plan(Border::Neutral).apply(&image), cleaned);
/// assert_eq!(sequence.to_string(), "c3.1 + o1.2");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Complement,
    Apply { operator: Operator, shape: Shape, element: StructuringElement },
}

/// An operator that takes an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Dilation,
    Erosion,
    Opening,
    Closing,
    WhiteTopHat,
    BlackTopHat,
    Gradient,
    Median,
}

impl Sequence {
    /// The most pixels that the window of an element may have.
    pub const MAX_PIXELS: usize = 1 << 20;

    /// The plan that computes the whole sequence in one pass, block by block of rows; each operator
    /// reads `border` outside the image.
    pub fn plan(&self, border: Border) -> Plan {
        Plan::unary(border, |builder, image| {
            self.steps.iter().fold(image, |image, step| step.build(builder, image))
        })
    }
}

impl Step {
    fn build(&self, builder: &mut PlanBuilder, image: Operand) -> Operand {
        match self {
            Step::Complement => builder.complement(image),
            Step::Apply { operator, element, .. } => operator.build(builder, image, element),
        }
    }
}

impl Operator {
    const ALL: [Operator; 8] = [
        Operator::Dilation,
        Operator::Erosion,
        Operator::Opening,
        Operator::Closing,
        Operator::WhiteTopHat,
        Operator::BlackTopHat,
        Operator::Gradient,
        Operator::Median,
    ];

    fn letters(self) -> &'static str {
        match self {
            Operator::Dilation => "d",
            Operator::Erosion => "e",
            Operator::Opening => "o",
            Operator::Closing => "c",
            Operator::WhiteTopHat => "tw",
            Operator::BlackTopHat => "tb",
            Operator::Gradient => "g",
            Operator::Median => "m",
        }
    }

    fn build(
        self,
        builder: &mut PlanBuilder,
        image: Operand,
        element: &StructuringElement,
    ) -> Operand {
        match self {
            Operator::Dilation => builder.dilate(image, element),
            Operator::Erosion => builder.erode(image, element),
            Operator::Opening => builder.open(image, element),
            Operator::Closing => builder.close(image, element),
            Operator::WhiteTopHat => builder.white_top_hat(image, element),
            Operator::BlackTopHat => builder.black_top_hat(image, element),
            Operator::Gradient => builder.gradient(image, element),
            Operator::Median => builder.median(image, element),
        }
    }
}

impl fmt::Display for Sequence {
    /// The sequence in one line, as it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            if index > 0 {
                f.write_str(" + ")?;
            }
            match step {
                Step::Complement => f.write_str("!")?,
                Step::Apply { operator, shape, .. } => {
                    write!(f, "{}{shape}", operator.letters())?;
                }
            }
        }
        Ok(())
    }
}
