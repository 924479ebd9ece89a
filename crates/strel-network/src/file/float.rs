//! The float network in a file.

use serde::{Deserialize, Serialize};

use super::archive::{Archive, ArchiveReader};
use crate::{
    FileProblem, FloatBisel, FloatDense, FloatLayer, FloatNetwork, NeuronBank, Scores, Shape,
};

pub(super) const FORMAT: &str = "strel.float-network";

/// The sizes of a layer; those of a BiSEL layer have no name.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum LayerEntry {
    Bisel(BiselEntry),
    Other(OtherEntry),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BiselEntry {
    inputs: usize,
    outputs: usize,
    kernel: (usize, usize),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OtherEntry {
    MaxPool { channels: usize },
    Dense { inputs: Shape, outputs: usize },
    Scores { inputs: Shape, classes: usize },
}

pub(super) fn write(network: &FloatNetwork) -> Archive {
    let mut archive = Archive::new(FORMAT);
    archive.metadata("border", network.border());
    archive.metadata("threshold", network.threshold());
    let layers = network.layers().iter().enumerate();
    let entries: Vec<LayerEntry> =
        layers.map(|(index, layer)| write_layer(&mut archive, index, layer)).collect();
    archive.json("layers", &entries);
    archive
}

fn write_layer(archive: &mut Archive, index: usize, layer: &FloatLayer) -> LayerEntry {
    let other = match layer {
        FloatLayer::Bisel(bisel) => {
            let &FloatBisel { inputs, outputs, kernel, .. } = bisel;
            let window = [kernel.0, kernel.1];
            write_bank(archive, index, "bise", &bisel.bise, &[outputs, inputs], &window);
            if let Some(lui) = &bisel.lui {
                write_bank(archive, index, "lui", lui, &[outputs], &[inputs]);
            }
            return LayerEntry::Bisel(BiselEntry { inputs, outputs, kernel });
        }
        &FloatLayer::MaxPool { channels } => OtherEntry::MaxPool { channels },
        FloatLayer::Dense(FloatDense { inputs, outputs, neurons }) => {
            write_bank(archive, index, "dense", neurons, &[*outputs], &sizes(*inputs));
            OtherEntry::Dense { inputs: *inputs, outputs: *outputs }
        }
        FloatLayer::Scores(scores) => {
            write_scores(archive, index, scores);
            OtherEntry::Scores { inputs: scores.inputs, classes: scores.classes }
        }
    };
    LayerEntry::Other(other)
}

fn sizes(shape: Shape) -> [usize; 3] {
    [shape.channels, shape.height, shape.width]
}

/// Writes a bank of neurons of a layer: `neurons` is the shape of the bank, `size` that of one
/// neuron's weights.
fn write_bank(
    archive: &mut Archive,
    layer: usize,
    bank: &str,
    values: &NeuronBank,
    neurons: &[usize],
    size: &[usize],
) {
    let name = |part| tensor_name(layer, bank, part);
    archive.floats(name("weights"), &[neurons, size].concat(), &values.weights);
    archive.floats(name("bias"), neurons, &values.bias);
    archive.floats(name("scale"), neurons, &values.scale);
}

/// Writes the tensors of a layer of scores.
pub(super) fn write_scores(archive: &mut Archive, layer: usize, scores: &Scores) {
    let shape = [&[scores.classes][..], &sizes(scores.inputs)].concat();
    archive.floats(tensor_name(layer, "scores", "weights"), &shape, &scores.weights);
    archive.floats(tensor_name(layer, "scores", "bias"), &[scores.classes], &scores.bias);
}

pub(super) fn read(archive: &mut ArchiveReader) -> Result<FloatNetwork, FileProblem> {
    let border = archive.parsed("border", str::parse)?;
    let threshold = archive.parsed("threshold", str::parse)?;
    let entries: Vec<LayerEntry> = archive.json("layers")?;
    let layers: Result<Vec<FloatLayer>, FileProblem> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| read_layer(archive, index, entry))
        .collect();
    Ok(FloatNetwork::new(border, threshold, layers?)?)
}

fn read_layer(
    archive: &mut ArchiveReader,
    layer: usize,
    entry: LayerEntry,
) -> Result<FloatLayer, FileProblem> {
    Ok(match entry {
        LayerEntry::Bisel(BiselEntry { inputs, outputs, kernel }) => {
            let window = [kernel.0, kernel.1];
            let bise = read_bank(archive, layer, "bise", &[outputs, inputs], &window)?;
            let lui = (inputs > 1)
                .then(|| read_bank(archive, layer, "lui", &[outputs], &[inputs]))
                .transpose()?;
            FloatLayer::Bisel(FloatBisel { inputs, outputs, kernel, bise, lui })
        }
        LayerEntry::Other(OtherEntry::MaxPool { channels }) => FloatLayer::MaxPool { channels },
        LayerEntry::Other(OtherEntry::Dense { inputs, outputs }) => {
            let neurons = read_bank(archive, layer, "dense", &[outputs], &sizes(inputs))?;
            FloatLayer::Dense(FloatDense { inputs, outputs, neurons })
        }
        LayerEntry::Other(OtherEntry::Scores { inputs, classes }) => {
            FloatLayer::Scores(read_scores(archive, layer, inputs, classes)?)
        }
    })
}

/// Reads what [`write_scores`] wrote.
pub(super) fn read_scores(
    archive: &mut ArchiveReader,
    layer: usize,
    inputs: Shape,
    classes: usize,
) -> Result<Scores, FileProblem> {
    let shape = [&[classes][..], &sizes(inputs)].concat();
    let weights = archive.floats(tensor_name(layer, "scores", "weights"), &shape)?;
    let bias = archive.floats(tensor_name(layer, "scores", "bias"), &[classes])?;
    Ok(Scores { inputs, classes, weights, bias })
}

fn read_bank(
    archive: &mut ArchiveReader,
    layer: usize,
    bank: &str,
    neurons: &[usize],
    size: &[usize],
) -> Result<NeuronBank, FileProblem> {
    let name = |part| tensor_name(layer, bank, part);
    Ok(NeuronBank {
        weights: archive.floats(name("weights"), &[neurons, size].concat())?,
        bias: archive.floats(name("bias"), neurons)?,
        scale: archive.floats(name("scale"), neurons)?,
    })
}

fn tensor_name(layer: usize, bank: &str, part: &str) -> String {
    format!("layer{}.{bank}.{part}", layer + 1)
}
