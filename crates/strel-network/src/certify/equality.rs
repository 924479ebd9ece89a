//! Whether a binarized neuron equals the float one on all binary inputs.

use strel_image::StructuringElement;
use strel_theory::{
    InputBounds, Lossless, LosslessBudget, LosslessNeuron, Neuron, SetOperator, counterexample,
};

use crate::certificate::Equality;
use crate::lossless::without_inversions;
use crate::{Combination, CombinationRule, MorphologicalNeuron, Operator, WindowGate};

/// Neurons of at most this many inputs are compared on all of them.
const FEW_INPUTS: usize = 12;

/// A binarized BiSE neuron as a function of its window; `None` if it reads pixels outside of it.
pub(super) fn of_operator(
    neuron: &MorphologicalNeuron,
    kernel: (usize, usize),
) -> Option<LosslessNeuron> {
    let support = |element: &StructuringElement| support(element, kernel);
    let supports = |elements: &[StructuringElement]| -> Option<Vec<Vec<bool>>> {
        elements.iter().map(support).collect()
    };
    let reflected = |elements: &[StructuringElement]| -> Option<Vec<Vec<bool>>> {
        elements.iter().map(|element| support(&element.reflect())).collect()
    };
    let form = match &neuron.operator {
        Operator::Constant(value) => Lossless::Operator(SetOperator::Constant(*value)),
        Operator::Erosion(element) => Lossless::Operator(SetOperator::Erosion(support(element)?)),
        Operator::Dilation(element) => {
            Lossless::Operator(SetOperator::Dilation(support(&element.reflect())?))
        }
        Operator::UnionOfErosions(elements) => Lossless::UnionOfErosions(supports(elements)?),
        Operator::IntersectionOfDilations(elements) => {
            Lossless::IntersectionOfDilations(reflected(elements)?)
        }
        Operator::Gate(WindowGate { kernel: window, gate }) if *window == kernel => {
            Lossless::Gate { weights: gate.weights.clone(), threshold: gate.threshold }
        }
        Operator::Gate(_) => return None,
    };
    let inverted = vec![false; kernel.0 * kernel.1];
    Some(LosslessNeuron { form, inverted, complement: neuron.complement })
}

/// A binarized neuron without a window as a function of its inputs.
pub(super) fn of_combination(combination: &Combination, inputs: usize) -> LosslessNeuron {
    let form = match &combination.rule {
        CombinationRule::Identity => Lossless::Operator(SetOperator::Dilation(vec![true])),
        CombinationRule::Constant(value) => Lossless::Operator(SetOperator::Constant(*value)),
        CombinationRule::Union(members) => {
            Lossless::Operator(SetOperator::Dilation(members.clone()))
        }
        CombinationRule::Intersection(members) => {
            Lossless::Operator(SetOperator::Erosion(members.clone()))
        }
        CombinationRule::Gate(gate) => {
            Lossless::Gate { weights: gate.weights.clone(), threshold: gate.threshold }
        }
    };
    LosslessNeuron { form, inverted: vec![false; inputs], complement: combination.complement }
}

/// The window pixels at the offsets of an element; `None` if one lies outside of the window.
fn support(element: &StructuringElement, (rows, cols): (usize, usize)) -> Option<Vec<bool>> {
    let mut support = vec![false; rows * cols];
    for (dy, dx) in element.offsets() {
        let row = (rows / 2).checked_add_signed(dy).filter(|row| *row < rows)?;
        let col = (cols / 2).checked_add_signed(dx).filter(|col| *col < cols)?;
        support[row * cols + col] = true;
    }
    Some(support)
}

/// Compares a formula without inversions with a neuron of as many inputs.
pub(super) fn equality(
    neuron: &Neuron,
    formula: &LosslessNeuron,
    budget: LosslessBudget,
) -> Equality {
    if neuron.weights().len() <= FEW_INPUTS {
        return decided(on_all_inputs(neuron, formula));
    }
    match &formula.form {
        Lossless::Operator(SetOperator::Constant(value)) => {
            let constant =
                SetOperator::Constant(*value != (formula.complement != neuron.complements()));
            equals_operator(neuron, &constant)
        }
        // A set is not empty, so its operator is no constant.
        _ if neuron.scale() == 0.0 => rederived(neuron, formula, budget),
        Lossless::Operator(operator) if formula.complement == neuron.complements() => {
            equals_operator(neuron, operator)
        }
        _ => rederived(neuron, formula, budget),
    }
}

fn decided(equal: bool) -> Equality {
    if equal { Equality::Equal } else { Equality::Different }
}

fn on_all_inputs(neuron: &Neuron, formula: &LosslessNeuron) -> bool {
    let size = neuron.weights().len();
    (0..1_usize << size).all(|code| {
        let bits: Vec<bool> = (0..size).map(|k| code >> k & 1 == 1).collect();
        let values: Vec<f64> = bits.iter().map(|&bit| f64::from(bit)).collect();
        formula.apply(&bits) == neuron.output(&values)
    })
}

/// Compares an operator, complemented if p < 0.
fn equals_operator(neuron: &Neuron, operator: &SetOperator) -> Equality {
    match counterexample(neuron, InputBounds::BINARY, operator) {
        Ok(found) => decided(found.is_none()),
        Err(_) => Equality::Unknown,
    }
}

/// Compares with the formulas that the lossless binarization gives.
fn rederived(neuron: &Neuron, formula: &LosslessNeuron, budget: LosslessBudget) -> Equality {
    let gate_only = LosslessBudget { max_sets: 0, ..budget };
    let exact_gate = LosslessBudget { max_sets: 0, max_sums: 0 };
    let same = |budget| without_inversions(neuron, budget).is_ok_and(|found| found == *formula);
    if [budget, gate_only, exact_gate].into_iter().any(same) {
        Equality::Equal
    } else {
        Equality::Unknown
    }
}
