//! Networks as text.

use std::fmt;

use strel_image::StructuringElement;

use crate::{
    Bisel, Combination, CombinationRule, Exactness, ExactnessCounts, FloatBisel, FloatNetwork,
    Layer, MorphologicalNeuron, Network, Operator, OutputChannel, ThresholdGate, WindowGate,
};

/// Columns of text.
const WIDTH: usize = 100;

/// Blanks between pictures side by side.
const GAP: usize = 4;

impl fmt::Display for Network {
    /// The operators layer by layer, with pictures of their structuring elements B: x are a layer's
    /// inputs, z the results of one output's operators, y its outputs.
    ///
    /// ```
    /// use strel_image::Border;
    /// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
    ///
    /// let erosion = MorphologicalNeuron::activated(Operator::Erosion("#O#".parse()?));
    /// let network = Network::new(Border::Zero, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
    /// let text = "\
    /// binarized network 1 → 1, border zero, 1 neuron: 1 activated, 0 approximate
    ///
    /// layer 1: 1 → 1
    ///
    ///   y1 = x1 ⊖ B
    ///   activated
    ///   #O#
    /// ";
    /// assert_eq!(network.to_string(), text);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", headline(self))?;
        for (index, Layer::Bisel(bisel)) in self.layers().iter().enumerate() {
            writeln!(f, "\nlayer {}: {} → {}", index + 1, bisel.inputs, bisel.outputs.len())?;
            bisel.write(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for FloatNetwork {
    /// The sizes of the network in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kernels: Vec<String> = self
            .layers()
            .iter()
            .map(|layer| format!("{}x{}", layer.kernel.0, layer.kernel.1))
            .collect();
        let neurons: usize = self.layers().iter().map(FloatBisel::neurons).sum();
        writeln!(
            f,
            "float network {}, windows {}, border {}, threshold {}, {neurons} neuron{}",
            channels(self.inputs(), self.layers().iter().map(|layer| layer.outputs)),
            kernels.join(", "),
            self.border(),
            self.threshold(),
            plural(neurons),
        )
    }
}

impl Bisel {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Outputs of one operator each stand side by side; one with several has lines of its own.
        let single =
            |channel: &OutputChannel| channel.combination.rule == CombinationRule::Identity;
        let mut row = Vec::new();
        for (index, channel) in self.outputs.iter().enumerate() {
            let name = format!("y{}", index + 1);
            if single(channel) {
                row.push(channel.neurons[0].block(&name, 0, channel.combination.complement));
                continue;
            }
            writeln!(
                f,
                "\n  {name} = {}, {}",
                channel.combination.formula(),
                channel.combination.exactness
            )?;
            write_side_by_side(f, &channel.blocks(), 4)?;
        }
        write_side_by_side(f, &row, 2)
    }
}

impl OutputChannel {
    /// The operators that the combination uses.
    fn blocks(&self) -> Vec<Block> {
        let used = (0..self.neurons.len()).filter(|&input| self.combination.uses(input));
        used.map(|input| self.neurons[input].block(&format!("z{}", input + 1), input, false))
            .collect()
    }
}

impl MorphologicalNeuron {
    fn block(&self, name: &str, input: usize, complement: bool) -> Block {
        let formula = self.operator.formula(input, self.complement != complement);
        let mut lines = vec![format!("{name} = {formula}"), self.exactness.to_string()];
        match &self.operator {
            Operator::Gate(gate) => lines.extend(gate.lines()),
            operator => lines.extend(pictures(operator.elements())),
        }
        Block(lines)
    }
}

impl Operator {
    fn formula(&self, input: usize, complement: bool) -> String {
        let x = format!("x{}", input + 1);
        let formula = match self {
            Self::Dilation(_) => format!("{x} ⊕ B"),
            Self::Erosion(_) => format!("{x} ⊖ B"),
            Self::Constant(value) => return constant(*value != complement),
            Self::UnionOfErosions(elements) => several(&x, "⊖", "∪", elements.len()),
            Self::IntersectionOfDilations(elements) => several(&x, "⊕", "∩", elements.len()),
            Self::Gate(gate) => format!("Σ G {x} > {}", gate.gate.threshold),
        };
        if complement { format!("¬({formula})") } else { formula }
    }
}

/// Operators by each of `count` elements, combined.
fn several(x: &str, operation: &str, combination: &str, count: usize) -> String {
    let term = |index: usize| format!("({x} {operation} B{index})");
    match count {
        1 => term(1),
        2 => format!("{} {combination} {}", term(1), term(2)),
        _ => format!("{} {combination} … {combination} {}", term(1), term(count)),
    }
}

/// Pictures of elements side by side, a few a row.
fn pictures(elements: &[StructuringElement]) -> Vec<String> {
    const A_ROW: usize = 4;
    let blocks: Vec<Block> = elements
        .iter()
        .map(|element| Block(element.to_string().lines().map(str::to_owned).collect()))
        .collect();
    let rows = blocks.chunks(A_ROW).map(|row| side_by_side(row, 2));
    let between = (elements.len() > A_ROW).then(String::new);
    let mut lines: Vec<String> =
        rows.flat_map(|row| row.into_iter().chain(between.clone())).collect();
    lines.truncate(lines.len() - usize::from(between.is_some()));
    lines
}

impl WindowGate {
    /// The weights as a table.
    fn lines(&self) -> Vec<String> {
        let numbers: Vec<String> = self.gate.weights.iter().map(i64::to_string).collect();
        let width = numbers.iter().map(String::len).max().unwrap_or(0);
        let aligned = |row: &[String]| {
            row.iter().map(|number| format!("{number:>width$}")).collect::<Vec<_>>().join(" ")
        };
        numbers.chunks(self.kernel.1).map(aligned).collect()
    }
}

impl ThresholdGate {
    /// The weighted sum of results, and what it exceeds.
    fn formula(&self) -> String {
        let terms = self.weights.iter().zip(1..).filter(|(weight, _)| **weight != 0);
        let mut sum = String::new();
        for (weight, number) in terms {
            let sign = match (sum.is_empty(), *weight < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            let factor = match weight.unsigned_abs() {
                1 => String::new(),
                size => format!("{size} "),
            };
            sum += &format!("{sign}{factor}z{number}");
        }
        format!("{sum} > {}", self.threshold)
    }
}

impl Combination {
    fn formula(&self) -> String {
        let (members, symbol) = match &self.rule {
            CombinationRule::Identity => (&[true][..], ""),
            CombinationRule::Union(members) => (&members[..], " ∪ "),
            CombinationRule::Intersection(members) => (&members[..], " ∩ "),
            CombinationRule::Constant(value) => return constant(*value != self.complement),
            CombinationRule::Gate(gate) if self.complement => {
                return format!("¬({})", gate.formula());
            }
            CombinationRule::Gate(gate) => return gate.formula(),
        };
        let names: Vec<String> = members
            .iter()
            .enumerate()
            .filter(|(_, inside)| **inside)
            .map(|(index, _)| format!("z{}", index + 1))
            .collect();
        let formula = names.join(symbol);
        match self.complement {
            false => formula,
            true if names.len() == 1 => format!("¬{formula}"),
            true => format!("¬({formula})"),
        }
    }
}

impl fmt::Display for Exactness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Activated => "activated",
            Self::Lossless => "lossless",
            Self::Approximate => "approximate",
        })
    }
}

