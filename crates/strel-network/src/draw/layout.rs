//! Where things stand in the picture of a network.

use super::{blocks, pictures};
use crate::{Bisel, Layer, Network, Operator};

/// Radius of a node.
pub(super) const NODE: f64 = 15.0;

/// From the middle of a last node to the tip of its arrow.
pub(super) const ARROW: f64 = 42.0;

/// Radius of the circle that stands for a complement.
pub(super) const BUBBLE: f64 = 4.5;

/// Between the frame of a card and what is in it.
pub(super) const PADDING: f64 = 10.0;

/// Width of the operation's symbol on a card.
pub(super) const SYMBOL: f64 = 30.0;

const MARGIN: f64 = 32.0;
const HEADER: f64 = 88.0;
const FOOTER: f64 = 124.0;
/// Room for the wires between channels and cards, and between cards and nodes.
const WIRES: f64 = 62.0;
const CARD_GAP: f64 = 12.0;
const GROUP_GAP: f64 = 30.0;
/// The legend takes this much.
const LEAST_WIDTH: f64 = 660.0;

/// A place in the picture; y grows downwards.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    /// The point this far to the right.
    pub(super) fn right(self, by: f64) -> Self {
        Self { x: self.x + by, y: self.y }
    }

    /// The point this far below.
    pub(super) fn below(self, by: f64) -> Self {
        Self { x: self.x, y: self.y + by }
    }
}

/// The card of one operator, or of a whole layer.
pub(super) struct Card {
    pub(super) output: usize,
    pub(super) input: usize,
    pub(super) corner: Point,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Card {
    /// Where wires come in.
    pub(super) fn left(&self) -> Point {
        self.corner.below(self.height / 2.0)
    }

    /// Where wires go out.
    pub(super) fn right(&self) -> Point {
        self.left().right(self.width)
    }
}

/// The cards and nodes of one layer.
pub(super) struct Column {
    pub(super) cards: Vec<Card>,
    /// One an output channel, or one for all of them.
    pub(super) nodes: Vec<Point>,
    /// Side of a pixel of its structuring elements.
    pub(super) cell: f64,
    left: f64,
    card_width: f64,
    card_height: f64,
    height: f64,
}

impl Column {
    /// A layer's cards at x = 0 and y = 0.
    fn new(layer: &Layer) -> Self {
        match layer {
            Layer::Bisel(bisel) => Self::of_operators(bisel),
            _ => Self::of_block(blocks::node_count(layer)),
        }
    }

    /// One card, and nodes around its middle.
    fn of_block(nodes: usize) -> Self {
        let (width, card_height) = blocks::SIZE;
        let step = 2.0 * NODE + GROUP_GAP;
        let height = (nodes as f64 * step - GROUP_GAP).max(card_height);
        let corner = Point { x: 0.0, y: (height - card_height) / 2.0 };
        let first =
            Point { x: width + WIRES + NODE, y: (height - (nodes - 1) as f64 * step) / 2.0 };
        Self {
            cards: vec![Card { output: 0, input: 0, corner, width, height: card_height }],
            nodes: (0..nodes).map(|index| first.below(index as f64 * step)).collect(),
            cell: 0.0,
            left: 0.0,
            card_width: width,
            card_height,
            height,
        }
    }

    fn of_operators(bisel: &Bisel) -> Self {
        let (rows, cols) = largest(bisel, pictures::window);
        let cell = (80.0 / rows.max(cols) as f64).clamp(3.0, 14.0).floor();
        let (rows, cols) = largest(bisel, pictures::extent);
        let mut column = Self {
            cards: Vec::new(),
            nodes: Vec::new(),
            cell,
            left: 0.0,
            card_width: SYMBOL + cols as f64 * cell + 2.0 * PADDING,
            card_height: (rows as f64 * cell).max(SYMBOL) + 2.0 * PADDING,
            height: 0.0,
        };
        for (output, channel) in bisel.outputs.iter().enumerate() {
            let used = (0..bisel.inputs).filter(|&input| channel.combination.uses(input));
            column.add_group(output, used);
        }
        column
    }

    /// Adds the cards of an output channel below those that are there, and its node.
    fn add_group(&mut self, output: usize, inputs: impl Iterator<Item = usize>) {
        let top = if output == 0 { 0.0 } else { self.height + GROUP_GAP };
        let mut bottom = top;
        for (place, input) in inputs.enumerate() {
            let y = top + place as f64 * (self.card_height + CARD_GAP);
            self.cards.push(Card {
                output,
                input,
                corner: Point { x: 0.0, y },
                width: self.card_width,
                height: self.card_height,
            });
            bottom = y + self.card_height;
        }
        let bottom = bottom.max(top + 2.0 * NODE);
        self.nodes.push(Point { x: self.card_width + WIRES + NODE, y: (top + bottom) / 2.0 });
        self.height = bottom;
    }

    /// The middle of the cards.
    pub(super) fn center(&self) -> f64 {
        self.left + self.card_width / 2.0
    }

    /// From the left of the cards to the right of the nodes.
    fn width(&self) -> f64 {
        self.card_width + WIRES + 2.0 * NODE
    }

    fn shift(&mut self, by: Point) {
        self.left += by.x;
        let corners = self.cards.iter_mut().map(|card| &mut card.corner);
        corners.chain(&mut self.nodes).for_each(|point| *point = point.right(by.x).below(by.y));
    }
}

/// Rows and columns that hold what `size` says of each operator of a layer.
fn largest(bisel: &Bisel, size: fn(&Operator) -> (usize, usize)) -> (usize, usize) {
    let neurons = bisel.outputs.iter().flat_map(|channel| &channel.neurons);
    neurons
        .map(|neuron| size(&neuron.operator))
        .fold((1, 1), |(rows, cols), (height, width)| (rows.max(height), cols.max(width)))
}

/// The whole picture.
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) columns: Vec<Column>,
    /// The nodes of the input channels.
    pub(super) inputs: Vec<Point>,
}

impl Layout {
    pub(super) fn new(network: &Network) -> Self {
        let mut columns: Vec<Column> = network.layers().iter().map(Column::new).collect();
        let inputs_height = network.inputs() as f64 * (2.0 * NODE + GROUP_GAP) - GROUP_GAP;
        let body = columns.iter().map(|column| column.height).fold(inputs_height, f64::max);
        let drawn: f64 = columns.iter().map(|column| WIRES + column.width()).sum();
        let drawn = 2.0 * NODE + drawn + ARROW - NODE;
        let width = (drawn + 2.0 * MARGIN).max(LEAST_WIDTH);

        let mut x = (width - drawn) / 2.0;
        let first = Point { x: x + NODE, y: HEADER + (body - inputs_height) / 2.0 + NODE };
        let step = 2.0 * NODE + GROUP_GAP;
        let inputs = (0..network.inputs()).map(|index| first.below(index as f64 * step)).collect();
        x += 2.0 * NODE;
        for column in &mut columns {
            x += WIRES;
            column.shift(Point { x, y: HEADER + (body - column.height) / 2.0 });
            x += column.width();
        }
        Self { width, height: HEADER + body + FOOTER, columns, inputs }
    }

    pub(super) fn title(&self) -> Point {
        Point { x: self.width / 2.0, y: 34.0 }
    }

    /// The caption of what stands at x.
    pub(super) fn caption(&self, x: f64) -> Point {
        Point { x, y: 66.0 }
    }

    pub(super) fn legend(&self) -> Point {
        Point { x: self.width / 2.0, y: self.height - 80.0 }
    }
}
