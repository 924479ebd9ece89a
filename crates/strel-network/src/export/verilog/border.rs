//! What is read near the edges of an image.

use strel_image::Border;

/// The cases in which a read at an offset, of rows or of columns, leads outside the image: conditions
/// on the place, and the offset that is read instead, or `None` for the border's constant.
pub(super) fn cases(
    border: Border,
    offset: isize,
    place: &str,
    size: &str,
) -> Vec<(String, Option<isize>)> {
    (0..offset.unsigned_abs())
        .map(|from_edge| {
            let condition = match offset < 0 {
                true => format!("{place} == 16'd{from_edge}"),
                false => format!("{place} == {size} - 16'd{}", from_edge + 1),
            };
            (condition, instead(border, offset, from_edge))
        })
        .collect()
}

/// The offset that is read instead, so many pixels from the edge that it leads past.
fn instead(border: Border, offset: isize, from_edge: usize) -> Option<isize> {
    let place = from_edge.cast_signed();
    // The edge at 0 of a line without end; the other one is its mirror image.
    let source = border.source(place - offset.abs(), isize::MAX.unsigned_abs() / 4)?;
    let instead = source.cast_signed() - place;
    Some(if offset < 0 { instead } else { -instead })
}
