//! Networks as pictures.

mod blocks;
mod frames;
mod layout;
mod legend;
mod operators;
mod pictures;
mod shared;
mod style;
mod svg;

use crate::{Bisel, Layer, Network, Operator, Place, show};
use layout::{Column, Layout, Point};
use operators::{channel_node, combination_node, operator_card};
use svg::Svg;

/// The network as one self-contained SVG picture: layers from left to right, each operator a card
/// with its structuring element, the origin marked, each combination a node. Max-pools, dense layers
/// and scores are one box each.
///
/// Frames tell an activated neuron (blue) and a lossless one (green, a double line) from an approximate one
/// (orange, dashed); operators that several outputs share have a badge of the same letter; the weights of a threshold gate are squares in proportion, negative ones orange; a small
/// circle at the output of an operator is its complement, as in circuits. Operators that a
/// combination does not use are left out. Each card has a title for pointers and screen readers,
/// and colours follow the reader's light or dark scheme.
///
/// The size of the text grows with the number of pixels of all structuring elements.
///
/// ```
/// use strel_image::Border;
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator, draw};
///
/// let erosion = MorphologicalNeuron::activated(Operator::Erosion("#O#".parse()?));
/// let network = Network::new(Border::Zero, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
/// let svg = draw(&network);
/// assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
/// assert!(svg.contains("<title>Layer 1, output 1, input 1: erosion by 3 pixels, activated</title>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn draw(network: &Network) -> String {
    let layout = Layout::new(network);
    let mut svg = Svg::default();
    svg.rect("page", Point { x: 0.5, y: 0.5 }, layout.width - 1.0, layout.height - 1.0, 12.0);
    svg.text("title", layout.title(), &title(network));
    draw_all_wires(&mut svg, network, &layout);
    svg.text("caption", layout.caption(layout.inputs[0].x), "input");
    for (&place, number) in layout.inputs.iter().zip(1..) {
        channel_node(&mut svg, place, &format!("Input {number}"));
    }
    let layers = network.layers().iter().zip(&layout.columns);
    for (index, (layer, column)) in layers.enumerate() {
        svg.text("caption", layout.caption(column.center()), &format!("layer {}", index + 1));
        match layer {
            Layer::Bisel(bisel) => draw_operators(&mut svg, index, bisel, column),
            _ => blocks::draw(&mut svg, index + 1, layer, &column.cards[0], &column.nodes),
        }
    }
    legend::draw(&mut svg, layout.legend());
    svg.finish(layout.width, layout.height, &show::headline(network))
}

/// All wires, which what is drawn later covers.
fn draw_all_wires(svg: &mut Svg, network: &Network, layout: &Layout) {
    let mut sources = &layout.inputs;
    draw_numbers(svg, sources, -layout::NODE - 10.0);
    for (layer, column) in network.layers().iter().zip(&layout.columns) {
        match layer {
            Layer::Bisel(bisel) => draw_wires(svg, bisel, column, sources),
            _ => draw_block_wires(svg, column, sources),
        }
        sources = &column.nodes;
    }
    for place in sources {
        svg.arrow("wire", place.right(layout::NODE), place.right(layout::ARROW));
    }
    draw_numbers(svg, sources, layout::ARROW + 10.0);
}

/// The numbers of channels, where there are several, this far to the right of their nodes.
fn draw_numbers(svg: &mut Svg, nodes: &[Point], right: f64) {
    if nodes.len() > 1 {
        for (place, number) in nodes.iter().zip(1..) {
            svg.text("caption", place.right(right).below(4.5), &number.to_string());
        }
    }
}

/// The wires from channels to the cards that read them, and from the cards to the nodes.
fn draw_wires(svg: &mut Svg, bisel: &Bisel, column: &Column, sources: &[Point]) {
    for card in &column.cards {
        let neuron = &bisel.outputs[card.output].neurons[card.input];
        if !matches!(neuron.operator, Operator::Constant(_)) {
            // Channels of a dense layer share one node.
            let source = sources[card.input.min(sources.len() - 1)];
            svg.curve("wire", source.right(layout::NODE), card.left());
        }
        svg.curve("wire", card.right(), column.nodes[card.output].right(-layout::NODE));
    }
}

/// The wires from all channels to the one card, and from it to all nodes.
fn draw_block_wires(svg: &mut Svg, column: &Column, sources: &[Point]) {
    let card = &column.cards[0];
    for source in sources {
        svg.curve("wire", source.right(layout::NODE), card.left());
    }
    for node in &column.nodes {
        svg.curve("wire", card.right(), node.right(-layout::NODE));
    }
}

fn draw_operators(svg: &mut Svg, layer: usize, bisel: &Bisel, column: &Column) {
    for (card, name) in column.cards.iter().zip(shared::names(bisel, &column.cards)) {
        let neuron = &bisel.outputs[card.output].neurons[card.input];
        let place = Place::bise(layer, card.output, card.input);
        operator_card(svg, card, column.cell, neuron, place, name.as_deref());
    }
    for (output, (channel, node)) in bisel.outputs.iter().zip(&column.nodes).enumerate() {
        combination_node(svg, *node, &channel.combination, Place::lui(layer, output));
    }
}

/// The network's channels and border, and how much of it is exact.
fn title(network: &Network) -> String {
    let counts = network.exactness_counts();
    let lossless = match counts.lossless {
        0 => String::new(),
        count => format!(", {count} lossless"),
    };
    format!(
        "{}, border {}, {} of {} neurons activated{lossless}",
        show::channels(network.inputs(), network.layers().iter().map(Layer::outputs)),
        network.border(),
        counts.activated,
        counts.total(),
    )
}
