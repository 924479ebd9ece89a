//! The pictures of what operators read: structuring elements and gates.

use strel_image::StructuringElement;

use super::layout::Point;
use super::svg::Svg;
use crate::{Operator, WindowGate};

/// The most structuring elements in a row.
const A_ROW: usize = 4;

/// Rows and columns of one picture of an operator; of none for a constant.
pub(super) fn window(operator: &Operator) -> (usize, usize) {
    let sizes = operator.elements().iter().map(|element| (element.height(), element.width()));
    let largest = |size: (usize, usize), (rows, cols)| (size.0.max(rows), size.1.max(cols));
    match operator {
        Operator::Gate(gate) => gate.kernel,
        _ => sizes.fold((0, 0), largest),
    }
}

/// Rows and columns of all pictures of an operator, with a row or a column between them.
pub(super) fn extent(operator: &Operator) -> (usize, usize) {
    let (rows, cols) = window(operator);
    let count = operator.elements().len().max(1);
    let (down, across) = (count.div_ceil(A_ROW), count.min(A_ROW));
    (down * (rows + 1) - 1, across * (cols + 1) - 1)
}

/// The pictures of an operator in cells of `cell` a pixel.
pub(super) fn draw(svg: &mut Svg, corner: Point, cell: f64, operator: &Operator) {
    if let Operator::Gate(gate) = operator {
        return draw_gate(svg, corner, cell, gate);
    }
    let (rows, cols) = window(operator);
    for (index, element) in operator.elements().iter().enumerate() {
        let (right, below) = (index % A_ROW * (cols + 1), index / A_ROW * (rows + 1));
        let corner = corner.right(right as f64 * cell).below(below as f64 * cell);
        draw_element(svg, corner, cell, element);
    }
}

/// A structuring element as pixels, its origin a dot.
fn draw_element(svg: &mut Svg, corner: Point, cell: f64, element: &StructuringElement) {
    for (index, inside) in element.window().pixels().enumerate() {
        let class = if inside { "inside" } else { "outside" };
        square(svg, class, at(corner, cell, index, element.width()), cell, 1.0);
    }
    let (row, col) = element.origin();
    origin(svg, at(corner, cell, row * element.width() + col, element.width()), cell);
}

/// The weights of a gate as squares, of areas in proportion to their sizes.
fn draw_gate(svg: &mut Svg, corner: Point, cell: f64, gate: &WindowGate) {
    let WindowGate { kernel: (rows, cols), gate } = gate;
    let size = |weight: i64| weight.unsigned_abs() as f64;
    let largest = gate.weights.iter().map(|&weight| size(weight)).fold(1.0, f64::max);
    for (index, &weight) in gate.weights.iter().enumerate() {
        let place = at(corner, cell, index, *cols);
        square(svg, "outside", place, cell, 1.0);
        let class = if weight < 0 { "negative" } else { "inside" };
        square(svg, class, place, cell, (size(weight) / largest).sqrt());
    }
    origin(svg, at(corner, cell, rows / 2 * cols + cols / 2, *cols), cell);
}

/// The middle of a cell.
fn at(corner: Point, cell: f64, index: usize, cols: usize) -> Point {
    let (row, col) = ((index / cols) as f64, (index % cols) as f64);
    corner.right((col + 0.5) * cell).below((row + 0.5) * cell)
}

/// A square of this part of the side of a cell.
fn square(svg: &mut Svg, class: &str, middle: Point, cell: f64, part: f64) {
    let gap = if cell < 6.0 { 0.5 } else { 1.0 };
    let side = (cell - gap) * part;
    let corner = middle.right(-side / 2.0).below(-side / 2.0);
    svg.rect(class, corner, side, side, side / 8.0);
}

fn origin(svg: &mut Svg, middle: Point, cell: f64) {
    svg.circle("origin", middle, cell / 4.0);
}
