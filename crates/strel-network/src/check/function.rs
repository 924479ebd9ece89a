//! Neurons and their binarizations as Boolean functions, compared.

use strel_image::StructuringElement;

use super::gates::{self, Gate};
use super::integers::in_common_units;
use crate::bank::FloatNeuron;
use crate::{Combination, CombinationRule, MorphologicalNeuron, Operator};

/// The most choices of values that a walk makes.
const STEPS: usize = 1 << 22;

/// A function of binary inputs, complemented or not.
pub(super) struct Function {
    form: Form,
    complement: bool,
}

enum Form {
    Constant(bool),
    /// Whether one of the sets of inputs is all 1.
    SomeAll(Vec<Vec<usize>>),
    /// Whether each of the sets of inputs has a 1.
    EachSome(Vec<Vec<usize>>),
    /// Whether the sum of the weights of the inputs that are 1 exceeds the limit.
    Exceeds(Vec<i128>, i128),
}

impl Function {
    /// What a binarized BiSE neuron makes of its window; `None` if it reads beyond it.
    pub(super) fn of_operator(
        neuron: &MorphologicalNeuron,
        (rows, cols): (usize, usize),
    ) -> Option<Self> {
        let index = |dy: isize, dx: isize| {
            let row = usize::try_from(dy + (rows / 2).cast_signed()).ok().filter(|&r| r < rows)?;
            let col = usize::try_from(dx + (cols / 2).cast_signed()).ok().filter(|&c| c < cols)?;
            Some(row * cols + col)
        };
        let eroded = |element: &StructuringElement| -> Option<Vec<usize>> {
            element.offsets().map(|(dy, dx)| index(dy, dx)).collect()
        };
        let dilated = |element: &StructuringElement| -> Option<Vec<usize>> {
            element.offsets().map(|(dy, dx)| index(-dy, -dx)).collect()
        };
        let form = match &neuron.operator {
            Operator::Constant(value) => Form::Constant(*value),
            Operator::Erosion(element) => Form::SomeAll(vec![eroded(element)?]),
            Operator::Dilation(element) => Form::EachSome(vec![dilated(element)?]),
            Operator::UnionOfErosions(elements) => {
                Form::SomeAll(elements.iter().map(eroded).collect::<Option<_>>()?)
            }
            Operator::IntersectionOfDilations(elements) => {
                Form::EachSome(elements.iter().map(dilated).collect::<Option<_>>()?)
            }
            Operator::Gate(window) if window.kernel == (rows, cols) => {
                exceeds(&window.gate.weights, window.gate.threshold)
            }
            Operator::Gate(_) => return None,
        };
        Some(Self { form, complement: neuron.complement })
    }

    /// What a binarized neuron without a window makes of its inputs.
    pub(super) fn of_combination(combination: &Combination) -> Self {
        let members = |flags: &[bool]| (0..flags.len()).filter(|&k| flags[k]).collect();
        let form = match &combination.rule {
            CombinationRule::Identity => Form::EachSome(vec![vec![0]]),
            CombinationRule::Constant(value) => Form::Constant(*value),
            CombinationRule::Union(flags) => Form::EachSome(vec![members(flags)]),
            CombinationRule::Intersection(flags) => Form::SomeAll(vec![members(flags)]),
            CombinationRule::Gate(gate) => exceeds(&gate.weights, gate.threshold),
        };
        Self { form, complement: combination.complement }
    }

    /// The thresholded neuron: W.x > b for p > 0, W.x < b, which is not W.x > b - 1 in integers, for
    /// p < 0, else 0.
    fn of_neuron(float: &FloatNeuron) -> Option<Self> {
        let neuron = float.view();
        let mut weights = in_common_units(&[neuron.weights(), &[neuron.bias()]].concat())?;
        let limit = weights.pop()?;
        Some(match neuron.scale() {
            scale if scale > 0.0 => Self { form: Form::Exceeds(weights, limit), complement: false },
            scale if scale < 0.0 => {
                Self { form: Form::Exceeds(weights, limit - 1), complement: true }
            }
            _ => Self { form: Form::Constant(false), complement: false },
        })
    }

