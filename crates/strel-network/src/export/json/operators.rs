//! Operators and combinations in the JSON of a network.

use serde::{Deserialize, Serialize};
use strel_image::{ImageError, StructuringElement};

use crate::{
    Combination, CombinationRule, Exactness, FileProblem, MorphologicalNeuron, NetworkError,
    Operator, Place, ThresholdGate, WindowGate,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NeuronEntry {
    operator: OperatorEntry,
    complement: bool,
    exactness: Exactness,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CombinationEntry {
    rule: RuleEntry,
    complement: bool,
    exactness: Exactness,
}

/// The rows of a structuring element's picture.
type Picture = Vec<String>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum OperatorEntry {
    Dilation(Picture),
    Erosion(Picture),
    Constant(bool),
    UnionOfErosions(Vec<Picture>),
    IntersectionOfDilations(Vec<Picture>),
    Gate { weights: Vec<Vec<i64>>, threshold: i64 },
}

/// Sets have a character an input, `#` for a member and `.` for another one.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum RuleEntry {
    Identity,
    Union(String),
    Intersection(String),
    Constant(bool),
    Gate { weights: Vec<i64>, threshold: i64 },
}

impl From<&MorphologicalNeuron> for NeuronEntry {
    fn from(neuron: &MorphologicalNeuron) -> Self {
        let operator = match &neuron.operator {
            Operator::Dilation(element) => OperatorEntry::Dilation(picture(element)),
            Operator::Erosion(element) => OperatorEntry::Erosion(picture(element)),
            Operator::Constant(value) => OperatorEntry::Constant(*value),
            Operator::UnionOfErosions(elements) => {
                OperatorEntry::UnionOfErosions(elements.iter().map(picture).collect())
            }
            Operator::IntersectionOfDilations(elements) => {
                OperatorEntry::IntersectionOfDilations(elements.iter().map(picture).collect())
            }
            Operator::Gate(WindowGate { kernel, gate }) => OperatorEntry::Gate {
                weights: gate.weights.chunks(kernel.1).map(<[i64]>::to_vec).collect(),
                threshold: gate.threshold,
            },
        };
        Self { operator, complement: neuron.complement, exactness: neuron.exactness }
    }
}

impl From<&Combination> for CombinationEntry {
    fn from(combination: &Combination) -> Self {
        let set = |members: &[bool]| {
            members.iter().map(|&inside| if inside { '#' } else { '.' }).collect()
        };
        let rule = match &combination.rule {
            CombinationRule::Identity => RuleEntry::Identity,
            CombinationRule::Union(members) => RuleEntry::Union(set(members)),
            CombinationRule::Intersection(members) => RuleEntry::Intersection(set(members)),
            CombinationRule::Constant(value) => RuleEntry::Constant(*value),
            CombinationRule::Gate(gate) => {
                RuleEntry::Gate { weights: gate.weights.clone(), threshold: gate.threshold }
            }
        };
        Self { rule, complement: combination.complement, exactness: combination.exactness }
    }
}

impl NeuronEntry {
    pub(super) fn neuron(self, place: Place) -> Result<MorphologicalNeuron, FileProblem> {
        let elements = |pictures: Vec<Picture>| -> Result<Vec<_>, FileProblem> {
            pictures.iter().map(|rows| element(place, rows)).collect()
        };
        let operator = match self.operator {
            OperatorEntry::Dilation(rows) => Operator::Dilation(element(place, &rows)?),
            OperatorEntry::Erosion(rows) => Operator::Erosion(element(place, &rows)?),
            OperatorEntry::Constant(value) => Operator::Constant(value),
            OperatorEntry::UnionOfErosions(all) => Operator::UnionOfErosions(elements(all)?),
            OperatorEntry::IntersectionOfDilations(all) => {
                Operator::IntersectionOfDilations(elements(all)?)
            }
            OperatorEntry::Gate { weights, threshold } => {
                let kernel = (weights.len(), weights.first().map_or(0, Vec::len));
                if weights.iter().any(|row| row.len() != kernel.1) {
                    let problem = "the rows of the gate's weights differ in length".to_owned();
                    return Err(FileProblem::Metadata { key: place.to_string(), problem });
                }
                let gate = ThresholdGate { weights: weights.concat(), threshold };
                Operator::Gate(WindowGate { kernel, gate })
            }
        };
        let Self { complement, exactness, .. } = self;
        Ok(MorphologicalNeuron { operator, complement, exactness })
    }
}

impl CombinationEntry {
    pub(super) fn combination(self, place: Place) -> Result<Combination, FileProblem> {
        let rule = match self.rule {
            RuleEntry::Identity => CombinationRule::Identity,
            RuleEntry::Union(set) => CombinationRule::Union(members(place, &set)?),
            RuleEntry::Intersection(set) => CombinationRule::Intersection(members(place, &set)?),
            RuleEntry::Constant(value) => CombinationRule::Constant(value),
            RuleEntry::Gate { weights, threshold } => {
                CombinationRule::Gate(ThresholdGate { weights, threshold })
            }
        };
        Ok(Combination { rule, complement: self.complement, exactness: self.exactness })
    }
}

fn picture(element: &StructuringElement) -> Picture {
    element.to_string().lines().map(str::to_owned).collect()
}

fn element(place: Place, rows: &[String]) -> Result<StructuringElement, FileProblem> {
    let element = rows.join("\n").parse();
    element.map_err(|source: ImageError| NetworkError::Element { place, source }.into())
}

fn members(place: Place, set: &str) -> Result<Vec<bool>, FileProblem> {
    let member = |character| match character {
        '#' => Ok(true),
        '.' => Ok(false),
        _ => {
            let problem = format!("a set has the character {character:?}, expected # or .");
            Err(FileProblem::Metadata { key: place.to_string(), problem })
        }
    };
    set.chars().map(member).collect()
}
