//! Dilation, erosion and the operators made of them, by any flat structuring element.
//!
//! Each function compiles a [`Plan`](crate::Plan), unless one of the thread's last calls did, and
//! runs it on the [default engine](crate::Engine). Who applies several operators to one image, or
//! one into an image that is there already, makes the plan: `Plan::unary(border, |plan, image|
//! plan.open(image, &element))`.

use crate::{BitImage, Border, Operand, PlanBuilder, StructuringElement, recent};

/// The dilation of an image: the union of the image shifted by each offset b of the element, so
/// that pixel i reads x(i - b).
///
/// The result has the image's size. An element without offsets gives the empty image.
///
/// Cost: height * width / 64 times the operations of [`Plan::cost`](crate::Plan::cost), which grow with the logarithm
/// of the element's width and with the number of its distinct rows, not with its area: 22 for a disk
/// of 81 pixels.
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
    unary("dilate", image, element, border, PlanBuilder::dilate)
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
    unary("erode", image, element, border, PlanBuilder::erode)
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
    unary("open", image, element, border, PlanBuilder::open)
}

/// The closing of an image: the dilation, then the erosion, both by the same element. It fills what
/// no shift of the reflected element reaches without touching the image. Cost: twice that of
/// [`dilate`].
pub fn close(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    unary("close", image, element, border, PlanBuilder::close)
}

/// The white top-hat of an image: the pixels that an opening removes.
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, white_top_hat};
///
/// let image: BitImage = "
///     .##...
///     .##.#.
///     ....##
/// ".parse()?;
/// let thin: BitImage = "
///     ......
///     ....#.
///     ......
/// ".parse()?;
/// let pair: StructuringElement = "O#".parse()?;
/// assert_eq!(white_top_hat(&image, &pair, Border::Neutral), thin);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn white_top_hat(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    unary("white_top_hat", image, element, border, PlanBuilder::white_top_hat)
}

/// The black top-hat of an image: the pixels that a closing adds.
pub fn black_top_hat(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    unary("black_top_hat", image, element, border, PlanBuilder::black_top_hat)
}

/// The morphological gradient of an image: the dilation without the erosion, both sides of each
/// edge where the element holds its origin.
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement};
/// use strel_image::{gradient, inner_gradient, outer_gradient};
///
/// let image: BitImage = "..####".parse()?;
/// let line = StructuringElement::line(3, 0)?;
/// assert_eq!(gradient(&image, &line, Border::Neutral).to_string(), ".##...");
/// assert_eq!(inner_gradient(&image, &line, Border::Neutral).to_string(), "..#...");
/// assert_eq!(outer_gradient(&image, &line, Border::Neutral).to_string(), ".#....");
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn gradient(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    unary("gradient", image, element, border, PlanBuilder::gradient)
}

/// The inner gradient of an image: its pixels that the erosion removes.
pub fn inner_gradient(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    unary("inner_gradient", image, element, border, PlanBuilder::inner_gradient)
}

/// The outer gradient of an image: the pixels that the dilation adds.
pub fn outer_gradient(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    unary("outer_gradient", image, element, border, PlanBuilder::outer_gradient)
}

/// The hit-or-miss transform of an image: the pixels i at which x(i + b) is 1 for each offset b of
/// `hit` and 0 for each one of `miss`. The neutral border lets both pass.
///
/// ```
/// use strel_image::{BitImage, Border, StructuringElement, hit_or_miss};
///
/// let image: BitImage = "
///     .##..#
///     .##...
/// ".parse()?;
/// // The left ends of rows.
/// let (hit, miss): (StructuringElement, StructuringElement) = (".O".parse()?, "#o".parse()?);
/// let ends: BitImage = "
///     .#...#
///     .#....
/// ".parse()?;
/// assert_eq!(hit_or_miss(&image, &hit, &miss, Border::Neutral), ends);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn hit_or_miss(
    image: &BitImage,
    hit: &StructuringElement,
    miss: &StructuringElement,
    border: Border,
) -> BitImage {
    let plan = recent::plan("hit_or_miss", &[hit, miss], border, |plan, image| {
        plan.hit_or_miss(image, hit, miss)
    });
    plan.apply(image)
}

fn unary(
    name: &'static str,
    image: &BitImage,
    element: &StructuringElement,
    border: Border,
    operator: fn(&mut PlanBuilder, Operand, &StructuringElement) -> Operand,
) -> BitImage {
    recent::plan(name, &[element], border, |plan, image| operator(plan, image, element))
        .apply(image)
}
