//! The pictures of operators and combinations.

use strel_image::StructuringElement;

use super::layout::{BUBBLE, Card, NODE, PADDING, Point, SYMBOL};
use super::svg::Svg;
use crate::{Combination, CombinationRule, Exactness, MorphologicalNeuron, Operator, Place};

/// A channel as it is.
pub(super) fn channel_node(svg: &mut Svg, center: Point, label: &str) {
    svg.labelled(label, |svg| {
        svg.path("wire", center.right(-NODE), &format!("h{}", 2.0 * NODE));
        svg.circle("channel", center, 5.0);
    });
}

/// An operator: its symbol, and its structuring element in a cell of `cell` a pixel.
pub(super) fn operator_card(
    svg: &mut Svg,
    card: &Card,
    cell: f64,
    neuron: &MorphologicalNeuron,
    place: Place,
) {
    let what = match &neuron.operator {
        Operator::Dilation(element) => format!("dilation by {}", pixels(element)),
        Operator::Erosion(element) => format!("erosion by {}", pixels(element)),
        Operator::Constant(value) => format!("constant {}", u8::from(*value)),
    };
    svg.labelled(&label(place, &what, neuron.complement, neuron.exactness), |svg| {
        svg.rect(frame(neuron.exactness), card.corner, card.width, card.height, 8.0);
        let symbol = card.left().right(PADDING + (SYMBOL - 8.0) / 2.0);
        match &neuron.operator {
            Operator::Dilation(_) => circled(svg, symbol, "m0 -5v10m-5 -5h10"),
            Operator::Erosion(_) => circled(svg, symbol, "m-5 0h10"),
            Operator::Constant(value) => {
                digit(svg, card.left().right(card.width / 2.0), *value);
            }
        }
        if let Some(element) = neuron.operator.element() {
            let (height, width) = (element.height() as f64, element.width() as f64);
            let room = card.width - SYMBOL - 2.0 * PADDING;
            let corner = card.corner.right(PADDING + SYMBOL + (room - width * cell) / 2.0);
            draw_element(svg, corner.below((card.height - height * cell) / 2.0), cell, element);
        }
        bubble(svg, card.right().right(BUBBLE), neuron.complement, neuron.exactness);
    });
}

/// How the results of an output channel are combined.
pub(super) fn combination_node(
    svg: &mut Svg,
    center: Point,
    combination: &Combination,
    place: Place,
) {
    let exactness = combination.exactness;
    let what = match &combination.rule {
        CombinationRule::Identity if !combination.complement => {
            let Place::Lui { layer, output } = place else { return };
            return channel_node(svg, center, &format!("Layer {layer}, output {output}"));
        }
        CombinationRule::Identity => "identity".to_owned(),
        CombinationRule::Union(members) => format!("union of {}", channels(members)),
        CombinationRule::Intersection(members) => format!("intersection of {}", channels(members)),
        CombinationRule::Constant(value) => format!("constant {}", u8::from(*value)),
    };
    svg.labelled(&label(place, &what, combination.complement, exactness), |svg| {
        svg.circle(frame(exactness), center, NODE);
        match &combination.rule {
            CombinationRule::Identity => svg.circle("channel", center, 3.0),
            CombinationRule::Union(_) => union(svg, center),
            CombinationRule::Intersection(_) => intersection(svg, center),
            CombinationRule::Constant(value) => digit(svg, center, *value),
        }
        bubble(svg, center.right(NODE + BUBBLE), combination.complement, exactness);
    });
}

/// The symbol ∪.
pub(super) fn union(svg: &mut Svg, center: Point) {
    svg.path("symbol", center.right(-5.5).below(-6.5), "v7.5a5.5 5.5 0 0 0 11 0v-7.5");
}

/// The symbol ∩.
pub(super) fn intersection(svg: &mut Svg, center: Point) {
    svg.path("symbol", center.right(-5.5).below(6.5), "v-7.5a5.5 5.5 0 0 1 11 0v7.5");
}

/// A symbol of an operation: strokes in a circle.
pub(super) fn circled(svg: &mut Svg, center: Point, strokes: &str) {
    svg.circle("symbol", center, 9.0);
    svg.path("symbol", center, strokes);
}

/// The circle that stands for a complement, where there is one.
pub(super) fn bubble(svg: &mut Svg, place: Point, complement: bool, exactness: Exactness) {
    if complement {
        let class = match exactness {
            Exactness::Activated => "bubble-activated",
            Exactness::Approximate => "bubble-approximate",
        };
        svg.circle(class, place, BUBBLE);
    }
}

/// The class of a frame.
pub(super) fn frame(exactness: Exactness) -> &'static str {
    match exactness {
        Exactness::Activated => "activated",
        Exactness::Approximate => "approximate",
    }
}

/// A structuring element as pixels, its origin a dot.
fn draw_element(svg: &mut Svg, corner: Point, cell: f64, element: &StructuringElement) {
    let gap = if cell < 6.0 { 0.5 } else { 1.0 };
    let at = |row: usize, col: usize| corner.right(col as f64 * cell).below(row as f64 * cell);
    for (index, inside) in element.window().pixels().enumerate() {
        let class = if inside { "inside" } else { "outside" };
        let place = at(index / element.width(), index % element.width());
        svg.rect(
            class,
            place.right(gap / 2.0).below(gap / 2.0),
            cell - gap,
            cell - gap,
            cell / 8.0,
        );
    }
    let (row, col) = element.origin();
    svg.circle("origin", at(row, col).right(cell / 2.0).below(cell / 2.0), cell / 4.0);
}

fn digit(svg: &mut Svg, center: Point, value: bool) {
    svg.text("digit", center.below(6.0), if value { "1" } else { "0" });
}

/// What a picture shows, in words.
fn label(place: Place, what: &str, complement: bool, exactness: Exactness) -> String {
    let complement = if complement { ", complemented" } else { "" };
    let text = format!("{place}: {what}{complement}, {exactness}");
    text.replacen("layer", "Layer", 1)
}

fn pixels(element: &StructuringElement) -> String {
    counted(element.len(), "pixel")
}

fn channels(members: &[bool]) -> String {
    counted(members.iter().filter(|inside| **inside).count(), "channel")
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
