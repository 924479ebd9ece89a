//! What can be wrong with an image, a structuring element or a picture of one.

use thiserror::Error;

use crate::Kernel;

/// Why an image or a structuring element could not be made or combined.
///
/// Sizes are written height x width, places (row, column); lines and columns of a text count from
/// 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImageError {
    /// An operation on two images that are not of one size.
    #[error("the images differ in size: {}x{} and {}x{}", left.0, left.1, right.0, right.1)]
    SizeMismatch {
        /// Height and width of the first image.
        left: (usize, usize),
        /// Height and width of the second image.
        right: (usize, usize),
    },
    /// A number of packed words that does not fit the size asked for.
    #[error("an image of {height}x{width} takes {expected} words of 64 pixels, not {found}")]
    WordCount {
        /// Rows of the image.
        height: usize,
        /// Pixels a row.
        width: usize,
        /// Words that the image takes.
        expected: usize,
        /// Words that were given.
        found: usize,
    },
    /// A number of bytes that is not one a pixel.
    #[error("an image of {height}x{width} pixels takes {expected} bytes, not {found}")]
    ByteCount {
        /// Rows of the image.
        height: usize,
        /// Pixels a row.
        width: usize,
        /// Bytes that the image takes.
        expected: usize,
        /// Bytes that were given.
        found: usize,
    },
    /// A region that does not lie inside the image.
    #[error(
        "the region of {}x{} at ({}, {}) is not inside the image of {}x{}",
        size.0, size.1, corner.0, corner.1, image.0, image.1
    )]
    RegionOutside {
        /// Row and column of the region's upper left pixel.
        corner: (usize, usize),
        /// Height and width of the region.
        size: (usize, usize),
        /// Height and width of the image.
        image: (usize, usize),
    },
    /// A character in a picture that means nothing.
    #[error(
        "line {line}, column {column} of the picture: expected one of {expected}, found {found:?}"
    )]
    UnknownCharacter {
        /// Line of the text.
        line: usize,
        /// Column of the text.
        column: usize,
        /// The characters that a picture of this kind is made of.
        expected: &'static str,
        /// The character that is there.
        found: char,
    },
    /// A row of a picture that is not as wide as the first one.
    #[error("line {line} of the picture has {found} pixels where the rows above have {expected}")]
    RaggedPicture {
        /// Line of the text.
        line: usize,
        /// Pixels of the first row.
        expected: usize,
        /// Pixels of this row.
        found: usize,
    },
    /// A picture of a structuring element with more than one origin.
    #[error("line {line}, column {column} of the picture marks a second origin")]
    SecondOrigin {
        /// Line of the text.
        line: usize,
        /// Column of the text.
        column: usize,
    },
    /// A structuring element without offsets that was not asked for by name.
    #[error("the structuring element is empty; StructuringElement::empty makes one on purpose")]
    EmptyElement,
    /// An origin that is not in the structuring element's window.
    #[error("the origin ({}, {}) is not inside the window of {height}x{width}", origin.0, origin.1)]
    OriginOutside {
        /// Rows of the window.
        height: usize,
        /// Columns of the window.
        width: usize,
        /// Row and column of the origin.
        origin: (usize, usize),
    },
    /// A mask whose length is not that of the window.
    #[error("a window of {height}x{width} takes a mask of {height} * {width} values, not {found}")]
    MaskLength {
        /// Rows of the window.
        height: usize,
        /// Columns of the window.
        width: usize,
        /// Values that were given.
        found: usize,
    },
    /// A structuring element that is too large to be meant.
    #[error("the structuring element's window has more than {limit} pixels")]
    WindowTooLarge {
        /// The largest number of pixels that a window may have.
        limit: usize,
    },
    /// A line at an angle that a grid does not have.
    #[error("a line's angle is 0, 45, 90 or 135 degrees, not {degrees}")]
    UnknownAngle {
        /// The angle asked for.
        degrees: u32,
    },
    /// A text that is no sequence of operators.
    #[error("character {place} of the sequence: expected {expected}, found {found}")]
    UnknownStep {
        /// The character that cannot be there, counted from 1.
        place: usize,
        /// What can be there.
        expected: &'static str,
        /// The character, in quotes, or the end of the text.
        found: String,
    },
    /// A structuring element of a sequence that cannot be made.
    #[error("character {place} of the sequence: {reason}")]
    SequenceElement {
        /// The character at which the element begins, counted from 1.
        place: usize,
        /// What is wrong with it.
        reason: Box<ImageError>,
    },
    /// A word that names no border.
    #[error("a border is one of {expected}, not {found:?}")]
    UnknownBorder {
        /// The names there are.
        expected: &'static str,
        /// The word that was given.
        found: String,
    },
    /// A word that names no kernel.
    #[error("a kernel is one of {expected}, not {found:?}")]
    UnknownKernel {
        /// The names there are.
        expected: &'static str,
        /// The word that was given.
        found: String,
    },
    /// A kernel whose instructions this processor does not have.
    #[error("this processor has not the instructions of the kernel {0}")]
    KernelUnavailable(Kernel),
    /// Inputs or outputs of a plan that are not as many as it has.
    #[error(
        "the plan has {} inputs and {} outputs, not {} and {}",
        expected.0, expected.1, found.0, found.1
    )]
    PlanArity {
        /// Inputs and outputs of the plan.
        expected: (usize, usize),
        /// Inputs and outputs that were given.
        found: (usize, usize),
    },
    /// A threshold gate whose sum takes more than 63 bits.
    #[error("the gate's weights sum to {total} in absolute value, 2^63 or more")]
    GateTooHeavy {
        /// The sum of the weights' absolute values.
        total: u128,
    },
    /// A number of level sets that a byte a pixel does not have.
    #[error("a grey image has 1 to 255 level sets, not {found}")]
    LevelCount {
        /// The number that was given.
        found: usize,
    },
    /// A word that names no foreground.
    #[error("a foreground is one of black, white, not {found:?}")]
    UnknownForeground {
        /// The word that was given.
        found: String,
    },
}
