//! The pictures of operators and combinations.

use strel_image::StructuringElement;

use super::layout::{BUBBLE, Card, NODE, PADDING, Point, SYMBOL};
use super::svg::Svg;
use super::{frames, pictures, shared};
use crate::{
    Combination, CombinationRule, Exactness, MorphologicalNeuron, Operator, Place, ThresholdGate,
};

/// The strokes of the symbols ⊕ and ⊖, in a circle.
pub(super) const DILATION: &str = "m0 -5v10m-5 -5h10";
pub(super) const EROSION: &str = "m-5 0h10";

/// A channel as it is.
pub(super) fn channel_node(svg: &mut Svg, center: Point, label: &str) {
    svg.labelled(label, |svg| {
        svg.path("wire", center.right(-NODE), &format!("h{}", 2.0 * NODE));
        svg.circle("channel", center, 5.0);
    });
}

/// An operator: its symbol, and its structuring element in a cell of `cell` a pixel; with the name of
/// one that several outputs share.
pub(super) fn operator_card(
    svg: &mut Svg,
    card: &Card,
    cell: f64,
    neuron: &MorphologicalNeuron,
    place: Place,
    shared: Option<&str>,
) {
    let what = describe(&neuron.operator);
    let sharing = shared.map_or(String::new(), |name| format!(", shared as {name}"));
    let label = label(place, &what, neuron.complement, neuron.exactness) + &sharing;
    svg.labelled(&label, |svg| {
        frames::card(svg, neuron.exactness, card.corner, card.width, card.height);
        operator_symbol(svg, card, &neuron.operator);
        let (rows, cols) = pictures::extent(&neuron.operator);
        let (height, width) = (rows as f64 * cell, cols as f64 * cell);
        let room = card.width - SYMBOL - 2.0 * PADDING;
        let corner = card.corner.right(PADDING + SYMBOL + (room - width) / 2.0);
        let corner = corner.below((card.height - height) / 2.0);
        pictures::draw(svg, corner, cell, &neuron.operator);
        if let Some(name) = shared {
            shared::badge(svg, card.corner.right(16.0), name);
        }
        bubble(svg, card.right().right(BUBBLE), neuron.complement, neuron.exactness);
    });
}

fn describe(operator: &Operator) -> String {
    let several = |elements: &[StructuringElement], what: &str| {
        format!("{} by {}", counted(elements.len(), what), counted(size(elements), "pixel"))
    };
    match operator {
        Operator::Dilation(element) => format!("dilation by {}", counted(element.len(), "pixel")),
        Operator::Erosion(element) => format!("erosion by {}", counted(element.len(), "pixel")),
        Operator::Constant(value) => format!("constant {}", u8::from(*value)),
        Operator::UnionOfErosions(elements) => {
            format!("union of {}", several(elements, "erosion"))
        }
        Operator::IntersectionOfDilations(elements) => {
            format!("intersection of {}", several(elements, "dilation"))
        }
        Operator::Gate(gate) => {
            let threshold = gate.gate.threshold;
            format!("threshold gate of {}, sum above {threshold}", weights(&gate.gate))
        }
    }
}

fn operator_symbol(svg: &mut Svg, card: &Card, operator: &Operator) {
    let place = card.left().right(PADDING + (SYMBOL - 8.0) / 2.0);
    let (above, below) = (place.below(-11.0), place.below(11.0));
    match operator {
        Operator::Dilation(_) => circled(svg, place, DILATION),
        Operator::Erosion(_) => circled(svg, place, EROSION),
        Operator::Constant(value) => digit(svg, card.left().right(card.width / 2.0), *value),
        Operator::UnionOfErosions(_) => {
            union(svg, above);
            circled(svg, below, EROSION);
        }
        Operator::IntersectionOfDilations(_) => {
            intersection(svg, above);
            circled(svg, below, DILATION);
        }
        Operator::Gate(_) => sum(svg, place),
    }
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
        CombinationRule::Gate(gate) => {
            format!("threshold gate of {}, sum above {}", weights(gate), gate.threshold)
        }
    };
    svg.labelled(&label(place, &what, combination.complement, exactness), |svg| {
        frames::node(svg, exactness, center);
        match &combination.rule {
            CombinationRule::Identity => svg.circle("channel", center, 3.0),
            CombinationRule::Union(_) => union(svg, center),
            CombinationRule::Intersection(_) => intersection(svg, center),
            CombinationRule::Constant(value) => digit(svg, center, *value),
            CombinationRule::Gate(_) => sum(svg, center),
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

/// The symbol Σ of a threshold gate.
pub(super) fn sum(svg: &mut Svg, center: Point) {
    svg.path("symbol", center.right(4.5).below(-6.5), "h-9l5.5 6.5l-5.5 6.5h9");
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
            Exactness::Lossless => "bubble-lossless",
            Exactness::Approximate => "bubble-approximate",
        };
        svg.circle(class, place, BUBBLE);
    }
}

/// The value of a constant.
pub(super) fn digit(svg: &mut Svg, center: Point, value: bool) {
    svg.text("digit", center.below(6.0), if value { "1" } else { "0" });
}

/// What a picture shows, in words.
fn label(place: Place, what: &str, complement: bool, exactness: Exactness) -> String {
    let complement = if complement { ", complemented" } else { "" };
    let text = format!("{place}: {what}{complement}, {exactness}");
    text.replacen("layer", "Layer", 1)
}

fn size(elements: &[StructuringElement]) -> usize {
    elements.iter().map(StructuringElement::len).sum()
}

fn weights(gate: &ThresholdGate) -> String {
    counted(gate.weights.iter().filter(|weight| **weight != 0).count(), "weight")
}

fn channels(members: &[bool]) -> String {
    counted(members.iter().filter(|inside| **inside).count(), "channel")
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
