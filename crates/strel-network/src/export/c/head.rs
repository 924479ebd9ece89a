//! Dense layers and scores.

use super::Program;
use super::table::Table;
use crate::export::heads::{IntegerNeuron, IntegerScores};
use crate::export::steps::Head;
use crate::{Dense, Scores, Shape};

const MEMBERS: &str = include_str!("members.c");
const NEURONS: &str = include_str!("neurons.c");
const SCORES: &str = include_str!("scores.c");

/// A layer in C.
pub(super) struct LayerCode {
    pub(super) tables: Vec<Table>,
    function: String,
}

/// The tables and functions of layers.
pub(super) fn code(layers: &[LayerCode]) -> String {
    if layers.is_empty() {
        return String::new();
    }
    let layer = |LayerCode { tables, function }: &LayerCode| {
        tables.iter().map(Table::definition).collect::<String>() + "\n" + function
    };
    format!("{MEMBERS}\n{}", layers.iter().map(layer).collect::<Vec<_>>().join("\n"))
}

impl Program<'_> {
    /// All dense layers and scores.
    pub(super) fn layers(&self) -> Vec<LayerCode> {
        let layer = |(index, head): (usize, &Head)| {
            let name = self.layer_name(index);
            match head {
                Head::Dense(dense) => neurons(dense, &name),
                Head::Scores(scores) => classes(scores, &name),
            }
        };
        self.steps.head.iter().enumerate().map(layer).collect()
    }

    /// What takes images of the one size there is through all layers.
    pub(super) fn head_function(&self) -> String {
        let Shape { channels, height, width } = self.steps.head[0].inputs();
        let (mut declarations, mut calls) = (String::new(), String::new());
        let mut used = 0;
        let mut place = |words: usize| {
            used += words;
            format!("scratch + {}", used - words)
        };
        let images: Vec<String> =
            (0..channels).map(|_| place(height * self.words(width))).collect();
        let last = self.steps.head.len() - 1;
        for (index, head) in self.steps.head.iter().enumerate() {
            let (number, layer) = (index + 1, self.layer_name(index));
            let vector = place(self.words(head.inputs().pixels()));
            declarations += &format!("    word *const x{number} = {vector};\n");
            calls += &match head {
                Head::Scores(_) => format!("    return {layer}(scores, x{number});\n"),
                Head::Dense(_) if index == last => format!("    {layer}(output, x{number});\n"),
                Head::Dense(_) => format!("    {layer}(x{}, x{number});\n", number + 1),
            };
        }
        let (input_height, input_width) = self.input_size();
        format!(
            "{}\n{{\n    word *const images[{channels}] = {{\n        {}\n    }};\n{declarations}    \
             apply_images(input, images, {input_height}, {input_width}, {});\n    \
             gather(x1, images, {channels}, {height}, {width});\n{calls}}}\n",
            self.head_signature(),
            images.join(",\n        "),
            place(0),
        )
    }

    /// Words of scratch memory for the images and vectors that a head reads.
    pub(super) fn head_words(&self) -> usize {
        let Some(first) = self.steps.head.first() else { return 0 };
        let Shape { channels, height, width } = first.inputs();
        let vectors = self.steps.head.iter().map(|head| self.words(head.inputs().pixels()));
        channels * height * self.words(width) + vectors.sum::<usize>()
    }

    /// Height and width of the images that a network with a head reads.
    pub(super) fn input_size(&self) -> (usize, usize) {
        let Shape { height, width, .. } = self.steps.head[0].inputs();
        let halvings = self.steps.images.last().map_or(0, |step| step.halvings);
        (height << halvings, width << halvings)
    }

    pub(super) fn head_signature(&self) -> String {
        let name = &self.name;
        let parameters = format!("const {name}_word *const *input");
        match self.steps.head.last() {
            Some(Head::Scores(_)) => format!(
                "unsigned {name}_classify({parameters}, int64_t *scores, {name}_word *scratch)"
            ),
            _ => format!(
                "void {name}_apply({parameters}, {name}_word *output, {name}_word *scratch)"
            ),
        }
    }

    pub(super) fn words(&self, pixels: usize) -> usize {
        pixels.div_ceil(self.bits)
    }

    fn layer_name(&self, index: usize) -> String {
        format!("dense{}", index + 1)
    }
}

fn neurons(dense: &Dense, layer: &str) -> LayerCode {
    let neurons: Vec<IntegerNeuron> = dense.neurons.iter().map(IntegerNeuron::from).collect();
    let (mut starts, mut inputs, mut weights) = (vec![0], Vec::new(), Vec::new());
    for &(input, weight) in neurons.iter().flat_map(|neuron| &neuron.terms) {
        inputs.push(input as i64);
        weights.push(weight);
    }
    let mut end = 0;
    starts.extend(neurons.iter().map(|neuron| {
        end += neuron.terms.len() as i64;
        end
    }));
    let limits = neurons.iter().map(|neuron| neuron.threshold).collect();
    let largest = neurons.iter().map(IntegerNeuron::total).max().unwrap_or(0);
    let sum = if i32::try_from(largest).is_ok() { "int32_t" } else { "int64_t" };
    let tables = [("starts", starts), ("inputs", inputs), ("weights", weights), ("limits", limits)];
    let tables = tables.map(|(name, values)| Table::new(format!("{layer}_{name}"), values));
    let function = NEURONS.replace("LAYER", layer).replace("SUM", sum);
    let function = function.replace("NEURONS", &neurons.len().to_string());
    LayerCode { tables: tables.into(), function }
}

fn classes(scores: &Scores, layer: &str) -> LayerCode {
    let integers = IntegerScores::from(scores);
    let weights = Table::new(format!("{layer}_weights"), integers.weights.concat());
    let bias = Table::new(format!("{layer}_bias"), integers.bias);
    let function = SCORES.replace("LAYER", layer).replace("WEIGHT", weights.integer());
    let function = function.replace("CLASSES", &scores.classes.to_string());
    let function = function.replace("INPUTS", &scores.inputs.pixels().to_string());
    LayerCode { tables: vec![weights, bias], function }
}
