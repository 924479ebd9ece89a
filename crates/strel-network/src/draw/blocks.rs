//! The pictures of layers that are no list of operators.

use super::frames;
use super::layout::{Card, Point};
use super::operators::channel_node;
use super::svg::Svg;
use crate::{Dense, Exactness, Layer};

/// Width and height of a block.
pub(super) const SIZE: (f64, f64) = (150.0, 76.0);

/// How many nodes a layer's outputs have: one for all that become single pixels.
pub(super) fn node_count(layer: &Layer) -> usize {
    match layer {
        Layer::Bisel(_) | Layer::MaxPool { .. } => layer.outputs(),
        Layer::Dense(_) | Layer::Scores(_) => 1,
    }
}

/// A whole layer in one frame, and the nodes of its outputs.
pub(super) fn draw(svg: &mut Svg, number: usize, layer: &Layer, card: &Card, nodes: &[Point]) {
    let (lines, exactness) = match layer {
        Layer::Dense(dense) => {
            let counts = dense.exactness_counts();
            let exact = format!("{} of {} exact", counts.exact(), counts.total());
            (["dense".to_owned(), dense.inputs.to_string(), exact], Some(worst(dense)))
        }
        Layer::Scores(scores) => {
            let classes = format!("{} classes", scores.classes);
            (["scores".to_owned(), scores.inputs.to_string(), classes], None)
        }
        Layer::MaxPool { .. } | Layer::Bisel(_) => {
            (["max-pool".to_owned(), "2x2".to_owned(), String::new()], None)
        }
    };
    svg.labelled(&label(number, layer), |svg| {
        match exactness {
            Some(exactness) => frames::card(svg, exactness, card.corner, card.width, card.height),
            None => svg.rect("block", card.corner, card.width, card.height, 8.0),
        }
        let top = card.corner.right(card.width / 2.0).below(24.0);
        for (index, line) in lines.iter().enumerate() {
            let class = if index == 0 { "title" } else { "caption" };
            svg.text(class, top.below(20.0 * index as f64), line);
        }
    });
    for (node, output) in nodes.iter().zip(1..) {
        let label = match layer {
            Layer::Dense(_) | Layer::Scores(_) => format!("{} outputs", layer.outputs()),
            Layer::Bisel(_) | Layer::MaxPool { .. } => format!("output {output}"),
        };
        channel_node(svg, *node, &format!("Layer {number}, {label}"));
    }
}

/// The least exact of the neurons.
fn worst(dense: &Dense) -> Exactness {
    let counts = dense.exactness_counts();
    match (counts.approximate, counts.lossless) {
        (0, 0) => Exactness::Activated,
        (0, _) => Exactness::Lossless,
        _ => Exactness::Approximate,
    }
}

/// What the layer is, in words.
fn label(number: usize, layer: &Layer) -> String {
    let kind = layer.stage().effect;
    match layer {
        Layer::Dense(dense) => {
            let counts = dense.exactness_counts();
            format!("Layer {number}: {kind}, {}: {counts}", dense.kinds())
        }
        Layer::Scores(scores) => format!("Layer {number}: {kind}, {} classes", scores.classes),
        Layer::Bisel(_) | Layer::MaxPool { .. } => format!("Layer {number}: {kind}"),
    }
}
