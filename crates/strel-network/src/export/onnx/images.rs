//! Steps on images as nodes.

use strel_image::Border;

use super::builder::Builder;
use super::proto::{Attribute, Element};
use crate::export::steps::{Action, Reach, Step, Steps, Term};

/// The value that each step gives: tensors of truth values, `[batch, 1, height, width]`.
pub(super) fn add_images(builder: &mut Builder, steps: &Steps) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for step in &steps.images {
        let value = Images { builder, border: steps.border, values: &values }.add(step);
        values.push(value);
    }
    values
}

/// The graph, and the values of the steps so far.
struct Images<'a> {
    builder: &'a mut Builder,
    border: Border,
    values: &'a [String],
}

impl Images<'_> {
    fn add(&mut self, step: &Step) -> String {
        let name = &step.name;
        let named = |part: &str| format!("{name}_{part}");
        let value = match &step.action {
            Action::Input(channel) => {
                let channel = *channel as i64;
                return self.builder.slice(name, "input", &[channel], &[channel + 1], &[1]);
            }
            Action::Constant { like, value } => {
                let value = self.builder.constant(
                    &named("value"),
                    Element::Bool,
                    &[1; 4],
                    &[i64::from(*value)],
                );
                let shape =
                    self.builder.node(&named("shape"), "Shape", &[&self.values[*like]], &[]);
                return self.builder.node(name, "Expand", &[&value, &shape], &[]);
            }
            Action::Dilation(image, _) => self.window(step, *image, |_| 0),
            Action::Erosion(image, _) => self.window(step, *image, |offsets| offsets - 1),
            Action::Union(images) => self.join(name, "Or", images),
            Action::Intersection(images) => self.join(name, "And", images),
            Action::Gate { terms, threshold } => self.gate(step, terms, *threshold),
            Action::MaxPool(image) => {
                let float =
                    self.builder.cast(&named("input"), &self.values[*image], Element::Float);
                let sizes =
                    [Attribute::ints("kernel_shape", &[2, 2]), Attribute::ints("strides", &[2, 2])];
                let pooled = self.builder.node(&named("pooled"), "MaxPool", &[&float], &sizes);
                self.builder.cast(&named("result"), &pooled, Element::Bool)
            }
        };
        let end = if step.complement { "Not" } else { "Identity" };
        self.builder.node(name, end, &[&value], &[])
    }

    fn join(&mut self, name: &str, operator: &str, images: &[usize]) -> String {
        let images: Vec<String> = images.iter().map(|&image| self.values[image].clone()).collect();
        self.builder.fold(name, operator, &images)
    }

    /// A convolution that counts the pixels read, and whether they are more than `most` of all.
    fn window(&mut self, step: &Step, image: usize, most: impl Fn(usize) -> usize) -> String {
        let named = |part: &str| format!("{}_{part}", step.name);
        let offsets = step.action.reads().remove(0).1;
        let margins = Reach::of(&offsets);
        let image = self.padded(&step.name, image, &margins);
        let (rows, cols) = (margins.up + margins.down + 1, margins.left + margins.right + 1);
        let mut mask = vec![0; rows * cols];
        for &(dy, dx) in &offsets {
            mask[margins.up.strict_add_signed(dy) * cols + margins.left.strict_add_signed(dx)] = 1;
        }
        let weights =
            self.builder.constant(&named("element"), Element::Float, &[1, 1, rows, cols], &mask);
        let count = self.builder.node(&named("count"), "Conv", &[&image, &weights], &[]);
        // Counts are integers: the half keeps away from what rounding does.
        let doubled = self.builder.constant(&named("two"), Element::Float, &[], &[2]);
        let doubled = self.builder.node(&named("doubled"), "Mul", &[&count, &doubled], &[]);
        let most = 2 * most(offsets.len()) as i64 + 1;
        let most = self.builder.constant(&named("limit"), Element::Float, &[], &[most]);
        self.builder.node(&named("result"), "Greater", &[&doubled, &most], &[])
    }

    /// A sum of integers, and whether it exceeds the threshold.
    fn gate(&mut self, step: &Step, terms: &[Term], threshold: i64) -> String {
        let mut products = Vec::new();
        for (image, offsets) in step.action.reads() {
            let margins = Reach::of(&offsets);
            let name = format!("{}_of_{}", step.name, self.values[image]);
            let padded = self.padded(&name, image, &margins);
            let padded = self.builder.cast(&format!("{name}_integers"), &padded, Element::Int64);
            for (term, number) in terms.iter().filter(|term| term.image == image).zip(1..) {
                let name = format!("{name}_term{number}");
                let part = self.shifted(&format!("{name}_pixels"), &padded, term.offset, &margins);
                let weight = self.builder.integer(&format!("{name}_weight"), term.weight);
                products.push(self.builder.node(&name, "Mul", &[&part, &weight], &[]));
            }
        }
        let sum = self.builder.fold(&format!("{}_sum", step.name), "Add", &products);
        let threshold = self.builder.integer(&format!("{}_threshold", step.name), threshold);
        self.builder.node(&format!("{}_result", step.name), "Greater", &[&sum, &threshold], &[])
    }

    /// The pixels of a padded image at an offset.
    fn shifted(
        &mut self,
        name: &str,
        padded: &str,
        (dy, dx): (isize, isize),
        margins: &Reach,
    ) -> String {
        let starts = [margins.up.strict_add_signed(dy), margins.left.strict_add_signed(dx)];
        let last = [margins.up + margins.down, margins.left + margins.right];
        let end = |axis: usize| match last[axis] - starts[axis] {
            0 => i64::MAX,
            behind => -(behind as i64),
        };
        self.builder.slice(
            name,
            padded,
            &starts.map(|start| start as i64),
            &[end(0), end(1)],
            &[2, 3],
        )
    }

    /// An image as floats, with the pixels that are read around it.
    fn padded(&mut self, name: &str, image: usize, margins: &Reach) -> String {
        let float =
            self.builder.cast(&format!("{name}_input"), &self.values[image], Element::Float);
        let Reach { up, down, left, right } = *margins;
        if [up, left, down, right] == [0; 4] {
            return float;
        }
        if self.border == Border::Reflect {
            let rows = self.mirrored(&format!("{name}_rows"), &float, 2, up, down);
            return self.mirrored(&format!("{name}_columns"), &rows, 3, left, right);
        }
        let pads = [0, 0, up, left, 0, 0, down, right].map(|size| size as i64);
        let pads = self.builder.integers(&format!("{name}_pads"), &pads);
        let name = format!("{name}_padded");
        if self.border == Border::Replicate {
            return self.builder.node(
                &name,
                "Pad",
                &[&float, &pads],
                &[Attribute::text("mode", "edge")],
            );
        }
        let value = i64::from(self.border == Border::One);
        let value = self.builder.constant(&format!("{name}_value"), Element::Float, &[], &[value]);
        self.builder.node(&name, "Pad", &[&float, &pads, &value], &[])
    }

    /// An image with rows or columns before and after it that mirror it at its edges, the edge twice:
    /// those with index m or 2 size - 1 - m, whichever is smaller, where m is taken modulo 2 size.
    fn mirrored(
        &mut self,
        name: &str,
        image: &str,
        axis: i64,
        before: usize,
        after: usize,
    ) -> String {
        if before + after == 0 {
            return image.to_owned();
        }
        let named = |part: &str| format!("{name}_{part}");
        let builder = &mut *self.builder;
        let shape = builder.node(&named("shape"), "Shape", &[image], &[]);
        let axis_index = builder.integer(&named("axis"), axis);
        let size = builder.node(&named("size"), "Gather", &[&shape, &axis_index], &[]);
        let start = builder.integer(&named("start"), -(before as i64));
        let after = builder.integer(&named("after"), after as i64);
        let end = builder.node(&named("end"), "Add", &[&size, &after], &[]);
        let one = builder.integer(&named("one"), 1);
        let places = builder.node(&named("places"), "Range", &[&start, &end, &one], &[]);
        let period = builder.node(&named("period"), "Add", &[&size, &size], &[]);
        let there = builder.node(&named("there"), "Mod", &[&places, &period], &[]);
        let last = builder.node(&named("last"), "Sub", &[&period, &one], &[]);
        let back = builder.node(&named("back"), "Sub", &[&last, &there], &[]);
        let sources = builder.node(&named("sources"), "Min", &[&there, &back], &[]);
        builder.node(name, "Gather", &[image, &sources], &[Attribute::int("axis", axis)])
    }
}
