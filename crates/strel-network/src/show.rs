//! Networks as text.

use std::fmt;

use crate::{
    Bisel, Combination, CombinationRule, Exactness, FloatBisel, FloatNetwork, Layer,
    MorphologicalNeuron, Network, Operator, OutputChannel,
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
        if let Some(element) = self.operator.element() {
            lines.extend(element.to_string().lines().map(str::to_owned));
        }
        Block(lines)
    }
}

impl Operator {
    fn formula(&self, input: usize, complement: bool) -> String {
        let formula = match self {
            Self::Dilation(_) => format!("x{} ⊕ B", input + 1),
            Self::Erosion(_) => format!("x{} ⊖ B", input + 1),
            Self::Constant(value) => return constant(*value != complement),
        };
        if complement { format!("¬({formula})") } else { formula }
    }
}

impl Combination {
    fn formula(&self) -> String {
        let (members, symbol) = match &self.rule {
            CombinationRule::Identity => (&[true][..], ""),
            CombinationRule::Union(members) => (&members[..], " ∪ "),
            CombinationRule::Intersection(members) => (&members[..], " ∩ "),
            CombinationRule::Constant(value) => return constant(*value != self.complement),
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
}

/// Writes blocks in rows of at most [`WIDTH`] columns, an empty line before each row.
fn write_side_by_side(f: &mut fmt::Formatter<'_>, blocks: &[Block], indent: usize) -> fmt::Result {
    let width = blocks.iter().map(Block::width).max().unwrap_or(0);
    let a_row = ((WIDTH - indent + GAP) / (width + GAP)).max(1);
    for row in blocks.chunks(a_row) {
        writeln!(f)?;
        let height = row.iter().map(|block| block.0.len()).max().unwrap_or(0);
        for index in 0..height {
            let mut line = " ".repeat(indent);
            for block in row {
                let text = block.0.get(index).map_or("", String::as_str);
                line += &format!("{text:<width$}{:GAP$}", "");
            }
            writeln!(f, "{}", line.trim_end())?;
        }
    }
    Ok(())
}

/// The network's sizes and counts in one line.
pub(crate) fn headline(network: &Network) -> String {
    let (activated, approximate) = network.exactness_counts();
    let neurons = activated + approximate;
    format!(
        "binarized network {}, border {}, {neurons} neuron{}: {activated} activated, {approximate} \
         approximate",
        channels(network.inputs(), network.layers().iter().map(Layer::outputs)),
        network.border(),
        plural(neurons),
    )
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
