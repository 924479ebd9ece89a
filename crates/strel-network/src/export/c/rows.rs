//! A function a step, which makes a row of an image.

use strel_image::StructuringElement;

use super::Program;
use crate::export::steps::{Action, Step, Term};

/// Reads of pixels on a line of code.
const A_LINE: usize = 6;

/// The function of a step, or nothing for one that is only copied.
pub(super) fn function(program: &Program, step: &Step) -> String {
    let names: Vec<&str> = program.names(step);
    let (comment, body) = match &step.action {
        Action::Input(_) | Action::MaxPool(_) => return String::new(),
        Action::Constant { value, .. } => {
            let word = if *value { "~(word)0" } else { "0" };
            (format!("is {} everywhere", u8::from(*value)), assignment(word, false))
        }
        Action::Dilation(_, element) => {
            (drawn(step, names[0], "dilated", element), joined(step, &names, "|"))
        }
        Action::Erosion(_, element) => {
            (drawn(step, names[0], "eroded", element), joined(step, &names, "&"))
        }
        Action::Union(_) => (listed(step, &names, "union"), joined(step, &names, "|")),
        Action::Intersection(_) => {
            (listed(step, &names, "intersection"), joined(step, &names, "&"))
        }
        Action::Gate { terms, threshold } => {
            let comment = format!("is{} a sum above {threshold}", not(step));
            (comment, gate(program, terms, *threshold, step.complement))
        }
    };
    let between = if names.len() > 1 { "\n    " } else { " " };
    let parameter = |name: &&str| format!("const word *const *{name},{between}");
    let parameters: String = names.iter().map(parameter).collect();
    let name = &step.name;
    format!(
        "/* {name} {comment}{} */\n\
         static void {name}_row(word *y, {parameters}ptrdiff_t words)\n{{\n    ptrdiff_t i;\n{body}}}\n",
        if comment.contains('\n') { "\n" } else { "" },
    )
}

impl Program<'_> {
    /// The names of the images that a step reads.
    pub(super) fn names(&self, step: &Step) -> Vec<&str> {
        let reads = step.action.reads().into_iter();
        reads.map(|(image, _)| self.steps.images[image].name.as_str()).collect()
    }
}

fn not(step: &Step) -> &'static str {
    if step.complement { " not" } else { "" }
}

/// What an operator does, and its element.
fn drawn(step: &Step, image: &str, verb: &str, element: &StructuringElement) -> String {
    let picture = element.to_string();
    let rows: String = picture.lines().map(|row| format!("\n *     {row}")).collect();
    format!("is{} {image} {verb} by{rows}", not(step))
}

fn listed(step: &Step, names: &[&str], operation: &str) -> String {
    format!("is{} the {operation} of\n *     {}", not(step), names.join(",\n *     "))
}

/// The pixels of an image at an offset from those of word i.
fn pixels(image: &str, (dy, dx): (isize, isize)) -> String {
    match dx {
        0 => format!("{image}[{dy}][i]"),
        1.. => format!("RIGHT({image}[{dy}], i, {dx})"),
        _ => format!("LEFT({image}[{dy}], i, {})", -dx),
    }
}

/// Everything that a step reads, joined, a line a row.
fn joined(step: &Step, names: &[&str], operator: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (name, (_, offsets)) in names.iter().zip(step.action.reads()) {
        for row in offsets.chunk_by(|left, right| left.0 == right.0) {
            for part in row.chunks(A_LINE) {
                let reads: Vec<String> = part.iter().map(|&offset| pixels(name, offset)).collect();
                lines.push(reads.join(&format!(" {operator} ")));
            }
        }
    }
    let indent = if step.complement { 15 } else { 13 };
    let joined = lines.join(&format!("\n{:indent$}{operator} ", ""));
    assignment(&joined, step.complement)
}

fn assignment(value: &str, complement: bool) -> String {
    let value = if complement { format!("~({value})") } else { value.to_owned() };
    format!("    for (i = 0; i < words; ++i)\n        y[i] = {value};\n")
}

/// A gate, counted pixel by pixel.
fn gate(program: &Program, terms: &[Term], threshold: i64, complement: bool) -> String {
    let total: u64 = terms.iter().map(|term| term.weight.unsigned_abs()).sum();
    let narrow = i32::try_from(total).is_ok();
    let (integer, literal): (_, fn(i64) -> String) =
        if narrow { ("int32_t", |value| value.to_string()) } else { ("int64_t", wide) };
    let mut words = String::new();
    let mut sums = String::new();
    for (term, number) in terms.iter().zip(1..) {
        let image = &program.steps.images[term.image].name;
        words += &format!("        const word x_{number} = {};\n", pixels(image, term.offset));
        let weight = literal(term.weight);
        sums += &format!("            sum += x_{number} >> b & 1 ? {weight} : 0;\n");
    }
    let threshold = literal(threshold);
    let not = if complement { "~" } else { "" };
    format!(
        "    for (i = 0; i < words; ++i) {{\n{words}        word result = 0;\n        int b;\n        \
         for (b = 0; b < BITS; ++b) {{\n            {integer} sum = 0;\n{sums}            \
         result |= (word)(sum > {threshold}) << b;\n        }}\n        y[i] = {not}result;\n    }}\n"
    )
}

/// An integer of 64 bits; the least one has no literal.
pub(super) fn wide(value: i64) -> String {
    match value.checked_sub(1) {
        Some(_) => format!("INT64_C({value})"),
        None => "INT64_MIN".to_owned(),
    }
}
