//! Inputs on which a neuron and an operator differ.

use crate::{InputBounds, Neuron, SetOperator, TheoryError};

/// An almost binary input for which the thresholded neuron differs from `operator` (complemented for p < 0), if any.
///
/// The input is the one with the largest W.x among those where the operator gives 0, or the one with the smallest W.x
/// where it gives 1: if neither differs, none does. For binary bounds its values are 0 and 1. The comparison is made
/// in `f64`, ties as in [`Neuron`].
///
/// # Errors
/// [`TheoryError::Length`] if `inputs` or the support fits another number of weights.
///
/// # Cost
/// O(n).
///
/// ```
/// use strel_theory::{InputBounds, Neuron, SetOperator, counterexample};
///
/// let majority = Neuron::new(&[1.0, 1.0, 1.0], 1.5, 1.0)?;
/// let union = SetOperator::Dilation(vec![true, true, true]);
/// assert_eq!(counterexample(&majority, InputBounds::BINARY, &union)?, Some(vec![1.0, 0.0, 0.0]));
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
pub fn counterexample(
    neuron: &Neuron,
    inputs: InputBounds,
    operator: &SetOperator,
) -> Result<Option<Vec<f64>>, TheoryError> {
    let expected = neuron.weights().len();
    inputs.check_len(expected)?;
    if let Some(support) = operator.support()
        && support.len() != expected
    {
        return Err(TheoryError::Length { what: "support", expected, found: support.len() });
    }
    let found = [false, true].into_iter().find_map(|value| {
        let input = extreme_input(neuron, inputs, operator, value)?;
        (neuron.output(&input) != (value != neuron.complements())).then_some(input)
    });
    Ok(found)
}

/// The input with the extreme W.x (largest for `value` 0, smallest for 1) among those where `operator` gives `value`.
fn extreme_input(
    neuron: &Neuron,
    inputs: InputBounds,
    operator: &SetOperator,
    value: bool,
) -> Option<Vec<f64>> {
    let weights = neuron.weights();
    let free = |index: usize| if (weights[index] > 0.0) != value { 1.0 } else { 0.0 };
    // The value in the half of the interval where input `index` reads as `bit` that pushes W.x to the wrong side.
    let forced = |index: usize, bit: bool| match (bit, free(index) == 1.0) {
        (true, true) => 1.0,
        (true, false) => inputs.get(index).high(),
        (false, true) => inputs.get(index).low(),
        (false, false) => 0.0,
    };
    let mut input: Vec<f64> = (0..weights.len()).map(free).collect();
    let support = match operator {
        SetOperator::Constant(constant) => return (*constant == value).then_some(input),
        SetOperator::Dilation(support) | SetOperator::Erosion(support) => support,
    };
    let inside = || (0..weights.len()).filter(|&index| support[index]);
    let everywhere = matches!(operator, SetOperator::Erosion(_)) == value;
    if everywhere {
        inside().for_each(|index| input[index] = forced(index, value));
    } else {
        // One input decides: the one whose change costs least.
        let cost = |index: usize| weights[index] * (free(index) - forced(index, value));
        let decisive = inside().min_by(|&i, &j| cost(i).abs().total_cmp(&cost(j).abs()))?;
        input[decisive] = forced(decisive, value);
    }
    Some(input)
}
