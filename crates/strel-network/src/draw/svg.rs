//! The few SVG elements that pictures are made of.

use std::fmt::Write;

use super::layout::Point;
use super::style::STYLE;

/// The elements so far. Looks are classes of the style sheet.
#[derive(Default)]
pub(super) struct Svg {
    body: String,
}

impl Svg {
    /// The whole picture.
    pub(super) fn finish(self, width: f64, height: f64, label: &str) -> String {
        let (width, height, label) = (number(width), number(height), escaped(label));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" class=\"strel\" role=\"graphics-document\" \
             aria-label=\"{label}\">\n<title>{label}</title>\n<style>\n{STYLE}</style>\n{}</svg>\n",
            self.body
        )
    }

    /// What `parts` draws, as one picture with a title.
    pub(super) fn labelled(&mut self, label: &str, parts: impl FnOnce(&mut Self)) {
        let label = escaped(label);
        self.line(format_args!("<g role=\"img\" aria-label=\"{label}\"><title>{label}</title>"));
        parts(self);
        self.line(format_args!("</g>"));
    }

    pub(super) fn rect(
        &mut self,
        class: &str,
        corner: Point,
        width: f64,
        height: f64,
        radius: f64,
    ) {
        let (x, y, width, height) =
            (number(corner.x), number(corner.y), number(width), number(height));
        self.line(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
             rx=\"{}\"/>",
            number(radius)
        ));
    }

    pub(super) fn circle(&mut self, class: &str, center: Point, radius: f64) {
        let (x, y, radius) = (number(center.x), number(center.y), number(radius));
        self.line(format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"));
    }

    /// A path from `start` by a path's commands, relative ones.
    pub(super) fn path(&mut self, class: &str, start: Point, commands: &str) {
        let (x, y) = (number(start.x), number(start.y));
        self.line(format_args!("<path class=\"{class}\" d=\"M{x} {y}{commands}\"/>"));
    }

    /// A line that leaves and arrives level.
    pub(super) fn curve(&mut self, class: &str, from: Point, to: Point) {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let (half, dx, dy) = (number(dx / 2.0), number(dx), number(dy));
        self.path(class, from, &format!("c{half} 0 {half} {dy} {dx} {dy}"));
    }

    /// A level line with a tip.
    pub(super) fn arrow(&mut self, class: &str, from: Point, to: Point) {
        let length = number(to.x - from.x);
        self.path(class, from, &format!("h{length}m-6 -5l6 5l-6 5"));
    }

    /// Text in one line.
    pub(super) fn text(&mut self, class: &str, place: Point, content: &str) {
        let (x, y, content) = (number(place.x), number(place.y), escaped(content));
        self.line(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{content}</text>"));
    }

    fn line(&mut self, element: std::fmt::Arguments) {
        writeln!(self.body, "{element}").expect("text can be written to a string");
    }
}

/// A length, to a hundredth.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
