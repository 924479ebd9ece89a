//! Dilation, erosion, opening and closing by any flat structuring element.
//!
//! Each function compiles a [`Plan`] and runs it once; whoever applies an operator often, or several
//! operators to one image, keeps a plan.

use crate::{BitImage, Border, Plan, StructuringElement};

/// The dilation of an image: the union of the image shifted by each offset b of the element, so
/// that pixel i reads x(i - b).
///
/// The result has the image's size. With the neutral border, an element without offsets gives the
/// empty image. Cost: height * width / 64 * `element.len()` word operations and one copy of the
/// image.
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, dilate};
///
/// let image: BitImage = "
///     .....
///     .....
///     ...#.
///     .....
/// ".parse()?;
/// let dilated: BitImage = "
///     .....
///     ..##.
///     ..##.
///     .....
/// ".parse()?;
/// let square = StructuringElement::rectangle(2, 2)?;
/// assert_eq!(dilate(&image, &square, Border::Neutral), dilated);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn dilate(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    Plan::dilation(element, border).apply(image)
}

/// The erosion of an image: the pixels to which the element can be shifted and lie inside the
/// image, so that pixel i reads x(i + b) for each offset b.
///
/// The result has the image's size. An element without offsets gives the full image. Cost: as
/// [`dilate`].
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, erode};
///
/// let image: BitImage = "
///     .###
///     .#.#
///     ..##
/// ".parse()?;
/// let eroded: BitImage = "
///     .##.
///     ....
///     ..#.
/// ".parse()?;
/// let pair: StructuringElement = "O#".parse()?;
/// assert_eq!(erode(&image, &pair, Border::Zero), eroded);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn erode(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    Plan::erosion(element, border).apply(image)
}

/// The opening of an image: the erosion, then the dilation, both by the same element. It keeps the
/// parts of the image that some shift of the element covers. Cost: twice that of [`dilate`].
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, open};
///
/// let image: BitImage = "
///     .##...
///     .##.#.
///     ....##
/// ".parse()?;
/// let opened: BitImage = "
///     .##...
///     .##...
///     ....##
/// ".parse()?;
/// let pair: StructuringElement = "O#".parse()?;
/// assert_eq!(open(&image, &pair, Border::Zero), opened);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn open(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    Plan::opening(element, border).apply(image)
}

/// The closing of an image: the dilation, then the erosion, both by the same element. It fills what
/// no shift of the reflected element reaches without touching the image. Cost: twice that of
/// [`dilate`].
pub fn close(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    Plan::closing(element, border).apply(image)
}
