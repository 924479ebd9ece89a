//! A stage of the pipeline.

use strel_image::{Border, StructuringElement};

use super::Design;
use super::border::cases;
use crate::export::steps::{Action, Reach, Step, Term};

impl Design<'_> {
    /// The code of a step: what its image is, and the register of that.
    pub(super) fn step(&self, index: usize) -> String {
        let step = &self.steps.images[index];
        let name = &step.name;
        let (comment, rows, value) = match &step.action {
            Action::Input(input) => {
                ("an input".to_owned(), String::new(), format!("pixels[{input}]"))
            }
            Action::Constant { value, .. } => {
                ("constant".to_owned(), String::new(), format!("1'b{}", u8::from(*value)))
            }
            Action::Dilation(image, element) => {
                self.element(index, *image, "dilated", element, "\n    | ")
            }
            Action::Erosion(image, element) => {
                self.element(index, *image, "eroded", element, "\n    & ")
            }
            Action::Union(images) => self.join(index, images, "union", "\n    | "),
            Action::Intersection(images) => self.join(index, images, "intersection", "\n    & "),
            Action::Gate { terms, threshold } => self.gate(index, terms, *threshold),
            Action::MaxPool(_) => unreachable!("pools are refused"),
        };
        let value = if step.complement { format!("~({value})") } else { value };
        format!(
            "\n// {name}: {}{comment}\n{rows}wire {name} =\n    {value};\n{}",
            if step.complement { "complement of " } else { "" },
            self.registers(index),
        )
    }

    /// The registers of an image: of its last pixels, and of those in the same column of earlier rows.
    fn registers(&self, index: usize) -> String {
        let name = &self.steps.images[index].name;
        let lengths = &self.delays.stages[index].registers;
        let register = |(row, length): (usize, &usize)| {
            let next = match row {
                0 => name.clone(),
                _ => format!("{name}_earlier[{}]", row - 1),
            };
            let register = register_name(name, row);
            let shifted = match length {
                1 => next,
                _ => format!("{{{register}[{}:0], {next}}}", length - 2),
            };
            format!(
                "reg [{}:0] {register};\n\
                 always @(posedge clock) if (enable) {register} <= {shifted};\n",
                length - 1,
            )
        };
        let registers: String = lengths.iter().enumerate().map(register).collect();
        self.memory(name, lengths.len() - 1) + &registers
    }

    /// The memory of so many earlier rows of an image.
    fn memory(&self, image: &str, rows: usize) -> String {
        let pixels = match rows {
            0 => return String::new(),
            1 => image.to_owned(),
            _ => format!("{{{image}_earlier[{}:0], {image}}}", rows - 2),
        };
        format!(
            "wire [{}:0] {image}_earlier;\n\
             {}_rows #(WIDTH, {rows}) {image}_memory (\n    \
             clock, enable, place, {pixels}, {image}_earlier\n);\n",
            rows - 1,
            self.name,
        )
    }

    fn join(
        &self,
        index: usize,
        images: &[usize],
        operation: &str,
        operator: &str,
    ) -> (String, String, String) {
        let value: Vec<String> = images.iter().map(|&image| self.here(index, image)).collect();
        (operation.to_owned(), String::new(), value.join(operator))
    }

    /// The pixel of an image at the place that a step computes.
    fn here(&self, index: usize, image: usize) -> String {
        let (row, col) = self.delays.since(index, image).place();
        format!("{}[{col}]", register_name(&self.steps.images[image].name, row))
    }

    fn element(
        &self,
        index: usize,
        image: usize,
        verb: &str,
        element: &StructuringElement,
        operator: &str,
    ) -> (String, String, String) {
        let offsets = self.steps.images[index].action.reads().remove(0).1;
        let picture = element.to_string();
        let picture: String = picture.lines().map(|row| format!("\n//     {row}")).collect();
        let comment = format!("{} {verb} by{picture}", self.steps.images[image].name);
        let pixel = |&offset: &_| self.pixel(index, image, &offsets, offset);
        let pixels: Vec<String> = offsets.iter().map(pixel).collect();
        (comment, self.rows(index, image, &offsets), pixels.join(operator))
    }

    fn gate(&self, index: usize, terms: &[Term], threshold: i64) -> (String, String, String) {
        let name = &self.steps.images[index].name;
        let total: u64 = terms.iter().map(|term| term.weight.unsigned_abs()).sum();
        let bits = 66 - total.leading_zeros();
        let reads = self.steps.images[index].action.reads();
        let mut rows: String =
            reads.iter().map(|(image, offsets)| self.rows(index, *image, offsets)).collect();
        let offsets = |image: usize| &reads.iter().find(|read| read.0 == image).expect("is read").1;
        let constant = |value: i64| {
            let sign = if value < 0 { "-" } else { "" };
            format!("{sign}{bits}'sd{}", value.unsigned_abs())
        };
        let term = |term: &Term| {
            let pixel = self.pixel(index, term.image, offsets(term.image), term.offset);
            format!("({pixel} ? {} : {bits}'sd0)", constant(term.weight))
        };
        let terms: Vec<String> = terms.iter().map(term).collect();
        rows += &format!("wire signed [{}:0] {name}_sum = {};\n", bits - 1, terms.join("\n    + "));
        (
            "a weighted sum above a threshold".to_owned(),
            rows,
            format!("{name}_sum > {}", constant(threshold)),
        )
    }

    /// For each row that a step reads of an image: the pixels of it, right to left, after what the
    /// border says of rows.
    fn rows(&self, index: usize, image: usize, offsets: &[(isize, isize)]) -> String {
        let window = Reach::of(offsets).within(self.steps.border);
        let columns = window.left + window.right + 1;
        let mut rows: Vec<isize> = offsets.iter().map(|offset| offset.0).collect();
        rows.sort_unstable();
        rows.dedup();
        let delay = self.delays.stages[index].computed.suffix();
        let part = |dy: isize| {
            let delay = self.delays.since(index, image).ahead(dy, window.right.cast_signed());
            let (row, col) = delay.place();
            let name = register_name(&self.steps.images[image].name, row);
            format!("{name}[{col} +: {columns}]")
        };
        let constant = format!("{{{columns}{{{}}}}}", self.constant());
        let row = |&dy: &isize| {
            let cases = cases(self.steps.border, dy, &format!("row{delay}"), "HEIGHT");
            let value = choice(&cases, &constant, part(dy), &part);
            format!(
                "wire [{}:0] {} =\n    {value};\n",
                columns - 1,
                self.row_name(index, image, dy)
            )
        };
        rows.iter().map(row).collect()
    }

    /// The pixel that a step reads of an image at an offset, in the rows above.
    fn pixel(
        &self,
        index: usize,
        image: usize,
        offsets: &[(isize, isize)],
        (dy, dx): (isize, isize),
    ) -> String {
        let window = Reach::of(offsets).within(self.steps.border);
        let row = self.row_name(index, image, dy);
        let part = |dx: isize| format!("{row}[{}]", window.right.cast_signed() - dx);
        let delay = self.delays.stages[index].computed.suffix();
        let cases = cases(self.steps.border, dx, &format!("col{delay}"), "WIDTH");
        match cases.is_empty() {
            true => part(dx),
            false => format!("({})", choice(&cases, self.constant(), part(dx), &part)),
        }
    }

    /// What the border reads where that is constant.
    fn constant(&self) -> &'static str {
        if self.steps.border == Border::One { "1'b1" } else { "1'b0" }
    }

    fn row_name(&self, index: usize, image: usize, dy: isize) -> String {
        let (step, image): (&Step, &Step) = (&self.steps.images[index], &self.steps.images[image]);
        let place = match dy {
            0 => "same".to_owned(),
            1.. => format!("down{dy}"),
            _ => format!("up{}", -dy),
        };
        format!("{}_of_{}_{place}", step.name, image.name)
    }
}

/// The register of the pixels of an image so many rows ago.
pub(super) fn register_name(image: &str, row: usize) -> String {
    format!("{image}_row{row}")
}

/// Nested conditions: the offset or constant of the first case that holds, else the value.
fn choice(
    cases: &[(String, Option<isize>)],
    constant: &str,
    value: String,
    part: &impl Fn(isize) -> String,
) -> String {
    let case = |(condition, instead): &(String, Option<isize>)| {
        let instead = instead.map_or_else(|| constant.to_owned(), part);
        format!("{condition} ? {instead}\n        : ")
    };
    cases.iter().map(case).collect::<String>() + &value
}
