//! Networks as text.

mod blocks;
mod combination;
mod dense;

use std::fmt;

use strel_image::StructuringElement;

use crate::{
    Bisel, CombinationRule, Exactness, ExactnessCounts, FloatLayer, FloatNetwork, Layer,
    MorphologicalNeuron, Network, Operator, OutputChannel, WindowGate,
};
use blocks::{Block, side_by_side, write_side_by_side};

impl fmt::Display for Network {
    /// The operators layer by layer, with pictures of their structuring elements B: x are a layer's
    /// inputs, z the results of one output's operators, y its outputs. Dense layers of more than 16
    /// neurons are summed up. As many pictures stand side by side as the width allows, which is 100
    /// columns unless the format has another, like `{network:80}`.
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
        for (index, layer) in self.layers().iter().enumerate() {
            write!(f, "\nlayer {}: {} → {}", index + 1, layer.inputs(), layer.outputs())?;
            match layer {
                Layer::Bisel(bisel) => bisel.write(f)?,
                Layer::Dense(dense) => dense.write(f)?,
                Layer::MaxPool { .. } | Layer::Scores(_) => {
                    writeln!(f, ", {}", layer.stage().effect)?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for FloatNetwork {
    /// The sizes of the network in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layers: Vec<String> = self.layers().iter().map(FloatLayer::summary).collect();
        let neurons: usize = self.layers().iter().map(FloatLayer::neurons).sum();
        writeln!(
            f,
            "float network {}, {}, border {}, threshold {}, {neurons} neuron{}",
            channels(self.inputs(), self.layers().iter().map(FloatLayer::outputs)),
            layers.join(", "),
            self.border(),
            self.threshold(),
            plural(neurons),
        )
    }
}

impl FloatLayer {
    fn summary(&self) -> String {
        match self {
            Self::Bisel(bisel) => format!("BiSEL {}x{}", bisel.kernel.0, bisel.kernel.1),
            Self::MaxPool { .. } => "max-pool 2x2".to_owned(),
            Self::Dense(dense) => format!("dense {}", dense.inputs),
            Self::Scores(scores) => format!("scores {}", scores.inputs),
        }
    }
}

impl Bisel {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
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
                channel.combination.formula('z'),
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

impl fmt::Display for Exactness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Activated => "activated",
            Self::Lossless => "lossless",
            Self::Approximate => "approximate",
        })
    }
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
