//! Dense layers and scores as nodes.

use super::builder::Builder;
use super::proto::{Attribute, Element, Tensor};
use crate::export::heads::{IntegerNeuron, IntegerScores};
use crate::{Dense, Scores};

/// The type in which sums of integers of at most this absolute value are exact.
fn exact(total: u64) -> Element {
    match total {
        0..=0x100_0000 => Element::Float,
        0x100_0001..=0x20_0000_0000_0000 => Element::Double,
        _ => Element::Int64,
    }
}

/// The neurons of a dense layer: truth values `[batch, neurons]`.
pub(super) fn add_neurons(builder: &mut Builder, name: &str, dense: &Dense, input: &str) -> String {
    let neurons: Vec<IntegerNeuron> = dense.neurons.iter().map(IntegerNeuron::from).collect();
    let element = exact(neurons.iter().map(IntegerNeuron::total).max().unwrap_or(0));
    let (inputs, outputs) = (dense.inputs.pixels(), neurons.len());
    let mut weights = vec![0; inputs * outputs];
    for (output, neuron) in neurons.iter().enumerate() {
        neuron.terms.iter().for_each(|&(input, weight)| weights[input * outputs + output] = weight);
    }
    let sums = add_sums(builder, name, element, (inputs, outputs), &weights, input);
    let limits: Vec<i64> = neurons.iter().map(|neuron| neuron.threshold).collect();
    let limits = builder.constant(&format!("{name}_limits"), element, &[outputs], &limits);
    builder.node(name, "Greater", &[&sums, &limits], &[])
}

/// The outputs `scores` `[batch, classes]`, in doubles, and `class` `[batch]`.
pub(super) fn add_scores(builder: &mut Builder, name: &str, scores: &Scores, input: &str) {
    let integers = IntegerScores::from(scores);
    let (inputs, classes) = (scores.inputs.pixels(), scores.classes);
    let mut weights = vec![0; inputs * classes];
    for (class, row) in integers.weights.iter().enumerate() {
        row.iter()
            .enumerate()
            .for_each(|(input, &weight)| weights[input * classes + class] = weight);
    }
    let element = if integers.exact { Element::Double } else { Element::Int64 };
    let sums = add_sums(builder, name, element, (inputs, classes), &weights, input);
    let bias = builder.constant(&format!("{name}_bias"), element, &[classes], &integers.bias);
    let total = builder.node(&format!("{name}_integers"), "Sub", &[&sums, &bias], &[]);
    let best = [Attribute::int("axis", 1), Attribute::int("keepdims", 0)];
    builder.node("class", "ArgMax", &[&total], &best);
    let double = builder.cast(&format!("{name}_double"), &total, Element::Double);
    let unit = format!("{name}_unit");
    builder.constants.push(Tensor {
        dims: Vec::new(),
        data_type: Element::Double as i32,
        name: unit.clone(),
        raw_data: 2.0_f64.powi(integers.exponent).to_le_bytes().to_vec(),
    });
    builder.node("scores", "Mul", &[&double, &unit], &[]);
}

/// The weighted sums of inputs.
fn add_sums(
    builder: &mut Builder,
    name: &str,
    element: Element,
    (inputs, outputs): (usize, usize),
    weights: &[i64],
    input: &str,
) -> String {
    let input = builder.cast(&format!("{name}_input"), input, element);
    let weights =
        builder.constant(&format!("{name}_weights"), element, &[inputs, outputs], weights);
    builder.node(&format!("{name}_sums"), "MatMul", &[&input, &weights], &[])
}