    /// The output where it does not depend on the inputs that are not known. Where it does depend
    /// on them, it takes both values.
    fn decided(&self, known: &[Option<bool>]) -> Option<bool> {
        Some(self.form.decided(known)? != self.complement)
    }
}

fn exceeds(weights: &[i64], threshold: i64) -> Form {
    Form::Exceeds(weights.iter().copied().map(i128::from).collect(), threshold.into())
}

impl Form {
    fn decided(&self, known: &[Option<bool>]) -> Option<bool> {
        let has = |set: &Vec<usize>, value| set.iter().any(|&k| known[k] == Some(value));
        let full = |set: &Vec<usize>, value| set.iter().all(|&k| known[k] == Some(value));
        match self {
            Self::Constant(value) => Some(*value),
            Self::SomeAll(sets) if sets.iter().any(|set| full(set, true)) => Some(true),
            Self::SomeAll(sets) => sets.iter().all(|set| has(set, false)).then_some(false),
            Self::EachSome(sets) if sets.iter().any(|set| full(set, false)) => Some(false),
            Self::EachSome(sets) => sets.iter().all(|set| has(set, true)).then_some(true),
            Self::Exceeds(weights, limit) => match range(weights, known) {
                (least, _) if least > *limit => Some(true),
                (_, most) if most <= *limit => Some(false),
                _ => None,
            },
        }
    }
}

/// The least and the largest sum of the weights of inputs that are 1.
fn range(weights: &[i128], known: &[Option<bool>]) -> (i128, i128) {
    let mut range = (0, 0);
    for (&weight, value) in weights.iter().zip(known) {
        let (least, most) = match value {
            Some(true) => (weight, weight),
            Some(false) => (0, 0),
            None => (weight.min(0), weight.max(0)),
        };
        range = (range.0 + least, range.1 + most);
    }
    range
}

/// Whether the neuron and the function agree on all binary inputs; `None` if that takes too long.
pub(super) fn agree(float: &FloatNeuron, function: &Function) -> Option<bool> {
    let neuron = Function::of_neuron(float)?;
    if let (Form::Exceeds(left, left_limit), Form::Exceeds(right, right_limit)) =
        (&neuron.form, &function.form)
        && neuron.complement == function.complement
    {
        let [left, right] = [(left, left_limit), (right, right_limit)]
            .map(|(weights, limit)| Gate { weights, limit: *limit });
        return gates::agree(&left, &right);
    }
    let weights = float.view().weights();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&i, &j| weights[j].abs().total_cmp(&weights[i].abs()));
    let mut walk = Walk { functions: [&neuron, function], known: vec![None; order.len()] };
    walk.agree(&order)
}

/// A walk over the values of inputs, one after the other, until both functions are decided.
struct Walk<'a> {
    functions: [&'a Function; 2],
    known: Vec<Option<bool>>,
}

impl Walk<'_> {
    fn agree(&mut self, order: &[usize]) -> Option<bool> {
        let mut chosen = 0;
        for _ in 0..STEPS {
            let [left, right] = self.functions.map(|function| function.decided(&self.known));
            if let (None, None, Some(&next)) = (left, right, order.get(chosen)) {
                self.known[next] = Some(false);
                chosen += 1;
                continue;
            }
            // Where one is decided and the other is not, the other takes the wrong value somewhere.
            if left != right {
                return Some(false);
            }
            // On to the other value of the last input that has one.
            while chosen > 0 && self.known[order[chosen - 1]] == Some(true) {
                chosen -= 1;
                self.known[order[chosen]] = None;
            }
            if chosen == 0 {
                return Some(true);
            }
            self.known[order[chosen - 1]] = Some(true);
        }
        None
    }
}
