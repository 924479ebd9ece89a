//! The binarized network in a file.

use serde::{Deserialize, Serialize};
use strel_image::StructuringElement;

use super::archive::{Archive, ArchiveReader};
use crate::{
    Bisel, Combination, CombinationRule, Exactness, FileProblem, Layer, MorphologicalNeuron,
    Network, NetworkError, Operator, OutputChannel, Place,
};

pub(super) const FORMAT: &str = "strel.network";

/// The most rows and columns of a structuring element's window in a file.
const MAX_SIDE: usize = 4096;

/// A layer without the pixels of its structuring elements and the members of its combinations,
/// which are tensors.
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
    exactness: ExactnessEntry,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OperatorEntry {
    Dilation(ElementEntry),
    Erosion(ElementEntry),
    Constant(bool),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ElementEntry {
    origin: (usize, usize),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CombinationEntry {
    rule: RuleEntry,
    complement: bool,
    exactness: ExactnessEntry,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RuleEntry {
    Identity,
    Union,
    Intersection,
    Constant(bool),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ExactnessEntry {
    Activated,
    Approximate,
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
            operator: write_operator(archive, layer, output, input, &neuron.operator),
            complement: neuron.complement,
            exactness: neuron.exactness.into(),
        });
        let neurons = neurons.collect();
        let combination = CombinationEntry {
            rule: write_rule(archive, layer, output, &channel.combination.rule),
            complement: channel.combination.complement,
            exactness: channel.combination.exactness.into(),
        };
        OutputEntry { neurons, combination }
    });
    BiselEntry { inputs: bisel.inputs, outputs: outputs.collect() }
}

fn write_operator(
    archive: &mut Archive,
    layer: usize,
    output: usize,
    input: usize,
    operator: &Operator,
) -> OperatorEntry {
    let mut write = |element: &StructuringElement| {
        let shape = [element.height(), element.width()];
        archive.set(element_name(layer, output, input), &shape, element.window().pixels());
        ElementEntry { origin: element.origin() }
    };
    match operator {
        Operator::Dilation(element) => OperatorEntry::Dilation(write(element)),
        Operator::Erosion(element) => OperatorEntry::Erosion(write(element)),
        Operator::Constant(value) => OperatorEntry::Constant(*value),
    }
}

fn write_rule(
    archive: &mut Archive,
    layer: usize,
    output: usize,
    rule: &CombinationRule,
) -> RuleEntry {
    let mut write = |members: &[bool]| {
        let name = members_name(layer, output);
        archive.set(name, &[members.len()], members.iter().copied());
    };
    match rule {
        CombinationRule::Identity => RuleEntry::Identity,
        CombinationRule::Constant(value) => RuleEntry::Constant(*value),
        CombinationRule::Union(members) => {
            write(members);
            RuleEntry::Union
        }
        CombinationRule::Intersection(members) => {
            write(members);
            RuleEntry::Intersection
        }
    }
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
            Ok(MorphologicalNeuron {
                operator: read_operator(archive, layer, output, input, &neuron.operator)?,
                complement: neuron.complement,
                exactness: neuron.exactness.into(),
            })
        })
        .collect();
    let CombinationEntry { rule, complement, exactness } = entry.combination;
    let mut members = || archive.set(members_name(layer, output), &[inputs]);
    let rule = match rule {
        RuleEntry::Identity => CombinationRule::Identity,
        RuleEntry::Union => CombinationRule::Union(members()?),
        RuleEntry::Intersection => CombinationRule::Intersection(members()?),
        RuleEntry::Constant(value) => CombinationRule::Constant(value),
    };
    let combination = Combination { rule, complement, exactness: exactness.into() };
    Ok(OutputChannel { neurons: neurons?, combination })
}

fn read_operator(
    archive: &mut ArchiveReader,
    layer: usize,
    output: usize,
    input: usize,
    entry: &OperatorEntry,
) -> Result<Operator, FileProblem> {
    let mut read = |entry: &ElementEntry| {
        let (height, width, mask) = read_window(archive, element_name(layer, output, input))?;
        StructuringElement::from_mask(height, width, entry.origin, &mask).map_err(|source| {
            let place = Place::bise(layer, output, input);
            FileProblem::from(NetworkError::Element { place, source })
        })
    };
    Ok(match entry {
        OperatorEntry::Dilation(entry) => Operator::Dilation(read(entry)?),
        OperatorEntry::Erosion(entry) => Operator::Erosion(read(entry)?),
        OperatorEntry::Constant(value) => Operator::Constant(*value),
    })
}

/// Height, width and pixels of a window.
fn read_window(
    archive: &mut ArchiveReader,
    name: String,
) -> Result<(usize, usize, Vec<bool>), FileProblem> {
    let (shape, mask) = archive.shaped_set(name.clone())?;
    match shape[..] {
        [height, width] if height <= MAX_SIDE && width <= MAX_SIDE => Ok((height, width, mask)),
        _ => Err(FileProblem::Tensor {
            name,
            expected: format!("BOOL [rows, columns], each at most {MAX_SIDE}"),
            found: format!("BOOL {shape:?}"),
        }),
    }
}

fn element_name(layer: usize, output: usize, input: usize) -> String {
    format!("layer{}.output{}.input{}.element", layer + 1, output + 1, input + 1)
}

fn members_name(layer: usize, output: usize) -> String {
    format!("layer{}.output{}.members", layer + 1, output + 1)
}

impl From<Exactness> for ExactnessEntry {
    fn from(exactness: Exactness) -> Self {
        match exactness {
            Exactness::Activated => Self::Activated,
            Exactness::Approximate => Self::Approximate,
        }
    }
}

impl From<ExactnessEntry> for Exactness {
    fn from(entry: ExactnessEntry) -> Self {
        match entry {
            ExactnessEntry::Activated => Self::Activated,
            ExactnessEntry::Approximate => Self::Approximate,
        }
    }
}