/// Lines of text that stand beside other blocks.
struct Block(Vec<String>);

impl Block {
    fn width(&self) -> usize {
        self.0.iter().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    /// This block, `width` columns wide at least.
    fn padded(&self, width: usize) -> Self {
        Self(self.0.iter().map(|line| format!("{line:<width$}")).collect())
    }
}

/// Writes blocks in rows of at most [`WIDTH`] columns, an empty line before each row.
fn write_side_by_side(f: &mut fmt::Formatter<'_>, blocks: &[Block], indent: usize) -> fmt::Result {
    let width = blocks.iter().map(Block::width).max().unwrap_or(0);
    let a_row = ((WIDTH - indent + GAP) / (width + GAP)).max(1);
    for row in blocks.chunks(a_row) {
        writeln!(f)?;
        let padded: Vec<Block> = row.iter().map(|block| block.padded(width)).collect();
        for line in side_by_side(&padded, GAP) {
            writeln!(f, "{}", format!("{:indent$}{line}", "").trim_end())?;
        }
    }
    Ok(())
}

/// The lines of blocks that stand side by side.
fn side_by_side(blocks: &[Block], gap: usize) -> Vec<String> {
    let height = blocks.iter().map(|block| block.0.len()).max().unwrap_or(0);
    let line = |index: usize| {
        let mut line = String::new();
        for block in blocks {
            let (text, width) = (block.0.get(index).map_or("", String::as_str), block.width());
            line += &format!("{text:<width$}{:gap$}", "");
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// The network's sizes and counts in one line.
pub(crate) fn headline(network: &Network) -> String {
    let counts = network.exactness_counts();
    format!(
        "binarized network {}, border {}, {} neuron{}: {counts}",
        channels(network.inputs(), network.layers().iter().map(Layer::outputs)),
        network.border(),
        counts.total(),
        plural(counts.total()),
    )
}

impl fmt::Display for ExactnessCounts {
    /// The counts in words; lossless neurons are mentioned where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}, ", self.activated, Exactness::Activated)?;
        if self.lossless > 0 {
            write!(f, "{} {}, ", self.lossless, Exactness::Lossless)?;
        }
        write!(f, "{} {}", self.approximate, Exactness::Approximate)
    }
}

fn constant(value: bool) -> String {
    if value { "1 everywhere" } else { "0 everywhere" }.to_owned()
}

/// The numbers of channels from layer to layer.
pub(crate) fn channels(inputs: usize, outputs: impl Iterator<Item = usize>) -> String {
    outputs.fold(inputs.to_string(), |text, count| format!("{text} → {count}"))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
