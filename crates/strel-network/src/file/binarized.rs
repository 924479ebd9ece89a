//! The binarized network in a file.

use serde::{Deserialize, Serialize};

use super::archive::{Archive, ArchiveReader};
use super::operators::{
    OperatorEntry, RuleEntry, read_operator, read_rule, write_operator, write_rule,
};
use crate::{
    Bisel, Combination, Exactness, FileProblem, Layer, MorphologicalNeuron, Network, OutputChannel,
    Place,
};

pub(super) const FORMAT: &str = "strel.network";

/// A layer without the pixels of its structuring elements, the weights of its gates and the members
/// of its combinations, which are tensors.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LayerEntry {
    Bisel(BiselEntry),
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
    let layers: Vec<LayerEntry> = network
        .layers()
        .iter()
        .enumerate()
        .map(|(index, Layer::Bisel(bisel))| {
            LayerEntry::Bisel(write_bisel(&mut archive, index, bisel))
        })
        .collect();
    archive.json("layers", &layers);
    archive
}

fn write_bisel(archive: &mut Archive, layer: usize, bisel: &Bisel) -> BiselEntry {
    let outputs = bisel.outputs.iter().enumerate().map(|(output, channel)| {
        let neurons = channel.neurons.iter().enumerate().map(|(input, neuron)| NeuronEntry {
            operator: write_operator(archive, Place::bise(layer, output, input), &neuron.operator),
            complement: neuron.complement,
            exactness: neuron.exactness,
        });
        let neurons = neurons.collect();
        let Combination { rule, complement, exactness } = &channel.combination;
        let combination = CombinationEntry {
            rule: write_rule(archive, Place::lui(layer, output), rule),
            complement: *complement,
            exactness: *exactness,
        };
        OutputEntry { neurons, combination }
    });
    BiselEntry { inputs: bisel.inputs, outputs: outputs.collect() }
}

pub(super) fn read(archive: &mut ArchiveReader) -> Result<Network, FileProblem> {
    let border = archive.parsed("border", str::parse)?;
    let entries: Vec<LayerEntry> = archive.json("layers")?;
    let layers: Result<_, FileProblem> = entries
        .into_iter()
        .enumerate()
        .map(|(index, LayerEntry::Bisel(entry))| {
            Ok(Layer::Bisel(read_bisel(archive, index, entry)?))
        })
        .collect();
    Ok(Network::new(border, layers?)?)
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
    let CombinationEntry { rule, complement, exactness } = entry.combination;
    let rule = read_rule(archive, Place::lui(layer, output), inputs, &rule)?;
    let combination = Combination { rule, complement, exactness };
    Ok(OutputChannel { neurons: neurons?, combination })
}
