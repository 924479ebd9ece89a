//! The function that takes images through the network, row by row.

use strel_image::Border;

use super::Program;
use super::schedule::windows;
use crate::export::steps::{Action, Reach, Step};

impl Program<'_> {
    /// The functions that take images, and what becomes of them, through the network.
    pub(super) fn apply(&self) -> String {
        match self.steps.head.is_empty() {
            true => self.images_function(&self.images_signature()),
            false => {
                let images = "static void apply_images(const word *const *input, word *const *output,\n    \
                              size_t rows, size_t columns, word *scratch)";
                format!("{}\n{}", self.images_function(images), self.head_function())
            }
        }
    }

    pub(super) fn images_signature(&self) -> String {
        let name = &self.name;
        format!(
            "void {name}_apply(const {name}_word *const *input, {name}_word *const *output,\n    \
             size_t rows, size_t columns, {name}_word *scratch)"
        )
    }

    /// The loop over the rows of images.
    fn images_function(&self, signature: &str) -> String {
        let last = self.rows.iter().map(|rows| rows.delay).max().unwrap_or(0);
        let declarations: String = self
            .steps
            .images
            .iter()
            .enumerate()
            .map(|(index, step)| self.declaration(index, step))
            .collect();
        let begins: String = self
            .steps
            .images
            .iter()
            .enumerate()
            .map(|(index, step)| self.begin(index, step))
            .collect();
        let blocks: String = self
            .steps
            .images
            .iter()
            .enumerate()
            .map(|(index, step)| self.block(index, step))
            .collect();
        let outputs: String = (0..self.steps.outputs.len())
            .map(|index| format!("    word *to_{} = output[{index}];\n", index + 1))
            .collect();
        let (outside, fill) = match self.has_outside_row() {
            true => ("    const word *outside;\n", OUTSIDE_ROW),
            false => ("", ""),
        };
        format!(
            "{signature}\n{{\n    \
             const ptrdiff_t height = (ptrdiff_t)rows, width = (ptrdiff_t)columns;\n\
             {declarations}{outputs}{outside}    ptrdiff_t tick;\n\n{begins}{fill}    \
             for (tick = 0; tick < height + {last}; ++tick) {{\n        word *y;\n{blocks}    }}\n}}\n"
        )
    }

    /// Whether a row of constants lies outside the image.
    pub(super) fn has_outside_row(&self) -> bool {
        self.looks() && matches!(self.steps.border, Border::Zero | Border::One)
    }

    fn declaration(&self, index: usize, step: &Step) -> String {
        let (Step { name, action, .. }, kept) = (step, self.rows[index].kept);
        let from = match action {
            Action::Input(input) => format!("    const word *{name}_from = input[{input}];\n"),
            _ => String::new(),
        };
        format!("    word *{name}_kept[{kept}];\n    struct image {name};\n{from}")
    }

    fn begin(&self, index: usize, step: &Step) -> String {
        let (Step { name, halvings, .. }, rows) = (step, self.rows[index]);
        format!(
            "    begin(&{name}, {name}_kept, {}, {}, {halvings}, height, width, &scratch);\n",
            rows.kept, rows.delay
        )
    }

    /// What makes a row of an image when it is due.
    fn block(&self, index: usize, step: &Step) -> String {
        let name = &step.name;
        let mut lines = match &step.action {
            Action::Input(_) => vec![format!("{name}_from = take(y, {name}_from, {name}.words);")],
            Action::MaxPool(image) => {
                let image = &self.steps.images[*image].name;
                let row = |which: &str| {
                    format!("kept_row(&{image}, {name}.made + {name}.made - {which})")
                };
                vec![format!("pool(y, {}, {}, {name}.words);", row("2"), row("1"))]
            }
            _ => self.call(step),
        };
        if self.reach > 0 {
            lines.push(format!("frame(y, {name}.width);"));
        }
        let outputs = self.steps.outputs.iter().zip(1..).filter(|(output, _)| **output == index);
        lines.extend(
            outputs.map(|(_, number)| format!("to_{number} = put(to_{number}, y, &{name});")),
        );
        let lines: String = lines.iter().map(|line| format!("            {line}\n")).collect();
        format!("        if ((y = next(&{name}, tick)) != NULL) {{\n{lines}        }}\n")
    }

    /// The call of a step's function, with the rows that it reads.
    fn call(&self, step: &Step) -> Vec<String> {
        let name = &step.name;
        let outside = if self.has_outside_row() { "outside" } else { "NULL" };
        let (mut declarations, mut looks, mut arguments) = (Vec::new(), Vec::new(), String::new());
        let windows = match step.action {
            Action::Constant { .. } => Vec::new(),
            _ => windows(step, self.steps.border),
        };
        let between = if windows.len() > 1 { "\n                " } else { " " };
        for (image, Reach { up, down, .. }) in windows {
            let image = &self.steps.images[image].name;
            declarations.push(format!("const word *{image}_at[{}];", up + down + 1));
            looks.push(match up + down {
                0 => format!("{image}_at[0] = kept_row(&{image}, {name}.made - 1);"),
                _ => format!(
                    "look({image}_at + {up}, &{image}, {name}.made - 1, {up}, {down}, {outside});"
                ),
            });
            arguments += &format!("{image}_at + {up},{between}");
        }
        declarations.extend(looks);
        declarations.push(format!("{name}_row(y, {arguments}{name}.words);"));
        declarations
    }
}

const OUTSIDE_ROW: &str = "    outside = outside_row((width + BITS - 1) / BITS, &scratch);\n";
