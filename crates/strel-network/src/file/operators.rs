//! The operators of a binarized network in a file.

use serde::{Deserialize, Serialize};
use strel_image::StructuringElement;

use super::archive::{Archive, ArchiveReader};
use crate::{
    CombinationRule, FileProblem, NetworkError, Operator, Place, ThresholdGate, WindowGate,
};

/// The most rows and columns of a window in a file.
const MAX_SIDE: usize = 4096;

/// An operator without its tensors.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OperatorEntry {
    Dilation(ElementEntry),
    Erosion(ElementEntry),
    Constant(bool),
    UnionOfErosions(Vec<ElementEntry>),
    IntersectionOfDilations(Vec<ElementEntry>),
    Gate(GateEntry),
}

/// A structuring element without its pixels.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElementEntry {
    origin: (usize, usize),
}

/// A gate without its weights.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GateEntry {
    threshold: i64,
}

/// A combination's rule without its members or weights.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RuleEntry {
    Identity,
    Union,
    Intersection,
    Constant(bool),
    Gate(GateEntry),
}

pub(super) fn write_operator(
    archive: &mut Archive,
    place: Place,
    operator: &Operator,
) -> OperatorEntry {
    let name = || tensor_name(place, "element");
    match operator {
        Operator::Constant(value) => OperatorEntry::Constant(*value),
        Operator::Dilation(element) => {
            OperatorEntry::Dilation(write_element(archive, name(), element))
        }
        Operator::Erosion(element) => {
            OperatorEntry::Erosion(write_element(archive, name(), element))
        }
        Operator::UnionOfErosions(elements) => {
            OperatorEntry::UnionOfErosions(write_elements(archive, place, elements))
        }
        Operator::IntersectionOfDilations(elements) => {
            OperatorEntry::IntersectionOfDilations(write_elements(archive, place, elements))
        }
        Operator::Gate(WindowGate { kernel: (rows, cols), gate }) => {
            OperatorEntry::Gate(write_gate(archive, place, &[*rows, *cols], gate))
        }
    }
}

pub(super) fn write_rule(archive: &mut Archive, place: Place, rule: &CombinationRule) -> RuleEntry {
    let mut write = |members: &[bool]| {
        archive.set(tensor_name(place, "members"), &[members.len()], members.iter().copied());
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
        CombinationRule::Gate(gate) => {
            RuleEntry::Gate(write_gate(archive, place, &[gate.weights.len()], gate))
        }
    }
}

fn write_elements(
    archive: &mut Archive,
    place: Place,
    elements: &[StructuringElement],
) -> Vec<ElementEntry> {
    let entries = elements.iter().enumerate();
    entries.map(|(k, element)| write_element(archive, numbered_name(place, k), element)).collect()
}

fn write_element(
    archive: &mut Archive,
    name: String,
    element: &StructuringElement,
) -> ElementEntry {
    archive.set(name, &[element.height(), element.width()], element.window().pixels());
    ElementEntry { origin: element.origin() }
}

fn write_gate(
    archive: &mut Archive,
    place: Place,
    shape: &[usize],
    gate: &ThresholdGate,
) -> GateEntry {
    archive.integers(tensor_name(place, "weights"), shape, &gate.weights);
    GateEntry { threshold: gate.threshold }
}

pub(super) fn read_operator(
    archive: &mut ArchiveReader,
    place: Place,
    entry: &OperatorEntry,
) -> Result<Operator, FileProblem> {
    let name = || tensor_name(place, "element");
    Ok(match entry {
        OperatorEntry::Constant(value) => Operator::Constant(*value),
        OperatorEntry::Dilation(entry) => {
            Operator::Dilation(read_element(archive, place, name(), entry)?)
        }
        OperatorEntry::Erosion(entry) => {
            Operator::Erosion(read_element(archive, place, name(), entry)?)
        }
        OperatorEntry::UnionOfErosions(entries) => {
            Operator::UnionOfErosions(read_elements(archive, place, entries)?)
        }
        OperatorEntry::IntersectionOfDilations(entries) => {
            Operator::IntersectionOfDilations(read_elements(archive, place, entries)?)
        }
        OperatorEntry::Gate(GateEntry { threshold }) => {
            let name = tensor_name(place, "weights");
            let (shape, weights) = archive.shaped_integers(name.clone())?;
            let kernel = window_size(name, "I64", &shape)?;
            Operator::Gate(WindowGate {
                kernel,
                gate: ThresholdGate { weights, threshold: *threshold },
            })
        }
    })
}

pub(super) fn read_rule(
    archive: &mut ArchiveReader,
    place: Place,
    inputs: usize,
    entry: &RuleEntry,
) -> Result<CombinationRule, FileProblem> {
    let mut members = || archive.set(tensor_name(place, "members"), &[inputs]);
    Ok(match entry {
        RuleEntry::Identity => CombinationRule::Identity,
        RuleEntry::Constant(value) => CombinationRule::Constant(*value),
        RuleEntry::Union => CombinationRule::Union(members()?),
        RuleEntry::Intersection => CombinationRule::Intersection(members()?),
        RuleEntry::Gate(GateEntry { threshold }) => {
            let weights = archive.shaped_integers(tensor_name(place, "weights"))?.1;
            CombinationRule::Gate(ThresholdGate { weights, threshold: *threshold })
        }
    })
}

fn read_elements(
    archive: &mut ArchiveReader,
    place: Place,
    entries: &[ElementEntry],
) -> Result<Vec<StructuringElement>, FileProblem> {
    let entries = entries.iter().enumerate();
    entries
        .map(|(index, entry)| read_element(archive, place, numbered_name(place, index), entry))
        .collect()
}

fn read_element(
    archive: &mut ArchiveReader,
    place: Place,
    name: String,
    entry: &ElementEntry,
) -> Result<StructuringElement, FileProblem> {
    let (shape, mask) = archive.shaped_set(name.clone())?;
    let (height, width) = window_size(name, "BOOL", &shape)?;
    StructuringElement::from_mask(height, width, entry.origin, &mask)
        .map_err(|source| NetworkError::Element { place, source }.into())
}

/// Height and width of a window of this shape.
fn window_size(
    name: String,
    dtype: &'static str,
    shape: &[usize],
) -> Result<(usize, usize), FileProblem> {
    match *shape {
        [height, width] if height <= MAX_SIDE && width <= MAX_SIDE => Ok((height, width)),
        _ => Err(FileProblem::Tensor {
            name,
            expected: format!("{dtype} [rows, columns], each at most {MAX_SIDE}"),
            found: format!("{dtype} {shape:?}"),
        }),
    }
}

/// The name of one of a neuron's structuring elements.
fn numbered_name(place: Place, index: usize) -> String {
    tensor_name(place, &format!("element{}", index + 1))
}

fn tensor_name(place: Place, part: &str) -> String {
    match place {
        Place::Layer { layer } => format!("layer{layer}.{part}"),
        Place::Bise { layer, output, input } => {
            format!("layer{layer}.output{output}.input{input}.{part}")
        }
        Place::Lui { layer, output } => format!("layer{layer}.output{output}.{part}"),
        Place::Dense { layer, output } => format!("layer{layer}.neuron{output}.{part}"),
        Place::Score { layer, class } => format!("layer{layer}.class{class}.{part}"),
    }
}
