//! The binarized network in a file.

use serde::{Deserialize, Serialize};

use super::archive::{Archive, ArchiveReader};
use super::float::{read_scores, write_scores};
use super::operators::{
    OperatorEntry, RuleEntry, read_operator, read_rule, write_operator, write_rule,
};
use crate::{
    Bisel, Combination, Dense, Exactness, FileProblem, Layer, MorphologicalNeuron, Network,
    OutputChannel, Place, Shape,
};

pub(super) const FORMAT: &str = "strel.network";

/// A layer without the pixels of its structuring elements, the weights of its gates and the members
/// of its combinations, which are tensors.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LayerEntry {
    Bisel(BiselEntry),
    MaxPool { channels: usize },
    Dense(DenseEntry),
    Scores { inputs: Shape, classes: usize },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DenseEntry {
    inputs: Shape,
    neurons: Vec<CombinationEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BiselEntry {
    inputs: usize,
    outputs: Vec<OutputEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputEntry {
    neurons: Vec<NeuronEntry>,
    combination: CombinationEntry,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NeuronEntry {
    operator: OperatorEntry,
    complement: bool,
    exactness: Exactness,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CombinationEntry {
    rule: RuleEntry,
    complement: bool,
    exactness: Exactness,
}

pub(super) fn write(network: &Network) -> Archive {
    let mut archive = Archive::new(FORMAT);
    archive.metadata("border", network.border());
    let layers = network.layers().iter().enumerate();
    let entries: Vec<LayerEntry> =
        layers.map(|(index, layer)| write_layer(&mut archive, index, layer)).collect();
    archive.json("layers", &entries);
    archive
}

fn write_layer(archive: &mut Archive, index: usize, layer: &Layer) -> LayerEntry {
    match layer {
        Layer::Bisel(bisel) => LayerEntry::Bisel(write_bisel(archive, index, bisel)),
        &Layer::MaxPool { channels } => LayerEntry::MaxPool { channels },
        Layer::Dense(dense) => {
            let neurons = dense.neurons.iter().enumerate();
            let neurons = neurons.map(|(neuron, combination)| {
                write_combination(archive, Place::dense(index, neuron), combination)
            });
            LayerEntry::Dense(DenseEntry { inputs: dense.inputs, neurons: neurons.collect() })
        }
        Layer::Scores(scores) => {
            write_scores(archive, index, scores);
            LayerEntry::Scores { inputs: scores.inputs, classes: scores.classes }
        }
    }
}

fn write_bisel(archive: &mut Archive, layer: usize, bisel: &Bisel) -> BiselEntry {
    let outputs = bisel.outputs.iter().enumerate().map(|(output, channel)| {
        let neurons = channel.neurons.iter().enumerate().map(|(input, neuron)| NeuronEntry {
            operator: write_operator(archive, Place::bise(layer, output, input), &neuron.operator),
            complement: neuron.complement,
            exactness: neuron.exactness,
        });
        let neurons = neurons.collect();
        let place = Place::lui(layer, output);
        let combination = write_combination(archive, place, &channel.combination);
        OutputEntry { neurons, combination }
    });
    BiselEntry { inputs: bisel.inputs, outputs: outputs.collect() }
}

fn write_combination(
    archive: &mut Archive,
    place: Place,
    combination: &Combination,
) -> CombinationEntry {
    CombinationEntry {
        rule: write_rule(archive, place, &combination.rule),
        complement: combination.complement,
        exactness: combination.exactness,
    }
}

pub(super) fn read(archive: &mut ArchiveReader) -> Result<Network, FileProblem> {
    let border = archive.parsed("border", str::parse)?;
    let entries: Vec<LayerEntry> = archive.json("layers")?;
    let layers: Result<_, FileProblem> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| read_layer(archive, index, entry))
        .collect();
    Ok(Network::new(border, layers?)?)
}

fn read_layer(
    archive: &mut ArchiveReader,
    layer: usize,
    entry: LayerEntry,
) -> Result<Layer, FileProblem> {
    Ok(match entry {
        LayerEntry::Bisel(entry) => Layer::Bisel(read_bisel(archive, layer, entry)?),
        LayerEntry::MaxPool { channels } => Layer::MaxPool { channels },
        LayerEntry::Dense(entry) => Layer::Dense(read_dense(archive, layer, entry)?),
        LayerEntry::Scores { inputs, classes } => {
            Layer::Scores(read_scores(archive, layer, inputs, classes)?)
        }
    })
}

fn read_dense(
    archive: &mut ArchiveReader,
    layer: usize,
    entry: DenseEntry,
) -> Result<Dense, FileProblem> {
    let DenseEntry { inputs, neurons } = entry;
    let pixels = inputs.checked_pixels(Place::layer(layer))?;
    let neurons: Result<_, FileProblem> = neurons
        .into_iter()
        .enumerate()
        .map(|(index, entry)| read_combination(archive, Place::dense(layer, index), pixels, entry))
        .collect();
    Ok(Dense { inputs, neurons: neurons? })
}

fn read_bisel(
    archive: &mut ArchiveReader,
    layer: usize,
    entry: BiselEntry,
) -> Result<Bisel, FileProblem> {
    let outputs: Result<_, FileProblem> = entry
        .outputs
        .into_iter()
        .enumerate()
        .map(|(output, channel)| read_output(archive, layer, output, entry.inputs, channel))
        .collect();
    Ok(Bisel { inputs: entry.inputs, outputs: outputs? })
}

fn read_output(
    archive: &mut ArchiveReader,
    layer: usize,
    output: usize,
    inputs: usize,
    entry: OutputEntry,
) -> Result<OutputChannel, FileProblem> {
    let neurons: Result<_, FileProblem> = entry
        .neurons
        .into_iter()
        .enumerate()
        .map(|(input, neuron)| {
            let place = Place::bise(layer, output, input);
            Ok(MorphologicalNeuron {
                operator: read_operator(archive, place, &neuron.operator)?,
                complement: neuron.complement,
                exactness: neuron.exactness,
            })
        })
        .collect();
    let place = Place::lui(layer, output);
    let combination = read_combination(archive, place, inputs, entry.combination)?;
    Ok(OutputChannel { neurons: neurons?, combination })
}

fn read_combination(
    archive: &mut ArchiveReader,
    place: Place,
    inputs: usize,
    entry: CombinationEntry,
) -> Result<Combination, FileProblem> {
    let CombinationEntry { rule, complement, exactness } = entry;
    let rule = read_rule(archive, place, inputs, &rule)?;
    Ok(Combination { rule, complement, exactness })
}
