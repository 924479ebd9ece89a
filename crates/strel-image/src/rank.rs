//! Filters that count: rank, median and the threshold gate.

use crate::{BitImage, Border, GateTerm, ImageError, Plan, PlanBuilder, StructuringElement};

/// The rank filter: the pixels i at which x(i + b) is 1 for at least `at_least` offsets b of the
/// element. The neutral border counts as 0.
///
/// Rank `element.len()` is the erosion, rank 1 the dilation by the reflected element, both with the
/// border `Zero`. Rank 0 is the full image.
///
/// Cost: height * width / 64 times about five word operations for each offset; no pixel is looked
/// at alone.
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, rank};
///
/// let image: BitImage = "
///     .#..#
///     .##.#
///     .....
/// ".parse()?;
/// let square = StructuringElement::rectangle(3, 3)?;
/// let many: BitImage = "
///     .###.
///     .###.
///     .....
/// ".parse()?;
/// assert_eq!(rank(&image, &square, 3, Border::Zero), many);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn rank(
    image: &BitImage,
    element: &StructuringElement,
    at_least: usize,
    border: Border,
) -> BitImage {
    Plan::unary(border, |plan, image| plan.rank(image, element, at_least)).apply(image)
}

/// The median filter: the [`rank`] of half of the element's offsets, rounded up.
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, median};
///
/// let noisy: BitImage = "#..#####.##".parse()?;
/// let line = StructuringElement::line(3, 0)?;
/// assert_eq!(median(&noisy, &line, Border::Zero).to_string(), "...########");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn median(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    Plan::unary(border, |plan, image| plan.median(image, element)).apply(image)
}

/// The threshold gate: the pixels i at which the sum of weight * x(i + offset) over the terms
/// ((dy, dx), weight) is at least `at_least`. The neutral border reads 0.
///
/// Cost: height * width / 64 times about five word operations for each term and each bit of its
/// weight.
///
/// ```
/// use strel_image::{BitImage, Border, threshold_gate};
///
/// // Pixels with more neighbours on the right than on the left.
/// let terms = [((0, 1), 1), ((0, 2), 1), ((0, -1), -1), ((0, -2), -1)];
/// let image: BitImage = "..##...".parse()?;
/// assert_eq!(threshold_gate(&image, &terms, 1, Border::Zero)?.to_string(), "###....");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
///
/// # Errors
/// [`ImageError::GateTooHeavy`] where the weights' absolute values sum to 2^63 or more.
pub fn threshold_gate(
    image: &BitImage,
    terms: &[((isize, isize), i64)],
    at_least: i64,
    border: Border,
) -> Result<BitImage, ImageError> {
    let mut builder = PlanBuilder::new(border);
    let operand = builder.input();
    let terms = terms.iter().map(|&(offset, weight)| GateTerm { operand, offset, weight });
    let gate = builder.gate(&terms.collect::<Vec<_>>(), at_least)?;
    Ok(builder.finish(&[gate]).apply(image))
}
