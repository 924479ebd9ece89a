//! Dilation, erosion and threshold gate as their definitions say, pixel by pixel: obvious and slow, for tests to
//! compare with.

pub mod packed;

use crate::{BitImage, Border, Operation, StructuringElement};

/// The pixel at (row, col), which may lie outside the image; 0 where the border would read an image
/// without pixels.
pub fn pixel(
    image: &BitImage,
    row: isize,
    col: isize,
    border: Border,
    operation: Operation,
) -> bool {
    match (border.source(row, image.height()), border.source(col, image.width())) {
        (Some(row), Some(col)) => image.get(row, col),
        _ => border.constant(operation).unwrap_or(false),
    }
}

/// [`dilate`](crate::dilate): pixel i is 1 where x(i - b) is for some offset b.
pub fn dilate(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    let read = |row, col| pixel(image, row, col, border, Operation::Dilation);
    BitImage::from_fn(image.height(), image.width(), |row, col| {
        element.offsets().any(|(dy, dx)| read(row.cast_signed() - dy, col.cast_signed() - dx))
    })
}

/// [`erode`](crate::erode): pixel i is 1 where x(i + b) is for every offset b.
pub fn erode(image: &BitImage, element: &StructuringElement, border: Border) -> BitImage {
    let read = |row, col| pixel(image, row, col, border, Operation::Erosion);
    BitImage::from_fn(image.height(), image.width(), |row, col| {
        element.offsets().all(|(dy, dx)| read(row.cast_signed() + dy, col.cast_signed() + dx))
    })
}

/// [`threshold_gate`](crate::threshold_gate): pixel i is 1 where the sum of weight * x(i + offset)
/// is at least `at_least`.
pub fn threshold_gate(
    image: &BitImage,
    terms: &[((isize, isize), i64)],
    at_least: i64,
    border: Border,
) -> BitImage {
    let read = |row, col| pixel(image, row, col, border, Operation::Dilation);
    BitImage::from_fn(image.height(), image.width(), |row, col| {
        let weights = terms.iter().map(|&((dy, dx), weight)| {
            let one = read(row.cast_signed() + dy, col.cast_signed() + dx);
            if one { i128::from(weight) } else { 0 }
        });
        weights.sum::<i128>() >= i128::from(at_least)
    })
}
