//! What the signs of a picture mean.

use super::layout::Point;
use super::operators::{DILATION, EROSION, bubble, circled, digit, intersection, sum, union};
use super::svg::Svg;
use super::{frames, shared};
use crate::Exactness;

const STEP: f64 = 140.0;
const A_ROW: usize = 4;
const ROW: f64 = 28.0;

/// Draws a sign around a point.
type Sign = fn(&mut Svg, Point);

/// Draws the legend around the middle of its first row.
pub(super) fn draw(svg: &mut Svg, middle: Point) {
    let signs: [(&str, Sign); 12] = [
        ("dilation", |svg, place| circled(svg, place, DILATION)),
        ("erosion", |svg, place| circled(svg, place, EROSION)),
        ("union", union),
        ("intersection", intersection),
        ("complement", |svg, place| bubble(svg, place, true, Exactness::Activated)),
        ("threshold gate", sum),
        ("constant", |svg, place| digit(svg, place, true)),
        ("origin", |svg, place| {
            svg.rect("outside", place.right(-7.0).below(-7.0), 14.0, 14.0, 1.75);
            svg.circle("origin", place, 3.5);
        }),
        ("activated", |svg, place| sample_frame(svg, place, Exactness::Activated)),
        ("lossless", |svg, place| sample_frame(svg, place, Exactness::Lossless)),
        ("approximate", |svg, place| sample_frame(svg, place, Exactness::Approximate)),
        ("shared", |svg, place| shared::badge(svg, place, "a")),
    ];
    let first = middle.right(-2.0 * STEP + 26.0);
    for (index, (meaning, sign)) in signs.iter().enumerate() {
        let place = first.right((index % A_ROW) as f64 * STEP).below((index / A_ROW) as f64 * ROW);
        sign(svg, place);
        svg.text("meaning", place.right(20.0).below(4.5), meaning);
    }
}

fn sample_frame(svg: &mut Svg, center: Point, exactness: Exactness) {
    frames::card(svg, exactness, center.right(-13.0).below(-9.0), 26.0, 18.0);
}
