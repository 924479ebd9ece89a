//! A binarized network as its definition says, pixel by pixel.

use strel_image::{BitImage, Border};
use strel_network::{
    Bisel, Combination, CombinationRule, Dense, Layer, MorphologicalNeuron, Network, Operator,
    Shape, ThresholdGate, WindowGate,
};

/// The outputs of a network; of a classifier what its scores read.
pub fn apply(network: &Network, images: &[BitImage]) -> Vec<BitImage> {
    let mut channels = images.to_vec();
    for layer in network.layers() {
        channels = match layer {
            Layer::Bisel(bisel) => apply_layer(bisel, &channels, network.border()),
            Layer::MaxPool { .. } => channels.iter().map(max_pool).collect(),
            Layer::Dense(dense) => apply_dense(dense, &channels),
            Layer::Scores(_) => channels,
        };
    }
    channels
}

fn max_pool(image: &BitImage) -> BitImage {
    BitImage::from_fn(image.height() / 2, image.width() / 2, |row, col| {
        [(0, 0), (0, 1), (1, 0), (1, 1)].iter().any(|(i, j)| image.get(2 * row + i, 2 * col + j))
    })
}

fn apply_dense(dense: &Dense, channels: &[BitImage]) -> Vec<BitImage> {
    let Shape { channels: count, height, width } = dense.inputs;
    assert_eq!(channels.len(), count);
    let mut inputs = Vec::new();
    for channel in channels {
        for row in 0..height {
            for col in 0..width {
                inputs.push(channel.get(row, col));
            }
        }
    }
    let pixel = |neuron| BitImage::filled(1, 1, combine(neuron, &inputs));
    dense.neurons.iter().map(pixel).collect()
}

fn apply_layer(layer: &Bisel, channels: &[BitImage], border: Border) -> Vec<BitImage> {
    let (height, width) = channels[0].size();
    let outputs = layer.outputs.iter().map(|output| {
        BitImage::from_fn(height, width, |row, col| {
            let results: Vec<bool> = output
                .neurons
                .iter()
                .zip(channels)
                .map(|(neuron, channel)| answer(neuron, channel, border, row, col))
                .collect();
            combine(&output.combination, &results)
        })
    });
    outputs.collect()
}

fn answer(
    neuron: &MorphologicalNeuron,
    channel: &BitImage,
    border: Border,
    row: usize,
    col: usize,
) -> bool {
    let read = |dy, dx| pixel(channel, row as isize + dy, col as isize + dx, border);
    let answer = match &neuron.operator {
        Operator::Dilation(element) => element.offsets().any(|(dy, dx)| read(-dy, -dx)),
        Operator::Erosion(element) => element.offsets().all(|(dy, dx)| read(dy, dx)),
        Operator::Constant(value) => *value,
        Operator::UnionOfErosions(elements) => {
            elements.iter().any(|element| element.offsets().all(|(dy, dx)| read(dy, dx)))
        }
        Operator::IntersectionOfDilations(elements) => {
            elements.iter().all(|element| element.offsets().any(|(dy, dx)| read(-dy, -dx)))
        }
        Operator::Gate(WindowGate { kernel: (rows, cols), gate }) => {
            let (top, left) = ((rows / 2) as isize, (cols / 2) as isize);
            let place = |k: usize| ((k / cols) as isize - top, (k % cols) as isize - left);
            exceeds(gate, (0..rows * cols).map(|k| read(place(k).0, place(k).1)))
        }
    };
    answer != neuron.complement
}

fn combine(combination: &Combination, results: &[bool]) -> bool {
    let members = |members: &[bool]| -> Vec<bool> {
        members.iter().zip(results).filter(|(inside, _)| **inside).map(|(_, x)| *x).collect()
    };
    let result = match &combination.rule {
        CombinationRule::Identity => results[0],
        CombinationRule::Union(set) => members(set).contains(&true),
        CombinationRule::Intersection(set) => !members(set).contains(&false),
        CombinationRule::Constant(value) => *value,
        CombinationRule::Gate(gate) => exceeds(gate, results.iter().copied()),
    };
    result != combination.complement
}

fn exceeds(gate: &ThresholdGate, inputs: impl Iterator<Item = bool>) -> bool {
    let mut sum = 0;
    for (weight, input) in gate.weights.iter().zip(inputs) {
        sum += if input { i128::from(*weight) } else { 0 };
    }
    sum > i128::from(gate.threshold)
}

fn pixel(image: &BitImage, row: isize, col: isize, border: Border) -> bool {
    assert!(border != Border::Neutral, "no network has a neutral border");
    match (border.source(row, image.height()), border.source(col, image.width())) {
        (Some(row), Some(col)) => image.get(row, col),
        _ => border == Border::One,
    }
}
