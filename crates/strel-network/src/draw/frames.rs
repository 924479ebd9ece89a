//! Frames, which tell by colour and by shape how exact what is in them is: one line around an activated
//! neuron, two around a lossless one, dashes around an approximate one.

use super::layout::{NODE, Point};
use super::svg::Svg;
use crate::Exactness;

/// Between the two lines of a lossless frame.
const INSET: f64 = 3.5;

/// A frame with round corners.
pub(super) fn card(svg: &mut Svg, exactness: Exactness, corner: Point, width: f64, height: f64) {
    svg.rect(class(exactness), corner, width, height, 8.0);
    if exactness == Exactness::Lossless {
        let corner = corner.right(INSET).below(INSET);
        svg.rect("inner", corner, width - 2.0 * INSET, height - 2.0 * INSET, 8.0 - INSET);
    }
}

/// A round frame.
pub(super) fn node(svg: &mut Svg, exactness: Exactness, center: Point) {
    svg.circle(class(exactness), center, NODE);
    if exactness == Exactness::Lossless {
        svg.circle("inner", center, NODE - INSET);
    }
}

fn class(exactness: Exactness) -> &'static str {
    match exactness {
        Exactness::Activated => "activated",
        Exactness::Lossless => "lossless",
        Exactness::Approximate => "approximate",
    }
}
